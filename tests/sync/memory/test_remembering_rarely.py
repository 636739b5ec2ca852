"""What the database alone tells in rare cases: open creates, links from a file, doubts."""

import pytest

from bridge.domain.reconciled import State
from bridge.domain.side import Side
from bridge.errors import NotYet, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.surveying import recall_of, recalled, row_of
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


def test_an_account_that_a_guard_tells_of_already_is_not_doubted_twice(bench: Bench) -> None:
    bench.set_rules(identities={Side.KORE: "here", Side.V2: "there"})
    bench.pair("Boiler")
    bench.set_rules(identities={Side.KORE: "elsewhere", Side.V2: "there"})
    bench.sync()
    (note,) = recalled(bench).notes
    assert note.startswith("A guard stands: ")
    assert "elsewhere" in note
