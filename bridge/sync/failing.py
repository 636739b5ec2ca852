"""What people say about failures: retry means go on, discard means leave it so.

| what failed | retry | discard |
| --- | --- | --- |
| an update | tried again | the base takes both present values; later changes count again |
| a create | made again | the task is marked as left |
| a create whose outcome is open | sent again, same marker | left, with what it may have made |
| a match that several fit | created | the task is marked as left |
| a record that cannot be read | read in every cycle anyway | refused |

Discarding never creates. What is tried again stays in the list until it was answered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, Outcome, Wait, WaitKind
from bridge.domain.records import Happening
from bridge.domain.side import SIDES
from bridge.domain.task import Known, Standing
from bridge.domain.values import UNSEEN
from bridge.ports import LinkView, Unit
from bridge.sync.desk import Desk
from bridge.sync.record import known_of
from bridge.sync.unsure import forget_unsure, leave_results

RETRIED, DISCARDED = "retried", "discarded"
_AGAIN = "a person asked to send it again"
_LEFT = "a person discarded its create"
_MAY_BE_MADE = "a person discarded the create that may have made it"
_READ = (
    "A record that cannot be read is read again with every cycle, and leaves the list once it can "
    "be."
)
_MOVED = (
    "Nothing was discarded: {side} shows another value by now. Look at it again: "
    "task-bridge failures show {id}"
)

Result = tuple[InstructionOutcome, str]
Shown = Mapping[str, Any]


def retry(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Go on with every one of `details["failures"]`, each an `id`."""
    return _each(desk, unit, wanted, _retry, "tried again.")


