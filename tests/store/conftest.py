"""A database in a file and one in memory; the file is a copy of one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.resources import migrations_folder
from bridge.store import open as opening
from bridge.store.sql_store import SqlStore
from tests.plain.store import PlainStore
from tests.store.both import AnyStore
from tests.store.clocks import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    store = opening.open_store(
        f"sqlite:///{folder}/bridge.db", "default", MovedClock(), migrations_folder()
    )
    store.back_up(folder / "whole.db")
    store.close()
    return folder / "whole.db"


@pytest.fixture
def url(migrated_file: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_file, tmp_path / "bridge.db")
    return f"sqlite:///{tmp_path}/bridge.db"


@pytest.fixture
def file_store(url: str, clock: MovedClock) -> Iterator[SqlStore]:
    store = opening.open_store(url, "default", clock, migrations_folder())
    yield store
    store.close()


@pytest.fixture
def memory_store(clock: MovedClock) -> Iterator[SqlStore]:
    store = opening.memory_store("default", clock)
    yield store
    store.close()


@pytest.fixture(params=["file", "memory"])
def sql_store(request: pytest.FixtureRequest) -> SqlStore:
    """For tests of what only SQL has."""
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture(params=["file", "memory", "plain"])
def store(request: pytest.FixtureRequest) -> AnyStore:
    """For tests of what the port promises: the SQL store, and what stands in for it in tests."""
    if request.param == "plain":
        return PlainStore()
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found
