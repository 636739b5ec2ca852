"""Conflicts that wait for a person: nothing is written, nothing lost, and a decision is safe."""

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule, Direction, Unobserved
from bridge.domain.side import Field, Side
from bridge.errors import Refused, Unreachable
from bridge.sync.obey import carry_out_alone
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import (
    MANUAL,
    a_conflict,
    about_failures,
    details_of,
    open_conflicts,
    outcome_of,
    resolve,
    take_back,
    the_conflict,
    titles,
    told,
)

DONE, VOID, REFUSED = InstructionOutcome.DONE, InstructionOutcome.VOID, InstructionOutcome.REFUSED
both_sides = pytest.mark.parametrize("side", list(Side))


def edit(bench: Bench, side: Side, ids: tuple[str, str], **given: str) -> None:
    bench.service(side).edit(ids[0] if side is Side.KORE else ids[1], **given)


# --- waiting -------------------------------------------------------------------------------------


def test_under_manual_the_field_waits_with_both_values_and_the_others_flow(bench: Bench) -> None:
    ids = a_conflict(bench, text="from the van")
    assert titles(bench, *ids) == ("Of Kore", "Of v2")
    assert bench.values(Field.DESCRIPTION, *ids) == ("from the van", "from the van")
    conflict = the_conflict(bench)
    assert (conflict["kore_id"], conflict["v2_id"]) == ids
    assert (conflict["kore"].text, conflict["v2"].text) == ("Of Kore", "Of v2")
    assert (conflict["base_kore"].text, conflict["base_v2"].text) == ("Boiler", "Boiler")
    assert (conflict["field"], conflict["rule"]) == (Field.TITLE, "manual")
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.CONFLICT, Field.TITLE)


def test_a_conflict_that_waits_is_counted_and_nothing_is_written_while_it_does(
    bench: Bench,
) -> None:
    a_conflict(bench)
    before = bench.dump()
    bench.forget_calls()
    assert bench.sync(is_full=True).summary["conflicts"] == 1
    assert bench.kore.writes == bench.v2.writes == []
    assert bench.dump()["conflicts"] == before["conflicts"]
    assert bench.dump()["waits"] == before["waits"]


def test_one_field_may_wait_while_the_rule_decides_another(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.KORE, conflict_fields={Field.TITLE: MANUAL})
    ids = bench.pair(text="old")
    bench.kore.edit(ids[0], title="Of Kore", text="of Kore")
    bench.v2.edit(ids[1], title="Of v2", text="of v2")
    bench.sync()
    assert titles(bench, *ids) == ("Of Kore", "Of v2")
    assert bench.values(Field.DESCRIPTION, *ids) == ("of Kore", "of Kore")
    assert the_conflict(bench)["field"] is Field.TITLE


@both_sides
def test_later_changes_fold_into_a_conflict(bench: Bench, side: Side) -> None:
    ids = a_conflict(bench)
    first = the_conflict(bench)
    edit(bench, side, ids, title="Later")
    bench.sync()
    now = the_conflict(bench)
    assert (now["id"], now["since"]) == (first["id"], first["since"])
    assert now[str(side)].text == "Later"
    assert now[str(side.other)] == first[str(side.other)]


@both_sides
def test_a_conflict_that_people_settle_in_a_service_leaves_the_list(
    bench: Bench, side: Side
) -> None:
    ids = a_conflict(bench)
    edit(bench, side, ids, title="Of Kore" if side is Side.V2 else "Of v2")
    bench.sync()
    assert (open_conflicts(bench), bench.waits()) == ([], [])
    assert bench.conflicts()[-1]["winner"] is None
    assert titles(bench, *ids) == (("Of Kore",) * 2 if side is Side.V2 else ("Of v2",) * 2)


@both_sides
def test_a_side_that_goes_back_to_what_was_agreed_leaves_the_others_change(
    bench: Bench, side: Side
) -> None:
    ids = a_conflict(bench)
    edit(bench, side, ids, title="Boiler")
    bench.settle()
    assert titles(bench, *ids) == (("Of v2",) * 2 if side is Side.KORE else ("Of Kore",) * 2)
    assert open_conflicts(bench) == []


