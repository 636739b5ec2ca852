"""One console for the tests of a module, and those who visit it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.daemon.bench import Bench
from tests.daemon.web.opened import Opened, Visitor


@pytest.fixture(scope="module")
def address(paired: Bench) -> Iterator[httpx.URL]:
    """Where the console of the module's daemon listens."""
    with Opened(paired) as client:
        yield client.base_url


@pytest.fixture
def stranger(address: httpx.URL) -> Iterator[Visitor]:
    """Somebody without a session."""
    visitor = Visitor(address)
    yield visitor
    visitor.close()


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """Somebody who gave the token."""
    assert stranger.log_in().status_code == 303
    return stranger
