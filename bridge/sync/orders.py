"""What people may tell the bridge, checked against what is there: an instruction to be given.

Takes a transaction; writes nothing. Raises UsageError where what is named is not there. What the
people were shown goes into the details, so that an instruction about something else is void.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bridge.domain.guard import ITEMS, Guard
from bridge.domain.instruction import InstructionKind, Order
from bridge.domain.link import Link
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Known
from bridge.domain.values import UNSEEN
from bridge.errors import UsageError
from bridge.ports import Unit

Conflict = Mapping[str, Any]


def to_pause(side: Side | None) -> Order:
    """Write nothing to the side, or to both."""
    return Order(InstructionKind.PAUSE, {"side": side})


def to_resume(side: Side | None) -> Order:
    """Write to the side, or to both, again."""
    return Order(InstructionKind.RESUME, {"side": side})


def to_resolve(unit: Unit | None, number: int, take: Side) -> Order:
    """Take that side's value in a conflict, over the two that are listed."""
    conflict = find_conflict(unit, number)
    shown = {str(side): conflict[str(side)] for side in SIDES if str(side) in conflict}
    return Order(InstructionKind.RESOLVE, {"conflict": number, "take": str(take), **shown})


def to_retry(waits: Sequence[Wait]) -> Order:
    """Go on with these failures."""
    return Order(InstructionKind.RETRY, {"failures": [{"id": one.id} for one in waits]})


def to_discard(waits: Sequence[Wait]) -> Order:
    """Leave what these failures are about as it is listed."""
    return Order(InstructionKind.DISCARD, {"failures": [_shown(one) for one in waits]})


def to_confirm(standing: Sequence[Guard]) -> Order:
    """Go on although these guards stand, for exactly what they are about."""
    details = [
        {"kind": str(one.kind), "side": one.side, ITEMS: list(one.items)} for one in standing
    ]
    return Order(InstructionKind.CONFIRM, {"guards": details})


def to_add_link(pair: Mapping[Side, Known]) -> Order:
    """Link these two, which `pair_to_link` found."""
    first, second = (pair[side].task.id for side in SIDES)
    return Order(InstructionKind.ADD_LINK, {"first": first, "second": second})


def to_remove_link(link: Link, *, is_forgotten: bool) -> Order:
    """Take the link apart while it has these two tasks; and their texts out of the database."""
    ids = {f"{side}_id": link.task_id(side) for side in SIDES}
    details = {"link_id": link.id, **ids, "forget": is_forgotten}
    return Order(InstructionKind.REMOVE_LINK, details)


def find_conflict(unit: Unit | None, number: int) -> Conflict:
    """The conflict of that number; there is none without a database."""
    found = unit.conflict(number) if unit else None
    if found is None:
        raise UsageError(
            f"There is no conflict {number}; task-bridge conflicts list shows those that wait, "
            "with --settled those that are decided."
        )
    return found


def find_failures(unit: Unit | None, numbers: Collection[int]) -> list[Wait]:
    """The failures of these numbers, each once; there are none without a database."""
    waits = unit.waits_by_id(numbers) if unit else ()
    found = {wait.id: wait for wait in waits if wait.kind is WaitKind.FAILED}
    missing = [str(number) for number in numbers if number not in found]
    if missing:
        raise UsageError(
            f"There is no failure {', '.join(missing)}; task-bridge failures list shows them."
        )
    return [found[number] for number in dict.fromkeys(numbers)]


def _shown(wait: Wait) -> dict[str, Any]:
    """A failure with the values that are listed; what is not seen is left out."""
    values = {str(side): wait.shown(side) for side in SIDES if wait.shown(side) is not UNSEEN}
    return {"id": wait.id, **values}
