"""Failures and what people say about them: retry goes on, discard leaves it so."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.operation import OperationKind, WaitKind, WriteRequest
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import Refused, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import (
    a_conflict,
    about_failures,
    open_conflicts,
    resolve,
    say,
    take_back,
    titles,
)

DONE, VOID, REFUSED = InstructionOutcome.DONE, InstructionOutcome.VOID, InstructionOutcome.REFUSED
RETRY, DISCARD = InstructionKind.RETRY, InstructionKind.DISCARD
both_sides = pytest.mark.parametrize("side", list(Side))


def a_refused_title(bench: Bench, side: Side) -> tuple[str, str]:
    """A pair whose title was changed across from `side`, which refuses it. Gives both ids."""
    ids = bench.pair(text="old")
    bench.service(side).refuses = lambda request: "title" in request.body.get("values", {})
    mine = ids[0] if side is Side.V2 else ids[1]
    bench.service(side.other).edit(mine, title="Refused")
    bench.sync()
    assert [wait.kind for wait in bench.waits()] == [WaitKind.FAILED]
    return ids


def accept(bench: Bench, side: Side) -> None:
    bench.service(side).refuses = lambda request: False


# --- updates -------------------------------------------------------------------------------------


@both_sides
def test_a_retried_update_is_sent_again(bench: Bench, side: Side) -> None:
    ids = a_refused_title(bench, side)
    accept(bench, side)
    bench.sync(is_full=True)
    assert bench.waits(), "nothing is tried again without a word"
    done = about_failures(bench, RETRY)
    assert (done.outcome, done.note) == (DONE, "Title: the next cycle tries it again.")
    assert bench.waits(), "it stays in the list until it was answered"
    bench.settle()
    assert titles(bench, *ids) == ("Refused", "Refused")
    assert bench.waits() == []


@both_sides
def test_a_retried_update_that_is_refused_again_is_the_same_failure_once_more(
    bench: Bench, side: Side
) -> None:
    a_refused_title(bench, side)
    (first,) = bench.waits()
    for attempts in (2, 3):
        about_failures(bench, RETRY)
        bench.forget_calls()
        bench.sync()
        bench.sync(is_full=True)
        assert bench.service(side).calls.count("update") == 1
        (wait,) = bench.waits()
        assert (wait.id, wait.since, wait.attempts) == (first.id, first.since, attempts)


def test_a_retry_is_not_lost_while_the_side_is_away(bench: Bench) -> None:
    ids = a_refused_title(bench, Side.V2)
    accept(bench, Side.V2)
    about_failures(bench, RETRY)
    bench.v2.fail("*", Unreachable("v2", "No route."), times=5)
    bench.sync()
    assert bench.waits(WaitKind.FAILED)
    bench.v2.faults.clear()
    bench.settle()
    assert titles(bench, *ids) == ("Refused", "Refused")


@both_sides
def test_a_discarded_update_leaves_both_values_and_later_changes_count_again(
    bench: Bench, side: Side
) -> None:
    ids = a_refused_title(bench, side)
    accept(bench, side)
    done = about_failures(bench, DISCARD)
    assert (done.outcome, "later changes count" in done.note) == (DONE, True)
    assert bench.waits() == []
    bench.forget_calls()
    bench.settle()
    assert sorted(map(str, titles(bench, *ids))) == ["Boiler", "Refused"]
    assert bench.kore.writes == bench.v2.writes == []
    (left,) = bench.waits()
    assert (left.kind, left.field) == (WaitKind.DRIFT, Field.TITLE)
    assert "A person left" in left.reason
    for at in Side:
        bench.service(at).edit(ids[0] if at is Side.KORE else ids[1], title=f"Again in {at}")
        bench.settle()
        assert titles(bench, *ids) == (f"Again in {at}",) * 2
        assert bench.waits() == []


@both_sides
def test_what_was_left_apart_is_in_step_once_people_made_it_agree(bench: Bench, side: Side) -> None:
    ids = a_refused_title(bench, side)
    accept(bench, side)
    about_failures(bench, DISCARD)
    bench.settle()
    bench.service(side).edit(ids[0] if side is Side.KORE else ids[1], title="Refused")
    bench.settle()
    assert bench.waits() == []
    assert bench.reports == []


@both_sides
def test_nothing_is_discarded_that_the_person_was_not_shown(bench: Bench, side: Side) -> None:
    ids = a_refused_title(bench, side)
    (wait,) = bench.waits()
    shown = {"id": wait.id, "kore": wait.kore, "v2": wait.v2}
    mine = ids[0] if side is Side.V2 else ids[1]
    bench.service(side.other).edit(mine, title="Later")
    bench.sync()
    done = say(bench, DISCARD, {"failures": [shown]})
    assert done.outcome is VOID
    assert "shows another value by now" in done.note
    accept(bench, side)
    about_failures(bench, RETRY)
    bench.settle()
    assert titles(bench, *ids) == ("Later", "Later")


def test_what_fails_in_a_decided_conflict_can_be_retried_or_discarded(bench: Bench) -> None:
    ids = a_conflict(bench)
    resolve(bench, Side.KORE)
    bench.v2.refuses = lambda request: "title" in request.body.get("values", {})
    bench.sync()
    about_failures(bench, RETRY)
    bench.sync()
    assert len(bench.waits(WaitKind.FAILED)) == 1
    accept(bench, Side.V2)
    about_failures(bench, RETRY)
    bench.settle()
    assert titles(bench, *ids) == ("Of Kore", "Of Kore")
    assert (bench.waits(), open_conflicts(bench)) == ([], [])


def test_a_discarded_failure_of_a_decided_conflict_ends_the_conflict_too(bench: Bench) -> None:
    ids = a_conflict(bench)
    resolve(bench, Side.KORE)
    bench.v2.refuses = lambda request: "title" in request.body.get("values", {})
    bench.sync()
    assert about_failures(bench, DISCARD).outcome is DONE
    bench.settle()
    assert open_conflicts(bench) == []
    assert [wait.kind for wait in bench.waits()] == [WaitKind.DRIFT]
    assert titles(bench, *ids) == ("Of Kore", "Of v2")


def test_what_failed_on_the_way_back_goes_on_after_a_retry(bench: Bench) -> None:
    bench.set_policy(conflict=bench.rules.policy.conflict, tie=Side.KORE)
    ids = bench.pair()
    bench.kore.edit(ids[0], title="Of Kore")
    bench.v2.edit(ids[1], title="Of v2")
    bench.settle()
    take_back(bench, Side.V2)
    bench.v2.refuses = lambda request: "title" in request.body.get("values", {})
    bench.sync()
    assert titles(bench, *ids) == ("Of v2", "Of Kore")
    accept(bench, Side.V2)
    about_failures(bench, RETRY)
    bench.settle()
    assert titles(bench, *ids) == ("Of v2", "Of v2")
    assert bench.waits() == []
    assert bench.conflicts()[-1]["winner"] is Side.V2


def test_a_failure_stands_while_kores_list_hides_its_field(bench: Bench) -> None:
    ids = a_refused_title(bench, Side.KORE)
    (first,) = bench.waits()
    bench.kore.hides = frozenset({Field.TITLE})
    bench.kore.edit(ids[0], text="hides the title now")
    bench.forget_calls()
    bench.sync()
    assert bench.kore.calls.count("probe") == 1
    assert bench.kore.calls.count("update") == 0
    (wait,) = bench.waits()
    assert (wait.id, wait.value, wait.attempts) == (first.id, first.value, first.attempts)


# --- creates -------------------------------------------------------------------------------------


@both_sides
def test_a_retried_create_is_made(bench: Bench, side: Side) -> None:
    bench.service(side).fail("create", Refused(str(side), "Not now.", status=400))
    task_id = bench.service(side.other).add("Ladder")
    bench.sync()
    assert bench.waits(WaitKind.FAILED)
    bench.sync(is_full=True)
    assert not bench.is_linked(side.other, task_id)
    done = about_failures(bench, RETRY)
    assert (done.outcome, done.note) == (DONE, f"The next cycle creates it in {side.label}.")
    bench.settle()
    assert bench.is_linked(side.other, task_id)
    assert len(bench.service(side).records) == 1
    assert bench.waits() == []


def test_a_retried_create_that_is_refused_again_is_the_same_failure_once_more(
    bench: Bench,
) -> None:
    bench.v2.refuses = lambda request: request.call == "create"
    bench.kore.add("Ladder")
    bench.sync()
    (first,) = bench.waits()
    for attempts in (2, 3):
        about_failures(bench, RETRY)
        bench.sync()
        (wait,) = bench.waits()
        assert (wait.id, wait.since, wait.attempts) == (first.id, first.since, attempts)
        assert wait.decided is None


@both_sides
def test_a_discarded_create_is_left_for_good(bench: Bench, side: Side) -> None:
    bench.service(side).fail("create", Refused(str(side), "Not now.", status=400))
    task_id = bench.service(side.other).add("Ladder")
    bench.sync()
    assert about_failures(bench, DISCARD).outcome is DONE
    bench.service(side.other).edit(task_id, title="Long ladder")
    bench.sync(is_full=True)
    assert bench.known(side.other, task_id).standing is Standing.LEFT
    assert bench.service(side).records == {}
    assert bench.waits() == []


def a_parked_create(bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch) -> str:
    """A create that was answered with success and whose task never showed; gives the origin."""
    service, create = bench.service(side), bench.service(side)._create
    service.create_answer = "nothing"

    def swallow(request: WriteRequest) -> TaskId:
        task_id = create(request)
        service.remove(task_id)
        return task_id

    with monkeypatch.context() as patched:
        patched.setattr(service, "_create", swallow)
        task_id = bench.service(side.other).add("Ladder")
        bench.sync()
    for _ in range(10):
        bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.operation, wait.link_id is not None) == (OperationKind.CREATE, True)
    assert service.records == {}
    return task_id


@both_sides
def test_a_create_whose_outcome_is_open_is_sent_again_when_it_is_retried(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = a_parked_create(bench, side, monkeypatch)
    done = about_failures(bench, RETRY)
    assert (done.outcome, done.note) == (DONE, f"The next cycle creates it in {side.label} again.")
    bench.settle()
    assert bench.is_linked(side.other, task_id)
    assert len(bench.service(side).records) == 1
    assert bench.waits() == []
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


@both_sides
def test_a_discarded_create_whose_outcome_is_open_is_left(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = a_parked_create(bench, side, monkeypatch)
    assert about_failures(bench, DISCARD).outcome is DONE
    bench.service(side.other).edit(task_id, title="Long ladder")
    bench.sync(is_full=True)
    assert bench.known(side.other, task_id).standing is Standing.LEFT
    assert bench.service(side).records == {}
    assert (bench.waits(), bench.links()) == ([], [])
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


def an_ambiguous_match(bench: Bench) -> tuple[str, str, str]:
    """A task of Kore that two of v2 fit; gives all three."""
    ids = bench.kore.add("Ladder"), bench.v2.add("Ladder"), bench.v2.add("Ladder")
    bench.backfill(match_window=timedelta(days=1))
    assert {wait.task_id for wait in bench.waits(WaitKind.FAILED)} == {*ids}
    return ids


def say_of(bench: Bench, kind: InstructionKind, task_id: str) -> None:
    (wait,) = [one for one in bench.waits(WaitKind.FAILED) if one.task_id == task_id]
    assert say(bench, kind, {"failures": [{"id": wait.id}]}).outcome is DONE


@pytest.mark.parametrize("is_again", [False, True])
def test_a_match_that_several_fit_is_created_when_it_is_retried(
    bench: Bench, is_again: bool
) -> None:
    kore_id, *fitting = an_ambiguous_match(bench)
    bench.sync(is_full=True)
    assert bench.links() == []
    say_of(bench, RETRY, kore_id)
    if is_again:
        bench.backfill(match_window=timedelta(days=1))
    else:
        bench.settle()
    assert bench.across(Side.KORE, kore_id) not in fitting
    assert len(bench.v2.records) == 3
    assert kore_id not in {wait.task_id for wait in bench.waits()}


def test_what_is_retried_while_first_contact_lasts_waits_for_a_backfill(bench: Bench) -> None:
    ids = bench.kore.add("Ladder"), bench.v2.add("Ladder"), bench.v2.add("Ladder")
    wanted: dict[str, Any] = {"match_window": timedelta(days=1), "is_whole": False}
    bench.backfill(**wanted)
    say_of(bench, RETRY, ids[0])
    bench.sync()
    bench.sync()
    assert bench.links() == []
    bench.backfill(**wanted)
    assert bench.across(Side.KORE, ids[0]) not in ids
    assert len(bench.v2.records) == 3


def test_what_is_to_be_created_is_no_rival_of_the_one_that_is_left(bench: Bench) -> None:
    kore = [bench.kore.add("Ladder"), bench.kore.add("Ladder")]
    v2_id = bench.v2.add("Ladder")
    bench.backfill(match_window=timedelta(days=1))
    say_of(bench, RETRY, kore[0])
    bench.backfill(match_window=timedelta(days=1))
    assert bench.across(Side.KORE, kore[1]) == v2_id
    assert bench.across(Side.KORE, kore[0]) != v2_id
    assert bench.waits() == []


def test_a_match_that_several_fit_is_left_when_it_is_discarded(bench: Bench) -> None:
    kore_id, *_ = an_ambiguous_match(bench)
    say_of(bench, DISCARD, kore_id)
    bench.sync(is_full=True)
    assert bench.known(Side.KORE, kore_id).standing is Standing.LEFT
    assert bench.links() == []
    assert kore_id not in {wait.task_id for wait in bench.waits()}


def test_a_retried_create_that_is_finished_by_then_leaves_the_list(bench: Bench) -> None:
    bench.v2.fail("create", Refused("v2", "Not now.", status=400))
    task_id = bench.kore.add("Ladder")
    bench.sync()
    about_failures(bench, RETRY)
    bench.kore.edit(task_id, status="Closed")
    bench.sync()
    assert bench.known(Side.KORE, task_id).standing is Standing.FINISHED
    assert bench.waits() == []


# --- all, none, and what cannot be ---------------------------------------------------------------


def test_all_failures_are_retried_at_once_and_told_in_one_sentence(bench: Bench) -> None:
    ids = a_refused_title(bench, Side.V2)
    bench.v2.fail("create", Refused("v2", "Not now.", status=400))
    bench.kore.add("Ladder")
    bench.sync()
    accept(bench, Side.V2)
    assert about_failures(bench, RETRY).note == "2 failures are tried again."
    bench.settle()
    assert titles(bench, *ids) == ("Refused", "Refused")
    assert len(bench.v2.records) == 2
    assert bench.waits() == []


@pytest.mark.parametrize("kind", [RETRY, DISCARD])
def test_a_failure_that_is_over_is_told_so(bench: Bench, kind: InstructionKind) -> None:
    done = say(bench, kind, {"failures": [{"id": 999_999_999}]})
    assert (done.outcome, done.note) == (VOID, "There is no failure 999999999 any more.")


def test_what_cannot_be_discarded_is_told_beside_what_was(bench: Bench) -> None:
    a_refused_title(bench, Side.V2)
    bench.kore.unreadable.add(bench.kore.add("Odd"))
    bench.sync()
    done = about_failures(bench, DISCARD)
    assert done.note.startswith("1 failure is discarded. A record that cannot be read")


def test_an_unreadable_record_can_be_neither_left_nor_hurried(bench: Bench) -> None:
    odd = bench.kore.add("Odd")
    bench.kore.unreadable.add(odd)
    bench.sync()
    assert about_failures(bench, RETRY).outcome is DONE
    assert about_failures(bench, DISCARD).outcome is REFUSED
    assert len(bench.waits(WaitKind.FAILED)) == 1


def test_what_people_said_stands_in_the_history(bench: Bench) -> None:
    a_refused_title(bench, Side.V2)
    about_failures(bench, RETRY)
    bench.sync()
    about_failures(bench, DISCARD)
    (view,) = bench.links()
    with bench.store.begin() as unit:
        lines = [(one.what, one.field) for one in unit.history(view.link.id)]
    assert ("retried", Field.TITLE) in lines
    assert ("discarded", Field.TITLE) in lines


# --- what else there is --------------------------------------------------------------------------


def due_tasks(bench: Bench) -> set[str]:
    with bench.store.begin() as unit:
        return {one.task.id for side in Side for one in unit.due_tasks(side, 99)}


def test_what_people_say_of_a_create_stands_in_the_history_of_its_task(bench: Bench) -> None:
    bench.v2.refuses = lambda request: request.call == "create"
    task_id = bench.kore.add("Ladder")
    bench.sync()
    for kind in (RETRY, DISCARD):
        about_failures(bench, kind)
    with bench.store.begin() as unit:
        lines = [*unit.story([(Side.KORE, task_id)], None)]
    said = [one for one in lines if one.what in ("retried", "discarded")]
    assert [(one.what, one.side, one.link_id) for one in said] == [
        ("retried", Side.KORE, None),
        ("discarded", Side.KORE, None),
    ]
    assert due_tasks(bench) == set()


def test_of_two_open_creates_the_one_that_is_retried_is_given_up_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = a_parked_create(bench, Side.V2, monkeypatch)
    bench.kore.edit(first, text="edited meanwhile")
    bench.sync(is_full=True)
    other = bench.kore.add("Pump")
    lost = Unreachable("v2", "no answer", is_outcome_unknown=True)
    bench.v2.fail("create", lost)
    bench.v2.fail("page:ask", lost)
    bench.sync()
    about_failures(bench, RETRY)
    with bench.store.begin() as unit:
        left = [str(one.operation.kore_id) for one in unit.open_operations()]
        given_up = [one for one in unit.operations_of(bench.desk.run_id) if one.note]
        assert left == [other]
        assert not unit.links_of(Side.KORE, [first])
    assert due_tasks(bench) == {first}
    assert bench.known(Side.KORE, first).standing is Standing.FAILED
    assert all("a person" not in one.note for one in given_up)


def test_a_record_that_cannot_be_read_is_still_listed_once_its_create_is_discarded(
    bench: Bench,
) -> None:
    bench.v2.refuses = lambda request: request.call == "create"
    ids = [bench.kore.add("Ladder"), bench.kore.add("Pump")]
    bench.sync()
    bench.kore.unreadable.add(ids[0])
    bench.kore.edit(ids[0], text="odd")
    bench.sync()
    say_of_create(bench, DISCARD, ids[0])
    assert {one.task_id: one.operation for one in bench.waits(WaitKind.FAILED)} == {
        ids[0]: OperationKind.READ,
        ids[1]: OperationKind.CREATE,
    }


def say_of_create(bench: Bench, kind: InstructionKind, task_id: str) -> None:
    (wait,) = [
        one
        for one in bench.waits(WaitKind.FAILED)
        if (one.task_id, one.operation) == (task_id, OperationKind.CREATE)
    ]
    assert say(bench, kind, {"failures": [{"id": wait.id}]}).outcome is DONE


def test_other_failures_of_the_pair_stay_when_one_is_discarded(bench: Bench) -> None:
    bench.sync()
    ids = bench.pair()
    bench.v2.refuses = lambda request: True
    bench.kore.edit(ids[0], title="Refused", text="refused")
    bench.sync()
    title = next(one for one in bench.waits() if one.field is Field.TITLE)
    before = bench.links()[0].link
    done = say(bench, DISCARD, {"failures": [{"id": title.id, "kore": title.kore, "v2": title.v2}]})
    assert (done.note or "").startswith("Title: left as it is")
    assert [one.field for one in bench.waits()] == [Field.DESCRIPTION]
    after = bench.links()[0].link
    assert (after.changed_at or bench.clock.at) > (before.changed_at or bench.clock.at)
    bench.v2.refuses = lambda request: False
    bench.kore.edit(ids[0], text="flows")
    bench.settle()
    assert bench.values(Field.DESCRIPTION, *ids) == ("flows", "flows")
    assert titles(bench, *ids) == ("Refused", "Boiler")


def test_only_failures_are_retried_or_discarded(bench: Bench) -> None:
    a_conflict(bench)
    (conflict,) = bench.waits()
    for kind in (RETRY, DISCARD):
        assert say(bench, kind, {"failures": [{"id": conflict.id}]}).outcome is VOID
    assert bench.waits() == [conflict]


def test_what_was_still_to_be_carried_after_a_create_is_carried_no_more_once_discarded(
    bench: Bench,
) -> None:
    due = "2026-05-01T12:00:00Z"
    bench.v2.refuses = lambda request: "due" in request.body.get("values", {})
    bench.sync()
    bench.v2.ignores = {Field.DUE}
    kore_id = bench.kore.add("Boiler", status="Resolved")
    bench.backfill(includes_finished=True)
    v2_id = bench.across(Side.KORE, kore_id)
    bench.kore.edit(kore_id, due=due)
    bench.sync()
    assert [one.field for one in bench.waits(WaitKind.FAILED)] == [Field.DUE]
    about_failures(bench, DISCARD)
    accept(bench, Side.V2)
    bench.settle()
    assert bench.values(Field.DUE, kore_id, v2_id) == (due, None)
    assert [(wait.kind, wait.field) for wait in bench.waits()] == [(WaitKind.DRIFT, Field.DUE)]


def test_what_a_side_hides_by_now_can_be_discarded_and_a_later_change_counts(bench: Bench) -> None:
    ids = a_refused_title(bench, Side.KORE)
    bench.kore.hides = frozenset({Field.TITLE})
    bench.kore.edit(ids[0], text="hides the title now")
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    done = say(bench, DISCARD, {"failures": [{"id": wait.id, "kore": wait.kore, "v2": wait.v2}]})
    assert done.outcome is DONE
    accept(bench, Side.KORE)
    bench.settle()
    assert bench.waits(WaitKind.FAILED) == []
    bench.v2.edit(ids[1], title="Later")
    bench.settle()
    assert titles(bench, *ids) == ("Later", "Later")
