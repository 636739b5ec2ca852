"""The store of one pair in plain Python."""

from collections.abc import Iterator
from contextlib import contextmanager

from bridge.errors import StoreError
from tests.plain.database import Database
from tests.plain.table import undo
from tests.plain.telling import told
from tests.plain.unit import PlainUnit


class PlainStore:
    """A pair's database in memory; threads may share it."""

    def __init__(self, pair: str = "default", database: Database | None = None) -> None:
        self._pair = pair
        self._database = database or Database()

    @contextmanager
    def begin(self, *, is_fleeting: bool = False) -> Iterator[PlainUnit]:
        """A transaction: kept at its end, undone by an exception."""
        with self._unit() as unit:
            yield unit
            self._database.log.clear()

    @contextmanager
    def look(self) -> Iterator[PlainUnit]:
        """A unit of which everything is undone at its end."""
        with self._unit() as unit:
            yield unit

    def of_pair(self, pair: str) -> "PlainStore":
        """The same database for another pair."""
        return PlainStore(pair, self._database)

    def scratch(self) -> "PlainStore":
        """A copy, to try things in; nothing of it reaches the original."""
        with self._database.turn.taken():
            return PlainStore(self._pair, self._database.copy())

    def wipe(self) -> bool:
        """There is no file."""
        return True

    def close(self) -> None:
        """Nothing can be read or written any more."""
        self._database.is_closed = True

    def dump(self) -> dict[str, list[str]]:
        """Every row of the pair by table, as text."""
        with self._database.turn.taken():
            tables = self._database.tables(self._pair).by_name()
            return {name: sorted(map(told, table.rows.items())) for name, table in tables.items()}

    def keys(self, name: str) -> set[int]:
        """The keys of all rows of a table, whatever pair they are of."""
        with self._database.turn.taken():
            return self._database.keys(name)

    @contextmanager
    def _unit(self) -> Iterator[PlainUnit]:
        database = self._database
        with database.turn.taken():
            if database.is_closed:
                raise StoreError("The database in memory is closed.")
            unit = PlainUnit(database, self._pair)
            try:
                yield unit
            finally:
                # What was kept is not in the log any more.
                undo(database.log)
                unit.end()
