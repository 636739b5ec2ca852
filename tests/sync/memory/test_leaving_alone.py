"""A side that asks to wait or refuses the key is left alone for so long, and the other goes on."""

import pytest

from bridge.domain.reading import SideState
from bridge.domain.side import Field, Side
from bridge.errors import KeyRefused, NotYet, OverBudget, ServiceError, Unreachable
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))
WAITS = "Too many requests."


def state(bench: Bench, side: Side) -> SideState:
    with bench.store.begin() as unit:
        return unit.side_state(side)


@pytest.fixture
def pair(bench: Bench) -> tuple[str, str]:
    """Both ids of a pair in step, with nothing left to read."""
    ids = bench.pair()
    bench.settle()
    bench.forget_calls()
    bench.heard.events.clear()
    return ids


@both_sides
def test_nothing_is_asked_of_a_side_before_it_said_so_and_nothing_is_lost(
    bench: Bench, pair: tuple[str, str], side: Side
) -> None:
    service, other = bench.service(side), bench.service(side.other)
    service.fail("page", NotYet(str(side), WAITS, seconds=100))
    bench.sync()
    other.edit(pair[side is Side.KORE], title="Carried later")
    bench.forget_calls()
    outcome = bench.sync()
    assert service.calls == []
    assert other.calls[0] == "page:poll"
    fault = outcome.faults[side]
    assert isinstance(fault, NotYet)
    assert str(fault) == WAITS
    assert fault.seconds == pytest.approx(70, abs=2)
    assert bench.heard.of("side_failed") == [{"side": side, "reason": WAITS, "kind": "NotYet"}]
    bench.sync()
    bench.sync()
    assert service.calls == []
    assert bench.sync().faults == {}
    assert bench.values(Field.TITLE, *pair) == ("Carried later",) * 2
    assert state(bench, side).not_before is None


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (NotYet("v2", WAITS, seconds=3599), 3599),
        (NotYet("v2", WAITS, seconds=9999), 3600),
        (KeyRefused("v2", "The key is refused.", status=401), 300),
        (OverBudget("v2", "The budget is spent.", seconds=900), None),
        (Unreachable("v2", "It is down."), None),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, ServiceError) else str(given),
)
def test_it_is_left_alone_for_as_long_as_helps_and_an_hour_at_most(
    bench: Bench, pair: tuple[str, str], error: ServiceError, seconds: float | None
) -> None:
    bench.v2.fail("page", error)
    bench.sync(sweeps=False)
    found = state(bench, Side.V2)
    assert found.failed_at is not None
    assert (found.fault, found.is_refused) == (str(error), isinstance(error, KeyRefused))
    if seconds is None:
        assert (found.not_before, found.not_before_reason) == (None, "")
        assert bench.sync(sweeps=False).faults == {}
        return
    assert found.not_before is not None
    assert (found.not_before - found.failed_at).total_seconds() == pytest.approx(seconds)
    assert found.not_before_reason == str(error)
    bench.clock.at = found.not_before
    assert bench.sync(sweeps=False).faults == {}
    assert state(bench, Side.V2).not_before_reason == ""


def test_the_first_thing_that_kept_a_side_away_is_what_is_told(
    bench: Bench, pair: tuple[str, str]
) -> None:
    """Writes in flight side by side each meet the fault; one of them speaks."""
    for number in range(4):
        bench.kore.add(f"Ladder {number}")
    bench.v2.fail("create", NotYet("v2", WAITS, seconds=60), times=2)
    bench.v2.fail("create", Unreachable("v2", "It is down."), times=2)
    outcome = bench.sync()
    (told,) = bench.heard.of("side_failed")
    assert told["reason"] == str(outcome.faults[Side.V2]) == state(bench, Side.V2).fault
    bench.v2.faults.clear()
    for _ in range(4):
        bench.sync()
    assert len(bench.v2.records) == 5
