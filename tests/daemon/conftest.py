"""A fresh world for each test, and a log that it can read."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bridge.logs import configure
from bridge.sandbox import KoreSwitches, Sandbox
from tests.daemon.bench import Bench, Log, MovedClock, opened, write_configuration


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


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def sandbox(clock: MovedClock) -> Iterator[Sandbox]:
    """Both services, at the clock that tests move; Kore has one open case."""
    world = Sandbox(kore=KoreSwitches(limits=()), clock=clock.now)
    world.kore.add_case(name="Gate")
    with world:
        yield world


@pytest.fixture
def bench(sandbox: Sandbox, clock: MovedClock, log: Log, tmp_path: Path) -> Iterator[Bench]:
    with opened(sandbox, write_configuration(sandbox, tmp_path), clock, log) as found:
        yield found
