"""Opening a database: making it, bringing it up, refusing what is not ours.

Alembic is imported only where a database is made or upgraded: a start on an existing one
compares the revision with a constant. All of it raises StoreError with the next step.
"""

from collections.abc import Callable
from pathlib import Path

from bridge.errors import StoreError
from bridge.ports import Clock
from bridge.store.address import file_of, folder_checked
from bridge.store.beside import Beside, beside
from bridge.store.disk import Disk
from bridge.store.engine import file_engine, make_private, memory_engine
from bridge.store.faults import reached, told_plainly
from bridge.store.pairs import PairRow
from bridge.store.revision import (
    EMPTY,
    HEAD_REVISION,
    REVISIONS,
    check_revision,
    newer,
    read_revision,
)
from bridge.store.sql_store import MEMORY, SqlStore
from bridge.store.tables import metadata


def open_store(url: str, pair: str, clock: Clock, migrations: Path) -> SqlStore:
    """The store of a pair; a database that is new or empty is brought up first.

    `migrations` is Alembic's folder (`bridge.resources.migrations_folder()`). Raises StoreError
    if the database is of another revision, is none, or cannot be written.
    """
    path = folder_checked(file_of(url))
    revision = read_revision(path)
    if revision == EMPTY:
        _bring_up(path, migrations)
        revision = read_revision(path)
    check_revision(revision, path)
    return _with_pair(SqlStore(file_engine(path), pair, path), pair, clock)


def memory_store(pair: str, clock: Clock) -> SqlStore:
    """An empty store in memory, with the same tables."""
    engine = memory_engine()
    metadata.create_all(engine)
    return _with_pair(SqlStore(engine, pair, MEMORY), pair, clock)


def upgrade(
    url: str, migrations: Path, allows: Callable[[Beside], None] = lambda beside: None
) -> str:
    """Bring the database to this release's revision, which is given back; makes a new one.

    `allows` raises if one of those who left their names in it forbids the change; it is asked in
    the same transaction. Raises StoreError if a newer release made it.
    """
    path = folder_checked(file_of(url))
    before = read_revision(path)
    if before not in (EMPTY, *REVISIONS):
        raise newer(before, path)
    if before != HEAD_REVISION:
        _bring_up(path, migrations, allows)
    return read_revision(path)


def current(url: str) -> str:
    """The revision of the database; empty if there is none yet.

    Raises StoreError if there can be none, as where its folder is missing.
    """
    return read_revision(folder_checked(file_of(url)))


def is_there(url: str) -> bool:
    """Whether there is a database already; looking makes none."""
    return current(url) != EMPTY


def _with_pair(store: SqlStore, pair: str, clock: Clock) -> SqlStore:
    try:
        with store.transaction() as connection:
            PairRow(connection, pair).note_pair(clock.now())
    except StoreError:
        store.close()
        raise
    return store


def _bring_up(
    path: Path, migrations: Path, allows: Callable[[Beside], None] = lambda beside: None
) -> None:
    """Run every migration that is missing, all in one transaction: all of them or none."""
    from alembic import command
    from alembic.config import Config

    with told_plainly(path), reached(path):
        if read_revision(path) == EMPTY:
            make_private(path)
        # Changing a table makes it anew, which must not take what refers to it along.
        engine = file_engine(path, has_foreign_keys=False)
        try:
            with engine.begin() as connection:
                allows(beside(connection))
                configuration = Config(attributes={"connection": connection})
                configuration.set_main_option("script_location", str(migrations).replace("%", "%%"))
                command.upgrade(configuration, "head")
            Disk(path).reach()
        finally:
            engine.dispose()
