"""For what a backfill waits and for how long, and what `--skip` leaves as it is."""

from datetime import timedelta

import pytest

from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import KeyRefused, NotYet
from bridge.sync.backfill import TooManyProbes
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove
from tests.sync.memory.test_first_contact import lasts, met

__all__ = ["met"]  # fixture

both_sides = pytest.mark.parametrize("side", list(Side))


def busy(side: Side, seconds: float) -> NotYet:
    return NotYet(str(side), "Too many requests.", seconds=seconds)


def waited(bench: Bench) -> list[float]:
    """For how long it waited each time; a look that is made at once waits for nothing."""
    return [seconds for seconds in bench.clock.slept if seconds]


# --- waiting -------------------------------------------------------------------------------------


@both_sides
def test_a_side_that_only_asks_to_wait_is_waited_for_however_long(met: Bench, side: Side) -> None:
    met.service(side).fail("page", busy(side, 60), times=3)
    met.backfill()
    assert waited(met) == [60, 60, 60]
    assert len(met.links()) == 6


def test_where_both_ask_to_wait_the_longer_time_does(met: Bench) -> None:
    met.kore.fail("page", busy(Side.KORE, 90))
    met.v2.fail("page", busy(Side.V2, 5))
    met.backfill()
    assert waited(met) == [90]
    assert len(met.links()) == 6


def test_a_moment_is_waited_where_no_time_is_told(met: Bench) -> None:
    met.v2.fail("page", busy(Side.V2, 0))
    met.backfill()
    assert waited(met) == [0.1]


@both_sides
def test_it_gives_up_on_a_dead_side_although_the_other_only_asks_to_wait(
    met: Bench, side: Side
) -> None:
    met.service(side).is_down = True
    met.service(side.other).fail("*", busy(side.other, 20), times=50)
    assert met.backfill().faults.keys() == {*Side}
    assert waited(met) == [20, 20]


@both_sides
def test_no_time_is_lost_where_one_side_refuses_the_key(met: Bench, side: Side) -> None:
    met.sync()
    met.service(side).fail("page", KeyRefused(str(side), "The key is refused.", status=401))
    met.service(side.other).fail("page", busy(side.other, 20))
    assert met.backfill().faults.keys() == {*Side}
    assert waited(met) == []
    assert met.kore.writes == met.v2.writes == []
    assert lasts(met)


@both_sides
def test_nothing_is_created_from_what_was_known_of_a_side_that_is_away(
    met: Bench, side: Side
) -> None:
    met.sync()
    met.service(side).is_down = True
    assert met.backfill().is_first_contact
    assert met.service(side.other).writes == []


@both_sides
def test_a_create_is_tried_as_often_as_the_side_asks_to_wait(bench: Bench, side: Side) -> None:
    mine = bench.service(side.other).add("Ladder")
    bench.service(side).fail("create", busy(side, 1), times=8)
    bench.backfill()
    assert bench.is_linked(side.other, mine)
    assert waited(bench) == [1] * 8


def test_a_dry_one_waits_for_what_it_has_to_read(met: Bench) -> None:
    met.kore.fail("page", busy(Side.KORE, 5))
    met.backfill(is_dry=True)
    assert waited(met) == [5]
    assert len(met.reports) == 6


def test_another_process_may_work_while_it_waits(
    met: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[float] = []

    def sleep(seconds: float) -> None:
        if seconds:
            with met.store.begin() as unit:
                unit.take_lease("another", met.clock.now(), 5.0)
                unit.release_lease("another")
            worked.append(seconds)
        met.clock.pass_time(seconds)

    monkeypatch.setattr(met.clock, "sleep", sleep)
    met.v2.fail("create", busy(Side.V2, 30))
    met.backfill()
    assert worked == [30]
    assert len(met.links()) == 6


# --- the question about probes -------------------------------------------------------------------


def test_what_a_probe_moved_is_told_with_the_question(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.backfill.MOST_UNASKED_PROBES", 2)
    bench.kore.hides, bench.kore.probe_moves = frozenset({Field.DESCRIPTION}), True
    bench.set_rules(asks_before_probing=True)
    for number in range(2):
        bench.kore.add(f"Task {number}", "text")
    bench.backfill()  # two go out unasked
    assert len(bench.links()) == 2
    for number in range(3):
        bench.kore.add(f"Pump {number}", "text")
    with pytest.raises(TooManyProbes) as raised:
        bench.backfill()
    assert (raised.value.count, raised.value.moves) == (3, True)


# --- skipped -------------------------------------------------------------------------------------


@pytest.fixture
def mixed(bench: Bench) -> dict[str, str]:
    """A task of v2 for each reason for which one may have no counterpart; ids by reason."""
    pairs = [bench.pair("Boiler"), bench.pair("Pump")]
    remove(bench, pairs[1][0])
    line = bench.v2.records[pairs[0][1]].text.splitlines()[-1]
    bench.kore.refuses = lambda request: "Refused" in str(request.body)
    found: dict[str, str] = {
        "removed": pairs[1][1],
        "duplicate": bench.v2.add("Boiler", line, author="app"),
        "orphan": bench.v2.add("Lost", "[task-bridge kore:TS99 k0099]", author="app"),
        "refused": bench.v2.add("Refused"),
        "odd": bench.v2.add("Odd", status="completed"),
    }
    bench.sync()
    bench.set_rules(routes=())
    for _ in range(2):
        bench.kore.add("There twice", status="Closed")
    found["ambiguous"] = bench.v2.add("There twice")
    bench.backfill(only=(found["ambiguous"],), match_window=timedelta(days=1))
    bench.v2.edit(found["odd"], title="A number")
    bench.v2.unreadable.add(found["odd"])
    return found


def test_skipped_is_what_has_no_counterpart_and_was_none_of_these(
    bench: Bench, mixed: dict[str, str]
) -> None:
    before = {name: bench.known(Side.V2, one) for name, one in mixed.items()}
    assert before["refused"].standing is Standing.FAILED
    assert before["ambiguous"].standing is Standing.AMBIGUOUS
    bench.backfill(skips=True)
    after = {name: bench.known(Side.V2, one) for name, one in mixed.items()}
    for name in ("removed", "duplicate", "orphan"):
        assert (after[name].standing, after[name].why) == (before[name].standing, before[name].why)
    assert "removed" in after["removed"].why
    for name in ("refused", "ambiguous", "odd"):
        assert after[name].standing is Standing.LEFT
        assert "--skip" in after[name].why
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.operation, wait.task_id) == (OperationKind.READ, mixed["odd"])