@pytest.mark.parametrize("direction", [Direction.KORE_TO_V2, Direction.V2_TO_KORE])
def test_in_one_direction_the_source_wins_although_the_rule_is_manual(
    bench: Bench, direction: Direction
) -> None:
    ids = bench.pair()
    bench.set_policy(conflict=MANUAL, direction=direction)
    bench.kore.edit(ids[0], title="Of Kore")
    bench.v2.edit(ids[1], title="Of v2")
    bench.settle()
    winner = "Of Kore" if direction is Direction.KORE_TO_V2 else "Of v2"
    assert titles(bench, *ids) == (winner, winner)
    assert open_conflicts(bench) == []


def test_a_rule_that_is_set_later_settles_what_waits_and_keeps_the_lost_value(
    bench: Bench,
) -> None:
    ids = a_conflict(bench)
    number = the_conflict(bench)["id"]
    bench.set_policy(conflict=ConflictRule.V2)
    bench.settle()
    assert titles(bench, *ids) == ("Of v2", "Of v2")
    (kept,) = bench.conflicts()
    assert (kept["id"], kept["winner"], kept["rule"]) == (number, Side.V2, "v2")
    assert kept["kore"].text == "Of Kore"


def test_a_conflict_stands_while_kores_list_hides_the_field(bench: Bench) -> None:
    ids = a_conflict(bench)
    first = the_conflict(bench)
    bench.kore.hides = frozenset({Field.TITLE})
    bench.kore.edit(ids[0], text="hides the title now")
    bench.sync()
    assert the_conflict(bench) == first
    bench.set_policy(unobserved=Unobserved.WRITE)
    bench.kore.edit(ids[0], text="and hides it again")
    bench.v2.edit(ids[1], title="Later")
    bench.sync()
    assert titles(bench, *ids) == ("Of Kore", "Later")
    assert the_conflict(bench)["id"] == first["id"]


# --- deciding ------------------------------------------------------------------------------------


@both_sides
def test_what_a_person_takes_is_written_to_the_other_side_and_what_is_lost_is_kept(
    bench: Bench, side: Side
) -> None:
    ids = a_conflict(bench)
    number = the_conflict(bench)["id"]
    done = resolve(bench, side)
    assert done.outcome is DONE
    assert f"{side.label}'s value “Of {side.label}” is taken" in done.note
    bench.settle()
    assert titles(bench, *ids) == (f"Of {side.label}",) * 2
    (kept,) = bench.conflicts()
    assert (kept["id"], kept["winner"], kept["rule"]) == (number, side, "manual")
    assert kept[str(side.other)].text == f"Of {side.other.label}"
    assert bench.waits() == []


def test_a_person_may_decide_otherwise_before_it_is_carried_out(bench: Bench) -> None:
    ids = a_conflict(bench)
    resolve(bench, Side.KORE)
    resolve(bench, Side.V2)
    bench.settle()
    assert titles(bench, *ids) == ("Of v2", "Of v2")


@both_sides
def test_a_decision_about_values_that_are_not_shown_any_more_is_void_at_once(
    bench: Bench, side: Side
) -> None:
    ids = a_conflict(bench)
    details = details_of(the_conflict(bench), Side.KORE)
    edit(bench, side, ids, title="Moved")
    bench.sync()
    number = told(bench, InstructionKind.RESOLVE, details)
    carry_out_alone(bench.new_desk())
    done = outcome_of(bench, number)
    assert done.outcome is VOID
    assert f"{side.label} shows “Moved” by now" in done.note
    bench.sync()
    assert titles(bench, *ids)[0 if side is Side.KORE else 1] == "Moved"
    assert the_conflict(bench)[str(side)].text == "Moved"


@both_sides
@pytest.mark.parametrize("take", list(Side))
def test_a_decision_is_void_where_a_side_moved_before_the_write_was_planned(
    bench: Bench, side: Side, take: Side
) -> None:
    ids = a_conflict(bench)
    number = the_conflict(bench)["id"]
    resolve(bench, take)
    edit(bench, side, ids, title="Moved")
    bench.sync()
    now = titles(bench, *ids)
    assert now == (("Moved", "Of v2") if side is Side.KORE else ("Of Kore", "Moved"))
    assert the_conflict(bench)["id"] == number
    (wait,) = bench.waits()
    assert wait.decided is None
    assert f"The decision for {take.label}'s value did not count" in wait.reason
    assert f"{side.label} shows another value" in wait.reason
    bench.sync(is_full=True)
    assert bench.waits()[0].reason == wait.reason


