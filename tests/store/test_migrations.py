"""The migrations lead to the tables that the code knows, and back."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bridge.resources import migrations_folder
from bridge.store.engine import file_engine
from bridge.store.open import current, upgrade
from bridge.store.revision import HEAD_REVISION, REVISIONS
from bridge.store.tables import metadata


@contextmanager
def alembic_on(file: Path) -> Iterator[Config]:
    engine = file_engine(file, has_foreign_keys=False)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrations_folder()))
        yield config
    engine.dispose()


def layout(file: Path) -> dict[str, str]:
    """The SQL of every table and index, without blanks and quotes, columns in any order."""
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name <> 'alembic_version'"
        ).fetchall()
    return {name: ",".join(sorted(_pieces(sql))) for name, sql in found}


def _pieces(sql: str) -> list[str]:
    plain = re.sub(r'[\s"]+', " ", sql)
    return [re.sub(r"\s*([()])\s*", r"\1", piece).strip() for piece in plain.split(", ")]


def test_the_constants_are_alembics_own() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD_REVISION]
    assert [one.revision for one in scripts.walk_revisions()][::-1] == [*REVISIONS]


# The index by an expression is compared by its SQL below.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_tables_are_those_that_the_migrations_leave(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_even_their_sql_is_the_same(migrated_file: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/made.db")
    metadata.create_all(engine)
    engine.dispose()
    made, migrated = layout(tmp_path / "made.db"), layout(migrated_file)
    assert made.keys() == migrated.keys()
    assert made == migrated


def test_each_migration_can_be_undone_and_done_again(tmp_path: Path, migrated_file: Path) -> None:
    file = tmp_path / "new.db"
    for revision in REVISIONS:
        with alembic_on(file) as config:
            command.upgrade(config, revision)
            command.downgrade(config, "-1")
            command.upgrade(config, revision)
    assert layout(file) == layout(migrated_file)
    with alembic_on(file) as config:
        command.downgrade(config, "base")
    assert layout(file) == {}


def test_an_upgrade_brings_any_revision_to_the_newest(tmp_path: Path) -> None:
    for revision in REVISIONS:
        file = tmp_path / f"{revision}.db"
        with alembic_on(file) as config:
            command.upgrade(config, revision)
        url = f"sqlite:///{file}"
        assert current(url) == revision
        assert upgrade(url, migrations_folder()) == HEAD_REVISION
        assert upgrade(url, migrations_folder()) == HEAD_REVISION
