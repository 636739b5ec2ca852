"""The probe: an update of nothing, to see a Kore task whole.

An empty body is tried first, then one with only the id; if both are refused the hidden fields
of the account are on hold. The first probe of an account is made alone, and what it moved is
remembered. No field that people edit is ever sent.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.held import PROBE_FAILED, PROBE_REFUSED, picture_of
from bridge.domain.observe import observe_own
from bridge.domain.operation import Operation, OperationKind, Outcome, Wait, WaitKind
from bridge.domain.reading import ProbeForm
from bridge.domain.records import Happening
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Known, Standing, Task
from bridge.errors import NotFound, Refused, ServiceError, TaskFault
from bridge.ports import Unit
from bridge.sync.desk import NEXT_CYCLE, Desk
from bridge.sync.journal import (
    Sent,
    commit,
    is_of_one_task,
    is_refusal,
    judged,
    send,
    settle,
)


def apply_probe(desk: Desk, operation: Operation) -> None:
    """Send one probe and keep what it shows, or note why it could not be seen."""
    task_id = operation.kore_id
    if task_id is None or not desk.may_write(Side.KORE):
        desk.tally.report(operation, Outcome.DROPPED, "Kore is not written to in this cycle")
        return
    if desk.probe_form is ProbeForm.UNTRIED:
        desk.slots[Side.KORE].leave()  # whoever makes the first one may need it twice
    with desk.first_probe:
        form = desk.probe_form
        if form is ProbeForm.UNTRIED:
            _try_forms(desk, operation, task_id)
            return
    if form is ProbeForm.REFUSED:
        desk.tally.report(operation, Outcome.DROPPED, "the account refuses probes")
        return
    _finish(desk, operation, task_id, _send(desk, operation, task_id, form))


def _try_forms(desk: Desk, operation: Operation, task_id: TaskId) -> None:
    """The first probe of an account: each form in turn, until one is taken."""
    form = ProbeForm.EMPTY
    sent = _send(desk, operation, task_id, form)
    if isinstance(sent.error, Refused):
        is_closed = _is_its_case_closed(desk, task_id)
        if is_closed is None:
            settle(desk, sent)
            desk.tally.report(operation, sent.outcome, str(sent.error))
            _put_off(desk, operation, task_id, sent.error)
            return
        if not is_closed:
            settle(desk, sent)
            form = ProbeForm.ID_ONLY
            sent = _send(desk, operation, task_id, form)
            if isinstance(sent.error, Refused) and _is_listed(desk, task_id):
                form = ProbeForm.REFUSED
    if sent.error is None or form is ProbeForm.REFUSED:
        _remember_form(desk, form, task_id, sent)
    _finish(desk, operation, task_id, sent)


def _is_listed(desk: Desk, task_id: TaskId) -> bool:
    """Whether Kore still lists the task: one that is gone says nothing of the account."""
    with desk.store.begin() as unit:
        known = unit.known(Side.KORE, [task_id]).get(task_id)
    if known is None or not known.task.title:
        return False
    try:
        rows = desk.services[Side.KORE].search(known.task.title)
    except ServiceError:
        return False
    return any(row.id == task_id for row in rows)


def _send(desk: Desk, operation: Operation, task_id: TaskId, form: ProbeForm) -> Sent:
    request = desk.services[Side.KORE].draft_probe(task_id, form)
    return send(desk, commit(desk, operation, request), request)


def _remember_form(desk: Desk, form: ProbeForm, task_id: TaskId, sent: Sent) -> None:
    task = sent.answer.task if sent.answer else None
    with desk.store.begin() as unit:
        known = unit.known(Side.KORE, [task_id]).get(task_id)
        moves = None
        if task is not None and known is not None:
            moves = task.changed_at != known.task.changed_at
        state = unit.side_state(Side.KORE)
        unit.save_side_state(replace(state, probe_form=form, probe_moves=moves))
    desk.probe_form = form
    desk.tell("probe_tried", form=form, moves=moves)


def _finish(desk: Desk, operation: Operation, task_id: TaskId, sent: Sent) -> None:
    if sent.error is not None:
        _failed(desk, operation, task_id, sent, sent.error)
        return
    task = sent.answer.task if sent.answer else None
    if task is None or sent.answer is None:
        settle(desk, sent, "the answer did not show the task")
        _hold(desk, operation, task_id, "Kore's answer to a probe does not show the task.")
    else:
        _keep(desk, operation, task, sent, sent.answer.answered_at)
    desk.tally.report(operation, Outcome.DONE)


def _keep(desk: Desk, operation: Operation, task: Task, sent: Sent, answered_at: datetime) -> None:
    with desk.store.begin() as unit:
        known = unit.known(Side.KORE, [task.id]).get(task.id)
        after = observe_own(known, task, answered_at)
        desk.learn(unit, task.words)
        unit.save_known([after])
        unit.settle(sent.id, Outcome.DONE, "", desk.clock.now())
        unit.mark_due(Side.KORE, [task.id])
        _remember(desk, unit, operation, "seen whole", operation.reason)


def _failed(
    desk: Desk, operation: Operation, task_id: TaskId, sent: Sent, error: ServiceError
) -> None:
    settle(desk, sent)
    desk.tally.report(operation, sent.outcome, str(error))
    if not is_of_one_task(error):
        desk.give_up(Side.KORE, error)
        return
    if desk.probe_form is ProbeForm.REFUSED:
        return
    if isinstance(error, NotFound) and operation.link_id is None:
        _leave_out(desk, operation, task_id, str(error))
        return
    is_closed = None if isinstance(error, TaskFault) else _is_its_case_closed(desk, task_id)
    if is_closed is None:
        _put_off(desk, operation, task_id, error)
        return
    kind = WaitKind.CASE_CLOSED if is_closed else WaitKind.HELD
    _hold(desk, operation, task_id, f"{PROBE_REFUSED}: {error}", kind=kind)


def _put_off(desk: Desk, operation: Operation, task_id: TaskId, error: ServiceError) -> None:
    """It was a fault, or a refusal while nobody can tell whether the case is closed."""
    _hold(desk, operation, task_id, f"{PROBE_FAILED}: {error}", waits_for=NEXT_CYCLE)


def _leave_out(desk: Desk, operation: Operation, task_id: TaskId, why: str) -> None:
    """It is not there any more, so that nothing has to be told from it until it is seen again."""
    now = desk.clock.now()
    with desk.store.begin() as unit:
        unit.set_gone(Side.KORE, [task_id], now)
        unit.replace_waits([], task=(Side.KORE, task_id), at=now)
        _remember(desk, unit, operation, "gone", why)


def _hold(
    desk: Desk,
    operation: Operation,
    task_id: TaskId,
    reason: str,
    *,
    kind: WaitKind = WaitKind.HELD,
    waits_for: str = "",
) -> None:
    """What this one task hides is on hold until it changes; what needs no probe goes on.

    With `waits_for` NEXT_CYCLE only until then. Of a task without counterpart a refusal is noted
    for this run, in which it is decided with that.
    """
    with desk.store.begin() as unit:
        known = unit.known(Side.KORE, [task_id]).get(task_id)
        view = unit.link(operation.link_id) if operation.link_id is not None else None
        if known is None:
            return
        wait = Wait(
            kind=kind,
            operation=OperationKind.PROBE,
            reason=reason,
            side=Side.KORE,
            value=picture_of(known),
            waits_for=waits_for,
        )
        if view is not None:
            mine = replace(wait, link_id=view.link.id)
            unit.replace_waits(
                [*_without_probes(view.waits), mine], link_id=view.link.id, at=desk.clock.now()
            )
            return
        with desk.lock:
            desk.refused[task_id, known.task.changed_at] = reason
        if waits_for:
            unit.save_known([known.standing_as(Standing.HELD, reason)])
            unit.clear_due_task(Side.KORE, task_id)
            left = [replace(wait, task_id=task_id)]
        else:
            left = _without_probes(unit.waits_on_task(Side.KORE, task_id))
        unit.replace_waits(left, task=(Side.KORE, task_id), at=desk.clock.now())


def _without_probes(waits: Sequence[Wait]) -> list[Wait]:
    return [one for one in waits if one.operation is not OperationKind.PROBE]


def _remember(desk: Desk, unit: Unit, operation: Operation, what: str, why: str) -> None:
    happening = Happening(
        what=what,
        why=why,
        link_id=operation.link_id,
        side=Side.KORE,
        task_id=operation.kore_id,
    )
    unit.remember([happening], desk.run_id, desk.clock.now())


def _is_its_case_closed(desk: Desk, task_id: TaskId) -> bool | None:
    with desk.store.begin() as unit:
        known: Known | None = unit.known(Side.KORE, [task_id]).get(task_id)
    return False if known is None else is_case_closed(desk, known.task)


def may_be_closed(desk: Desk, task: Task) -> bool:
    """Whether the task's case is closed in Kore, or a fault hides whether it is."""
    return is_case_closed(desk, task) is not False


def is_case_closed(desk: Desk, task: Task) -> bool | None:
    """Whether the task's case is closed in Kore, asked anew; None where a fault hides it.

    Where Kore lets us look up no cases at all, none is taken for closed.
    """
    if task.container is None:
        return False
    try:
        case = desk.services[Side.KORE].find_case(task.container.id, is_fresh=True)
    except ServiceError as error:
        return False if is_refusal(judged(desk, Side.KORE, error)) else None
    return case is not None and case.is_closed is True
