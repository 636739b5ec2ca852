"""From rows of a page to what is known of tasks, stored in the caller's transaction.

A row whose digest is the stored one is marked as seen and nothing more happens to it. A row that
cannot be read becomes a failure of that task alone, and is seen like any other. What changed, or
was gone and is there again, marks its link or task as due.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.domain.exchange import Page, Row, UnreadableRow
from bridge.domain.observe import Sight, has_news, observe
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.reading import SideState, Sweep
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.errors import UnreadableRecord
from bridge.ports import Unit
from bridge.sync.desk import Desk

NAMELESS = TaskId("unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a page brought: rows that were new, and changes older than a poll may have missed.

    `late` are the tasks known before whose change the polls should have shown, `nameless` counts
    the rows without a readable id, `odd` are the tasks whose record cannot be read.
    """

    new: int
    late: tuple[TaskId, ...]
    nameless: int
    odd: tuple[TaskId, ...]


def take_in(desk: Desk, unit: Unit, page: Page, sweep: Sweep | None = None) -> Intake:
    """Store what the page tells of its tasks; gives how many rows were new."""
    side = page.side
    ids = [row.id for row in page.rows]
    seen: list[str] = [*ids, *(row.id for row in page.unreadable if row.id)]
    desk.tally.saw(side, seen)
    digests = unit.digests(side, ids)
    fresh = [row for row in page.rows if digests.get(row.id) != row.digest()]
    known = unit.known(side, [row.id for row in fresh]) if fresh else {}
    tasks, unreadable = _normalised(fresh)
    late: tuple[TaskId, ...] = ()
    if tasks:
        state = _noted(unit, unit.side_state(side), tasks)
        late = tuple(task.id for task in tasks if _is_late(desk, state, task, known.get(task.id)))
    new = _store(desk, unit, page, tasks, known, sweep)
    odd = [*page.unreadable, *unreadable]
    _clear_unreadable(desk, unit, side, set(ids) - {row.id for row in odd})
    for row in odd:
        report_unreadable(desk, unit, side, row)
    odd_ids = tuple(row.id for row in odd if row.id)
    _take_back(unit, side, odd_ids)
    _mark_seen(unit, side, seen, sweep)
    nameless = sum(row.id is None for row in odd)
    return Intake(new=new, late=late, nameless=nameless, odd=odd_ids)


def _mark_seen(unit: Unit, side: Side, ids: Collection[str], sweep: Sweep | None) -> None:
    """What a page shows counts for the sweep under way, else for the last complete one."""
    sweep = sweep or unit.open_sweep(side) or next(iter(unit.complete_sweeps(side)), None)
    if sweep is not None:
        unit.mark_seen(sweep.id, side, ids)


def _take_back(unit: Unit, side: Side, ids: Collection[str]) -> None:
    """A task that was gone is there again, although its record cannot be read."""
    if not ids:
        return
    known = unit.known(side, ids)
    gone = [one for one in known.values() if one.gone_at is not None]
    unit.save_known([replace(one, gone_at=None) for one in gone])
    unit.mark_due(side, [one.task.id for one in gone])


def _normalised(rows: list[Row]) -> tuple[list[Task], list[UnreadableRow]]:
    tasks, unreadable = [], []
    for row in rows:
        try:
            tasks.append(row.normalise())
        except UnreadableRecord as error:
            unreadable.append(UnreadableRow(row.id, error.reason))
    return tasks, unreadable


def _store(
    desk: Desk,
    unit: Unit,
    page: Page,
    tasks: list[Task],
    known: Mapping[str, Known],
    sweep: Sweep | None,
) -> int:
    """Store what the rows tell; gives how many told something."""
    sight = Sight(
        sent_at=page.sent_at,
        settle_seconds=desk.rules.settle_seconds,
        sweep_started_at=sweep.started_at if sweep else None,
        own_ids=desk.vocabulary.self_ids(page.side),
    )
    saved, due = [], []
    for task in tasks:
        desk.learn(unit, task.words)
        desk.seen_at[page.side, task.id] = page.sent_at
        after = observe(known.get(task.id), task, sight)
        if after is None:
            continue
        saved.append(after)
        if has_news(known.get(task.id), after):
            due.append(task.id)
    unit.save_known(saved)
    if due:
        unit.mark_due(page.side, due)
    return len(saved)


def _noted(unit: Unit, state: SideState, tasks: list[Task]) -> SideState:
    """The state of the side, with the fields that its rows hide now."""
    hidden = tuple(name for name in Field if any(name in task.hidden for task in tasks))
    if hidden == state.hidden:
        return state
    state = replace(state, hidden=hidden)
    unit.save_side_state(state)
    return state


def _is_late(desk: Desk, state: SideState, task: Task, known: Known | None) -> bool:
    """Whether a poll should have shown this change long ago."""
    if known is None or state.cursor_at is None or task.changed_at is None:
        return False
    if known.task.changed_at in (None, task.changed_at):
        return False
    return (state.cursor_at - task.changed_at).total_seconds() > desk.rules.overlap_seconds


def report_unreadable(desk: Desk, unit: Unit, side: Side, row: UnreadableRow) -> None:
    """A record that cannot be read is a failure of that task alone."""
    task_id = row.id or NAMELESS
    wait = Wait(
        kind=WaitKind.FAILED,
        operation=OperationKind.READ,
        side=side,
        task_id=task_id,
        reason=f"{side.label}'s record cannot be read: {row.reason.rstrip('.')}.",
    )
    _replace(desk, unit, side, task_id, [wait])


def forget_unread(desk: Desk, unit: Unit, side: Side, task_id: TaskId) -> None:
    """That its record could not be read waits no longer."""
    _replace(desk, unit, side, task_id, [])


def _replace(desk: Desk, unit: Unit, side: Side, task_id: TaskId, unread: Sequence[Wait]) -> None:
    """What else waits on the task goes on waiting."""
    waiting = unit.waits_on_task(side, task_id)
    others = [one for one in waiting if one.operation is not OperationKind.READ]
    unit.replace_waits([*others, *unread], task=(side, task_id), at=desk.clock.now())


def unread(unit: Unit) -> list[Wait]:
    """What waits since a record could not be read when it was last shown."""
    waits = unit.waits([WaitKind.FAILED])
    return [wait for wait in waits if wait.operation is OperationKind.READ]


def unreadable_tasks(unit: Unit) -> frozenset[tuple[Side, str]]:
    """The tasks whose record could not be read when it was last shown, by side and id."""
    found = ((wait.side, wait.task_id) for wait in unread(unit))
    return frozenset((side, task_id) for side, task_id in found if task_id is not None)


def _clear_unreadable(desk: Desk, unit: Unit, side: Side, ids: Collection[str]) -> None:
    """A record that can be read again waits no longer; what was put off for it is due."""
    mended = [task_id for odd, task_id in unreadable_tasks(unit) if odd is side and task_id in ids]
    for task_id in mended:
        forget_unread(desk, unit, side, TaskId(task_id))
        unit.mark_due(side, [task_id])
