import pytest

from tests.sync.memory.bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
