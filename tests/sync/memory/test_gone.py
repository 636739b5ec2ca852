"""Linked tasks that are gone, what becomes of the other one, and tasks that come back."""

from typing import Any

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule, Direction, OnMissing
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import OverBudget, TaskRefused, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import (
    about_failures,
    open_conflicts,
    resolve,
    say,
    the_conflict,
)

both_sides = pytest.mark.parametrize("side", list(Side))


def sweeps(bench: Bench, times: int = 1) -> None:
    for _ in range(times):
        bench.sync(is_full=True)


def pair_of(bench: Bench, title: str = "Boiler", **given: Any) -> dict[Side, TaskId]:
    """A pair in step, and another one, so that no side is ever empty."""
    if not bench.links():
        bench.pair("Other")
    kore_id, v2_id = bench.pair(title, **given)
    sweeps(bench)
    bench.forget_calls()
    return {Side.KORE: kore_id, Side.V2: v2_id}


def link_of(bench: Bench, ids: dict[Side, TaskId]) -> Link:
    with bench.store.begin() as unit:
        return unit.links_of(Side.KORE, [ids[Side.KORE]])[ids[Side.KORE]]


def pairs_of(bench: Bench, count: int) -> list[dict[Side, TaskId]]:
    """So many pairs in step besides another one, made at once and read whole."""
    mine = [bench.kore.add(f"Task {number}") for number in range(count + 1)]
    sweeps(bench, 2)
    bench.forget_calls()
    return [{Side.KORE: one, Side.V2: bench.across(Side.KORE, one)} for one in mine[1:]]


def question(side: Side) -> str:
    """The call by which a side is asked for one task."""
    return "read" if side is Side.V2 else "search"


def cannot_be_asked(bench: Bench, side: Side) -> None:
    """The next question has to wait for the budget."""
    spent = OverBudget(str(side), "The budget is spent.", seconds=60)
    bench.service(side).fail(question(side), spent)


def lose(bench: Bench, side: Side, ids: dict[Side, TaskId]) -> None:
    """The task of that side is removed, and that is found out."""
    bench.service(side).remove(ids[side])
    sweeps(bench, 2)


# --- gone ----------------------------------------------------------------------------------------


