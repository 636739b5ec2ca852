"""Every write stands in the journal before it leaves, whole; and what came of it, with a reason."""

from collections.abc import Iterator

from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Outcome,
    WriteRequest,
)
from bridge.domain.side import OperationId
from bridge.ports import Store, Unit
from tests.sync.memory.laws.words import is_clause

_CALLS = {
    OperationKind.CREATE: ("create",),
    OperationKind.UPDATE: ("update", "complete"),
    OperationKind.PROBE: ("probe",),
}


def unlawful(
    operation: Operation, request: WriteRequest, parent: OperationId | None
) -> Iterator[str]:
    """What is not as promised when an operation is written down."""
    what = f"operation {operation.kind} to {operation.side}"
    if not is_clause(operation.reason):
        yield f"{what}: its reason is {operation.reason!r}"
    if request.side is not operation.side or request.call not in _CALLS.get(operation.kind, ()):
        yield f"{what}: its request is {request.call} to {request.side}"
    if request.call == "complete" and parent is None:
        yield f"{what}: it completes no update"
    yield from _of_its_tasks(what, operation, request)
    if operation.kind is OperationKind.CREATE and parent is not None:
        yield f"{what}: it is a step of {parent}"
    yield from _of_its_fields(what, operation, parent)


def _of_its_tasks(what: str, operation: Operation, request: WriteRequest) -> Iterator[str]:
    mine, other = operation.side, operation.side.other
    if operation.kind is OperationKind.CREATE:
        if operation.task_id(mine) is not None or operation.task_id(other) is None:
            yield f"{what}: of {operation.kore_id} and {operation.v2_id}"
        if request.task_id is not None:
            yield f"{what}: its request goes to {request.task_id}"
    elif request.task_id is None or operation.task_id(mine) not in (request.task_id, None):
        yield f"{what}: of {operation.task_id(mine)}, goes to {request.task_id}"
    if operation.link_id is None and operation.kind is not OperationKind.PROBE:
        yield f"{what}: of no link"


def _of_its_fields(what: str, operation: Operation, parent: OperationId | None) -> Iterator[str]:
    fields, values = {*operation.fields}, {*operation.values}
    if operation.kind is OperationKind.PROBE and (values or {*operation.after_read} != fields):
        yield f"{what}: writes {values}, shows {operation.after_read} of {fields}"
    if operation.kind is OperationKind.UPDATE:
        if not values and parent is None:
            yield f"{what}: it writes nothing"
        if values != fields - {*operation.after_read}:
            yield f"{what}: writes {values}, names {fields}"
        if None in (operation.kore_id, operation.v2_id):
            yield f"{what}: of {operation.kore_id} and {operation.v2_id}"
    if operation.kind is OperationKind.CREATE:
        told = {name for name, value in operation.values.items() if value is not None}
        if told != fields or operation.after_read:
            yield f"{what}: writes {told}, names {fields}"


def unlawful_end(
    outcome: Outcome, note: str, entry: Journalled | None, *, is_answered: bool
) -> Iterator[str]:
    """What is over says why, if it was not simply done; what was open says how that is known.

    `entry` is what was open until now. A probe that was answered may have shown nothing.
    """
    if outcome is Outcome.PLANNED:
        yield "journal: an operation that was written down is settled as planned"
    was_uncertain = entry is not None and entry.is_uncertain
    is_probe = entry is not None and entry.operation.kind is OperationKind.PROBE
    if outcome is Outcome.DONE and note and not (was_uncertain or is_probe):
        yield f"journal: done, and says {note!r}"
    says_nothing = outcome is Outcome.DONE and (is_answered or not was_uncertain)
    if not says_nothing and not is_clause(note):
        yield f"journal: {outcome}, because {note!r}"


def unlawful_rest(note: str) -> Iterator[str]:
    """What is left open says why."""
    if not is_clause(note):
        yield f"journal: left open, because {note!r}"


def before_it_leaves(store: Store, request: WriteRequest) -> Iterator[str]:
    """A write that leaves stands in the journal, whole, marked as sent."""
    with store.begin() as unit:
        waiting = [one for one in unit.open_operations() if one.request == request]
    on_its_way = [
        one
        for one in waiting
        if one.state is OperationState.SENT and one.outcome is None and one.sent_at is not None
    ]
    if len(on_its_way) != 1:
        yield f"journal: {request.call} to {request.side} leaves, and {len(on_its_way)} are sent"


def of_run(unit: Unit, run_id: int, token: int) -> Iterator[str]:
    """What a run that has ended leaves in the journal."""
    entries = {one.id: one for one in unit.operations_of(run_id)}
    for one in entries.values():
        yield from _ended(one)
        if one.token > token or not one.token:
            yield f"journal: {one.id} under token {one.token}, the run had {token}"
        parent = entries.get(one.parent_id) if one.parent_id is not None else None
        if parent is not None:
            yield from _step(one, parent)


def _ended(one: Journalled) -> Iterator[str]:
    what = f"journal: {one.operation.kind} {one.id}, {one.state}"
    if one.state is OperationState.COMMITTED:
        yield f"{what}: it was never sent"
    elif one.outcome is not Outcome.DROPPED and not _was_sent(one):
        yield f"{what}: committed {one.committed_at}, sent {one.sent_at}"
    if one.state is OperationState.SENT:
        if not one.is_uncertain or one.settles_at is None:
            yield f"{what}: its outcome is {one.outcome}, it settles at {one.settles_at}"
        elif one.sent_at is not None and one.settles_at <= one.sent_at:
            yield f"{what}: it settles before it was sent"
    if one.state is OperationState.SETTLED and (one.outcome is None or one.settled_at is None):
        yield f"{what}: {one.outcome} at {one.settled_at}"


def _was_sent(one: Journalled) -> bool:
    return one.sent_at is not None and one.committed_at <= one.sent_at


def _step(one: Journalled, parent: Journalled) -> Iterator[str]:
    """A step of another operation is about the same pair, and came after it."""
    what = f"journal: {one.id}, a step of {parent.id}"
    if one.operation.link_id != parent.operation.link_id or one.id <= parent.id:
        yield f"{what}: of another link, or before it"
    if parent.sent_at is None or one.committed_at < parent.sent_at:
        yield f"{what}: written down before that was sent"
    if one.operation.kind is not OperationKind.UPDATE:
        yield f"{what}: it is no update"


def open_ends(unit: Unit) -> Iterator[str]:
    """What is open although nobody waits for it."""
    for one in unit.open_operations():
        if one.operation.link_id is not None and unit.link(one.operation.link_id) is None:
            yield f"journal: {one.operation.kind} {one.id} is open, and its link is gone"
