"""A backup: the database as of one moment, in a new file that is known to be whole.

It is written beside its place under another name, checked there, and only then put in its place;
so whatever has the name of a backup is one. Everything here raises StoreError.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import StoreError
from bridge.store.address import file_of, folder_checked
from bridge.store.faults import BUSY_SECONDS, reached, told_plainly
from bridge.store.revision import EMPTY, read_revision

UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was checked: its revision, and how many bytes it has."""

    revision: str
    size: int


def back_up(url: str, path: Path) -> Backup:
    """Copy the database of that URL, whatever its revision, while others work on it.

    Raises StoreError if there is none, if the file is there already, or if the copy is not whole.
    """
    source = file_of(url)
    revision = read_revision(source)
    if revision == EMPTY:
        raise StoreError(f"There is no database at {source}, so there is nothing to back up.")

    def copy_to(target: sqlite3.Connection) -> None:
        address = f"{source.as_uri()}?mode=rw"  # a database in WAL mode is not read without it
        with (
            told_plainly(source),
            closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection,
        ):
            connection.backup(target)

    write_copy(path, copy_to, revision)
    return Backup(revision, path.stat().st_size)


def write_copy(
    path: Path, copy_to: Callable[[sqlite3.Connection], None], revision: str = EMPTY
) -> None:
    """A new file with mode 0600, filled by `copy_to`; of that revision if one is given."""
    _refuse_what_is_there(path)
    part = path.with_name(path.name + UNFINISHED)
    with told_plainly(path), reached(path):
        _make_new(part)
        try:
            with closing(sqlite3.connect(part)) as target:
                copy_to(target)
                # One plain file, that may be copied as it is; opening it turns WAL on again.
                target.execute("PRAGMA journal_mode = DELETE")
                _check(target, path)
            if revision != EMPTY and read_revision(part) != revision:
                raise StoreError(f"The copy is not of revision {revision}. Make another one.")
            _put_in_place(part, path)
        finally:
            for rest in (part, part.with_name(part.name + "-journal")):
                with suppress(FileNotFoundError):
                    rest.unlink()


def _refuse_what_is_there(path: Path) -> None:
    with reached(path):
        is_there = os.path.lexists(path)
    if is_there:
        raise StoreError(f"{path} is there already. Name a file that is not.")
    folder_checked(path)


def _make_new(part: Path) -> None:
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise StoreError(
            f"{part} is there: another backup is being written, or one was interrupted. "
            "Wait for it, or remove that file."
        ) from None


def _check(copy: sqlite3.Connection, path: Path) -> None:
    """Raises StoreError unless every page and every index of the copy is as it should be."""
    found = [text for (text,) in copy.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise StoreError(
            f"{path} was not written: the database is damaged ({'; '.join(found)}). "
            "First stop what works on it (task-bridge run), then put an earlier backup in its "
            "place."
        )


def _put_in_place(part: Path, path: Path) -> None:
    """Give it its name; what came to have that name meanwhile stays."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise StoreError(f"{path} is there already. Name a file that is not.") from None
    except OSError:  # a file system without links
        _refuse_what_is_there(path)
        part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
