"""Two tasks that were there on both sides, linked by title and creation time (`--match exact`).

An adopted link has no base: what agrees sets it, the rest is the merge's. What fits several is
parked as a failure with its candidates; nothing is created from it until a person decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.alike import Alike, Window, find_alike
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.records import Happening
from bridge.domain.scope import Verdict
from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.clocks import skew_between
from bridge.sync.desk import Desk

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
    task that no marker and no open create claims it.
    """
    if window is not None:
        found = _alike(unit, known, window, is_free)
        if found.counterpart is not None:
            _join(desk, unit, known, found.counterpart, found.why)
            return LINKED
        if found.candidates:
            _park(desk, unit, known, found)
            return Verdict(standing=Standing.AMBIGUOUS, why=found.why)
    if known.standing is Standing.AMBIGUOUS:
        return Verdict(standing=Standing.AMBIGUOUS, why=known.why)
    return None


def is_wanted(unit: Unit, known: Known) -> bool:
    """Whether a person said to create the task's counterpart, whatever may be it."""
    return any(
        wait.decided is not None and wait.task_id == known.task.id
        for wait in unit.waits([WaitKind.FAILED])
        if wait.operation is OperationKind.CREATE and wait.task_side is known.task.side
    )


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
        removed = unit.links_of(side, [one.task.id for one in rows])
        return [one for one in rows if one.task.id not in removed and is_free(one)]

    side = known.task.side
    return find_alike(
        known, titled(side.other), titled(side), Window(width=window, skew_seconds=skew)
    )


def _around(moment: datetime | None, reach: timedelta) -> tuple[datetime, datetime] | None:
    try:
        return None if moment is None else (moment - reach, moment + reach)
    except OverflowError:
        return None


def _join(desk: Desk, unit: Unit, one: Known, other: Known, why: str) -> None:
    now = desk.clock.now()
    kore, v2 = (one, other) if one.task.side is Side.KORE else (other, one)
    link = Link(
        state=LinkState.LINKED,
        kore_id=kore.task.id,
        v2_id=v2.task.id,
        created_at=now,
        changed_at=now,
    )
    link = replace(link, id=unit.add_link(link))
    unit.save_known([known.standing_as(Standing.LINKED) for known in (kore, v2)])
    for known in (kore, v2):
        unit.replace_waits([], task=(known.task.side, known.task.id), at=now)
    unit.set_due(link.id, True)
    unit.remember([Happening(what="linked", why=why, link_id=link.id)], desk.run_id, now)
    desk.tally.add_link()


def _park(desk: Desk, unit: Unit, known: Known, found: Alike) -> None:
    side, task_id = known.task.side, known.task.id
    wait = Wait(
        kind=WaitKind.FAILED,
        operation=OperationKind.CREATE,
        side=side.other,
        task_id=task_id,
        reason=found.why,
        candidates=tuple(one.task.id for one in found.candidates),
    )
    unit.replace_waits([wait], task=(side, task_id), at=desk.clock.now())
