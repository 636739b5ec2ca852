"""What a cycle has learnt so far, and what it makes of it: faults, fresh plans, tries, names."""

from datetime import timedelta

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.side import Field, Side
from bridge.domain.vocabulary import Word, WordKind
from bridge.errors import Stopped, Unreachable
from bridge.sync.apply import MOST_TRIES, Batch, Job, apply_batch
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def bare_desk(bench: Bench) -> Desk:
    """A desk of which nobody said anything special."""
    return Desk(
        store=bench.store,
        services={Side.KORE: bench.kore, Side.V2: bench.v2},
        clock=bench.clock,
        events=bench.heard,
        rules=bench.rules,
    )


# --- unless somebody says otherwise --------------------------------------------------------------


def test_a_run_writes_unless_it_is_told_to_be_dry(bench: Bench) -> None:
    bench.kore.add("Boiler")
    run_cycle(bare_desk(bench), Wish())
    assert [one.call for one in bench.v2.writes] == ["create"]


def test_no_run_confirms_a_guard_that_nobody_told_it_to(bench: Bench) -> None:
    bench.pair()
    bench.sync(is_full=True)
    bench.v2.records.clear()
    bench.sync(is_full=True)
    assert [one.kind for one in run_cycle(bare_desk(bench), Wish()).guards] == [GuardKind.EMPTY]
    with bench.store.begin() as unit:
        guards: list[Guard] = [one for one in unit.guards() if one.holds]
    assert [one.side for one in guards] == [Side.V2]


# --- faults --------------------------------------------------------------------------------------


@both_sides
def test_a_side_that_fails_twice_in_one_cycle_is_told_once_by_its_first_fault(
    bench: Bench, side: Side
) -> None:
    desk = bench.new_desk()
    desk.give_up(side, Unreachable(str(side), "The first."))
    desk.give_up(side, Unreachable(str(side), "The second."))
    assert [one["reason"] for one in bench.heard.of("side_failed")] == ["The first."]
    with bench.store.begin() as unit:
        assert unit.side_state(side).fault == "The first."


# --- fresh plans ---------------------------------------------------------------------------------


@both_sides
def test_a_plan_is_good_for_ten_seconds_after_the_poll_and_no_longer(
    bench: Bench, side: Side
) -> None:
    desk = bench.new_desk()
    assert not desk.is_fresh(side)
    next_look = bench.clock.at + timedelta(milliseconds=1)
    desk.polled_at[side] = next_look - timedelta(seconds=10)
    assert not desk.is_fresh(side)
    desk.polled_at[side] = bench.clock.at - timedelta(seconds=9.9)
    assert desk.is_fresh(side)


@both_sides
def test_where_a_sweep_took_the_place_of_the_poll_a_plan_is_good_as_long_as_the_lease(
    bench: Bench, side: Side
) -> None:
    desk = bench.new_desk()
    desk.polled_at[side] = bench.clock.at - timedelta(seconds=60)
    assert not desk.is_fresh(side)
    desk.unsorted.add(side)
    assert desk.is_fresh(side)


def test_what_was_asked_for_before_somebody_else_had_the_lease_counts_no_more(
    bench: Bench,
) -> None:
    desk = bench.new_desk()
    desk.polled_at[Side.V2] = desk.seen_at[Side.V2, "v0001"] = bench.clock.now()
    desk.outdate_polls()
    assert not desk.is_fresh(Side.V2)
    assert desk.seen_at == {}


# --- words ---------------------------------------------------------------------------------------


@both_sides
def test_a_person_who_becomes_known_is_assigned_where_that_waited(bench: Bench, side: Side) -> None:
    ids = bench.pair()
    bench.service(side).edit(ids[side is Side.V2], assignee="Robin")
    bench.settle()
    assert bench.service(side.other).value(ids[side is Side.KORE], Field.ASSIGNEE) is None
    bench.service(side.other).add("Ladder", assignee="Robin")
    bench.settle()
    assert bench.values(Field.ASSIGNEE, *ids) == ("Robin", "Robin")


def test_a_person_whose_id_tells_nothing_is_known_by_name(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, assignee="Robin")
    bench.settle()
    bench.v2.words.append(Word(Side.V2, WordKind.PERSON, "u-17", "Robin"))
    bench.sync(is_full=True)
    assert bench.values(Field.ASSIGNEE, kore_id, v2_id) == ("Robin", "Robin")


# --- tries ---------------------------------------------------------------------------------------


@both_sides
def test_nothing_is_tried_more_than_a_few_times_in_one_cycle(bench: Bench, side: Side) -> None:
    desk, done = bench.new_desk(), list[int]()
    desk.polled_at[side] = bench.clock.now()
    for number in range(MOST_TRIES + 3):
        batch = Batch()
        batch.add(desk, Job(side, "the same", lambda number=number: done.append(number)))  # type: ignore[misc]
        apply_batch(desk, batch)
    assert done == [0, 1, 2, 3]


def test_nothing_is_begun_once_a_stop_was_asked_for(bench: Bench) -> None:
    desk, done = bench.new_desk(), list[int]()
    desk.polled_at[Side.V2] = bench.clock.now()
    batch = Batch()
    batch.add(desk, Job(Side.V2, "one", lambda: done.append(1)))
    bench.clock.is_stopped = True
    with pytest.raises(Stopped):
        apply_batch(desk, batch)
    assert (done, batch.sent) == ([], 0)
