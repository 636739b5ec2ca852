"""The stores that a bench may stand on: the plain one, or the SQL store as proof that it is alike.

`make test` runs the tests of this folder on the plain store, `make test-long` on the other.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, select

from bridge.ports import Clock
from bridge.store.open import memory_store
from bridge.store.pairs import PairRow
from bridge.store.sql_store import SqlStore
from bridge.store.tables import metadata
from tests.plain.store import PlainStore
from tests.store.clocks import MovedClock

Rows = dict[str, list[str]]
_numbers = itertools.count(1)


class OnPlain:
    """A fresh pair in a plain store."""

    def __init__(self, clock: Clock) -> None:
        self.store = PlainStore()
        with self.store.begin() as unit:
            unit.note_pair(clock.now())

    def rows(self) -> Rows:
        """Every row of every table, as text."""
        return self.store.dump()


class OnSql:
    """A fresh pair in a database that all benches share: its statements are compiled once."""

    def __init__(self, clock: Clock) -> None:
        self._name = f"pair {next(_numbers)}"
        self.store = _shared().of_pair(self._name)
        with self.store.transaction() as connection:
            PairRow(connection, self._name).note_pair(clock.now())

    def rows(self) -> Rows:
        """Every row that the tables hold of the pair, as text."""
        with self.store.transaction() as connection:
            return {
                name: sorted(map(repr, connection.execute(self._mine(table))))
                for name, table in metadata.tables.items()
            }

    def _mine(self, table: Table) -> Select[Any]:
        column = table.c.get("pair", table.c.get("name"))
        wanted = select(table)
        return wanted if column is None else wanted.where(column == self._name)


Ground = OnPlain | OnSql
_grounds: list[Callable[[Clock], Ground]] = [OnPlain]


def new_ground(clock: Clock) -> Ground:
    """A fresh pair, on the plain store unless said otherwise."""
    return _grounds[-1](clock)


@contextmanager
def standing_on(ground: Callable[[Clock], Ground]) -> Iterator[None]:
    """Benches made meanwhile stand on that store."""
    _grounds.append(ground)
    try:
        yield
    finally:
        _grounds.pop()


@cache
def _shared() -> SqlStore:
    return memory_store("all benches", MovedClock())
