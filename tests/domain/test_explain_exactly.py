"""What `explain` says of a task is of that task alone: its own times, waits and conflicts."""

from typing import Any

import pytest

from bridge.domain.life import ConflictTold
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, OperationState, WaitKind
from bridge.domain.policy import ConflictRule, MergePolicy
from bridge.domain.reconciled import State
from bridge.domain.side import Field, TaskId
from bridge.domain.task import Standing
from bridge.domain.values import UNSEEN, due_value
from tests.domain.lives import an_operation, told
from tests.domain.making import KORE, V2, a_link, at, text
from tests.domain.worlds import a_lone, a_pair, a_wait, a_world

# --- where it stands -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "sentence"),
    [
        ({"v2_id": None, "origin": KORE}, "Its counterpart in v2 is being created."),
        ({"kore_id": None, "origin": V2}, "Its counterpart in Kore is being created."),
    ],
)
def test_an_open_create_is_told_on_the_side_that_it_goes_to(
    ids: dict[str, Any], sentence: str
) -> None:
    assert told(a_pair(link=a_link(state=LinkState.CREATING, **ids))).standing == sentence


@pytest.mark.parametrize("state", [LinkState.LINKED, LinkState.MISSING, LinkState.CREATING])
def test_a_link_stands_since_it_was_made(state: LinkState) -> None:
    link = a_link(state=state, created_at=at(5), changed_at=at(9))
    assert told(a_pair(link=link)).standing_since == at(5)


def test_a_removed_link_stands_so_since_it_was_removed() -> None:
    removed = a_link(state=LinkState.REMOVED, created_at=at(5), changed_at=at(9))
    assert told(a_lone(standing=Standing.LEFT), removed=removed).standing_since == at(9)
    assert told(a_lone()).standing_since is None


@pytest.mark.parametrize("is_due", [True, False])
def test_an_open_write_is_looked_at_before_anything_else(is_due: bool) -> None:
    done = an_operation()
    sent = an_operation(state=OperationState.SENT, outcome=None)
    found = told(a_pair(), operations=(done, sent), is_due=is_due)
    assert found.due == (
        "A write of it is open: each cycle looks what became of it before anything else."
    )
    assert found.is_due is is_due
    committed = an_operation(state=OperationState.COMMITTED, outcome=None)
    for other in (done, committed):
        assert told(a_pair(), operations=(other,)).due.startswith("Not due")


def test_only_a_life_that_began_before_what_is_kept_says_so() -> None:
    pair = a_pair(link=a_link(created_at=at(10)))
    too_old = "What was done before 12:00:11 is no longer kept (history.keep_days)."
    assert told(pair, kept_since=at(11)).kept == too_old
    assert told(pair, kept_since=at(10)).kept == ""
    assert told(pair).kept == ""
    assert told(a_pair(), kept_since=at(10)).kept == ""
    assert told(a_lone(), kept_since=at(10)).kept == ""


# --- what waits ----------------------------------------------------------------------------------

PUMP = text("Broken pump")
HOUSE = text("Cold house")
DAY = due_value(at(99))


def test_each_field_that_waits_is_told_with_its_own_failure() -> None:
    title = a_wait(id=5, field=Field.TITLE, value=PUMP, reason="No title.", attempts=2)
    due = a_wait(id=6, field=Field.DUE, value=DAY, reason="No date.", since=at(70))
    changed = {"title": PUMP, "description": HOUSE, "due": DAY}
    waits = told(a_pair(kore=changed, waits=(due, title))).waits
    assert {one.name: (one.id, one.attempts) for one in waits} == {
        Field.TITLE: (5, 2),
        Field.DESCRIPTION: (None, 0),
        Field.DUE: (6, 1),
    }
    by_name = {one.name: one for one in waits}
    assert (by_name[Field.DESCRIPTION].side, by_name[Field.DESCRIPTION].value) == (None, UNSEEN)
    assert by_name[Field.DESCRIPTION].advice.commands == ()
    assert by_name[Field.DUE].since == at(70)


