"""Two tasks that were there on both sides, linked by title and creation time (`--match exact`).

An adopted link has no base: what agrees sets it, the rest is the merge's. What fits several is
parked as a failure with its candidates; nothing is created from it until a person decides.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bridge.domain.alike import Alike, Window, find_alike
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.scope import Verdict
from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.clocks import skew_between
from bridge.sync.desk import Desk
from bridge.sync.join import join, without_links

LINKED = Verdict(standing=Standing.LINKED, why="")


def by_its_like(
    desk: Desk,
    unit: Unit,
    known: Known,
    window: timedelta | None,
    is_free: Callable[[Known], bool],
) -> Verdict | None:
    """The task linked to the one like it, or parked; None if nothing is like it.

    Without a window nothing is matched; what was parked before stays so. `is_free` says of a
    task that no marker, no open create and no word of a person claims it.
    """
    if window is not None:
        found = _alike(unit, known, window, is_free)
        if found.counterpart is not None:
            both = (known.task, found.counterpart.task)
            join(desk, unit, {task.side: task.id for task in both}, found.why)
            return LINKED
        if found.candidates:
            return park(desk, unit, known, found.why, found.candidates)
    if known.standing is Standing.AMBIGUOUS and _was_matched(unit, known):
        return Verdict(standing=Standing.AMBIGUOUS, why=known.why)
    return None


def is_wanted(unit: Unit, known: Known) -> bool:
    """Whether a person said to create the task's counterpart, whatever may be it."""
    waits = unit.waits_on_task(known.task.side, known.task.id)
    return any(wait.decided is not None for wait in waits)


def _was_matched(unit: Unit, known: Known) -> bool:
    """Whether it was parked for tasks across that it fits, and not for one of its own side."""
    side, task_id = known.task.side, known.task.id
    named = {one for wait in unit.waits_on_task(side, task_id) for one in wait.candidates}
    return bool(unit.known(side.other, named))


def _alike(unit: Unit, known: Known, window: timedelta, is_free: Callable[[Known], bool]) -> Alike:
    title = known.task.fields.get(Field.TITLE)
    skew = skew_between(unit)
    # Whoever fits one that fits was created two windows away at most.
    reach = 2 * window + timedelta(seconds=abs(skew))

    def titled(side: Side) -> Sequence[Known]:
        if title is None:
            return ()
        around = _around(known.task.created_at, reach)
        rows = unit.unlinked_titled(side, [title.key], around)
        return [one for one in without_links(unit, side, rows) if is_free(one)]

    side = known.task.side
    return find_alike(
        known, titled(side.other), titled(side), Window(width=window, skew_seconds=skew)
    )


def _around(moment: datetime | None, reach: timedelta) -> tuple[datetime, datetime] | None:
    try:
        return None if moment is None else (moment - reach, moment + reach)
    except OverflowError:
        return None


def park(desk: Desk, unit: Unit, known: Known, why: str, candidates: Sequence[Known]) -> Verdict:
    """List the task as a failure with those that may be its counterpart; gives how it stands."""
    side, task_id = known.task.side, known.task.id
    wait = Wait(
        kind=WaitKind.FAILED,
        operation=OperationKind.CREATE,
        side=side.other,
        task_id=task_id,
        reason=why,
        candidates=tuple(one.task.id for one in candidates),
    )
    unit.replace_waits([wait], task=(side, task_id), at=desk.clock.now())
    return Verdict(standing=Standing.AMBIGUOUS, why=why)
