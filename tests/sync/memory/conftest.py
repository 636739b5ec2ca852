from collections.abc import Iterator

import pytest

from tests.sync.memory.bench import Bench
from tests.sync.memory.laws.court import sitting
from tests.sync.memory.stores import OnPlain, OnSql, standing_on

PLAIN = pytest.param(OnPlain, id="plain")
SQL = pytest.param(OnSql, id="sql", marks=pytest.mark.long)


@pytest.fixture(autouse=True, params=[PLAIN, SQL])
def _lawful_ground(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test is about, its runs keep the laws, on either store."""
    with standing_on(request.param), sitting():
        yield


@pytest.fixture
def bench() -> Bench:
    return Bench()
