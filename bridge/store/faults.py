"""From what SQLite says to what people can act on.

Takes any error of the driver or of SQLAlchemy, gives a StoreError of one sentence and the next
step, without statement or values: those may hold titles.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bridge.errors import StoreError

BUSY_SECONDS = 30

DISK = "cannot be read or written: the disk reports an error. Check the disk."
_CLOSED = "cannot be opened. Check who may read and write it and its folder."
_SENTENCES = {
    sqlite3.SQLITE_NOTADB: "is not a database. Name another file in database.url.",
    sqlite3.SQLITE_CORRUPT: "is damaged. First stop what works on it (task-bridge run), then put a "
    "backup (`task-bridge db backup`) in its place.",
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_PERM: _CLOSED,
    sqlite3.SQLITE_AUTH: _CLOSED,
    sqlite3.SQLITE_READONLY: "cannot be written. Check who may write it and its folder.",
    sqlite3.SQLITE_BUSY: f"was kept busy by another process for {BUSY_SECONDS} s. Try again.",
    sqlite3.SQLITE_LOCKED: f"was kept busy by another process for {BUSY_SECONDS} s. Try again.",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Make room and start again.",
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_CONSTRAINT: "holds something that contradicts what was to be stored.",
    sqlite3.SQLITE_TOOBIG: "cannot hold a value that large.",
}


@contextmanager
def told_plainly(place: str | Path) -> Iterator[None]:
    """Turns every error of the database within into a StoreError about `place`."""
    try:
        yield
    except DBAPIError as error:
        raise store_error(error.orig, place) from error.orig
    except PoolTimeout:
        raise StoreError(f"{place} is in use by too many threads. Start again.") from None
    except sqlite3.Error as error:
        raise store_error(error, place) from error


@contextmanager
def reached(path: Path) -> Iterator[None]:
    """Turns a refusal of the file system within into a StoreError about the file."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path} {_CLOSED} ({error.strerror})") from error


def store_error(error: BaseException | None, place: str | Path) -> StoreError:
    """The sentence for an error of the driver."""
    # The upper bytes say more than people need.
    code = getattr(error, "sqlite_errorcode", -1) & 0xFF
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return StoreError(f"{place} cannot be used: {error}.")
    return StoreError(f"{place} {sentence}")
