"""What an earlier owner of the lease left open in the journal, settled before anything new begins.

| found | then |
| --- | --- |
| committed, never sent | void: planned anew |
| sent, a create | its outcome is open: parked, until its bearer shows or a person decides |
| sent, anything else | uncertain: the poll that comes first is the look, then it is planned anew |
"""

from datetime import datetime

from bridge.domain.link import LinkState
from bridge.domain.operation import Journalled, OperationKind, OperationState, Outcome
from bridge.ports import Unit
from bridge.sync.create import park_create
from bridge.sync.desk import Desk

_NEVER_SENT = "it was never sent"
_NO_ANSWER = "the process ended before its answer came"


def settle_leftovers(desk: Desk) -> None:
    """Settle every operation that is open; who holds the lease has none of its own yet."""
    if desk.is_dry:
        return
    now = desk.clock.now()
    with desk.store.begin() as unit:
        for left in unit.open_operations():
            if left.state is OperationState.SENT:
                _settle_sent(unit, left, now)
            else:
                _settle_unsent(unit, left, now)


def _settle_unsent(unit: Unit, left: Journalled, now: datetime) -> None:
    unit.settle(left.id, Outcome.DROPPED, _NEVER_SENT, now)
    if _is_create(left) and left.operation.link_id is not None:
        unit.drop_link(left.operation.link_id)
    _wake(unit, left)


def _settle_sent(unit: Unit, left: Journalled, now: datetime) -> None:
    unit.settle(left.id, Outcome.UNCERTAIN, _NO_ANSWER, now)
    link_id, side = left.operation.link_id, left.operation.side
    view = unit.link(link_id) if link_id is not None else None
    if not _is_create(left) or view is None or view.link.state is not LinkState.CREATING:
        _wake(unit, left)
        return
    origin = view.kore or view.v2
    if origin is not None:
        park_create(unit, side, view.link.id, origin, _NO_ANSWER, now)


def _is_create(left: Journalled) -> bool:
    return left.operation.kind is OperationKind.CREATE and left.parent_id is None


def _wake(unit: Unit, left: Journalled) -> None:
    """Whatever the operation was about is looked at again."""
    operation = left.operation
    for side in (operation.side, operation.side.other):
        task_id = operation.task_id(side)
        if task_id is not None:
            unit.mark_due(side, [task_id])
