"""Batches: what is sent while a plan is good, what is planned anew, and how a batch ends early."""

import threading
from typing import Any

import pytest

from bridge.domain.operation import WriteRequest
from bridge.domain.side import Field, Side
from bridge.errors import Stopped, StoreError
from tests.sync.memory.bench import Bench


@pytest.fixture
def three(bench: Bench) -> Bench:
    """Three new tasks of Kore, and one write at a time."""
    bench.set_rules(workers=1)
    bench.pair("Boiler")
    for number in range(3):
        bench.kore.add(f"Ladder {number}")
    bench.heard.events.clear()
    bench.forget_calls()
    return bench


def batches(bench: Bench) -> list[tuple[int, int]]:
    """How many of each batch that had any were sent, and how many plans grew too old."""
    told = [(one["sent"], one["stale"]) for one in bench.heard.of("batch")]
    return [one for one in told if one != (0, 0)]


def test_what_was_not_sent_while_its_plan_was_good_is_planned_anew_and_told(three: Bench) -> None:
    three.v2.on_send = lambda request: three.clock.pass_time(20)
    three.sync()
    assert batches(three)[:3] == [(1, 2), (1, 1), (1, 0)]
    assert len(three.v2.records) == 4
    assert not [one for one in threading.enumerate() if one.name.startswith("write-")]


def test_plans_that_all_grow_too_old_are_made_a_few_times_and_then_left_to_the_next_cycle(
    three: Bench,
) -> None:
    three.court.excuse("still due", "no plan is ever good here")
    three.set_rules(fresh_seconds={Side.V2: 0.0})
    three.sync()
    assert batches(three) == [(0, 3)] * 3
    assert three.v2.writes == []
    three.set_rules(fresh_seconds={})
    three.sync()
    assert len(three.v2.records) == 4


@pytest.mark.parametrize("side", list(Side))
def test_a_stop_lets_what_is_in_flight_end_and_begins_nothing_more(
    bench: Bench, side: Side
) -> None:
    def stop(request: WriteRequest) -> None:
        bench.clock.is_stopped = True

    bench.set_rules(workers=1)
    for number in range(3):
        bench.service(side.other).add(f"Ladder {number}")
    bench.service(side).on_send = stop
    with pytest.raises(Stopped):
        bench.sync()
    assert bench.service(side).calls.count("create") == 1


@pytest.mark.parametrize(("error", "created"), [(StoreError("It is full."), 0), (KeyError(), 2)])
def test_an_error_that_ends_the_cycle_begins_no_other_write_and_any_other_does(
    three: Bench, error: Exception, created: int
) -> None:
    def fail(request: WriteRequest) -> None:
        three.v2.on_send = None
        raise error

    three.v2.on_send = fail
    with pytest.raises(type(error)):
        three.sync()
    assert three.v2.calls.count("create") == created


def test_a_task_that_moves_under_every_look_is_tried_a_few_times_and_left(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    kore_id, v2_id = bench.pair("Boiler")
    read, looks = bench.v2.read, []

    def moving(task_id: Any) -> Any:
        looks.append(task_id)
        bench.v2.edit(v2_id, due=f"2027-01-{len(looks):02d}T00:00:00.000Z")
        return read(task_id)

    bench.court.excuse("still due", "the task moves whenever it is looked at")
    monkeypatch.setattr(bench.v2, "read", moving)
    bench.kore.edit(kore_id, title="New")
    bench.sync()
    monkeypatch.undo()
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert len(looks) == 4


def test_a_task_that_several_ask_to_see_is_probed_once(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.pair("Boiler")
    bench.kore.add("Ladder")
    bench.v2.add("Ladder")
    bench.v2.add("Ladder")
    bench.forget_calls()
    bench.sync()
    assert bench.kore.calls.count("probe") == 1
    assert len(bench.links()) == 4
