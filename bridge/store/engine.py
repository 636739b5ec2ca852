"""How connections to SQLite are made and how their transactions begin.

The driver's own transactions are off. Each one begins as `BEGIN IMMEDIATE`, so that what is read
in it is still so when it is written; one that only looks begins as plain `BEGIN` and never waits.
What is committed stands in the log beside the file, which keeps it whole whatever happens
(`synchronous = NORMAL`), and survives a killed process; who cannot lose it with the power brings
the log to the disk (disk.py). What is deleted or replaced is overwritten in the file
(`secure_delete`), so that a forgotten text is not left there; until `empty_log` the pages as they
were stand in the log, and in the file.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from bridge.store.faults import BUSY_SECONDS

LOOK = "bridge_look"
_POOL = 32
_PAUSE_SECONDS = 0.02


def make_private(path: Path) -> None:
    """Make the file, or give an empty one, mode 0600; -wal and -shm take their mode from it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        path.chmod(0o600)


def file_engine(path: Path, *, has_foreign_keys: bool = True) -> Engine:
    """An engine for a database file that is there."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        pool_size=_POOL,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if has_foreign_keys else 'OFF'}")

    event.listen(engine, "begin", _begin)
    return engine


def empty_log(connection: sqlite3.Connection) -> bool:
    """Bring everything into the file and leave nothing in the log; false if somebody is in the way.

    Nobody is waited for: what is not done is partly done, and no harm.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    return not is_busy


def memory_engine() -> Engine:
    """An engine for one database in memory, shared by all threads."""
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    # Said to the driver itself: what SQLAlchemy adds costs more than the statements.
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN" if options.get(LOOK) else "BEGIN IMMEDIATE")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait by itself while another connection does the same."""
    ends_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends_at:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
