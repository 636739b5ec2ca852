"""What an earlier owner of the lease left open in the journal, sorted before anything new begins.

| found | then |
| --- | --- |
| committed, never sent | void: planned anew |
| sent, a probe or a tag | nothing is lost: the task is looked at again |
| sent, anything else | its outcome is open: looked into once its side has been polled |
"""

from datetime import datetime

from bridge.domain.operation import (
    Journalled,
    OperationKind,
    OperationState,
    Outcome,
)
from bridge.domain.side import SIDES
from bridge.domain.task import Standing
from bridge.ports import Unit
from bridge.sync.desk import NEXT_CYCLE, Desk
from bridge.sync.journal import rests_until

UNCERTAIN_WHY = "whether its counterpart was created is not known yet"
_NEVER_SENT = "it was never sent"
_NO_ANSWER = "the process ended before its answer came"


def settle_leftovers(desk: Desk, unit: Unit) -> None:
    """Sort every operation that is open; who holds the lease has none of its own in flight."""
    if desk.is_dry:
        return
    now = desk.clock.now()
    for left in unit.open_operations():
        if left.state is OperationState.COMMITTED:
            _void(unit, left, now)
        elif not left.is_uncertain:
            _leave_open(desk, unit, left, now)
        elif not is_create(left):
            wake(unit, left)  # whatever came after it, it stays open until it was looked at


def is_create(left: Journalled) -> bool:
    """Whether it is a create itself; the steps that complete one are updates."""
    return left.operation.kind is OperationKind.CREATE


def wake(unit: Unit, left: Journalled) -> None:
    """Whatever the operation was about is looked at again."""
    operation = left.operation
    for side in SIDES:
        task_id = operation.task_id(side)
        if task_id is not None:
            unit.mark_due(side, [task_id])


def _void(unit: Unit, left: Journalled, now: datetime) -> None:
    unit.settle(left.id, Outcome.DROPPED, _NEVER_SENT, now)
    if is_create(left) and left.operation.link_id is not None:
        unit.drop_link(left.operation.link_id)
    wake(unit, left)


def _leave_open(desk: Desk, unit: Unit, left: Journalled, now: datetime) -> None:
    if not (is_create(left) or left.operation.values):
        # A probe; or a tag of a create's origin, and the create stays open until that is there.
        unit.settle(left.id, Outcome.UNCERTAIN, _NO_ANSWER, now)
        wake(unit, left)
        return
    until = rests_until(desk, left.operation.side, left.sent_at or now)
    unit.leave_open(left.id, _NO_ANSWER, settles_at=until)
    if is_create(left):
        _note_origin(unit, left)
    else:
        wake(unit, left)


def _note_origin(unit: Unit, left: Journalled) -> None:
    """The task that it was made from has no counterpart of which anybody knows."""
    side = left.operation.side.other
    task_id = left.operation.task_id(side)
    for known in unit.known(side, [str(task_id)]).values():
        unit.save_known([known.standing_as(Standing.UNCERTAIN, UNCERTAIN_WHY)])


def open_creates(unit: Unit) -> list[Journalled]:
    """The creates whose outcome is open, oldest first."""
    return [one for one in unit.open_operations() if is_create(one)]


def wake_put_off(unit: Unit) -> None:
    """What the last cycle left open is looked at again."""
    for wait in unit.waits_until(NEXT_CYCLE):
        if wait.link_id is not None:
            unit.set_due(wait.link_id, True)
        elif wait.task_id is not None:
            unit.mark_due(wait.side, [wait.task_id])
