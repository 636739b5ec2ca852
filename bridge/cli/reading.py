"""The database alone, for commands that only look at it: no request, no lease, nothing made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.cli.invocation import Invocation

if TYPE_CHECKING:
    from bridge.bootstrap import SystemClock
    from bridge.config import Settings
    from bridge.store.sql_store import SqlStore
    from bridge.store.unit import SqlUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One moment of a pair's database, and the settings that it belongs to."""

    unit: SqlUnit
    store: SqlStore
    settings: Settings
    clock: SystemClock
    now: datetime


@contextmanager
def looking(invocation: Invocation) -> Iterator[Look | None]:
    """A look at the database; None where there is none yet, which stays so.

    Raises ConfigError or StoreError.
    """
    from bridge.bootstrap import SystemClock, store_for
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