def test_an_edit_between_plan_and_write_voids_the_decision_where_the_task_can_be_read(
    bench: Bench,
) -> None:
    ids = a_conflict(bench)
    resolve(bench, Side.KORE)

    def edit_late(*_: object) -> None:
        bench.v2.on_page = None
        bench.v2.edit(ids[1], title="At the last moment")

    bench.v2.on_page = edit_late
    bench.sync()
    assert titles(bench, *ids) == ("Of Kore", "At the last moment")
    assert the_conflict(bench)["v2"].text == "At the last moment"


def test_a_decision_waits_while_its_side_cannot_be_reached_and_is_carried_out_then(
    bench: Bench,
) -> None:
    ids = a_conflict(bench)
    resolve(bench, Side.KORE)
    bench.v2.fail("*", Unreachable("v2", "No route."), times=5)
    bench.sync()
    assert titles(bench, *ids) == ("Of Kore", "Of v2")
    assert the_conflict(bench)
    bench.v2.faults.clear()
    bench.settle()
    assert titles(bench, *ids) == ("Of Kore", "Of Kore")
    assert bench.waits() == []


def test_a_decided_write_that_is_refused_is_a_failure_and_the_decision_stands(
    bench: Bench,
) -> None:
    ids = a_conflict(bench)
    number = the_conflict(bench)["id"]
    resolve(bench, Side.KORE)
    bench.v2.refuses = lambda request: "title" in request.body.get("values", {})
    bench.sync()
    kinds = {wait.kind: wait for wait in bench.waits()}
    assert set(kinds) == {WaitKind.CONFLICT, WaitKind.FAILED}
    assert kinds[WaitKind.CONFLICT].decided is Side.KORE
    assert the_conflict(bench)["id"] == number
    bench.forget_calls()
    bench.sync(is_full=True)
    assert "update" not in bench.v2.calls
    assert titles(bench, *ids) == ("Of Kore", "Of v2")


def test_what_no_rule_can_write_stays_decided_until_it_can(bench: Bench) -> None:
    bench.set_policy(conflict=MANUAL)
    ids = bench.pair()
    bench.kore.edit(ids[0], priority="Low")
    bench.v2.edit(ids[1], priority="urgent")
    bench.sync()
    resolve(bench, Side.KORE)
    bench.v2.fail("update", Refused("v2", "Not now.", status=400))
    bench.settle()
    assert {wait.kind for wait in bench.waits()} == {WaitKind.CONFLICT, WaitKind.FAILED}


def test_a_conflict_that_does_not_exist_or_is_over_cannot_be_decided(bench: Bench) -> None:
    ids = a_conflict(bench)
    details = details_of(the_conflict(bench), Side.KORE)
    number = told(bench, InstructionKind.RESOLVE, {**details, "conflict": 999_999_999})
    edit(bench, Side.V2, ids, title="Of Kore")
    late = told(bench, InstructionKind.RESOLVE, details)
    bench.sync()
    assert outcome_of(bench, number).outcome is REFUSED
    bench.sync()
    assert titles(bench, *ids) == ("Of Kore", "Of Kore")
    assert outcome_of(bench, late).outcome is not None
    again = told(bench, InstructionKind.RESOLVE, details)
    bench.sync()
    assert outcome_of(bench, again).outcome is REFUSED


def test_in_one_direction_there_is_nothing_to_decide(bench: Bench) -> None:
    a_conflict(bench)
    details = details_of(the_conflict(bench), Side.V2)
    bench.set_policy(direction=Direction.KORE_TO_V2)
    number = told(bench, InstructionKind.RESOLVE, details)
    carry_out_alone(bench.new_desk())
    assert outcome_of(bench, number).outcome is REFUSED


def test_what_a_person_decided_stands_in_the_history(bench: Bench) -> None:
    a_conflict(bench)
    resolve(bench, Side.V2)
    bench.settle()
    (view,) = bench.links()
    with bench.store.begin() as unit:
        lines = [one for one in unit.history(view.link.id) if one.what == "decided"]
    assert [(one.field, one.side) for one in lines] == [(Field.TITLE, Side.V2)]


# --- answers that never come ---------------------------------------------------------------------