def discard(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Leave every one of `details["failures"]` as it is: its `id`, and the values shown."""
    return _each(desk, unit, wanted, _discard, "discarded.")


def _each(
    desk: Desk,
    unit: Unit,
    wanted: Instruction,
    one: Callable[[Desk, Unit, Wait, Shown], Result],
    said: str,
) -> Result:
    asked: Sequence[Shown] = wanted.details["failures"]
    found = unit.waits_by_id([shown["id"] for shown in asked])
    waiting = {wait.id: wait for wait in found if wait.kind is WaitKind.FAILED}
    results = []
    for shown in asked:
        wait = waiting.get(shown["id"])
        gone = (InstructionOutcome.VOID, _gone(shown["id"]))
        results.append(gone if wait is None else one(desk, unit, wait, shown))
    if len(results) == 1:
        return results[0]
    undone = [note for outcome, note in results if outcome is not InstructionOutcome.DONE]
    count = len(results) - len(undone)
    told = f"1 failure is {said}" if count == 1 else f"{count} failures are {said}"
    return InstructionOutcome.DONE, " ".join([told, *dict.fromkeys(undone)])


def _gone(number: object) -> str:
    return f"There is no failure {number} any more."


# --- retry ---------------------------------------------------------------------------------------


def _retry(desk: Desk, unit: Unit, wait: Wait, _: Shown) -> Result:
    if wait.operation is OperationKind.READ:
        return InstructionOutcome.DONE, _READ
    view = _view(unit, wait)
    if view is None:
        return _create_again(desk, unit, wait)
    if view.link.state is LinkState.CREATING:
        return _send_again(desk, unit, wait, view)
    return _update_again(desk, unit, wait, view)


def _update_again(desk: Desk, unit: Unit, wait: Wait, view: LinkView) -> Result:
    """A failure of an unknown value holds nothing up, and stays in the list until the answer."""
    lifted = replace(wait, value=UNSEEN)
    _put(desk, unit, view, wait, [lifted])
    unit.set_due(view.link.id, True)
    _remember(desk, unit, wait, RETRIED)
    return InstructionOutcome.DONE, f"{_named(wait)}: the next cycle tries it again."


def _send_again(desk: Desk, unit: Unit, wait: Wait, view: LinkView) -> Result:
    """The open create is given up, so that its task is created from anew."""
    origin = _give_up_create(desk, unit, view, _AGAIN)
    if origin is not None:
        unit.save_known([origin.standing_as(Standing.FAILED, wait.reason)])
        unit.mark_due(origin.task.side, [origin.task.id])
        wanted = replace(wait, link_id=None, task_id=origin.task.id, decided=wait.side)
        _put_on_task(desk, unit, origin, wait, [wanted])
    _remember(desk, unit, wait, RETRIED, origin)
    return InstructionOutcome.DONE, f"The next cycle creates it in {wait.side.label} again."


def _create_again(desk: Desk, unit: Unit, wait: Wait) -> Result:
    """A person wants it created: what looks like its counterpart is another task."""
    known = _known(unit, wait)
    if known is None:
        return InstructionOutcome.VOID, _gone(wait.id)
    _put_on_task(desk, unit, known, wait, [replace(wait, decided=wait.side)])
    unit.mark_due(known.task.side, [known.task.id])
    _remember(desk, unit, wait, RETRIED)
    return InstructionOutcome.DONE, f"The next cycle creates it in {wait.side.label}."


# --- discard -------------------------------------------------------------------------------------


def _discard(desk: Desk, unit: Unit, wait: Wait, shown: Shown) -> Result:
    if wait.operation is OperationKind.READ:
        return InstructionOutcome.REFUSED, _READ
    view = _view(unit, wait)
    if view is None:
        return _leave_alone(desk, unit, wait)
    if view.link.state is LinkState.CREATING:
        return _leave_both(desk, unit, wait, view)
    return _agree_as_it_is(desk, unit, wait, view, shown)


def _leave_both(desk: Desk, unit: Unit, wait: Wait, view: LinkView) -> Result:
    """Neither the task nor what its create may have made is created from."""
    leave_results(desk, unit, view.link, _MAY_BE_MADE)
    origin = _give_up_create(desk, unit, view, _LEFT)
    linked = unit.links_of(wait.side, wait.candidates)
    for known in unit.known(wait.side, wait.candidates).values():
        if known.task.id not in linked:
            unit.save_known([known.standing_as(Standing.LEFT, _MAY_BE_MADE)])
            unit.clear_due_task(wait.side, known.task.id)
    return _leave(desk, unit, wait, origin)


def _leave_alone(desk: Desk, unit: Unit, wait: Wait) -> Result:
    known = _known(unit, wait)
    if known is None:
        return InstructionOutcome.VOID, _gone(wait.id)
    _put_on_task(desk, unit, known, wait, [])
    return _leave(desk, unit, wait, known)


def _leave(desk: Desk, unit: Unit, wait: Wait, origin: Known | None) -> Result:
    if origin is not None:
        unit.save_known([origin.standing_as(Standing.LEFT, _LEFT)])
        unit.clear_due_task(origin.task.side, origin.task.id)
    _remember(desk, unit, wait, DISCARDED, origin)
    return InstructionOutcome.DONE, "It is left as it is: nothing is created from it."


def _agree_as_it_is(desk: Desk, unit: Unit, wait: Wait, view: LinkView, shown: Shown) -> Result:
    """The base takes both present values, which are those that the person was shown."""
    if wait.field is None:
        return InstructionOutcome.REFUSED, "It is not of a single field; retry it instead."
    base = view.link.base(wait.field)
    for side in SIDES:
        known = known_of(view, side)
        now = known.task.shown(wait.field) if known else UNSEEN
        if now != shown.get(str(side), UNSEEN):
            return InstructionOutcome.VOID, _MOVED.format(side=side.label, id=wait.id)
        base = base.moved(side, now)
    table = desk.agreement.of(wait.field, view.link.stand_in).table
    agreed = replace(base, absorbed=None, carry=None, is_left=True, table=table)
    link = view.link.with_bases({wait.field: agreed})
    unit.save_link(replace(link, changed_at=desk.clock.now()))
    _put(desk, unit, view, wait, [])
    unit.set_due(view.link.id, True)
    _remember(desk, unit, wait, DISCARDED)
    return InstructionOutcome.DONE, f"{_named(wait)}: left as it is; later changes count again."


# --- both ----------------------------------------------------------------------------------------


def _give_up_create(desk: Desk, unit: Unit, view: LinkView, why: str) -> Known | None:
    """A create whose outcome is open is waited for no longer; gives the task it was made from."""
    now = desk.clock.now()
    for one in unit.open_operations():
        if one.operation.link_id == view.link.id:
            unit.settle(one.id, Outcome.DROPPED, why, now)
    unit.drop_link(view.link.id)
    forget_unsure(desk, unit, view.link)
    return view.kore or view.v2


def _view(unit: Unit, wait: Wait) -> LinkView | None:
    """The link that it waits on, if it is no task by itself."""
    return None if wait.link_id is None else unit.link(wait.link_id)


def _known(unit: Unit, wait: Wait) -> Known | None:
    if wait.task_id is None:
        return None
    return unit.known(wait.task_side, [wait.task_id]).get(wait.task_id)


def _put(desk: Desk, unit: Unit, view: LinkView, wait: Wait, instead: list[Wait]) -> None:
    """What waits on the link: the failure replaced; with none left, what was decided goes too."""
    others = [
        one for one in view.waits if one.id != wait.id and (instead or one.field is not wait.field)
    ]
    unit.replace_waits([*others, *instead], link_id=view.link.id, at=desk.clock.now())


def _put_on_task(desk: Desk, unit: Unit, known: Known, wait: Wait, instead: list[Wait]) -> None:
    task = (known.task.side, known.task.id)
    others = [one for one in unit.waits_on_task(*task) if one.id != wait.id]
    unit.replace_waits([*others, *instead], task=task, at=desk.clock.now())


def _named(wait: Wait) -> str:
    return str(wait.field or wait.operation).capitalize()


def _remember(desk: Desk, unit: Unit, wait: Wait, what: str, origin: Known | None = None) -> None:
    """What a person said, told of the link; of the task itself where it has none, or no more."""
    happening = Happening(
        what=what,
        why=f"a person said so of: {wait.reason}",
        link_id=wait.link_id,
        side=wait.task_side,
        task_id=wait.task_id,
        field=wait.field,
    )
    if origin is not None:
        happening = replace(happening, link_id=None, task_id=origin.task.id)
    unit.remember([happening], desk.run_id, desk.clock.now())
    desk.tell(what, failure=wait.id, link=wait.link_id, side=wait.side, field=wait.field)
