"""Small questions that values answer about themselves, each way."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.flap import is_reversal
from bridge.domain.guard import GuardKind, nothing_stands
from bridge.domain.observe import Sight, observe
from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Outcome,
    WaitKind,
    WriteRequest,
)
from bridge.domain.side import Field, OperationId
from bridge.domain.task import Standing
from tests.domain.making import KORE, V2, a_known, a_task, at, text
from tests.domain.worlds import a_wait


@pytest.mark.parametrize(
    ("state", "outcome", "is_uncertain"),
    [
        (OperationState.SENT, Outcome.UNCERTAIN, True),
        (OperationState.SENT, None, False),
        (OperationState.SETTLED, Outcome.UNCERTAIN, False),
        (OperationState.COMMITTED, None, False),
    ],
)
def test_a_write_is_uncertain_while_it_is_open_and_nobody_waits_for_its_answer(
    state: OperationState, outcome: Outcome | None, is_uncertain: bool
) -> None:
    operation = Operation(side=V2, kind=OperationKind.UPDATE, reason="")
    one = Journalled(
        id=OperationId(1), operation=operation, state=state, outcome=outcome, run_id=1, token=1,
        request=WriteRequest(side=V2, call="update", body={}), committed_at=at(0),
    )  # fmt: skip
    assert one.is_uncertain is is_uncertain


def test_a_wait_for_a_create_is_about_the_task_across() -> None:
    assert a_wait(operation=OperationKind.CREATE, side=V2).task_side is KORE
    assert a_wait(operation=OperationKind.UPDATE, side=V2).task_side is V2
    assert a_wait(WaitKind.HELD, side=KORE).task_side is KORE


def test_a_task_is_read_once_it_shows_a_field() -> None:
    assert a_known(KORE).is_read
    hidden = {str(name): ... for name in Field}
    assert not a_known(KORE, **hidden).is_read


def test_where_nothing_stands_the_guard_says_nothing() -> None:
    guard = nothing_stands(GuardKind.EMPTY, V2)
    assert (guard.kind, guard.side, guard.reason) == (GuardKind.EMPTY, V2, "")
    assert not guard.holds


def test_a_task_that_is_seen_again_is_gone_no_more() -> None:
    gone = replace(a_known(KORE), gone_at=at(5), standing=Standing.LEFT)
    as_before = observe(gone, a_task(KORE), Sight(sent_at=at(9)))
    changed = a_task(KORE, title=text("New"), changed_at=at(8), digest="second")
    after = observe(gone, changed, Sight(sent_at=at(9)))
    for seen in (as_before, after):
        assert seen is not None
        assert (seen.gone_at, seen.standing) == (None, Standing.LEFT)
    assert after is not None
    assert after.task.title == "New"


def test_only_updates_of_the_field_tell_what_it_held() -> None:
    def an_update(**values: Any) -> Operation:
        shown = {Field(name): text(value) for name, value in values.items()}
        return Operation(side=V2, kind=OperationKind.UPDATE, reason="", values=shown)

    before = [an_update(title="A"), an_update(title="B"), an_update(description="A")]
    assert is_reversal(before, an_update(title="A"), Field.TITLE)
    assert not is_reversal(before[1:], an_update(title="A"), Field.TITLE)