@both_sides
@pytest.mark.parametrize("is_applied", [True, False])
def test_what_a_conflict_wrote_over_is_kept_although_the_answer_never_came(
    bench: Bench, side: Side, is_applied: bool
) -> None:
    bench.set_policy(conflict=ConflictRule(str(side.other)))
    ids = bench.pair()
    bench.kore.edit(ids[0], title="Of Kore")
    bench.v2.edit(ids[1], title="Of v2")
    lost = Unreachable(str(side), "It hung up.", is_outcome_unknown=True)
    bench.service(side).fail("update", lost, applied=is_applied)
    bench.sync()
    bench.settle()
    assert titles(bench, *ids) == (f"Of {side.other.label}",) * 2
    (kept,) = bench.conflicts()
    assert (kept["winner"], kept[str(side)].text) == (side.other, f"Of {side.label}")
    assert (bench.waits(), open_conflicts(bench)) == ([], [])


@both_sides
@pytest.mark.parametrize("is_applied", [True, False])
def test_a_decision_is_carried_out_once_although_the_answer_never_came(
    bench: Bench, side: Side, is_applied: bool
) -> None:
    ids = a_conflict(bench)
    number = the_conflict(bench)["id"]
    resolve(bench, side)
    lost = Unreachable(str(side.other), "It hung up.", is_outcome_unknown=True)
    bench.service(side.other).fail("update", lost, applied=is_applied)
    bench.sync()
    bench.settle()
    assert titles(bench, *ids) == (f"Of {side.label}",) * 2
    (kept,) = bench.conflicts()
    assert (kept["id"], kept["winner"]) == (number, side)
    assert (bench.waits(), open_conflicts(bench)) == ([], [])


@both_sides
def test_a_lost_value_comes_back_although_answers_never_came(bench: Bench, side: Side) -> None:
    ids = a_settled_conflict(bench, side.other)
    take_back(bench, side)
    for at in Side:
        lost = Unreachable(str(at), "It hung up.", is_outcome_unknown=True)
        bench.service(at).fail("update", lost, applied=True)
    for _ in range(4):
        bench.sync()
    assert titles(bench, *ids) == (f"Of {side.label}",) * 2
    assert bench.conflicts()[-1]["winner"] is side
    assert bench.waits() == []


# --- taking back ---------------------------------------------------------------------------------


def a_settled_conflict(bench: Bench, winner: Side, **given: str) -> tuple[str, str]:
    """A conflict of titles (or of what is given) that the rule has decided."""
    bench.set_policy(conflict=ConflictRule(str(winner)))
    ids = bench.pair()
    bench.kore.edit(ids[0], **{"title": "Of Kore", **given})
    bench.v2.edit(ids[1], title="Of v2")
    bench.settle()
    return ids


@both_sides
def test_a_lost_value_is_written_back_to_both_sides(bench: Bench, side: Side) -> None:
    ids = a_settled_conflict(bench, side.other)
    assert titles(bench, *ids) == (f"Of {side.other.label}",) * 2
    done = take_back(bench, side)
    assert (done.outcome, "taken back" in done.note) == (DONE, True)
    bench.settle()
    assert titles(bench, *ids) == (f"Of {side.label}",) * 2
    (kept,) = bench.conflicts()
    assert (kept["winner"], kept["rule"]) == (side, "manual")
    assert bench.waits() == []


@both_sides
def test_what_was_taken_back_can_be_turned_again(bench: Bench, side: Side) -> None:
    ids = a_settled_conflict(bench, side.other)
    for taken in (side, side.other, side):
        assert take_back(bench, taken).outcome is DONE
        bench.settle()
        assert titles(bench, *ids) == (f"Of {taken.label}",) * 2
    assert len(bench.conflicts()) == 1


def test_the_very_value_that_was_lost_comes_back_although_several_mean_the_same(
    bench: Bench,
) -> None:
    bench.set_policy(conflict=ConflictRule.KORE)
    ids = bench.pair()
    bench.kore.edit(ids[0], status="Closed")
    bench.v2.edit(ids[1], status="in_review")
    bench.settle()
    assert bench.values(Field.STATUS, *ids) == ("Closed", "completed")
    assert take_back(bench, Side.V2).outcome is DONE
    bench.settle()
    assert bench.values(Field.STATUS, *ids) == ("In Progress", "in_review")


@both_sides
def test_nothing_is_taken_back_once_the_field_has_moved_on(bench: Bench, side: Side) -> None:
    ids = a_settled_conflict(bench, Side.KORE)
    edit(bench, side, ids, title="Later")
    bench.settle()
    assert take_back(bench, Side.V2).outcome is VOID
    bench.settle()
    assert titles(bench, *ids) == ("Later", "Later")


