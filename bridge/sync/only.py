"""A run of some tasks alone (`--only`): it reads as always, and plans and writes for them only.

Takes ids and references as people write them. Everything else stays due as it was.
"""

from collections.abc import Collection, Sequence

from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.errors import UsageError
from bridge.ports import Unit
from bridge.sync.desk import Desk

_UNKNOWN = """\
{names}: neither service has shown a task of this id or reference. Check it. Where Kore's list \
hides references, a task that was not probed yet is known by its id alone: give the one that \
task-bridge report shows (ti-…). A task that has only just been made is found once both sides have \
been read: task-bridge sync --full"""
_SEVERAL = "{name} names more than one task: {ids}. Give the id of the one that is meant."


def narrow(desk: Desk, names: Sequence[str]) -> None:
    """From now on this run is about the named tasks alone; without names about all.

    Raises UsageError for a name that means no task that both sides, read without a fault, have
    shown, and for one that means several.
    """
    if not names:
        return
    with desk.store.begin() as unit:
        found = {name: _named(unit, name) for name in names}
    for name, tasks in found.items():
        if len(tasks) > 1:
            raise UsageError(_SEVERAL.format(name=name, ids=", ".join(one for _, one in tasks)))
    unknown = [name for name, tasks in found.items() if not tasks]
    if unknown and not desk.faults:
        raise UsageError(_UNKNOWN.format(names=", ".join(unknown)))
    desk.only = frozenset(task for tasks in found.values() for task in tasks)


def tasks_asked_for(desk: Desk, side: Side) -> Collection[TaskId] | None:
    """The tasks of that side that this run is about; None if about all."""
    return None if desk.only is None else [one for of, one in desk.only if of is side]


def links_asked_for(desk: Desk, unit: Unit) -> Collection[LinkId] | None:
    """The links that this run is about; None if about all."""
    if desk.only is None:
        return None
    found = [unit.links_of(side, [task_id]) for side, task_id in desk.only]
    return {link.id for links in found for link in links.values()}


def _named(unit: Unit, name: str) -> list[tuple[Side, TaskId]]:
    """The tasks of that id or reference; two that are linked with each other are one."""
    found = {(known.task.side, known.task.id) for known in unit.find_task(name)}
    found |= {(side, TaskId(name)) for side in SIDES if name in unit.links_of(side, [name])}
    mine = [task_id for side, task_id in found if side is Side.KORE]
    joined = {(Side.V2, link.v2_id) for link in unit.links_of(Side.KORE, mine).values()}
    return sorted(one for one in found if one not in joined)
