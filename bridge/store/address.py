"""Where the database is: from a URL to a file.

Only SQLite files are served. Raises StoreError, with the next step, for anything else.
"""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bridge.errors import StoreError
from bridge.store.faults import reached

_FORM = "sqlite:///task-bridge.db"


def file_of(url: str) -> Path:
    """The file that a URL names; a relative one is relative to the current folder."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text may hold a password, so it is not shown.
        raise StoreError(f"database.url cannot be read. Write it as {_FORM}.") from None
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError(
            f"A database of {parsed.get_backend_name()} is not built yet in this release. "
            f"Use a file: {_FORM}."
        )
    return _path_of(parsed)


def _path_of(url: URL) -> Path:
    name = url.database or ""
    if not name or name == ":memory:" or name.startswith("file:"):
        raise StoreError(f"database.url names no file. Write it as {_FORM}.")
    if url.query or url.host:
        raise StoreError(f"database.url has more than a file's name. Write it as {_FORM}.")
    return Path(name).absolute()


def folder_checked(path: Path) -> Path:
    """The same path, once its folder is there; raises StoreError that says which to make."""
    with reached(path):
        is_reachable, is_folder = path.parent.is_dir(), path.is_dir()
    if not is_reachable:
        raise StoreError(
            f"The folder of {path.name} is not there: {path.parent}. "
            f"Make it: mkdir -p {path.parent}"
        )
    if is_folder:
        raise StoreError(f"{path} is a folder. Name a file in database.url.")
    return path
