"""How connections are made, and that who finds the database busy waits for it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bridge.errors import StoreError
from bridge.resources import migrations_folder
from bridge.store import engine
from bridge.store.faults import store_error, told_plainly
from bridge.store.open import open_store
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore
from tests.store.clocks import START, MovedClock
from tests.store.samples import KORE, known

NORMAL = 1


def test_every_connection_keeps_a_log_that_no_crash_spoils(file_store: SqlStore) -> None:
    with file_store.transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == NORMAL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@contextmanager
def writing(file: Path) -> Iterator[sqlite3.Connection]:
    """Another process that is in the middle of a write."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_database_that_stays_busy_is_told_as_such(
    url: str, tmp_path: Path, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    store = open_store(url, "default", clock, migrations_folder())
    with writing(tmp_path / "bridge.db"):
        with pytest.raises(StoreError, match="kept busy by another process"), store.begin():
            pass
        with store.look() as unit:
            assert unit.count_tasks(KORE) == 0
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
    store.close()


def test_opening_waits_for_another_process_that_writes(
    url: str, tmp_path: Path, clock: MovedClock
) -> None:
    with writing(tmp_path / "bridge.db") as other:
        # Out of WAL, so that opening has to switch to it, for which SQLite itself does not wait.
        other.execute("COMMIT")
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.2, other.execute, args=("COMMIT",))
        ending.start()
        store = open_store(url, "default", clock, migrations_folder())
        ending.join()
        store.close()


def test_a_moment_without_a_zone_is_never_stored(store: AnyStore) -> None:
    naive = datetime.fromisoformat("2026-03-02T09:00:00")
    with (
        pytest.raises((StatementError, ValueError), match="without a time zone"),
        store.begin() as unit,
    ):
        unit.start_run("cycle", naive)
    with store.begin() as unit:
        unit.start_run("cycle", START)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_FULL, "Make room"),
        (sqlite3.SQLITE_IOERR | 3 << 8, "Check the disk"),
        (sqlite3.SQLITE_READONLY | 4 << 8, "cannot be written"),
        (sqlite3.SQLITE_MISMATCH, "cannot be used: whatever."),
    ],
)
def test_each_error_of_sqlite_has_a_sentence(code: int, told: str) -> None:
    error = sqlite3.OperationalError("whatever")
    error.sqlite_errorcode = code
    assert told in str(store_error(error, "bridge.db"))


def test_a_pool_that_is_used_up_is_told_as_such() -> None:
    with pytest.raises(StoreError, match="too many threads"), told_plainly("bridge.db"):
        raise PoolTimeout


def test_errors_of_the_caller_pass_as_they_are(store: AnyStore) -> None:
    with pytest.raises(OSError, match="mine"), store.begin():
        raise OSError("mine")
