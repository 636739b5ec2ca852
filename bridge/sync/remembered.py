"""What the database alone knows of both sides, for a reconciliation: no service is asked.

Takes a dry desk without services, gives the world as it was when it was last read, and how long
ago that was. What the last complete sweep of a side, and all that came after it, did not show
counts as absent, as in a reading made now; without such a sweep only what was found gone does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bridge.domain.link import Link
from bridge.domain.reading import LastRead, SideState, Sweep
from bridge.domain.reconciled import Joined, World
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known
from bridge.ports import Unit
from bridge.sync.cycle import prepare
from bridge.sync.decide import remembered_cases
from bridge.sync.desk import Desk
from bridge.sync.gone import first_missed, unseen_since
from bridge.sync.survey import (
    FOR_THE_PAGE,
    GONE_UNTOLD,
    IsAlive,
    Survey,
    Wanted,
    doubts,
    kept_trend,
    known_world,
    notes_of_unseen,
    notes_of_unsorted,
    why_not_whole,
)


def remembered(desk: Desk, is_alive: IsAlive, wanted: Wanted = FOR_THE_PAGE) -> Survey:
    """How everything stood when it was last read. `is_alive`, `wanted`: see `survey`."""
    if not desk.is_dry:
        raise ValueError("what is remembered is told from a copy of the database")
    prepare(desk, "report")
    with desk.store.begin() as unit:
        sweeps = {side: unit.complete_sweeps(side) for side in SIDES}
        states = {side: unit.side_state(side) for side in SIDES}
        whole = {side: found[0] for side, found in sweeps.items() if found}
        unseen = {side: unseen_since(unit, side, [whole[side]]) for side in whole}
        missed_at = first_missed(unit)
        notes = [note for side in SIDES for note in _notes(unit, states[side], whole.get(side))]
        notes += notes_of_unsorted(unit)

    def is_absent(side: Side, task_id: TaskId) -> bool:
        return task_id in unseen.get(side, ())

    hidden = {side: states[side].hidden for side in SIDES}
    known = known_world(desk, remembered_cases(desk), is_alive, is_absent, wanted)
    return Survey(
        world=replace(_as_last_read(known, whole, unseen), missed_at=missed_at),
        hidden=hidden,
        notes=(*notes, *notes_of_unseen(desk, hidden), *doubts(desk)),
        trend=kept_trend(desk),
        last_read={side: _last_read(states[side], whole.get(side)) for side in SIDES},
    )


def _last_read(state: SideState, sweep: Sweep | None) -> LastRead:
    return LastRead(whole_at=sweep.completed_at if sweep else None, polled_at=state.polled_at)


# --- what was shown ------------------------------------------------------------------------------


def _as_last_read(
    world: World, whole: Mapping[Side, Sweep], unseen: Mapping[Side, frozenset[str]]
) -> World:
    """The world with what its sides showed when they were last read."""
    shown = {side: {*_there(world, side)} for side in SIDES}
    for side, sweep in whole.items():
        shown[side] -= unseen[side]
        shown[side] |= {*_not_read_yet(world.joined, side, sweep)}
    return replace(
        world,
        joined=tuple(map(_without_unread, world.joined)),
        shown={side: frozenset(ids) for side, ids in shown.items()},
        is_whole={side: side in whole for side in SIDES},
        whole_at={side: one.completed_at for side, one in whole.items() if one.completed_at},
    )


def _there(world: World, side: Side) -> Iterator[str]:
    """The tasks that were not found to be gone, read or not."""
    for pair in world.joined:
        known = pair.known(side)
        if known is not None and known.gone_at is None:
            yield known.task.id
    for one in world.lone:
        # Of one that could never be read nothing is known but that it is shown.
        if one.side is side and one.task_id is not None:
            yield one.task_id


def _not_read_yet(joined: Sequence[Joined], side: Side, sweep: Sweep) -> Iterator[str]:
    """The tasks that a person or a file named since the last complete sweep began."""
    for pair in joined:
        task_id, known = pair.link.task_id(side), pair.known(side)
        is_unread = known is None or (known.gone_at is None and not _is_read(known))
        if task_id is not None and is_unread and _is_younger(pair.link, sweep):
            yield task_id


def _is_younger(link: Link, sweep: Sweep) -> bool:
    at, began_at = link.changed_at, sweep.started_at
    return at is not None and began_at is not None and at >= began_at


def _without_unread(pair: Joined) -> Joined:
    """Nothing is told of a task of which only the id is known: it agrees with nothing."""
    kore, v2 = (known if known and _is_read(known) else None for known in (pair.kore, pair.v2))
    return replace(pair, kore=kore, v2=v2)


def _is_read(known: Known) -> bool:
    """Whether a list ever showed the task; its texts may be forgotten since."""
    return bool(known.task.digest)


# --- what limits it ------------------------------------------------------------------------------


def _notes(unit: Unit, state: SideState, whole: Sweep | None) -> Iterator[str]:
    side = state.side
    last = unit.last_sweep(side)
    if whole is None and last is not None:
        yield f"{side.label}'s list {why_not_whole(last)}: {GONE_UNTOLD}."
    elif whole is None:
        yield (
            f"{side.label}'s list was never read to its end: there may be more tasks than are "
            f"counted here, and {GONE_UNTOLD}."
        )
    if state.fault:
        yield f"{side.label} did not answer when it was last asked: {state.fault}"
