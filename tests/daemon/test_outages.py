"""The daemon rides out an outage of either side of any length, says so twice, and catches up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bridge.domain.operation import WaitKind
from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.daemon.bench import Bench

pytestmark = pytest.mark.slow
both_sides = pytest.mark.parametrize("side", list(Side))
AN_HOUR = 3600
PACE = 600
ENDLESS = 100_000


def at_length(fault: Fault) -> Any:
    """One more kind of the same outage: with `make test-long`."""
    return pytest.param(fault, marks=pytest.mark.long)


def service(bench: Bench, side: Side) -> Any:
    return bench.sandbox.kore if side is Side.KORE else bench.sandbox.v2


@contextmanager
def gone(bench: Bench, *sides: Side) -> Iterator[None]:
    """Nobody listens there; they come back on the same ports."""
    down = [service(bench, side) for side in sides]
    for one in down:
        one.tell_to_stop()
        one.join()
    try:
        yield
    finally:
        for one in down:
            one.start()


@contextmanager
def failing(bench: Bench, side: Side, fault: Fault) -> Iterator[None]:
    """Every call to that side goes wrong in this way."""
    faults = service(bench, side).faults
    faults.add("*", fault, times=ENDLESS, seconds=2 * PACE)
    try:
        yield
    finally:
        faults.clear()


def work_on_both_sides(bench: Bench, number: int) -> None:
    """People do not know of the outage: an edit and a new task on each side."""
    sandbox = bench.sandbox
    case = next(iter(sandbox.kore.cases))
    sandbox.kore.edit_task(bench.kore_id, desc=f"seen {number} times")
    sandbox.v2.edit_task(bench.v2_id, title=f"Mend gate {number}")
    sandbox.kore.add_task(case_id=case, name=f"From the desk {number} {bench.clock.now()}")
    sandbox.v2.add_task(title=f"From the field {number} {bench.clock.now()}")


def hours(bench: Bench, count: float) -> None:
    bench.tick(int(count * AN_HOUR / PACE), after=PACE)


def assert_caught_up(bench: Bench, before: int, made: int) -> None:
    """Every task has one counterpart, the pair is in step, nothing waits."""
    bench.tick(5, after=30)
    kore, v2 = bench.sandbox.kore.tasks, bench.sandbox.v2.tasks
    assert (len(kore), len(v2)) == (before + 2 * made, before + 2 * made)
    assert sorted(task["name"] for task in kore.values()) == sorted(
        task["title"] for task in v2.values()
    )
    assert kore[bench.kore_id]["name"] == v2[bench.v2_id]["title"]
    assert v2[bench.v2_id]["description"].split("\n")[0] == kore[bench.kore_id]["desc"]
    with bench.bridge.store.begin() as unit:
        assert not unit.waits([WaitKind.FAILED, WaitKind.CONFLICT])
        assert unit.open_operations() == []


def said_of(bench: Bench, side: Side) -> list[str]:
    told = bench.log.lines("side paused", "side answers again")
    return [line["event"] for line in told if line["side"] == side]


@both_sides
def test_hours_without_a_side_are_told_twice_and_caught_up(bench: Bench, side: Side) -> None:
    before = len(bench.sandbox.kore.tasks)
    with gone(bench, side):
        for number in range(3):
            work_on_both_sides(bench, number)
            hours(bench, 1)
    bench.tick()
    assert_caught_up(bench, before, made=3)
    assert said_of(bench, side) == ["side paused", "side answers again"]
    assert said_of(bench, side.other) == []
    (ended,) = bench.log.lines("side answers again")
    assert abs(ended["after_seconds"] - 3 * AN_HOUR) <= 2 * PACE


def test_hours_without_both_sides(bench: Bench) -> None:
    before = len(bench.sandbox.kore.tasks)
    work_on_both_sides(bench, 1)
    with gone(bench, *Side):
        hours(bench, 4)
    bench.tick()
    assert_caught_up(bench, before, made=1)
    assert [said_of(bench, side) for side in Side] == [["side paused", "side answers again"]] * 2


@both_sides
@pytest.mark.parametrize("fault", [Fault.FAIL_BEFORE, at_length(Fault.HTML_200)])
def test_whatever_the_outage_looks_like(bench: Bench, side: Side, fault: Fault) -> None:
    before = len(bench.sandbox.kore.tasks)
    with failing(bench, side, fault):
        work_on_both_sides(bench, 1)
        hours(bench, 1)
    bench.tick()
    assert_caught_up(bench, before, made=1)
    assert said_of(bench, side) == ["side paused", "side answers again"]


@both_sides
@pytest.mark.parametrize(
    "fault", [Fault.DROP_AFTER, *map(at_length, (Fault.DROP_BEFORE, Fault.FAIL_AFTER))]
)
def test_an_outage_that_begins_at_a_write_doubles_nothing(
    bench: Bench, side: Side, fault: Fault
) -> None:
    """The settle time passes while nobody can look; then the bearer is found, or there is none."""
    before = len(bench.sandbox.kore.tasks)
    work_on_both_sides(bench, 1)
    service(bench, side).faults.add("createTask", fault)
    bench.tick()
    assert service(bench, side).faults.waiting == []
    with gone(bench, side):
        hours(bench, 1)
    bench.tick()
    assert_caught_up(bench, before, made=1)


@both_sides
@pytest.mark.parametrize("fault", [Fault.UNAUTHORIZED, at_length(Fault.FORBIDDEN)])
def test_a_refused_key_pauses_the_side_and_not_its_tasks_and_is_tried_every_five_minutes(
    bench: Bench, side: Side, fault: Fault
) -> None:
    before = len(bench.sandbox.kore.tasks)
    work_on_both_sides(bench, 1)
    with failing(bench, side, fault):
        bench.tick()
        for _ in range(3):
            asked = len(service(bench, side).calls)
            bench.tick(9, after=30)
            assert len(service(bench, side).calls) == asked, "asked before five minutes were over"
            bench.tick(after=31)
            assert len(service(bench, side).calls) > asked
        with bench.bridge.store.begin() as unit:
            assert not unit.waits([WaitKind.FAILED])
            assert unit.side_state(side).is_refused
    bench.tick(after=301)
    assert_caught_up(bench, before, made=1)
    assert said_of(bench, side) == ["side paused", "side answers again"]


@both_sides
@pytest.mark.parametrize("fault", [Fault.TOO_MANY_SECONDS, Fault.TOO_MANY_DATE])
def test_a_side_is_left_alone_for_as_long_as_it_says(
    bench: Bench, side: Side, fault: Fault
) -> None:
    before = len(bench.sandbox.kore.tasks)
    work_on_both_sides(bench, 1)
    service(bench, side).faults.add("*", fault, seconds=120)
    bench.tick()
    asked = len(service(bench, side).calls)
    bench.tick(3, after=30)
    assert len(service(bench, side).calls) == asked
    bench.tick(after=31)
    assert len(service(bench, side).calls) > asked
    assert_caught_up(bench, before, made=1)
    (paused,) = bench.log.lines("side paused")
    assert (paused["side"], paused["level"]) == (side, "info")


@both_sides
def test_where_it_does_not_say_how_long_the_waits_grow(bench: Bench, side: Side) -> None:
    before = len(bench.sandbox.kore.tasks)
    work_on_both_sides(bench, 1)
    waits = []
    with failing(bench, side, Fault.TOO_MANY_PLAIN):
        for _ in range(8):
            bench.tick(after=301)
            with bench.bridge.store.begin() as unit:
                until = unit.side_state(side).not_before
            assert until is not None
            waits.append(round((until - bench.clock.now()).total_seconds()))
    assert waits == sorted(waits)
    assert 5 < waits[-2] <= 300
    bench.tick(after=301)
    assert_caught_up(bench, before, made=1)


@both_sides
def test_a_daemon_that_starts_within_an_outage_waits_for_its_end(bench: Bench, side: Side) -> None:
    before = len(bench.sandbox.kore.tasks)
    with gone(bench, side):
        bench.restart()
        work_on_both_sides(bench, 1)
        hours(bench, 1)
    bench.tick()
    assert_caught_up(bench, before, made=1)
    assert said_of(bench, side) == ["side paused", "side answers again"]
