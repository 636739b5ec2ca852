"""Every test has a sandbox of its own, with real servers and a clock that stands still."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sandbox.desk import Desk

MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk() -> Iterator[MakeDesk]:
    """Makes desks with the given switches; all are closed after the test."""
    made: list[Desk] = []

    def make(kore: dict[str, Any] | None = None, v2: dict[str, Any] | None = None) -> Desk:
        made.append(Desk(kore or {}, v2 or {}))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """A desk whose switches are the defaults, but for Kore's rate limit, which is off."""
    return make_desk()
