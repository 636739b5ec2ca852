"""Python's search for garbage in circles, which a large reading makes often and in vain.

Rows come and go by the ten thousand and hold no circles; each search would look through all that
was imported and all that is kept as well. That is a fifth of what a report of 20,000 pairs costs.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (20_000, 20, 20)


def collect_rarely() -> None:
    """From now on Python searches rarely: what a start imports stays, and holds no circles."""
    gc.set_threshold(*_RARELY)


def collect_no_more() -> None:
    """At the end everything goes with the process; Python would look through all of it twice."""
    gc.freeze()


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Within the block Python searches rarely, and never what was there before."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
