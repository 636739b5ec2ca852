"""One world for the tests of a module, as new for each of them; and a log that a test reads."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bridge import resources
from bridge.logs import configure
from bridge.sandbox import KoreSwitches, Sandbox
from bridge.store.open import upgrade
from tests.daemon.bench import Bench, Log, opened, write_configuration
from tests.watched import MovableClock


@pytest.fixture
def log() -> Iterator[Log]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = Log()
    configure("info", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: the migrations take longer than a test."""
    path = tmp_path_factory.mktemp("database") / "bridge.db"
    upgrade(f"sqlite:///{path}", resources.migrations_folder())
    return path


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path) -> Path:
    """A folder with an empty database of this release."""
    shutil.copy(empty_database, tmp_path)
    return tmp_path


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def sandbox(clock: MovableClock) -> Iterator[Sandbox]:
    """Both services, at the clock that tests move; Kore has one open case."""
    with world_at(clock) as found:
        yield found


@pytest.fixture
def fresh(sandbox: Sandbox, clock: MovableClock, log: Log, folder: Path) -> Iterator[Bench]:
    """A daemon that has never run, between two empty services."""
    with opened(sandbox, write_configuration(sandbox, folder), clock, log) as found:
        yield found


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Bench]:
    path, clock = tmp_path_factory.mktemp("paired"), MovableClock()
    shutil.copy(empty_database, path)
    with (
        world_at(clock) as sandbox,
        opened(sandbox, write_configuration(sandbox, path), clock, Log()) as found,
    ):
        found.add_pair()
        yield found


@pytest.fixture
def bench(paired: Bench, log: Log) -> Bench:
    """A daemon that has just begun, and a pair that is in step."""
    paired.begin_anew(log)
    return paired


def world_at(clock: MovableClock) -> Sandbox:
    sandbox = Sandbox(kore=KoreSwitches(limits=()), clock=clock.now)
    sandbox.kore.add_case(name="Gate")
    return sandbox
