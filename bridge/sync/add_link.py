"""Linking two known tasks because a person says that they are one.

Each may be left, ambiguous, a duplicate, parked or out of scope; a lost half is replaced, a
removed link taken up. What cannot be is refused with a sentence that says what to do.
"""

from collections.abc import Sequence

from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Known
from bridge.errors import UsageError
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.join import join, links_at

Result = tuple[InstructionOutcome, str]

_UNKNOWN = (
    "No task is known as {name}. If it is there, task-bridge sync --full reads it; its id or "
    "reference stands in task-bridge report."
)
_SAME_SIDE = "{first} and {second} are both tasks of {side}: name one of Kore and one of v2."
_SEVERAL = "{name} names several tasks of {side}. Name it by its id: {ids}"
_GONE = "{name} is gone from {side}. It can be linked when {side} shows it again."
_HAS_LINK = (
    "{name} is linked already: Kore {kore} and v2 {v2}, {state}. "
    "task-bridge links remove {id} takes that link apart."
)
_RESTS = "It is kept in step as soon as both tasks are seen."
_READ_FIRST = " What is not known of them is read first: task-bridge sync --full reads everything."


def add_link(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Link `details["first"]` and `details["second"]`, each an id or a reference."""
    first, second = str(wanted.details["first"]), str(wanted.details["second"])
    try:
        pair = pair_to_link(unit, first, second)
    except UsageError as error:
        return InstructionOutcome.REFUSED, str(error)
    names = " and ".join(one.task.name for one in pair.values())
    ids = {side: one.task.id for side, one in pair.items()}
    before = links_at(unit, ids)
    if _is_linked(before, ids):
        return InstructionOutcome.DONE, f"{names} are linked already. {_RESTS}"
    is_read = all(one.is_read for one in pair.values())
    join(desk, unit, ids, "a person linked them")
    return InstructionOutcome.DONE, f"{names} are linked.{'' if is_read else _READ_FIRST}"


def pair_to_link(unit: Unit, first: str, second: str) -> dict[Side, Known]:
    """The two tasks, by side; they can be linked. Raises UsageError where they cannot."""
    one, other = _found(unit, first, Side.KORE), _found(unit, second, Side.V2)
    if one.task.side is other.task.side:
        side = one.task.side.label
        raise UsageError(_SAME_SIDE.format(first=one.task.name, second=other.task.name, side=side))
    pair = {known.task.side: known for known in sorted((one, other), key=_side_of)}
    ids = {side: known.task.id for side, known in pair.items()}
    links = links_at(unit, ids)
    if not _is_linked(links, ids):
        for known in pair.values():
            _check_free(known, links)
    return pair


def _found(unit: Unit, name: str, side: Side) -> Known:
    """The task of that name; one of the other side only if `side` has none."""
    named = unit.find_task(name)
    if not named:
        raise UsageError(_UNKNOWN.format(name=name))
    mine = [known for known in named if known.task.side is side] or list(named)
    exact = [known for known in mine if known.task.id == name]
    if len(exact or mine) > 1:
        ids = ", ".join(known.task.id for known in mine)
        raise UsageError(_SEVERAL.format(name=name, side=mine[0].task.side.label, ids=ids))
    return (exact or mine)[0]


def _check_free(known: Known, links: Sequence[Link]) -> None:
    """Raises UsageError if the task has a counterpart, or is none to link."""
    task, side = known.task, known.task.side
    link = next((one for one in links if one.task_id(side) == task.id), None)
    if known.gone_at is not None or (link and link.gone_side is side):
        raise UsageError(_GONE.format(name=task.name, side=side.label))
    if link is None or link.state is not LinkState.LINKED:
        return
    raise UsageError(
        _HAS_LINK.format(
            name=task.name, kore=link.kore_id, v2=link.v2_id, state=link.state, id=task.id
        )
    )


def _is_linked(links: Sequence[Link], ids: dict[Side, TaskId]) -> bool:
    """Whether these two are one already, lost or not."""
    return any(
        (link.kore_id, link.v2_id) == (ids[Side.KORE], ids[Side.V2])
        and link.state in (LinkState.LINKED, LinkState.MISSING)
        for link in links
    )


def _side_of(known: Known) -> Side:
    return known.task.side
