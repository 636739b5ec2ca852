"""One moment of the pair's database, for whatever the web shows."""

from collections.abc import Iterator
from contextlib import contextmanager

from bridge.bootstrap import Bridge
from bridge.daemon.status import Look


@contextmanager
def looking_at(bridge: Bridge) -> Iterator[Look]:
    """A look that holds nobody up. Raises StoreError if the database does not answer."""
    with bridge.store.look() as unit:
        yield Look(
            unit=unit,
            store=bridge.store,
            settings=bridge.settings,
            clock=bridge.clock,
            now=bridge.clock.now(),
        )
