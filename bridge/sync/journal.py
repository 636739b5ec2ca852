"""Sending one write under the journal: committed, marked sent, sent, settled.

The request is committed whole before it is sent and marked as sent before it leaves: the mark is
on the disk by then, and the request, committed before it, with it. What settles it is the
caller's, in one transaction with everything that follows from the answer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.exchange import Answer, Order, Purpose
from bridge.domain.operation import Operation, Outcome, WriteRequest
from bridge.domain.side import OperationId, Side
from bridge.errors import (
    KeyRefused,
    NotFound,
    NotYet,
    Refused,
    ServiceError,
    TaskFault,
    TaskRefused,
)
from bridge.ports import Unit
from bridge.sync.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A write that was answered, or the error that came instead."""

    id: OperationId
    sent_at: datetime
    answer: Answer | None = None
    error: ServiceError | None = None

    @property
    def outcome(self) -> Outcome:
        """What the journal says of it."""
        if self.error is None:
            return Outcome.DONE
        if self.error.is_outcome_unknown:
            return Outcome.UNCERTAIN
        return Outcome.DROPPED if isinstance(self.error, NotYet) else Outcome.FAILED


def commit(
    desk: Desk, operation: Operation, request: WriteRequest, parent: OperationId | None = None
) -> OperationId:
    """Write an operation down before it is sent."""
    with desk.store.begin(is_fleeting=True) as unit:
        return unit.commit_operation(
            operation,
            request,
            run_id=desk.run_id,
            token=desk.token,
            at=desk.clock.now(),
            parent_id=parent,
        )


def send(desk: Desk, operation_id: OperationId, request: WriteRequest) -> Sent:
    """Mark the operation as sent and send it, once."""
    sent = _sent(desk, operation_id, request)
    if sent.error is None:
        return sent
    return replace(sent, error=judged(desk, request.side, sent.error))


def _sent(desk: Desk, operation_id: OperationId, request: WriteRequest) -> Sent:
    slots = desk.slots[request.side]
    slots.take()
    try:
        with desk.store.begin() as unit:
            sent_at = desk.clock.now()
            unit.mark_sent(operation_id, token=desk.token, at=sent_at)
        answer = desk.services[request.side].send(request)
    except ServiceError as error:
        return Sent(id=operation_id, sent_at=sent_at, error=error)
    finally:
        slots.leave()
    return Sent(id=operation_id, sent_at=sent_at, answer=answer)


def settle(desk: Desk, sent: Sent, note: str = "") -> None:
    """Settle an operation from whose answer nothing else follows."""
    text = note or (str(sent.error) if sent.error else "")
    with desk.store.begin() as unit:
        unit.settle(sent.id, sent.outcome, text, desk.clock.now())


def settle_update(desk: Desk, sent: Sent, side: Side) -> None:
    """Settle an update, or leave it open where its answer never came."""
    if sent.outcome is not Outcome.UNCERTAIN:
        settle(desk, sent)
        return
    with desk.store.begin() as unit:
        leave_open(desk, unit, sent, side, str(sent.error))


def leave_open(
    desk: Desk, unit: Unit, sent: Sent, side: Side, note: str, *, is_success: bool = False
) -> None:
    """What became of it is not known: it is looked into once the side has been polled again."""
    until = rests_until(desk, side, sent.sent_at)
    unit.leave_open(sent.id, note, settles_at=until, is_success=is_success)


def rests_until(desk: Desk, side: Side, sent_at: datetime) -> datetime:
    """By when whatever a write did shows: its limit, or a take-over now, and the settle time."""
    limit = timedelta(seconds=desk.rules.timeout_seconds.get(side, 0.0))
    rest = timedelta(seconds=desk.rules.settle_seconds)
    return max(sent_at + limit, desk.clock.now()) + rest


def is_of_one_task(error: ServiceError) -> bool:
    """Whether the error says something of this one request only, not of the whole side."""
    return is_refusal(error) or isinstance(error, TaskFault)


def is_refusal(error: ServiceError) -> bool:
    """Whether this one request was refused: nothing was written."""
    return isinstance(error, Refused | NotFound | TaskRefused)


def give_up_unless_of_one_task(desk: Desk, side: Side, error: ServiceError) -> None:
    """A look after a write failed: the side is left alone, unless it was about that task only."""
    found = judged(desk, side, error)
    if not is_of_one_task(found):
        desk.give_up(side, found)


def judged(desk: Desk, side: Side, error: ServiceError) -> ServiceError:
    """A 401, 403, 404 or a fault is followed by one list call: answered, it is that task's.

    A list call that fails as well says nothing of what became of a write before it.
    """
    if not isinstance(error, KeyRefused | NotFound) and not error.is_outcome_unknown:
        return error
    try:
        desk.services[side].page(Order.NEWEST_FIRST, 0, purpose=Purpose.ASK, limit=1)
    except ServiceError as worse:
        worse.is_outcome_unknown |= error.is_outcome_unknown
        return worse
    if isinstance(error, NotFound):
        return error
    if error.is_outcome_unknown:
        return TaskFault(str(side), str(error), is_outcome_unknown=True)
    return TaskRefused(str(side), str(error))
