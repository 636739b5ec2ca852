"""What waits in a pair's plan, and what of it is over: each wait once, with its own reason."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.link import FieldBase
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.plan import PairPlan, plan_pair
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, priority_value, status_value
from tests.domain.making import KORE, NOON, V2, at, text, v2_status
from tests.domain.test_plan import AUTOMATIC, HOLD, LINK, PLAIN, a_pair, in_short

MANUAL = MergePolicy(conflict=ConflictRule.MANUAL)
OLD, ONE, TWO, THREE = map(text, ("Broken boiler", "One", "Two", "Three"))


def planned(policy: MergePolicy, *waits: Wait, **given: Any) -> PairPlan:
    """The plan of a pair of which `kore`, `v2` and the rest are given."""
    return plan_pair(a_pair(**given, waits=waits), PLAIN, policy)


def a_wait(kind: WaitKind, side: Side = V2, **given: Any) -> Wait:
    usual = {"kind": kind, "reason": "Because.", "side": side, "field": Field.TITLE}
    return Wait(**{**usual, **given})


def kinds(plan: PairPlan) -> list[WaitKind]:
    return [wait.kind for wait in plan.waits]


BOTH: dict[str, Any] = {"kore": {"title": ONE}, "v2": {"title": TWO}}
CONFLICT = a_wait(WaitKind.CONFLICT, kore=ONE, v2=TWO)


@pytest.mark.parametrize(
    ("kind", "policy", "given"),
    [
        (WaitKind.CONFLICT, MANUAL, BOTH),
        (WaitKind.UNMAPPED, AUTOMATIC, {"kore": {"priority": priority_value("Odd")}}),
        (WaitKind.HELD, HOLD, {"kore": {"title": ...}, "v2": {"title": TWO}}),
        (
            WaitKind.DRIFT,
            MergePolicy(direction=Direction.KORE_TO_V2),
            {"v2": {"title": TWO}},
        ),
    ],
)
def test_what_cannot_be_written_waits_as_what_it_is_and_nothing_is_sent(
    kind: WaitKind, policy: MergePolicy, given: dict[str, Any]
) -> None:
    plan = planned(policy, **given)
    assert kinds(plan) == [kind]
    assert plan.is_settled


def test_what_is_not_told_of_a_pair_is_no_skew_and_an_open_case() -> None:
    kore, v2 = (
        {"title": one, "person_changed_at": when} for one, when in ((ONE, NOON), (TWO, at(5.5)))
    )
    plan = planned(AUTOMATIC, a_wait(WaitKind.CASE_CLOSED, KORE), kore=kore, v2=v2)
    assert plan.conflicts[Field.TITLE].rule == "newest"
    assert (in_short(plan.operations), plan.waits) == (["update kore: title"], ())


# ---- conflicts ------------------------------------------------------------------------------


@pytest.mark.parametrize("winner", [KORE, V2])
def test_a_decided_conflict_goes_out_and_waits_until_it_was_answered(winner: Side) -> None:
    decided = replace(CONFLICT, decided=winner)
    plan = planned(MANUAL, decided, **BOTH)
    assert in_short(plan.operations) == [f"update {winner.other}: title"]
    assert plan.operations[0].values == {Field.TITLE: ONE if winner is KORE else TWO}
    assert plan.waits == (decided,)


@pytest.mark.parametrize("unobserved", [Unobserved.WRITE, Unobserved.HOLD])
def test_a_conflict_of_which_a_side_is_hidden_now_is_all_that_waits_and_nothing_is_written(
    unobserved: Unobserved,
) -> None:
    policy = replace(MANUAL, unobserved=unobserved)
    plan = planned(policy, CONFLICT, kore={"title": ...}, v2={"title": TWO})
    assert (plan.operations, plan.waits) == ((), (CONFLICT,))


def test_a_conflict_that_begins_anew_keeps_its_reason_beside_whatever_else_waits_there() -> None:
    held = a_wait(WaitKind.HELD, reason="It is hidden.")
    plan = planned(MANUAL, CONFLICT, held, kore={"title": THREE}, v2={"title": TWO})
    (wait,) = plan.waits
    assert (wait.kind, wait.reason) == (WaitKind.CONFLICT, "Because.")
    assert (wait.kore, wait.v2) == (THREE, TWO)


def test_what_waits_for_another_reason_by_now_says_that_reason() -> None:
    odd = {"priority": priority_value("Odd")}
    conflict = replace(CONFLICT, field=Field.PRIORITY)
    (wait,) = planned(MANUAL, conflict, kore=odd, v2={"priority": priority_value("low")}).waits
    assert wait.kind is WaitKind.UNMAPPED
    assert wait.reason.startswith("The priority 'Odd'")


# ---- restores -------------------------------------------------------------------------------

LOST = a_wait(WaitKind.RESTORE, kore=OLD, v2=OLD, value=TWO, decided=V2)


def linked(name: Field = Field.TITLE, **base: Any) -> Any:
    was = FieldBase(table=PLAIN.of(name).table, **base)
    return LINK.with_bases({name: was})


def test_a_value_that_is_taken_back_waits_until_both_sides_have_it() -> None:
    plan = planned(AUTOMATIC, LOST)
    assert in_short(plan.operations) == ["update kore: title"]
    assert (plan.waits, plan.restored) == ((LOST,), ())
    half = planned(AUTOMATIC, LOST, link=linked(kore=TWO, v2=OLD), kore={"title": TWO})
    assert in_short(half.operations) == ["update v2: title"]
    assert (half.waits, half.restored) == ((LOST,), ())
    both = {"kore": {"title": TWO}, "v2": {"title": TWO}}
    done = planned(AUTOMATIC, LOST, link=linked(kore=TWO, v2=TWO), **both)
    assert (done.operations, done.waits, done.restored) == ((), (), (LOST,))


def test_a_value_that_is_not_taken_back_because_a_person_changed_a_side_is_not_restored() -> None:
    plan = planned(AUTOMATIC, LOST, v2={"title": THREE})
    assert in_short(plan.operations) == ["update kore: title"]
    assert (plan.waits, plan.restored) == ((), ())


def test_a_restore_of_which_a_write_is_still_due_is_not_done() -> None:
    """v2's own status was changed to another that agrees: Kore's was not written yet."""
    name, now = Field.STATUS, {"v2": {"status": v2_status("open")}}
    shown = status_value("Open", "open")
    value = v2_status("completed")
    lost = replace(LOST, field=name, kore=shown, v2=v2_status("new"), value=value)
    plan = planned(AUTOMATIC, lost, link=linked(name, kore=shown, v2=v2_status("open")), **now)
    assert in_short(plan.operations) == ["update kore: status"]
    assert (plan.waits, plan.restored) == ((lost,), ())


def test_nothing_but_a_restore_is_restored() -> None:
    both = {"kore": {"title": TWO}, "v2": {"title": TWO}}
    conflict = replace(LOST, kind=WaitKind.CONFLICT)
    plan = planned(MANUAL, conflict, link=linked(kore=TWO, v2=TWO), **both)
    assert (plan.waits, plan.restored) == ((), ())


# ---- failures -------------------------------------------------------------------------------

FAILED = a_wait(WaitKind.FAILED, value=ONE, kore=ONE, v2=OLD)


def test_a_failure_of_a_field_that_is_not_carried_covers_up_no_other_one() -> None:
    other = replace(FAILED, field=Field.ASSIGNEE)
    plan = planned(AUTOMATIC, other, FAILED, kore={"title": ONE})
    assert (plan.operations, plan.waits) == ((), (FAILED,))


TO_KORE = replace(FAILED, side=KORE, value=TWO, kore=OLD, v2=TWO)
HIDDEN: dict[str, Any] = {"kore": {"title": ...}, "v2": {"title": TWO}}


def test_a_failure_whose_field_is_hidden_now_stands_until_a_probe_has_shown_it() -> None:
    assert planned(AUTOMATIC, TO_KORE, **HIDDEN).waits == (TO_KORE,)


def test_a_failure_stands_for_no_probe_of_what_was_hidden_before() -> None:
    assert planned(AUTOMATIC, replace(TO_KORE, kore=UNSEEN), **HIDDEN).waits == ()


def test_a_failure_whose_field_may_not_be_written_over_unseen_waits_to_be_seen() -> None:
    assert kinds(planned(HOLD, TO_KORE, **HIDDEN)) == [WaitKind.HELD]


def test_a_failure_that_the_direction_carries_no_more_is_drift() -> None:
    emptied = replace(FAILED, field=Field.DUE, value=None)
    policy = MergePolicy(direction=Direction.V2_TO_KORE)
    assert kinds(planned(policy, emptied, kore={"due": None})) == [WaitKind.DRIFT]


# ---- closed cases ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given"),
    [
        (Field.ASSIGNEE, {}),
        (Field.TITLE, {"kore": {"title": ..., "own_changed_at": NOON}, "v2": {"title": TWO}}),
    ],
    ids=["not carried", "to be looked at first"],
)
def test_nothing_but_a_change_that_would_go_out_waits_for_its_case(
    name: Field, given: dict[str, Any]
) -> None:
    closed = a_wait(WaitKind.CASE_CLOSED, KORE, field=name)
    assert planned(AUTOMATIC, closed, is_case_closed=True, **given).waits == ()


# ---- the first sight of a created task ------------------------------------------------------


def carried(name: Field, origin: Side, value: Any) -> Any:
    """The link of a pair of which one was created and not seen yet."""
    base = FieldBase(carry=origin, table=PLAIN.of(name).table).moved(origin, value)
    return LINK.with_bases({name: base})


def test_what_a_created_v2_task_shows_first_may_be_a_persons_and_is_kept_as_what_lost() -> None:
    plan = planned(AUTOMATIC, link=carried(Field.TITLE, KORE, ONE), kore={"title": ONE})
    assert in_short(plan.operations) == ["update v2: title"]
    conflict = plan.conflicts[Field.TITLE]
    assert (conflict.rule, conflict.winner, conflict.lost) == ("origin first", KORE, OLD)


def test_what_nobody_can_have_changed_since_the_create_is_nobodys_loss() -> None:
    exact = at(0.25)
    fresh = {"created_at": exact, "changed_at": exact}
    given = {"link": carried(Field.TITLE, KORE, ONE), "kore": {"title": ONE}, "v2": fresh}
    plan = planned(AUTOMATIC, **given)
    assert in_short(plan.operations) == ["update v2: title"]
    assert not plan.conflicts


def test_an_empty_field_that_no_create_fills_is_nobodys_loss() -> None:
    link = carried(Field.PRIORITY, V2, priority_value("high"))
    plan = planned(AUTOMATIC, link=link, kore={"priority": None})
    assert in_short(plan.operations) == ["update kore: priority"]
    assert not plan.conflicts
