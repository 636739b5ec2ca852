"""`db` tells the revision of the database and brings it to this release's."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config
from sqlalchemy import create_engine

from bridge.processes import this_process
from bridge.resources import migrations_folder
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


@pytest.fixture(params=["0006", "0007", "0008"])
def old(request: pytest.FixtureRequest, folder: Path) -> Path:
    """A database as an earlier release left it."""
    path = folder / "task-bridge.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        configuration = Config(attributes={"connection": connection})
        configuration.set_main_option("script_location", str(migrations_folder()))
        alembic.upgrade(configuration, request.param)
    engine.dispose()
    return path


def beat(path: Path, owner: str, age: timedelta = timedelta()) -> None:
    at = (datetime.now(UTC) - age).isoformat().replace("+00:00", "Z")
    _insert(path, "INSERT INTO heartbeats VALUES ('other', ?, ?, ?, 5.0)", owner, at, at)


def hold(path: Path, owner: str, age: timedelta) -> None:
    taken, over = (datetime.now(UTC) + one for one in (-age, timedelta(seconds=60) - age))
    times = [one.isoformat().replace("+00:00", "Z") for one in (taken, over)]
    columns = "(pair, owner, token, taken_at, expires_at)"
    _insert(path, f"INSERT INTO leases {columns} VALUES ('other', ?, 1, ?, ?)", owner, *times)


def _insert(path: Path, sql: str, *values: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(sql, values)


def test_a_database_is_not_upgraded_under_a_living_daemon(bridge: Run, old: Path) -> None:
    beat(old, "far:12:..:a", timedelta(seconds=3))
    before = bridge("db", "current").out
    ran = bridge("db", "upgrade")
    assert (ran.code, ran.out) == (5, "")
    assert "process 12 on far, since 3 s" in ran.err
    assert "Stop it first" in ran.err
    assert "--wait" not in ran.err
    assert bridge("db", "current").out == before


def test_a_database_is_not_upgraded_under_a_command_that_works_on_it(
    bridge: Run, old: Path
) -> None:
    hold(old, "far:12:..:a", timedelta(seconds=5))
    ran = bridge("db", "upgrade")
    assert ran.code == 5
    assert "process 12 on far, since 5 s" in ran.err


def test_a_daemon_that_is_gone_does_not_stand_in_the_way_of_an_upgrade(
    bridge: Run, old: Path
) -> None:
    gone = replace(this_process(), started="1")
    beat(old, str(gone))
    hold(old, "far:12:..:a", timedelta(hours=1))
    assert bridge("db", "upgrade").code == 0


def test_a_daemon_of_long_ago_does_not_stand_in_the_way_of_an_upgrade(
    bridge: Run, old: Path
) -> None:
    beat(old, "far:12:..:a", timedelta(hours=1))
    assert bridge("db", "upgrade").code == 0


def test_a_daemon_of_this_release_needs_no_stop_where_nothing_is_to_be_changed(
    bridge: Run, folder: Path
) -> None:
    bridge("db", "upgrade")
    beat(folder / "task-bridge.db", "far:12:..:a")
    ran = bridge("db", "upgrade")
    assert ran.code == 0
    assert "already" in ran.out
