"""The database alone, for commands that only look at it: no request, no lease, nothing made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.cli.invocation import Invocation

if TYPE_CHECKING:
    from bridge.daemon.status import Look


@contextmanager
def looking(invocation: Invocation) -> Iterator[Look | None]:
    """A look at the database; None where there is none yet, which stays so.

    Raises ConfigError or StoreError.
    """
    from bridge.bootstrap import SystemClock, store_for
    from bridge.daemon.status import Look
    from bridge.store.open import is_there

    settings = invocation.settings()
    if not is_there(settings.database.url):
        yield None
        return
    clock = SystemClock()
    store = store_for(settings, clock)
    try:
        with store.look() as unit:
            yield Look(unit=unit, store=store, settings=settings, clock=clock, now=clock.now())
    finally:
        store.close()