@both_sides
def test_nothing_is_taken_back_over_a_later_value_whose_way_across_was_discarded(
    bench: Bench, side: Side
) -> None:
    ids = a_settled_conflict(bench, side.other)
    bench.service(side.other).refuses = lambda request: "title" in request.body.get("values", {})
    edit(bench, side, ids, title="Later")
    bench.settle()
    about_failures(bench, InstructionKind.DISCARD)
    bench.service(side.other).refuses = lambda request: False
    assert take_back(bench, side).outcome is VOID
    bench.settle()
    assert sorted(map(str, titles(bench, *ids))) == ["Later", f"Of {side.other.label}"]


def test_nothing_is_taken_back_over_a_later_value_that_agrees_and_was_not_written_across(
    bench: Bench,
) -> None:
    bench.set_policy(conflict=ConflictRule.KORE)
    ids = bench.pair()
    bench.kore.edit(ids[0], status="Closed")
    bench.v2.edit(ids[1], status="in_progress")
    bench.settle()
    bench.v2.edit(ids[1], status="cancelled")
    bench.settle()
    assert bench.values(Field.STATUS, *ids) == ("Closed", "cancelled")
    assert take_back(bench, Side.V2).outcome is VOID


@both_sides
def test_an_edit_before_it_is_carried_out_wins_over_what_is_taken_back(
    bench: Bench, side: Side
) -> None:
    ids = a_settled_conflict(bench, Side.KORE)
    assert take_back(bench, Side.V2).outcome is DONE
    edit(bench, side, ids, title="Later")
    bench.settle()
    assert titles(bench, *ids) == ("Later", "Later")
    assert bench.waits() == []
    assert bench.conflicts()[-1]["winner"] is Side.KORE


@both_sides
def test_an_edit_after_the_first_of_both_writes_is_carried_like_any_other(
    bench: Bench, side: Side
) -> None:
    ids = a_settled_conflict(bench, Side.KORE)
    take_back(bench, Side.V2)
    bench.v2.fail("read", Unreachable("v2", "No route."))
    bench.sync()
    assert titles(bench, *ids) == ("Of v2", "Of Kore")
    edit(bench, side, ids, title="Later")
    bench.v2.faults.clear()
    bench.settle()
    assert titles(bench, *ids) == ("Later", "Later")
    assert bench.waits() == []


def test_what_is_refused_on_the_way_back_waits_as_a_failure_and_goes_on_after_a_retry(
    bench: Bench,
) -> None:
    ids = a_settled_conflict(bench, Side.KORE)
    take_back(bench, Side.V2)
    bench.v2.refuses = lambda request: "title" in request.body.get("values", {})
    bench.sync()
    assert titles(bench, *ids) == ("Of v2", "Of Kore")
    assert {wait.kind for wait in bench.waits()} == {WaitKind.RESTORE, WaitKind.FAILED}
    bench.v2.refuses = lambda request: False
    bench.v2.edit(ids[1], text="something else")
    bench.settle()
    assert {wait.kind for wait in bench.waits()} == {WaitKind.RESTORE, WaitKind.FAILED}


def test_there_is_nothing_to_take_back_of_what_won_or_of_what_people_settled(
    bench: Bench,
) -> None:
    a_settled_conflict(bench, Side.KORE)
    assert take_back(bench, Side.KORE).outcome is REFUSED
    ids = a_conflict(bench)
    edit(bench, Side.V2, ids, title="Of Kore")
    bench.settle()
    assert take_back(bench, Side.V2).outcome is REFUSED


def test_in_one_direction_nothing_is_taken_back(bench: Bench) -> None:
    bench.set_policy(direction=Direction.KORE_TO_V2)
    ids = bench.pair()
    bench.kore.edit(ids[0], title="Of Kore")
    bench.v2.edit(ids[1], title="Of v2")
    bench.settle()
    done = take_back(bench, Side.V2)
    assert (done.outcome, "sync.direction" in done.note) == (REFUSED, True)


def test_what_is_taken_back_is_no_conflict_in_the_counts(bench: Bench) -> None:
    a_settled_conflict(bench, Side.KORE)
    take_back(bench, Side.V2)
    bench.v2.fail("*", Unreachable("v2", "No route."), times=9)
    bench.kore.fail("*", Unreachable("kore", "No route."), times=9)
    assert bench.sync().summary["conflicts"] == 0
    assert [wait.kind for wait in bench.waits()] == [WaitKind.RESTORE]
