"""Opening a database: a new one is brought up, one that is not ours is refused in plain words."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bridge.domain.records import Happening
from bridge.errors import StoreError
from bridge.resources import migrations_folder
from bridge.store.open import current, is_there, open_store, upgrade
from bridge.store.revision import HEAD_REVISION
from bridge.store.sql_store import SqlStore
from tests.store.clocks import START, MovedClock
from tests.store.samples import KORE, known

MIGRATIONS = migrations_folder()


def opened(url: str) -> SqlStore:
    return open_store(url, "default", MovedClock(), MIGRATIONS)


def refusal(url: str) -> str:
    """The one sentence or two with which a database is refused."""
    with pytest.raises(StoreError) as caught:
        opened(url)
    told = str(caught.value)
    assert "sqlalche" not in told.lower()
    assert "\n" not in told
    return told


def test_a_new_database_is_brought_up_by_its_first_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    assert (current(url), is_there(url)) == ("", False)
    assert not (tmp_path / "new.db").exists()
    store = opened(url)
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
    store.close()
    assert (current(url), is_there(url)) == (HEAD_REVISION, True)
    again = opened(url)
    with again.begin() as unit:
        assert unit.count_tasks(KORE) == 1
    again.close()


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    opened(f"sqlite:///{tmp_path}/new.db").close()
    assert current(f"sqlite:///{tmp_path}/new.db") == HEAD_REVISION


def test_only_its_owner_may_read_the_database(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = opened(f"sqlite:///{tmp_path}/new.db")
        with store.begin() as unit:
            unit.save_known([known(KORE, "k1")])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


@pytest.mark.parametrize("make", ["open", "upgrade"])
def test_an_empty_file_that_others_may_read_is_theirs_no_more_once_it_is_filled(
    tmp_path: Path, make: str
) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    path.chmod(0o644)
    url = f"sqlite:///{path}"
    if make == "upgrade":
        upgrade(url, migrations_folder())
    store = opened(url)
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    store.close()
    assert modes == {"empty.db": 0o600, "empty.db-wal": 0o600, "empty.db-shm": 0o600}


def test_a_database_that_is_there_keeps_the_mode_that_its_owner_gave_it(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    opened(f"sqlite:///{path}").close()
    path.chmod(0o640)
    opened(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_relative_file_is_relative_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = opened("sqlite:///here.db")
    monkeypatch.chdir("/")
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
    store.close()
    assert (tmp_path / "here.db").exists()


def test_names_with_unusual_letters_are_files_too(tmp_path: Path) -> None:
    folder = tmp_path / "100% été #1?"
    folder.mkdir()
    name = "task bridge (2).db"
    opened(f"sqlite:///{folder}/{name}".replace("?", "%3F")).close()
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_missing_folder_is_named_with_the_way_to_make_it(tmp_path: Path) -> None:
    assert f"mkdir -p {tmp_path}/far/away" in refusal(f"sqlite:///{tmp_path}/far/away/new.db")
    assert not (tmp_path / "far").exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg://bridge:hidden@db/bridge", "not built yet in this release"),
        ("mysql://bridge:hidden@db/bridge", "not built yet in this release"),
        ("sqlite+aiosqlite:///x.db", "not built yet in this release"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:x.db", "names no file"),
        ("sqlite:///x.db?mode=ro", "more than a file's name"),
        ("sqlite://host/x.db", "more than a file's name"),
        ("bridge:hidden", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_what_is_no_file_of_sqlite_is_refused_without_its_password(url: str, told: str) -> None:
    sentence = refusal(url)
    assert told in sentence
    assert "sqlite:///task-bridge.db" in sentence
    assert "hidden" not in sentence


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "is a folder" in refusal(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Buy a boiler. " * 100)
    assert "is not a database" in refusal(f"sqlite:///{tmp_path}/notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "Buy a boiler. " * 100


def test_a_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE guests (name)")
        connection.commit()
    before = (tmp_path / "other.db").read_bytes()
    assert "of something else" in refusal(f"sqlite:///{tmp_path}/other.db")
    with pytest.raises(StoreError, match="of something else"):
        upgrade(f"sqlite:///{tmp_path}/other.db", MIGRATIONS)
    assert (tmp_path / "other.db").read_bytes() == before


def stamped(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


def test_an_earlier_revision_is_refused_with_the_way_to_upgrade(url: str, tmp_path: Path) -> None:
    stamped(tmp_path / "bridge.db", "0001")
    assert "task-bridge db upgrade" in refusal(url)


def test_a_later_revision_is_refused_as_newer(url: str, tmp_path: Path) -> None:
    stamped(tmp_path / "bridge.db", "9999")
    assert "made by a newer task-bridge (9999)" in refusal(url)
    with pytest.raises(StoreError, match="made by a newer task-bridge"):
        upgrade(url, MIGRATIONS)


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.98])
def test_a_truncated_database_is_told_as_damaged(url: str, tmp_path: Path, kept: float) -> None:
    file = tmp_path / "bridge.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    assert "is damaged. First stop what works on it" in refusal(url)


def test_a_database_that_is_damaged_later_is_told_as_such(file_store: SqlStore) -> None:
    file_store.close()
    file = Path(file_store.place)
    whole = bytearray(file.read_bytes())
    whole[4096:] = b"x" * (len(whole) - 4096)
    file.write_bytes(whole)
    with pytest.raises(StoreError, match="is damaged"), file_store.begin() as unit:
        unit.save_known([known(KORE, "k1")])


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user without rights for a moment; the superuser may read and write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    # pytest's own folders are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_file_that_may_not_be_read_is_told_as_such(open_folder: Path) -> None:
    opened(f"sqlite:///{open_folder}/new.db").close()
    (open_folder / "new.db").chmod(0o000)
    with nobody():
        told = refusal(f"sqlite:///{open_folder}/new.db")
    assert "Check who may" in told


def test_a_file_that_may_not_be_written_is_told_as_such(open_folder: Path) -> None:
    opened(f"sqlite:///{open_folder}/new.db").close()
    (open_folder / "new.db").chmod(0o444)
    open_folder.chmod(0o777)
    with nobody():
        told = refusal(f"sqlite:///{open_folder}/new.db")
    assert "cannot be written" in told


def test_a_folder_that_may_not_be_written_is_told_as_such(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with nobody():
        told = refusal(f"sqlite:///{open_folder}/new.db")
    assert "Check who may" in told


@pytest.mark.process
def test_a_start_on_a_database_that_is_there_imports_no_alembic(url: str) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from bridge.store.open import open_store\n"
        "from tests.store.clocks import MovedClock\n"
        f"open_store({url!r}, 'default', MovedClock(), Path('nowhere')).close()\n"
        "print('alembic' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_file_that_is_taken_away_while_it_is_in_use_is_missed_at_once(
    file_store: SqlStore, is_replaced: bool
) -> None:
    place = Path(str(file_store.place))
    moved = place.rename(place.with_suffix(".away"))
    if is_replaced:
        place.write_bytes(moved.read_bytes())
    with pytest.raises(StoreError, match="taken away or replaced"), file_store.begin():
        raise AssertionError("it was begun")
    moved.rename(place)
    with file_store.begin() as unit:
        assert unit.lease() is None


def test_a_full_disk_is_told_and_nothing_of_the_unit_is_kept(file_store: SqlStore) -> None:
    def note(text: str) -> None:
        with file_store.begin() as unit:
            unit.remember([Happening(what="noted", why=text)] * 50, 1, START)

    def most(pages: int) -> None:
        file_store._engine.dispose()

        def limit(connection: Any, _entry: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(file_store._engine, "connect", limit)

    note("before")
    most(1)  # SQLite takes no less than the file has now
    with pytest.raises(StoreError, match="the disk is full"):
        note("x" * 10_000)
    most(100_000)
    with file_store.begin() as unit:
        assert unit.lease() is None
    note("after")
