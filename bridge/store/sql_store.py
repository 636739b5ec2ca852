"""The store of one pair on a SQLite database, in a file or in memory."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.pool import PoolProxiedConnection

from bridge.errors import StoreError
from bridge.store.backup import write_copy
from bridge.store.disk import Disk
from bridge.store.engine import LOOK, empty_log, memory_engine
from bridge.store.faults import told_plainly
from bridge.store.turn import Turn
from bridge.store.unit import SqlUnit

MEMORY = "The database in memory"


class SqlStore:
    """A pair's database. `place` is what errors call it: the file, or that it is in memory.

    Threads may share it. Every method raises StoreError if the database fails.
    """

    def __init__(
        self,
        engine: Engine,
        pair: str,
        place: str | Path,
        turn: Turn | None = None,
        disk: Disk | None = None,
    ) -> None:
        self._engine = engine
        self._pair = pair
        self.place = place
        self._turn = turn or Turn()
        self._disk = disk or (Disk(place) if isinstance(place, Path) else None)
        self._file = _file_at(place)

    @contextmanager
    def begin(self, *, is_fleeting: bool = False) -> Iterator[SqlUnit]:
        """A transaction: committed at its end, to the disk unless it is fleeting; undone by an
        exception.
        """
        with self.transaction(is_fleeting=is_fleeting) as connection:
            yield SqlUnit(connection, self._pair)

    @contextmanager
    def look(self) -> Iterator[SqlUnit]:
        """A unit that sees one moment of the database, waits for nobody and holds up nobody.

        What is written in it is undone at its end.
        """
        with self.transaction(is_look=True) as connection:
            yield SqlUnit(connection, self._pair)

    @contextmanager
    def transaction(
        self, *, is_fleeting: bool = False, is_look: bool = False
    ) -> Iterator[Connection]:
        """A bare connection in a transaction; a fleeting one may be lost with the power.

        The disk is waited for out of turn: others write meanwhile, and go there together.
        """
        turn = self._turn_of(is_look=is_look)
        self._check_place()
        with told_plainly(self.place), turn, self._engine.connect() as connection:
            if is_look:
                connection.execution_options(**{LOOK: True})
            with connection.begin() as whole:
                before = _changes(connection)
                yield connection
                has_changed = _changes(connection) > before
                if is_look:
                    whole.rollback()
        if self._disk and has_changed and not (is_fleeting or is_look):
            self._disk.reach()

    def of_pair(self, pair: str) -> "SqlStore":
        """The same database for another pair; the two share connections, and close together."""
        return SqlStore(self._engine, pair, self.place, self._turn, self._disk)

    def scratch(self) -> "SqlStore":
        """A copy in memory, to try things in; nothing of it reaches the database."""
        engine = memory_engine()
        with closing(engine.raw_connection()) as target:
            self._copy_to(_driver(target))
        return SqlStore(engine, self._pair, MEMORY)

    def back_up(self, path: Path) -> None:
        """Write a checked copy of the database, as of one moment, to a new file with mode 0600.

        Raises StoreError if the file is there already or cannot be made.
        """
        write_copy(path, self._copy_to)

    def wipe(self) -> bool:
        """Let nothing that was deleted or replaced be left in the file, or in the log beside it.

        False, at once, while somebody who reads or writes is in the way.
        """
        if self._is_in_memory:
            return True
        self._check_place()
        pooled = self._engine.raw_connection
        with told_plainly(self.place), self._turn.taken(), closing(pooled()) as connection:
            return empty_log(_driver(connection))

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @property
    def _is_in_memory(self) -> bool:
        return self.place == MEMORY

    def _check_place(self) -> None:
        """Whoever writes to a file that was taken away writes to nobody."""
        if self._file is not None and _file_at(self.place) != self._file:
            raise StoreError(
                f"{self.place} was taken away or replaced while it was in use. Put it back, or "
                "stop what works on it and start again."
            )

    def _copy_to(self, target: sqlite3.Connection) -> None:
        turn = self._turn_of(is_look=True)
        with told_plainly(self.place), turn, closing(self._engine.raw_connection()) as source:
            _driver(source).backup(target)

    def _turn_of(self, *, is_look: bool) -> AbstractContextManager[None]:
        """Writers wait for each other; in memory, where all share a connection, readers too."""
        return nullcontext() if is_look and not self._is_in_memory else self._turn.taken()


def _changes(connection: Connection) -> int:
    """How many rows the connection has changed so far."""
    return _driver(connection.connection).total_changes


def _driver(connection: PoolProxiedConnection) -> sqlite3.Connection:
    """The driver's own connection behind one of the pool."""
    found = connection.driver_connection
    if not isinstance(found, sqlite3.Connection):
        raise TypeError(f"not a connection of SQLite: {found!r}")
    return found


def _file_at(place: str | Path) -> tuple[int, int] | None:
    """Which file lies there now; None in memory, or where there is none."""
    if not isinstance(place, Path):
        return None
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