@both_sides
def test_a_task_is_gone_after_two_whole_readings_and_a_question(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    bench.service(side).remove(ids[side])
    sweeps(bench)
    assert link_of(bench, ids).state is LinkState.LINKED
    sweeps(bench)
    link = link_of(bench, ids)
    assert (link.state, link.gone_side) == (LinkState.MISSING, side)
    assert link.gone_at is not None
    assert bench.service(side).calls.count(question(side)) == 1
    assert bench.kore.writes == bench.v2.writes == []
    assert bench.known(side, ids[side]).gone_at is not None
    with bench.store.begin() as unit:
        assert unit.count_tasks(side) == 1
        assert [one.what for one in unit.history(link.id)][-1] == "gone"


@both_sides
def test_the_first_reading_that_proves_anything_does_not_show_alone_that_a_task_is_gone(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    service.total = lambda: 99  # its readings prove nothing
    bench.kore.add("Stays")
    bench.kore.add("Goes")
    bench.backfill()
    lost = sorted(service.records)[-1]
    service.remove(lost)
    service.total = lambda: None
    service.forget_calls()
    cannot_be_asked(bench, side)
    sweeps(bench)
    with bench.store.begin() as unit:
        assert len(unit.complete_sweeps(side)) == 1
    assert question(side) not in service.calls
    sweeps(bench)
    assert service.calls.count(question(side)) == 1
    assert bench.known(side, lost).gone_at is None
    bench.sync(sweeps=False)
    assert bench.known(side, lost).gone_at is not None


@both_sides
def test_what_only_polls_cannot_show_is_not_gone(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    bench.service(side).remove(ids[side])
    for _ in range(8):
        bench.sync(sweeps=False)
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_a_task_that_lists_leave_out_is_not_gone_if_it_answers_when_asked_for(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    service.left_out = {ids[side]}
    sweeps(bench, 2)
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_a_task_seen_by_a_poll_between_two_readings_is_not_asked_for(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    service.left_out_of_sweeps = {ids[side]}
    for _ in range(3):
        sweeps(bench)
        service.edit(ids[side], text=f"at {bench.clock.at}")
        bench.sync(sweeps=False)
    assert "search" not in service.calls
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_a_task_that_was_written_to_since_is_not_asked_for(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    sweeps(bench)
    service.left_out = {ids[side]}
    bench.service(side.other).edit(ids[side.other], text="written across")
    sweeps(bench)
    service.forget_calls()
    sweeps(bench)
    assert "search" not in service.calls
    assert "read" not in service.calls
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_a_list_without_a_stable_order_proves_nothing(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.page_size = 2
    for number in range(6):
        bench.pair(f"Task {number}")
    service.is_stable = False
    service.remove(bench.across(side.other, next(iter(bench.service(side.other).records))))
    sweeps(bench, 3)
    assert {view.link.state for view in bench.links()} == {LinkState.LINKED}


@both_sides
def test_a_list_that_shows_less_than_it_announces_proves_nothing(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    service.total = lambda: 2
    service.remove(ids[side])
    sweeps(bench, 3)
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_a_record_that_cannot_be_read_is_there(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    bench.service(side).unreadable.add(ids[side])
    sweeps(bench, 3)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert bench.service(side).calls.count("search") == 0


def test_a_row_without_an_id_may_be_any_task_that_cannot_be_read_by_its_id(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.kore.nameless = 1
    lose(bench, Side.KORE, ids)
    assert link_of(bench, ids).state is LinkState.LINKED
    bench.kore.nameless = 0
    sweeps(bench, 2)
    assert link_of(bench, ids).state is LinkState.MISSING


@both_sides
def test_a_refusal_for_one_task_is_no_proof_that_it_is_gone(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    refused = TaskRefused(str(side), "That is not for you.")
    bench.service(side).fail(question(side), refused, times=9)
    lose(bench, side, ids)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert bench.desk.faults == {}


@both_sides
def test_a_question_that_cannot_be_asked_now_is_asked_in_the_next_cycle(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    cannot_be_asked(bench, side)
    lose(bench, side, ids)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert bench.known(side, ids[side]).gone_at is None
    assert bench.desk.faults == {}
    bench.sync(sweeps=False)
    assert link_of(bench, ids).state is LinkState.MISSING


@both_sides
def test_a_side_that_goes_away_while_it_is_asked_loses_nothing(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    service.fail(question(side), Unreachable(str(side), "gone"))
    service.on_page = lambda order, offset: None
    bench.service(side).remove(ids[side])
    sweeps(bench)
    service.fail("page:ask", Unreachable(str(side), "gone"))
    sweeps(bench)
    assert bench.desk.faults.keys() == {side}
    assert link_of(bench, ids).state is LinkState.LINKED
    bench.sync(sweeps=False)
    assert link_of(bench, ids).state is LinkState.MISSING


def test_many_that_are_missing_are_asked_for_over_several_cycles_the_first_by_id_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 3)
    pairs = pairs_of(bench, 7)
    lost = sorted(ids[Side.V2] for ids in pairs)
    for one in lost:
        bench.v2.remove(one)
    sweeps(bench, 2)
    for most in (3, 6, 7):
        gone = [one for one in lost if bench.known(Side.V2, one).gone_at is not None]
        assert gone == lost[:most]
        bench.sync(sweeps=False)
    assert {link_of(bench, ids).state for ids in pairs} == {LinkState.MISSING}
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert "read" not in bench.v2.calls


def test_when_all_were_asked_for_in_one_cycle_they_are_judged(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 2)
    pairs = pairs_of(bench, 2)
    for ids in pairs:
        bench.v2.remove(ids[Side.V2])
    sweeps(bench, 2)
    assert {link_of(bench, ids).state for ids in pairs} == {LinkState.MISSING}
    assert bench.desk.vanished == {}
    before = bench.dump()
    bench.sync(sweeps=False)
    assert bench.dump() == before


@both_sides
def test_a_missing_link_is_still_in_a_still_world(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    lose(bench, side, ids)
    for _ in range(3):
        bench.clock.pass_time(150)
        bench.sync()
    before = bench.dump()
    bench.forget_calls()
    bench.sync()
    assert bench.dump() == before
    assert (bench.kore.calls, bench.v2.calls) == (["page:poll"], ["page:poll"])


def test_a_dry_run_asks_and_remembers_nothing(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.v2.remove(ids[Side.V2])
    sweeps(bench)
    before = bench.dump()
    bench.sync(is_full=True, is_dry=True)
    assert bench.dump() == before
    assert link_of(bench, ids).state is LinkState.LINKED


# --- tasks without a link ------------------------------------------------------------------------


@both_sides
def test_nothing_is_created_from_a_task_that_the_last_reading_did_not_show(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    bench.kore.add("Here")
    bench.v2.add("There")
    lost = service.add("Deleted before the backfill")
    bench.sync()
    service.remove(lost)
    bench.backfill()
    assert len(bench.links()) == 2
    assert not bench.is_linked(side, lost)
    with bench.store.begin() as unit:
        assert unit.count_tasks(side) == 2


@both_sides
def test_a_task_without_a_link_that_is_seen_again_is_decided_again(
    bench: Bench, side: Side
) -> None:
    pair_of(bench)
    service = bench.service(side)
    service.add("Finished", status="Closed" if side is Side.KORE else "completed")
    task_id = [*service.records][-1]
    sweeps(bench)
    record = service.records.pop(task_id)
    sweeps(bench)
    assert bench.known(side, task_id).gone_at is not None
    service.records[task_id] = record
    sweeps(bench)
    known = bench.known(side, task_id)
    assert (known.gone_at, known.standing) == (None, Standing.FINISHED)


@both_sides
def test_what_waits_for_a_person_at_a_task_that_is_gone_waits_no_longer(
    bench: Bench, side: Side
) -> None:
    pair_of(bench)
    service, other = bench.service(side), bench.service(side.other)
    other.refuses = lambda request: request.call == "create"
    task_id = service.add("Refused")
    bench.sync()
    assert [wait.task_id for wait in bench.waits(WaitKind.FAILED)] == [task_id]
    service.remove(task_id)
    sweeps(bench)
    assert bench.waits(WaitKind.FAILED) == []


# --- the other one -------------------------------------------------------------------------------


CLOSED = {Side.KORE: "Closed", Side.V2: "completed"}


@both_sides
def test_what_is_left_is_closed_if_the_settings_say_so_and_is_not_carried_back(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    lose(bench, side, ids)
    left = bench.service(side.other)
    assert left.value(ids[side.other], Field.STATUS) == CLOSED[side.other]
    assert [write.call for write in left.writes] == ["update"]
    (report,) = bench.done()
    assert report.operation.fields == (Field.STATUS,)
    base = link_of(bench, ids).base(Field.STATUS).of(side.other)
    assert base is not None
    assert bench.known(side.other, ids[side.other]).task.shown(Field.STATUS) == base
    bench.forget_calls()
    bench.settle()
    assert left.writes == []


@both_sides
def test_what_is_left_is_spared_if_it_has_changes_that_were_not_carried(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.service(side).remove(ids[side])
    sweeps(bench)
    bench.service(side).refuses = lambda request: True
    left = bench.service(side.other)
    left.edit(ids[side.other], title="Changed after the other one was deleted")
    sweeps(bench)
    assert link_of(bench, ids).state is LinkState.MISSING
    assert left.value(ids[side.other], Field.STATUS) not in CLOSED.values()
    assert bench.heard.of("survivor_spared")
    bench.settle()
    assert left.writes == []


@both_sides
def test_what_is_finished_already_is_left_alone(bench: Bench, side: Side) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    status = "Resolved" if side is Side.V2 else "cancelled"
    bench.service(side.other).edit(ids[side.other], status=status)
    bench.settle()
    bench.forget_calls()
    lose(bench, side, ids)
    assert bench.kore.writes == bench.v2.writes == []


def test_one_direction_closes_nothing_on_its_source(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.set_policy(direction=Direction.KORE_TO_V2)
    lose(bench, Side.V2, ids)
    assert bench.kore.writes == []


def test_what_is_left_is_closed_as_the_status_table_says(bench: Bench) -> None:
    from bridge.domain.wordtable import Default, WordRow
    from tests.sync.memory.bench import mapping

    rows = (WordRow("closed", "cancelled", Default.BOTH),)
    bench.set_rules(on_missing=OnMissing.CLOSE, mapping=mapping(status=rows))
    ids = pair_of(bench)
    lose(bench, Side.KORE, ids)
    assert bench.v2.value(ids[Side.V2], Field.STATUS) == "cancelled"


def test_a_close_that_is_refused_is_a_failure_and_is_not_tried_again(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.v2.refuses = lambda request: True
    lose(bench, Side.KORE, ids)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.field is Field.STATUS
    bench.forget_calls()
    bench.sync()
    bench.sync()
    assert bench.v2.calls.count("update") == 0


def test_a_close_that_was_refused_is_sent_again_once_a_person_says_so(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.v2.refuses = lambda request: True
    lose(bench, Side.KORE, ids)
    bench.v2.refuses = lambda request: False
    about_failures(bench, InstructionKind.RETRY)
    bench.sync()
    assert bench.v2.value(ids[Side.V2], Field.STATUS) == CLOSED[Side.V2]
    assert bench.waits() == []


def test_a_close_that_a_closed_case_refused_goes_out_when_the_case_is_open_again(
    bench: Bench,
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.kore.add_case(is_closed=True)
    lose(bench, Side.V2, ids)
    assert [one.kind for one in bench.waits()] == [WaitKind.CASE_CLOSED]
    bench.forget_calls()
    bench.sync(is_full=True)
    assert bench.kore.calls.count("update") == 0
    bench.kore.add_case(is_closed=False)
    bench.sync(is_full=True)
    assert bench.kore.value(ids[Side.KORE], Field.STATUS) == CLOSED[Side.KORE]
    assert bench.waits() == []


@both_sides
@pytest.mark.parametrize("applied", [True, False])
def test_a_close_whose_answer_is_lost_is_looked_at_by_the_next_cycle(
    bench: Bench, side: Side, applied: bool
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids, left = pair_of(bench), side.other
    lost = Unreachable(str(left), "no answer", is_outcome_unknown=True)
    bench.service(left).fail("update", lost, applied=applied)
    lose(bench, side, ids)
    assert bench.desk.faults == {}
    bench.sync()
    assert bench.service(left).value(ids[left], Field.STATUS) == CLOSED[left]
    assert bench.waits() == []


@both_sides
def test_what_is_left_is_not_closed_while_its_record_cannot_be_read(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids, left = pair_of(bench), side.other
    bench.service(left).unreadable.add(ids[left])
    bench.service(left).edit(ids[left], title="By a person")
    lose(bench, side, ids)
    assert bench.service(left).writes == []
    assert bench.heard.of("task_gone")
    bench.service(left).unreadable.clear()
    sweeps(bench)
    assert bench.service(left).value(ids[left], Field.TITLE) == "By a person"
    assert bench.heard.of("survivor_spared")


@both_sides
def test_what_is_left_is_spared_while_a_conflict_of_the_pair_waits_for_a_person(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    bench.set_policy(conflict=ConflictRule.MANUAL)
    ids = pair_of(bench)
    bench.kore.edit(ids[Side.KORE], title="Kore says so")
    bench.v2.edit(ids[Side.V2], title="v2 says so")
    bench.sync()
    lose(bench, side, ids)
    assert link_of(bench, ids).state is LinkState.MISSING
    assert bench.service(side.other).writes == []
    assert bench.heard.of("survivor_spared")


def test_a_dry_run_tells_what_it_would_close(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.v2.remove(ids[Side.V2])
    sweeps(bench)
    bench.sync(is_full=True, is_dry=True)
    (report,) = bench.reports
    assert report.operation.kore_id == ids[Side.KORE]
    assert bench.kore.writes == []


# --- back ----------------------------------------------------------------------------------------


@both_sides
def test_a_task_that_comes_back_is_linked_again_and_what_changed_meanwhile_is_carried(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    lose(bench, side, ids)
    bench.service(side.other).edit(ids[side.other], title="Changed meanwhile")
    bench.sync()
    bench.service(side).records[ids[side]] = record
    sweeps(bench)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert link_of(bench, ids).gone_side is None
    assert bench.values(Field.TITLE, ids[Side.KORE], ids[Side.V2]) == ("Changed meanwhile",) * 2
    bench.settle()
    with bench.store.begin() as unit:
        assert unit.count_tasks(side) == 2


@both_sides
def test_a_poll_that_shows_it_is_enough_to_link_it_again(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    lose(bench, side, ids)
    bench.service(side).records[ids[side]] = record
    bench.service(side).edit(ids[side], title="Back again")
    bench.sync(sweeps=False)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert bench.values(Field.TITLE, ids[Side.KORE], ids[Side.V2]) == ("Back again",) * 2


@both_sides
def test_a_task_that_comes_back_to_one_that_was_closed_for_it_waits_as_a_conflict(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    lose(bench, side, ids)
    bench.service(side).records[ids[side]] = record
    bench.forget_calls()
    sweeps(bench)
    bench.settle()
    assert link_of(bench, ids).state is LinkState.LINKED
    (wait,) = bench.waits(WaitKind.CONFLICT)
    assert (wait.field, wait.link_id) == (Field.STATUS, link_of(bench, ids).id)
    assert bench.kore.writes == bench.v2.writes == []
    bench.service(side).edit(ids[side], title="The rest flows")
    bench.settle()
    assert bench.values(Field.TITLE, ids[Side.KORE], ids[Side.V2]) == ("The rest flows",) * 2
    assert len(bench.waits(WaitKind.CONFLICT)) == 1


@both_sides
def test_people_settle_that_conflict_by_changing_either_status(bench: Bench, side: Side) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    lose(bench, side, ids)
    bench.service(side).records[ids[side]] = record
    sweeps(bench)
    status = "in_progress" if side is Side.KORE else "In Progress"
    bench.service(side.other).edit(ids[side.other], status=status)
    bench.settle()
    assert bench.waits(WaitKind.CONFLICT) == []
    shown = bench.values(Field.STATUS, ids[Side.KORE], ids[Side.V2])
    assert shown == ("In Progress", "in_progress")


@both_sides
@pytest.mark.parametrize("take", list(Side))
def test_a_person_decides_that_conflict_by_command_too(
    bench: Bench, side: Side, take: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    lose(bench, side, ids)
    bench.service(side).records[ids[side]] = record
    sweeps(bench)
    bench.settle()
    conflict = the_conflict(bench)
    assert (conflict["field"], conflict["rule"]) == (Field.STATUS, "manual")
    resolve(bench, take)
    bench.settle()
    kore, v2 = bench.values(Field.STATUS, ids[Side.KORE], ids[Side.V2])
    is_open = take is side
    assert (kore, v2) in ([("Open", "open"), ("Open", "new")] if is_open else
                          [("Closed", "completed"), ("Resolved", "completed")])  # fmt: skip
    assert (bench.waits(), open_conflicts(bench)) == ([], [])
    assert bench.conflicts()[-1]["winner"] is take


@both_sides
@pytest.mark.parametrize("is_applied", [True, False])
def test_a_close_whose_answer_is_lost_is_looked_at_first_and_still_no_change_of_people(
    bench: Bench, side: Side, is_applied: bool
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    left = bench.service(side.other)
    answer = Unreachable(str(side.other), "no answer")
    answer.is_outcome_unknown = True
    left.fail("update", answer, applied=is_applied)
    left.fail("page:ask", Unreachable(str(side.other), "gone"))
    lose(bench, side, ids)
    bench.clock.pass_time(400)
    for _ in range(3):
        bench.sync()
    assert left.value(ids[side.other], Field.STATUS) == CLOSED[side.other]
    assert left.calls.count("update") == (1 if is_applied else 2)
    bench.service(side).records[ids[side]] = record
    bench.forget_calls()
    sweeps(bench)
    bench.settle()
    assert len(bench.waits(WaitKind.CONFLICT)) == 1
    assert bench.kore.writes == bench.v2.writes == []


def test_a_pair_of_which_both_tasks_are_gone_lives_again_when_both_are_back(bench: Bench) -> None:
    ids = pair_of(bench)
    kept = {side: bench.service(side).records[ids[side]] for side in Side}
    lose(bench, Side.KORE, ids)
    lose(bench, Side.V2, ids)
    assert link_of(bench, ids).gone_side is Side.KORE
    bench.kore.records[ids[Side.KORE]] = kept[Side.KORE]
    sweeps(bench)
    link = link_of(bench, ids)
    assert (link.state, link.gone_side) == (LinkState.MISSING, Side.V2)
    bench.v2.records[ids[Side.V2]] = kept[Side.V2]
    sweeps(bench)
    assert link_of(bench, ids).state is LinkState.LINKED


def test_a_gone_task_that_is_back_and_cannot_be_read_is_there(bench: Bench) -> None:
    ids = pair_of(bench)
    record = bench.v2.records[ids[Side.V2]]
    lose(bench, Side.V2, ids)
    bench.v2.records[ids[Side.V2]] = record
    bench.v2.unreadable.add(ids[Side.V2])
    sweeps(bench)
    assert link_of(bench, ids).state is LinkState.LINKED


# --- under another id ----------------------------------------------------------------------------


@both_sides
def test_a_new_task_with_the_title_of_one_that_is_not_shown_any_more_is_parked(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    bench.service(side).remove(ids[side])
    sweeps(bench)
    again = bench.service(side).add("Boiler")
    bench.sync()
    known = bench.known(side, again)
    assert known.standing is Standing.AMBIGUOUS
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.task_id, wait.candidates) == (again, (ids[side],))
    assert not bench.is_linked(side, again)
    sweeps(bench, 2)
    bench.settle()
    assert link_of(bench, ids).state is LinkState.MISSING
    assert not bench.is_linked(side, again)


@both_sides
def test_a_person_who_says_so_has_its_counterpart_created(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    bench.service(side).remove(ids[side])
    sweeps(bench)
    again = bench.service(side).add("Boiler")
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    say(bench, InstructionKind.RETRY, {"failures": [{"id": wait.id}]})
    bench.sync()
    assert bench.is_linked(side, again)
    assert bench.waits(WaitKind.FAILED) == []


@both_sides
def test_a_title_that_a_task_bears_which_is_there_or_was_finished_parks_nothing(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    sweeps(bench)
    twin = bench.service(side).add("Boiler")
    bench.sync()
    assert bench.is_linked(side, twin)
    for task_id in (ids[side], twin):
        bench.service(side).edit(task_id, status=CLOSED[side])
    bench.settle()
    bench.service(side).remove(ids[side])
    bench.service(side).remove(twin)
    sweeps(bench)
    next_one = bench.service(side).add("Boiler")
    bench.sync()
    assert bench.is_linked(side, next_one)


@both_sides
def test_one_that_was_parked_for_it_is_created_from_once_the_other_is_shown_again(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    lost = bench.service(side).records[ids[side]]
    bench.service(side).remove(ids[side])
    sweeps(bench)
    again = bench.service(side).add("Boiler")
    bench.sync()
    assert bench.known(side, again).standing is Standing.AMBIGUOUS
    bench.service(side).records[ids[side]] = lost
    sweeps(bench)
    bench.service(side).edit(again, text="edited")
    bench.settle()
    assert bench.is_linked(side, again)
    assert bench.waits(WaitKind.FAILED) == []


def test_what_the_bridge_created_since_the_last_sweep_is_there(bench: Bench) -> None:
    """Without a match two of one title are two: the counterpart of one is not a lost namesake."""
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    bench.set_rules(workers=1)
    bench.backfill(limit=1, is_whole=False)
    bench.backfill()
    assert len(bench.links()) == 2
    assert bench.waits() == []
