"""`db` tells the revision of the database and brings it to this release's."""

import json
import sqlite3
from pathlib import Path

import pytest

from bridge.store.revision import HEAD_REVISION
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("configuration")


def test_looking_for_a_database_makes_none(bridge: Run, folder: Path) -> None:
    ran = bridge("db", "current")
    assert ran.code == 0
    assert "There is no database yet" in ran.out
    assert not (folder / "task-bridge.db").exists()


def test_a_new_database_is_made_at_this_releases_revision(bridge: Run) -> None:
    ran = bridge("db", "upgrade", "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out) == {"before": None, "revision": HEAD_REVISION}
    assert bridge("db", "current").out == f"{HEAD_REVISION}, this release's.\n"
    found = json.loads(bridge("db", "current", "--format", "json").out)
    assert found == {"revision": HEAD_REVISION, "release": HEAD_REVISION}
    assert "already" in bridge("db", "upgrade").out


def test_making_a_database_is_told_to_people(bridge: Run) -> None:
    assert bridge("db", "upgrade").out == (
        f"The database is now at revision {HEAD_REVISION} (new before).\n"
    )


def test_a_database_of_an_earlier_release_ends_with_2_and_the_way_out(
    bridge: Run, folder: Path
) -> None:
    with sqlite3.connect(folder / "task-bridge.db") as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('0000')")
    database.close()
    ran = bridge("db", "current")
    assert ran.code == 2
    assert "task-bridge db upgrade" in ran.out


def test_a_file_that_is_no_database_is_told(bridge: Run, folder: Path) -> None:
    (folder / "task-bridge.db").write_text("no database at all" * 100, encoding="utf-8")
    ran = bridge("db", "current")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: ")


def test_a_backup_is_told_with_its_revision_and_overwrites_nothing(
    bridge: Run, folder: Path
) -> None:
    bridge("db", "upgrade")
    ran = bridge("db", "backup", "copy.db", "--format", "json")
    size = (folder / "copy.db").stat().st_size
    assert json.loads(ran.out) == {"file": "copy.db", "revision": HEAD_REVISION, "bytes": size}
    again = bridge("db", "backup", "copy.db")
    assert (again.code, again.out) == (2, "")
    assert "there already" in again.err
    told = bridge("db", "backup", "second.db")
    assert told.out == f"second.db: {size} bytes, revision {HEAD_REVISION}, checked.\n"


def test_without_a_database_a_backup_is_refused_and_makes_nothing(
    bridge: Run, folder: Path
) -> None:
    ran = bridge("db", "backup", "copy.db")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing to back up" in ran.err
    assert not (folder / "copy.db").exists()
