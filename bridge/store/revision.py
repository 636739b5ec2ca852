"""Which revision of the layout a file holds, read without SQLAlchemy and without Alembic.

REVISIONS names all that this release knows, oldest first; tests hold it equal to Alembic's.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from bridge.errors import StoreError
from bridge.store.faults import BUSY_SECONDS, reached, told_plainly

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
HEAD_REVISION = REVISIONS[-1]
EMPTY = ""

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def read_revision(path: Path) -> str:
    """The revision of a file; EMPTY if the file is not there or holds nothing.

    Raises StoreError if it is no database, unreadable, or holds something else.
    """
    with told_plainly(path), reached(path):
        if not path.exists() or path.stat().st_size == 0:
            return EMPTY
        address = f"{path.as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
            return _revision_of(connection, path)


def _revision_of(connection: sqlite3.Connection, path: Path) -> str:
    tables = {name for (name,) in connection.execute(_TABLES)}
    if not tables:
        return EMPTY
    if "alembic_version" not in tables:
        raise StoreError(
            f"{path} is a database of something else. Name another file in database.url."
        )
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else EMPTY


def check_revision(revision: str, path: Path) -> None:
    """Raises StoreError unless this release works with that revision."""
    if revision == HEAD_REVISION:
        return
    if revision in REVISIONS:
        raise StoreError(
            f"{path} has the layout of an earlier release ({revision}, not {HEAD_REVISION}). "
            "Upgrade it: task-bridge db upgrade"
        )
    raise newer(revision, path)


def newer(revision: str, path: Path) -> StoreError:
    """The error for a revision that this release does not know."""
    return StoreError(
        f"{path} was made by a newer task-bridge ({revision}). Use that release, or another file."
    )