def test_what_is_parked_as_a_whole_is_told_with_its_own_number_and_no_values() -> None:
    title = a_wait(id=5, field=Field.TITLE, reason="No title.")
    unread = a_wait(id=6, operation=OperationKind.READ, side=KORE, reason="Odd.", since=at(70))
    (only,) = told(a_pair(waits=(title, unread))).waits
    assert (only.id, only.name, only.reason, only.since) == (6, None, "Odd.", at(70))
    assert (only.kore, only.v2, only.value) == (UNSEEN, UNSEEN, UNSEEN)
    assert only.advice.do == "Mend the record in Kore."


def test_of_two_records_that_cannot_be_read_each_is_told_with_its_own_number() -> None:
    read = OperationKind.READ
    kore = a_wait(id=6, operation=read, side=KORE, reason="Odd.")
    v2 = a_wait(id=7, operation=read, reason="Odder.")
    found = told(a_pair(waits=(kore, v2))).waits
    assert [(one.id, one.side, one.reason) for one in found] == [
        (6, KORE, "Odd."),
        (7, V2, "Odder."),
    ]


def test_what_waits_on_a_task_alone_tells_since_when() -> None:
    wait = a_wait(
        id=9, operation=OperationKind.CREATE, task_id=TaskId("ti-1"), since=at(70), value=PUMP
    )
    (only,) = told(a_lone(standing=Standing.FAILED, waits=(wait,))).waits
    assert (only.state, only.since, only.attempts) == (State.FAILED, at(70), 1)
    assert (only.kore, only.v2, only.value) == (UNSEEN, UNSEEN, UNSEEN)


def test_a_conflict_that_waits_is_told_with_both_values_and_both_ways_out() -> None:
    wait = a_wait(
        WaitKind.CONFLICT, id=3, waits_for="8", field=Field.TITLE, kore=PUMP, v2=HOUSE,
        reason="Both sides changed it.",
    )  # fmt: skip
    pair = a_pair(kore={"title": PUMP}, v2={"title": HOUSE}, waits=(wait,))
    policy = MergePolicy(conflict=ConflictRule.MANUAL)
    world = a_world(policy=policy, is_whole={KORE: False, V2: False})
    (only,) = told(pair, world=world).waits
    assert (only.state, only.kore, only.v2) == (State.CONFLICT, PUMP, HOUSE)
    assert only.advice.commands == (
        "task-bridge conflicts resolve 8 --take kore",
        "task-bridge conflicts resolve 8 --take v2",
    )


# --- conflicts that are over ---------------------------------------------------------------------


def a_conflict(**given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": 2, "field": Field.TITLE, "kore": PUMP, "v2": HOUSE, "rule": "newest",
        "winner": V2, "since": at(1), "settled_at": at(2),
    }  # fmt: skip
    return {**usual, **given}


def test_every_conflict_that_is_over_is_told_whole_whatever_is_open_before_it() -> None:
    open_still = a_conflict(id=1, winner=None, settled_at=None)
    found = told(a_pair(), conflicts=(open_still, a_conflict(), a_conflict(id=3))).conflicts
    assert [one.id for one in found] == [2, 3]
    assert found[0] == ConflictTold(
        id=2, name=Field.TITLE, kore=PUMP, v2=HOUSE, rule="newest", winner=V2,
        since=at(1), settled_at=at(2),
        text="Both sides changed title: v2's “Cold house” won (newest), Kore's “Broken pump” was "
        "written over.",
    )  # fmt: skip


@pytest.mark.parametrize("side", [KORE, V2])
def test_a_value_of_a_conflict_that_was_not_seen_is_not_told_as_empty(side: Any) -> None:
    row = a_conflict()
    del row[side.value]
    (only,) = told(a_pair(), conflicts=(row,)).conflicts
    assert {KORE: only.kore, V2: only.v2}[side] is UNSEEN
    assert "what was not seen" in only.text
