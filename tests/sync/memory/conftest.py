from collections.abc import Iterator

import pytest

from tests.sync.memory.bench import Bench
from tests.sync.memory.laws.court import sitting


@pytest.fixture(autouse=True)
def lawful() -> Iterator[None]:
    """Whatever a test is about, its runs keep the laws."""
    with sitting():
        yield


@pytest.fixture
def bench() -> Bench:
    return Bench()
