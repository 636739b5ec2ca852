"""What the database alone tells in rare cases: open creates, links from a file, doubts."""

from dataclasses import replace

import pytest

from bridge.domain.reconciled import State
from bridge.domain.side import SIDES, Side
from bridge.errors import NotYet, OverBudget, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.surveying import recall_of, recalled, row_of
from tests.sync.memory.test_gone import CLOSED
from tests.sync.memory.test_importing_links import take_in

both_sides = pytest.mark.parametrize("side", list(Side))


@both_sides
def test_a_create_whose_outcome_is_open_waits_and_nothing_is_said_of_what_it_made(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    bench.sync(is_full=True)
    lost = Unreachable(str(side.other), "No answer.", is_outcome_unknown=True)
    bench.service(side.other).fail("create", lost)
    mine = bench.service(side).add("Ladder")
    bench.sync()
    row = row_of(recall_of(bench), side, mine)
    assert (row.state, row.sides) == (State.WAITING, (side,))
    assert "outcome is open" in row.reason


@both_sides
def test_each_side_shows_what_was_read_of_it_and_what_was_named_since(
    bench: Bench, side: Side
) -> None:
    """Pairs in step, tasks without one, odd records; not a row without an id, nor what is gone."""
    kore_id, v2_id = bench.pair("Boiler")
    service, other = bench.service(side), bench.service(side.other)
    lone, gone = (service.add(title, status=CLOSED[side]) for title in ("Done", "Gone"))
    odd = service.add("Odd")
    service.unreadable = {odd}
    bench.sync(is_full=True)
    service.remove(gone)
    bench.sync(is_full=True)
    service.nameless = 1
    bench.sync(is_full=True)
    named = other.add("Named", status=CLOSED[side.other])
    ids = {side: f"{side.value[0]}9999", side.other: named}
    bench.sync(sweeps=False)
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    origin = other.add("Ladder")
    service.fail("create", Unreachable(str(side), "No answer.", is_outcome_unknown=True))
    bench.sync(sweeps=False)
    pair = {Side.KORE: kore_id, Side.V2: v2_id}
    shown = recalled(bench).world.shown
    assert shown[side] == {pair[side], lone, odd, ids[side]}
    assert shown[side.other] == {pair[side.other], origin, ids[side.other]}


@both_sides
def test_since_when_a_task_is_missing_that_was_gone_before_people_linked_it_is_when_it_was_read(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    ids = {one: bench.service(one).add(f"Done in {one}", status=CLOSED[one]) for one in SIDES}
    bench.sync(is_full=True)
    bench.service(side).remove(ids[side])
    bench.sync(is_full=True)
    with bench.store.begin() as unit:
        read_at = unit.complete_sweeps(side)[0].completed_at
    assert bench.known(side, ids[side]).gone_at is not None
    bench.clock.pass_time(7200)
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    row = row_of(recall_of(bench), side, ids[side])
    assert (row.state, row.since) == (State.MISSING, read_at)


@both_sides
def test_since_when_a_task_is_missing_is_the_first_reading_that_missed_it(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair("Boiler")
    bench.pair("Ladder")
    mine = v2_id if side is Side.V2 else kore_id
    service = bench.service(side)
    bench.sync(is_full=True)
    service.remove(mine)
    bench.sync(is_full=True)
    with bench.store.begin() as unit:
        first = unit.complete_sweeps(side)[0].completed_at
    bench.clock.pass_time(7200)
    question = "read" if side is Side.V2 else "search"
    service.fail(question, OverBudget(str(side), "It is spent.", seconds=60))
    bench.sync(is_full=True)
    row = row_of(recall_of(bench), side, mine)
    assert (row.state, row.since) == (State.MISSING, first)


def test_how_it_stood_after_earlier_readings_is_remembered(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.sync(is_full=True)
    bench.sync(is_full=True)
    assert (1, 1) in [(one.in_step, one.links) for one in recalled(bench).trend]


@both_sides
def test_a_task_that_the_last_reading_did_not_show_is_missing_however_young_its_link_is(
    bench: Bench, side: Side
) -> None:
    ids = (bench.kore.add("Boiler"), bench.v2.add("Another"))
    bench.sync(is_full=True)
    bench.service(side).remove(ids[side is Side.V2])
    bench.service(side).nameless = 1  # that row may be any task: none is taken for gone by itself
    bench.sync(is_full=True)
    take_in(bench, f"{ids[0]},{ids[1]},linked,")
    row = row_of(recall_of(bench), side, ids[side is Side.V2])
    assert (row.state, row.sides) == (State.MISSING, (side.other,))


@both_sides
def test_a_task_that_a_file_named_before_the_reading_is_missing_where_it_was_not_shown(
    bench: Bench, side: Side
) -> None:
    ids = {Side.KORE: str(bench.kore.add("Boiler")), Side.V2: str(bench.v2.add("Another"))}
    bench.service(side).add("Ladder")
    ids[side] = f"{side.value[0]}9999"
    bench.sync(sweeps=False)
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    assert row_of(recall_of(bench), side, ids[side]).state is State.WAITING
    bench.sync(is_full=True)
    row = row_of(recall_of(bench), side, ids[side])
    assert (row.state, row.sides) == (State.MISSING, (side.other,))


@both_sides
def test_why_nothing_is_told_of_what_is_gone_is_a_whole_sentence(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    for number in range(7):
        bench.pair(f"Task {number}")
    service.is_stable, service.page_size = False, 3
    bench.begin_anew()
    bench.sync(is_full=True)
    assert recalled(bench).notes == (
        f"{side.label}'s list has no order that can be relied on: tasks that are gone cannot be "
        "told from those not shown.",
    )
    bench.begin_anew()
    service.is_stable = True
    service.fail("page:sweep", NotYet(str(side), "Wait.", seconds=600))
    bench.sync(is_full=True)
    (note, fault) = recalled(bench).notes
    assert note == (
        f"{side.label}'s list was never read to its end: there may be more tasks than are counted "
        "here, and tasks that are gone cannot be told from those not shown."
    )
    assert fault == f"{side.label} did not answer when it was last asked: Wait."


def test_where_nothing_was_read_whole_yet_nobody_knows_how_late_changes_show_up(
    bench: Bench,
) -> None:
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        unit.save_side_state(replace(unit.side_state(Side.V2), is_sorted=False))
    (note,) = [one for one in recalled(bench).notes if "not proved to be sorted" in one]
    assert note.endswith("and a change shows up as late as that takes.")


def test_one_side_that_was_asked_is_enough_to_know_something(bench: Bench) -> None:
    bench.v2.is_down = True
    bench.sync(sweeps=False)
    found = recalled(bench)
    assert (found.world.joined, found.world.lone) == ((), ())
    assert not found.is_blank


def test_an_account_that_a_guard_tells_of_already_is_not_doubted_twice(bench: Bench) -> None:
    bench.set_rules(identities={Side.KORE: "here", Side.V2: "there"})
    bench.pair("Boiler")
    bench.set_rules(identities={Side.KORE: "elsewhere", Side.V2: "there"})
    bench.sync()
    (note,) = recalled(bench).notes
    assert note.startswith("A guard stands: ")
    assert "elsewhere" in note
