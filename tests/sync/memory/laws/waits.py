"""What waits says why, on what, and what people need to decide it; so does a task on its own."""

from collections.abc import Collection, Iterator, Mapping

from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.domain.values import UNSEEN
from bridge.ports import Unit
from bridge.sync.desk import NEXT_CYCLE
from tests.sync.memory.laws.words import is_clause, is_sentence

# What may wait for which reason, and whether it is a field's.
_KINDS: Mapping[WaitKind, Mapping[OperationKind, bool]] = {
    WaitKind.UNMAPPED: {OperationKind.UPDATE: True},
    WaitKind.FAILED: {
        OperationKind.UPDATE: True,
        OperationKind.CREATE: False,
        OperationKind.READ: False,
    },
    WaitKind.CONFLICT: {OperationKind.UPDATE: True},
    WaitKind.RESTORE: {OperationKind.UPDATE: True},
    WaitKind.HELD: {OperationKind.UPDATE: True, OperationKind.PROBE: False},
    WaitKind.CASE_CLOSED: {OperationKind.UPDATE: True, OperationKind.PROBE: False},
    WaitKind.DRIFT: {OperationKind.UPDATE: True},
}
_SILENT = frozenset({Standing.LINKED})
_TOLD = frozenset({*Standing} - {Standing.LINKED, Standing.NEW})


def unlawful(wait: Wait, said: Collection[str]) -> Iterator[str]:
    """What is not as promised in one wait, by itself; `said` are the words of the services."""
    what = f"wait {wait.kind} ({wait.operation})"
    is_of_field = _KINDS[wait.kind].get(wait.operation)
    if is_of_field is None:
        yield f"{what} is not in the table: {wait}"
    elif is_of_field != (wait.field is not None):
        yield f"{what}: its field is {wait.field}"
    if not is_sentence(wait.reason) and not any(one and one in wait.reason for one in said):
        yield f"{what}: its reason is {wait.reason!r}"
    if wait.attempts < 1:
        yield f"{what}: {wait.attempts} attempts"
    if wait.field is not None and wait.link_id is None:
        yield f"{what}: a field of no link"
    if (wait.link_id is None) == (wait.task_id is None):
        yield f"{what}: on link {wait.link_id} and task {wait.task_id}"
    if wait.candidates and (wait.kind, wait.operation) != (WaitKind.FAILED, OperationKind.CREATE):
        yield f"{what}: it has candidates"
    yield from _of_decision(what, wait)


def _of_decision(what: str, wait: Wait) -> Iterator[str]:
    """What was decided says over what; a lost value that is written back says which conflict."""
    is_restored = wait.decided is wait.side.other and wait.value is not UNSEEN
    if wait.kind is WaitKind.RESTORE and not is_restored:
        yield f"{what}: {wait.value} of {wait.decided} over {wait.side}"
    is_numbered = wait.waits_for.isdigit() or not wait.waits_for
    if wait.kind in (WaitKind.RESTORE, WaitKind.CONFLICT) and not is_numbered:
        yield f"{what}: its conflict is {wait.waits_for!r}"
    is_decidable = wait.kind in (WaitKind.CONFLICT, WaitKind.RESTORE) or (
        wait.operation is OperationKind.CREATE
    )
    if wait.decided is not None and not is_decidable:
        yield f"{what}: decided for {wait.decided}"


def misplaced(
    wait: Wait, unit: Unit, link_id: LinkId | None, task: tuple[Side, TaskId] | None
) -> Iterator[str]:
    """Whether it says itself where it is put: on a link or on a task."""
    if (wait.link_id, wait.task_id) != (link_id, task[1] if task else None):
        yield f"wait {wait.kind}: put on {link_id or task}, says {wait.link_id or wait.task_id}"
    if task is not None and wait.task_side is not task[0]:
        yield f"wait {wait.kind}: put on a task of {task[0]}, says {wait.task_side}"
    view = unit.link(link_id) if link_id is not None else None
    if link_id is not None and view is None:
        yield f"wait {wait.kind}: its link {link_id} is not there"
    if wait.kind is WaitKind.FAILED and wait.operation is OperationKind.UPDATE and view:
        shown = {Side.KORE: view.kore, Side.V2: view.v2}
        for side in SIDES:
            known = shown[side]
            now = known.task.shown(wait.field) if known and wait.field else UNSEEN
            if wait.shown(side) is UNSEEN and now is not UNSEEN:
                yield f"wait {wait.kind} of {wait.field}: what {side} shows is not told"


def unlawful_standing(known: Known) -> Iterator[str]:
    """A task that has no counterpart says why, and one that has one says nothing of it."""
    what = f"{known.task.side}'s {known.task.id}, {known.standing}"
    if known.standing in _SILENT and known.why:
        yield f"{what}: says {known.why!r}"
    if known.standing in _TOLD and not is_clause(known.why):
        yield f"{what}: does not say why"


def astray(unit: Unit) -> Iterator[str]:
    """What waits although what it waits on is not there, or is over."""
    for wait in unit.waits():
        if wait.since is None or not wait.id:
            yield f"wait {wait.kind}: since {wait.since}, number {wait.id}"
        view = unit.link(wait.link_id) if wait.link_id is not None else None
        if wait.link_id is not None and view is None:
            yield f"{wait.kind} waits on the link {wait.link_id}, which is not there"
        if wait.kind in (WaitKind.CONFLICT, WaitKind.RESTORE):
            yield from _of_its_conflict(wait, unit)
        if wait.waits_for == NEXT_CYCLE and wait.kind is not WaitKind.HELD:
            yield f"{wait.kind} waits for the next cycle"


def _of_its_conflict(wait: Wait, unit: Unit) -> Iterator[str]:
    if not wait.waits_for:
        return
    conflict = unit.conflict(int(wait.waits_for))
    if conflict is None:
        yield f"{wait.kind} waits for conflict {wait.waits_for}, which is not there"
    elif (conflict["link_id"], conflict["field"]) != (wait.link_id, wait.field):
        yield f"{wait.kind} waits for conflict {wait.waits_for} of another field"
    elif (conflict["settled_at"] is None) != (wait.kind is WaitKind.CONFLICT):
        yield f"{wait.kind} waits for conflict {wait.waits_for}, settled {conflict['settled_at']}"
