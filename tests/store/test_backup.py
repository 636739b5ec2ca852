"""A backup is whole or it is not there, whatever goes on while it is written."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bridge.errors import StoreError
from bridge.resources import migrations_folder
from bridge.store import backup
from bridge.store.backup import back_up
from bridge.store.open import open_store
from bridge.store.revision import HEAD_REVISION
from bridge.store.sql_store import SqlStore
from tests.store.clocks import MovedClock
from tests.store.samples import KORE, V2, add_pair, known


def opened(path: Path) -> SqlStore:
    return open_store(f"sqlite:///{path}", "default", MovedClock(), migrations_folder())


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@contextmanager
def writing(store: SqlStore) -> Iterator[threading.Event]:
    """Somebody who adds a pair of tasks, both or none, as fast as can be, until the end."""
    is_over, has_begun = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not is_over.is_set():
            with store.begin() as unit:
                unit.save_known([known(KORE, f"w{number}")])
                unit.save_known([known(V2, f"w{number}")])
            number += 1
            has_begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert has_begun.wait(10)
    try:
        yield has_begun
    finally:
        is_over.set()
        writer.join()


def test_a_backup_is_one_plain_file_that_opens_as_the_database_did(
    file_store: SqlStore, url: str, tmp_path: Path
) -> None:
    with file_store.begin() as unit:
        add_pair(unit, 1)
    target = tmp_path / "far" / "copy.db"
    target.parent.mkdir()
    done = back_up(url, target)
    assert (done.revision, done.size) == (HEAD_REVISION, target.stat().st_size)
    assert files(target.parent) == {"copy.db"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    copy = opened(target)
    with copy.begin() as unit:
        assert (unit.count_tasks(KORE), len(list(unit.all_links()))) == (1, 1)
    copy.close()


def test_a_backup_beside_a_writer_is_of_one_moment_and_holds_it_up_for_nothing(
    file_store: SqlStore, url: str, tmp_path: Path
) -> None:
    with writing(file_store) as goes_on:
        for number in range(5):
            back_up(url, tmp_path / f"{number}.db")
            for _ in range(2):  # the first may tell of what was written before the copy
                goes_on.clear()
                assert goes_on.wait(10)  # it writes on
    counts = []
    for number in range(5):
        copy = opened(tmp_path / f"{number}.db")
        with copy.begin() as unit:
            kore, v2 = unit.count_tasks(KORE), unit.count_tasks(V2)
        copy.close()
        assert kore == v2 > 0
        counts.append(kore)
    assert counts == sorted(set(counts))


def test_what_is_not_committed_is_not_in_it(file_store: SqlStore, url: str, tmp_path: Path) -> None:
    with file_store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        back_up(url, tmp_path / "copy.db")
    copy = opened(tmp_path / "copy.db")
    with copy.begin() as unit:
        assert unit.count_tasks(KORE) == 0
    copy.close()


def test_an_older_revision_is_backed_up_as_it_is(url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bridge.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
        connection.commit()
    assert back_up(url, tmp_path / "copy.db").revision == "0003"


def test_nothing_is_overwritten_not_even_a_link_to_nowhere(url: str, tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_text("mine")
    (tmp_path / "link.db").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    for name in ("mine.db", "link.db", "bridge.db", "folder"):
        with pytest.raises(StoreError, match="there already"):
            back_up(url, tmp_path / name)
    assert (tmp_path / "mine.db").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_name_that_is_taken_while_it_is_written_stays_with_its_owner(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = backup._check

    def take_the_name(copy: sqlite3.Connection, path: Path) -> None:
        check(copy, path)
        path.write_text("mine")

    monkeypatch.setattr(backup, "_check", take_the_name)
    with pytest.raises(StoreError, match="there already"):
        back_up(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"
    assert not (tmp_path / "copy.db.part").exists()


def test_a_damaged_database_makes_no_backup_and_says_so(
    file_store: SqlStore, url: str, tmp_path: Path
) -> None:
    with file_store.begin() as unit:
        unit.save_known([known(KORE, f"k{number}", title="x" * 200) for number in range(300)])
    file_store.close()
    damage_an_index(tmp_path / "bridge.db")
    with pytest.raises(StoreError, match="damaged"):
        back_up(url, tmp_path / "copy.db")
    assert not {"copy.db", "copy.db.part"} & files(tmp_path)


def damage_an_index(path: Path) -> None:
    """An index that has lost its rows: only a whole check of the database finds that."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
            "WHERE name = 'ix_history_at') WHERE name = 'ix_observations_ref'"
        )
        connection.commit()


def test_an_interrupted_backup_is_told_and_left_to_a_person(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db.part").write_text("half")
    with pytest.raises(StoreError, match=r"copy\.db\.part is there"):
        back_up(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db.part").read_text() == "half"


def test_a_disk_that_is_full_leaves_nothing_behind(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(copy: sqlite3.Connection, path: Path) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(backup, "_check", fail)
    with pytest.raises(StoreError, match="disk is full"):
        back_up(url, tmp_path / "copy.db")
    assert not {"copy.db", "copy.db.part"} & files(tmp_path)


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nothing to back up"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert files(tmp_path) == set()
