"""The row of a linked pair: what is told first, since when, and what is not told twice."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.judge_pair import judge_pair, troubles_of
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.policy import Direction, MergePolicy
from bridge.domain.reconciled import Row, State
from bridge.domain.side import Field
from bridge.domain.task import Case
from bridge.domain.values import person_value, priority_value, queue_value
from tests.domain.making import KORE, NOON, V2, at, kore_status, text
from tests.domain.worlds import a_pair, a_wait, a_world, row_of

TO_V2 = MergePolicy(direction=Direction.KORE_TO_V2)
# Changed since a probe has shown it whole.
HIDES = {"description": ..., "changed_at": at(5), "own_changed_at": NOON}
ONE, TWO = text("One"), text("Two")
BOTH_CHANGED = {"kore": {"title": ONE}, "v2": {"title": TWO}}


def told(row: Row) -> tuple[State, str, str, Any]:
    return row.state, row.reason, row.next, row.since


# --- one advice for each kind of wait ------------------------------------------------------------

ADVICE = [
    (
        a_pair(kore={"status": kore_status("", "Odd")}),
        State.UNMAPPED,
        "The field waits until a rule names the value; the other fields are carried.",
    ),
    (
        a_pair(**BOTH_CHANGED, waits=(a_wait(WaitKind.CONFLICT, field=Field.TITLE),)),
        State.CONFLICT,
        "A person has to say which value is right: task-bridge conflicts list.",
    ),
    (
        a_pair(
            **BOTH_CHANGED,
            waits=(
                a_wait(WaitKind.CONFLICT, field=Field.TITLE, kore=ONE, v2=TWO, decided=KORE),
            ),
        ),
        State.WAITING,
        "The next cycle writes it.",
    ),
    (
        a_pair(
            kore={"title": ONE},
            waits=(a_wait(field=Field.TITLE, value=ONE),),
        ),
        State.FAILED,
        "It is tried again when the value changes. Until then a person has to look at it.",
    ),
    (
        a_pair(
            v2={"title": TWO},
            waits=(a_wait(WaitKind.CASE_CLOSED, side=KORE, field=Field.TITLE),),
            is_case_closed=True,
        ),
        State.WAITING,
        "It goes out by itself when the case is open again.",
    ),
    (
        a_pair(kore={"title": ONE}, v2={"title": ONE}),
        State.IN_STEP,
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pair", "state", "advice"), ADVICE)
def test_what_waits_in_a_field_says_what_becomes_of_it(
    pair: Any, state: State, advice: str
) -> None:
    row = judge_pair(pair, a_world(is_carried_soon=True))
    assert (row.state, row.next) == (state, advice)


def test_a_change_that_the_direction_does_not_carry_says_how_to_end_the_drift() -> None:
    row = judge_pair(a_pair(v2={"title": TWO}), a_world(policy=TO_V2))
    assert (row.state, row.next) == (
        State.DRIFTED,
        "Nothing: that direction is off. Change it back by hand, or set sync.direction.",
    )


def test_a_conflict_that_a_person_has_decided_waits_for_the_next_cycle_and_names_both_values() -> (
    None
):
    wait = a_wait(WaitKind.CONFLICT, field=Field.TITLE, kore=ONE, v2=TWO, decided=KORE)
    row = judge_pair(a_pair(**BOTH_CHANGED, waits=(wait,)), a_world(is_carried_soon=True))
    assert told(row) == (
        State.WAITING, "Title: It was refused.", "The next cycle writes it.", at(60)
    )  # fmt: skip
    (only,) = row.fields
    assert (only.kore, only.v2) == (ONE, TWO)


def test_a_lost_value_that_is_being_taken_back_waits_for_the_next_cycle() -> None:
    old = text("Broken boiler")
    wait = a_wait(
        WaitKind.RESTORE, field=Field.TITLE, kore=old, v2=old, value=TWO, decided=V2, since=at(9)
    )
    row = judge_pair(a_pair(waits=(wait,)), a_world(is_carried_soon=True))
    assert told(row) == (
        State.WAITING, "Title: It was refused.", "The next cycle writes it.", at(9)
    )  # fmt: skip


# --- since when ----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_first", [True, False])
def test_a_wait_tells_its_own_age_and_not_that_of_another_of_its_field(is_first: bool) -> None:
    conflict = a_wait(WaitKind.CONFLICT, field=Field.TITLE, since=at(60))
    other = a_wait(WaitKind.UNMAPPED, field=Field.TITLE, since=at(10))
    waits = (conflict, other) if is_first else (other, conflict)
    row = judge_pair(a_pair(**BOTH_CHANGED, waits=waits), a_world())
    assert (row.state, row.since) == (State.CONFLICT, at(60))


# --- a probe that is due covers up nothing -------------------------------------------------------


def test_what_waits_is_not_covered_up_by_a_probe_that_is_due() -> None:
    pair = a_pair(kore=HIDES, v2={"title": TWO})
    (only,) = troubles_of(pair, a_world(policy=TO_V2))
    assert (only.state, only.name) == (State.DRIFTED, Field.TITLE)


def test_a_task_that_hides_fields_says_which_and_since_when_a_probe_is_due() -> None:
    hides = {**HIDES, "due": ...}
    row = judge_pair(a_pair(kore=hides), a_world(is_carried_soon=True))
    assert told(row) == (
        State.WAITING,
        "It changed in Kore, whose list hides description, due.",
        "The next cycle asks for it by a probe and carries what changed.",
        at(5),
    )


def test_a_probe_that_is_due_is_drift_like_any_change_while_no_daemon_runs() -> None:
    change = judge_pair(a_pair(kore={"title": ONE}), a_world())
    row = judge_pair(a_pair(kore=HIDES), a_world())
    assert (row.state, row.next) == (State.DRIFTED, change.next)
    assert "no daemon runs" in row.next


# --- a pair of which one is not read yet ---------------------------------------------------------


@pytest.mark.parametrize("side", [KORE, V2])
def test_a_pair_is_compared_once_both_were_read(side: Any) -> None:
    pair = replace(a_pair(), kore=None) if side is KORE else replace(a_pair(), v2=None)
    row = judge_pair(pair, a_world())
    assert told(row) == (
        State.WAITING,
        "One of the two has not been read yet.",
        "It is compared as soon as its list shows it.",
        None,
    )


def test_a_record_that_cannot_be_read_is_told_alone() -> None:
    unread = a_wait(operation=OperationKind.READ, reason="No title.")
    pair = replace(a_pair(waits=(unread,)), v2=None)
    assert [one.reason for one in troubles_of(pair, a_world())] == ["No title."]


# --- whose it is ---------------------------------------------------------------------------------


def test_a_row_names_its_case_and_everybody_who_has_it() -> None:
    case = Case(id="ci-1", ref="CS000108")
    agent, user = person_value("a-1", "Ann"), person_value("u-1", "Ann")
    pair = a_pair(kore={"assignee": agent, "container": case}, v2={"assignee": user})
    row = judge_pair(pair, a_world())
    assert (row.case, row.people) == (case, (agent, user))


def test_a_queue_is_nobody_and_a_pair_without_its_kore_task_has_no_case() -> None:
    queue = a_pair(kore={"assignee": queue_value("Field"), "priority": priority_value("High")})
    assert judge_pair(queue, a_world()).people == ()
    assert judge_pair(replace(a_pair(), kore=None), a_world()).case is None


# --- what is not carried -------------------------------------------------------------------------


def left_apart(kore: Any, v2: Any) -> Any:
    """A pair whose titles a person left as they are."""
    pair = a_pair(kore={"title": kore}, v2={"title": v2})
    base = replace(pair.link.base(Field.TITLE), kore=kore, v2=v2, is_left=True)
    return replace(pair, link=pair.link.with_bases({Field.TITLE: base}))


def test_what_a_person_left_apart_is_not_in_step_although_nothing_is_to_be_done() -> None:
    pair = left_apart(ONE, TWO)
    row = row_of(pair)
    assert row.state is State.DRIFTED
    assert "A person left the two as they are" in row.reason
    assert row.next == "Nothing, until one of the two is changed."
    assert [one.name for one in row.fields] == [Field.TITLE]


def test_what_was_left_and_agrees_by_now_is_in_step() -> None:
    pair = left_apart(ONE, ONE)
    assert row_of(pair).state is State.IN_STEP


def test_a_change_to_a_paused_side_says_what_it_waits_for() -> None:
    pair = a_pair(kore={"title": ONE})
    assert row_of(pair, is_carried_soon=True).next == "The next cycle writes it to v2."
    paused = row_of(pair, is_carried_soon=True, paused=frozenset({V2}))
    assert paused.next == "Nothing: v2 is paused. To have it written: task-bridge resume v2."
    assert paused.state is State.WAITING
