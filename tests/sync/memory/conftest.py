from collections.abc import Iterator

import pytest

from tests.sync.memory.bench import Bench
from tests.sync.memory.stores import OnPlain, OnSql, standing_on

PLAIN = pytest.param(OnPlain, id="plain")
SQL = pytest.param(OnSql, id="sql", marks=pytest.mark.long)


@pytest.fixture(autouse=True, params=[PLAIN, SQL])
def _ground(request: pytest.FixtureRequest) -> Iterator[None]:
    with standing_on(request.param):
        yield


@pytest.fixture
def bench() -> Bench:
    return Bench()
