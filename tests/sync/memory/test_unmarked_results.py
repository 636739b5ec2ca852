"""A create whose answer is lost, and people who rewrite the marker away before anybody looks."""

import pytest

from bridge.domain.held import MAY_BE_UNMARKED
from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import WaitKind
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures, say

both_sides = pytest.mark.parametrize("side", list(Side))


def lose_a_create(bench: Bench, side: Side, *, applied: bool = True) -> TaskId:
    """A create on that side whose answer never comes; gives the task that it was made from."""
    bench.pair("Old", origin=side.other)
    mine = bench.service(side.other).add("Boiler")
    error = Unreachable(str(side), "It hung up.", is_outcome_unknown=True)
    bench.service(side).fail("create", error, applied=applied)
    bench.sync(sweeps=False)
    return mine


def newest(bench: Bench, side: Side) -> TaskId:
    return TaskId(max(bench.service(side).records))


def sizes(bench: Bench) -> tuple[int, int]:
    return len(bench.kore.records), len(bench.v2.records)


def cycles(bench: Bench, count: int = 8) -> None:
    for _ in range(count):
        bench.sync()


@both_sides
@pytest.mark.parametrize("edit", [{}, {"title": "Door"}], ids=["its text", "its title too"])
@pytest.mark.parametrize("is_sparse", [False, True], ids=["shown", "hidden"])
def test_what_a_lost_create_made_is_never_made_twice_although_its_marker_was_rewritten(
    bench: Bench, side: Side, edit: dict[str, str], is_sparse: bool
) -> None:
    if is_sparse:
        bench.kore.hides = frozenset({Field.DESCRIPTION})
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.", **edit)
    cycles(bench)
    assert sizes(bench) == (2, 2)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.side, wait.candidates) == (side, (made,))
    assert "without a marker may be it, its text rewritten by people" in wait.reason
    assert bench.known(side.other, mine).standing is Standing.UNCERTAIN
    held = bench.known(side, made)
    assert (held.standing, held.why) == (Standing.HELD, MAY_BE_UNMARKED)


@both_sides
def test_a_person_links_it_and_what_people_wrote_is_carried(bench: Bench, side: Side) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    ids = {side: made, side.other: mine}
    details = {"first": ids[Side.KORE], "second": ids[Side.V2]}
    say(bench, InstructionKind.ADD_LINK, details)
    bench.settle()
    assert sizes(bench) == (2, 2)
    assert bench.waits() == []
    assert bench.service(side.other).value(mine, Field.DESCRIPTION) == "Bring a ladder."


@both_sides
def test_retried_both_are_tasks_of_their_own(bench: Bench, side: Side) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    about_failures(bench, InstructionKind.RETRY)
    bench.sync(sweeps=False)
    bench.settle()
    assert sizes(bench) == (3, 3)
    assert bench.across(side.other, mine) != made
    assert bench.is_linked(side, made)


@both_sides
def test_discarded_neither_is_created_from(bench: Bench, side: Side) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    about_failures(bench, InstructionKind.DISCARD)
    bench.service(side).edit(made, title="Ladder")
    cycles(bench, 3)
    assert sizes(bench) == (2, 2)
    assert {bench.known(*one).standing for one in ((side, made), (side.other, mine))} == {
        Standing.LEFT
    }


@both_sides
def test_what_was_held_is_decided_as_soon_as_its_create_is_and_without_a_sweep(
    bench: Bench, side: Side
) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    other = bench.service(side).add("Ladder", author="app")
    bench.service(side).edit(other, text="By the same user.", author="app")
    bench.service(side).left_out = {made}
    bench.service(side).search_finds = False
    bench.sync(sweeps=False)
    assert bench.known(side, other).why == MAY_BE_UNMARKED
    bench.service(side).left_out = set()
    for _ in range(3):
        bench.sync(sweeps=False)
    assert bench.across(side.other, mine) == made
    assert bench.is_linked(side, other)
    assert bench.desk.unsure == {}


@both_sides
def test_tasks_that_others_made_at_that_time_are_carried_at_once(bench: Bench, side: Side) -> None:
    bench.pair("Pump", origin=side.other)
    bench.pair("Pipe", origin=side)
    lose_a_create(bench, side, applied=False)
    other = bench.service(side).add("Boiler")
    bench.service(side).edit(other, text="Written by a person.")
    bench.sync(sweeps=False)
    assert bench.is_linked(side, other)


@both_sides
def test_what_was_made_long_after_is_not_held_for_a_create_that_is_parked(
    bench: Bench, side: Side
) -> None:
    lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    later = bench.service(side).add("Ladder", author="app")
    bench.service(side).edit(later, text="By the same user.", author="app")
    bench.settle()
    assert bench.is_linked(side, later)
    assert bench.known(side, made).standing is Standing.HELD
