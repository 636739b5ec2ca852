"""A sandbox for each module, made once; every test finds its switches at their defaults."""

from collections.abc import Iterator

import pytest

from tests.services.sandboxes import World, running_world


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    with running_world() as world:
        yield world


@pytest.fixture
def world(running: World) -> World:
    running.fresh()
    return running
