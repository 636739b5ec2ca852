"""The survey: both sides read whole into a copy of the database, for a reconciliation.

Takes a dry desk, gives the world as it stands now. It asks and reads; it takes no lease, writes
to no side, probes nothing, and nothing of it reaches the database but the record of calls. What
becomes of a task without a link is decided by the very step that a cycle decides with.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.exchange import Order, Purpose
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.reading import Sweep
from bridge.domain.reconciled import Joined, Lone, World
from bridge.domain.records import Heartbeat
from bridge.domain.scope import Verdict
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.errors import NotYet, Unreachable, UnreadableRecord
from bridge.ports import LinkView, Unit
from bridge.sync.contact import end_of_first_contact, is_first_contact
from bridge.sync.create import place_for
from bridge.sync.cycle import prepare
from bridge.sync.desk import Desk
from bridge.sync.link import Admission, decide_task
from bridge.sync.probe import is_case_closed
from bridge.sync.sweep import sweep_side

PAUSE_SECONDS = 2.0
NAMELESS = TaskId("unknown")
_AS_PROBED = Admission(is_as_probed=True)
_KEPT = (Standing.FAILED, Standing.UNCERTAIN)
IsAlive = Callable[[Heartbeat, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The world, which fields each side's list hides, and what limits what can be told."""

    world: World
    hidden: Mapping[Side, tuple[Field, ...]]
    notes: tuple[str, ...] = ()


def survey(desk: Desk, gives_up_seconds: float, is_alive: IsAlive) -> Survey:
    """Read both sides to their end and decide what is without a link.

    `is_alive` says whether a heartbeat is that of a daemon which carries changes now. Raises
    ServiceError if a side cannot be read, Stopped if a stop was asked for.
    """
    if not desk.is_dry:
        raise ValueError("a survey works on a copy of the database")
    _begin_anew(desk)
    prepare(desk, "report")
    sweeps = {side: _read_whole(desk, side, gives_up_seconds) for side in SIDES}
    hidden = {side: _hidden(desk, side) for side in SIDES}
    end_of_first_contact(desk)
    return Survey(world=_world(desk, sweeps, is_alive), hidden=hidden, notes=tuple(_notes(sweeps)))


def _world(desk: Desk, sweeps: Mapping[Side, Sweep], is_alive: IsAlive) -> World:
    now = desk.clock.now()
    with desk.store.begin() as unit:
        views = list(unit.all_links())
        of_tasks = _waits_of_tasks(unit.waits())
        skews = {side: unit.side_state(side).skew_seconds or 0.0 for side in SIDES}
        heartbeat = unit.heartbeat()
    return World(
        at=now,
        agreement=desk.agreement,
        policy=desk.policy,
        joined=tuple(_joined(desk, view, of_tasks) for view in views),
        lone=tuple(_lone(desk, views, of_tasks)),
        shown={side: frozenset(desk.tally.read[side]) for side in SIDES},
        is_whole={side: sweeps[side].is_complete for side in SIDES},
        skew_seconds=skews[Side.V2] - skews[Side.KORE],
        is_first_contact=is_first_contact(desk),
        is_carried_soon=heartbeat is not None and is_alive(heartbeat, now),
    )


# --- reading -------------------------------------------------------------------------------------


def _begin_anew(desk: Desk) -> None:
    """What the daemon left says nothing about now: an open sweep, rows without an id, a refusal.

    A side that refused the key is asked again, for a person may have mended it.
    """
    now = desk.clock.now()
    with desk.store.begin() as unit:
        for side in SIDES:
            unit.replace_waits([], task=(side, NAMELESS), at=now)
            state = unit.side_state(side)
            if state.is_refused:
                unit.save_side_state(replace(state, not_before=None, not_before_reason=""))
            sweep = unit.open_sweep(side)
            if sweep is not None:
                unit.save_sweep(replace(sweep, completed_at=now, had_fault=True))


def _read_whole(desk: Desk, side: Side, gives_up_seconds: float) -> Sweep:
    """Sweep a side to its end: waits for the budget, and not too long for a dead service."""
    asked_to_wait = desk.faults.pop(side, None)
    if isinstance(asked_to_wait, NotYet):
        if asked_to_wait.seconds > gives_up_seconds:
            raise asked_to_wait
        desk.clock.sleep(asked_to_wait.seconds)
    patience = _Patience(desk, gives_up_seconds)
    while True:
        try:
            return sweep_side(desk, side, lambda: _go_on(desk, side))
        except NotYet as error:
            patience.wait(error.seconds, error)
        except Unreachable as error:
            patience.bear(error)


def _go_on(desk: Desk, side: Side) -> bool:
    desk.clock.check()
    with desk.store.begin() as unit:
        sweep = unit.open_sweep(side)
    if sweep is not None:
        desk.tell("progress", step="read", side=side, done=sweep.rows, total=sweep.total)
    return True


class _Patience:
    """Waits between tries; nobody waits for this with a lease in hand."""

    def __init__(self, desk: Desk, seconds: float) -> None:
        self._desk = desk
        self._until = desk.clock.now() + timedelta(seconds=seconds)

    def wait(self, seconds: float, error: Exception) -> None:
        """Wait as long as the service or our own limits ask for."""
        self._desk.tell("waiting", seconds=seconds, reason=str(error))
        self._desk.clock.sleep(max(seconds, 0.1))
        self._until += timedelta(seconds=seconds)

    def bear(self, error: Unreachable) -> None:
        """Wait a little for a dead service; raises the error when it was too long."""
        if self._desk.clock.now() >= self._until:
            raise error
        self._desk.clock.sleep(PAUSE_SECONDS)


def _hidden(desk: Desk, side: Side) -> tuple[Field, ...]:
    """The fields that some row of the newest page hides: what is known beside does not count."""
    page = desk.services[side].page(Order.NEWEST_FIRST, 0, purpose=Purpose.ASK)
    found: set[Field] = set()
    for row in page.rows:
        try:
            found.update(row.normalise().hidden)
        except UnreadableRecord:
            continue
    return tuple(name for name in Field if name in found)


def _notes(sweeps: Mapping[Side, Sweep]) -> Iterator[str]:
    for side, sweep in sweeps.items():
        if sweep.is_complete:
            continue
        why = "ends too early" if sweep.is_ordered else "has no order that can be relied on"
        yield f"{side.label}'s list {why}: tasks that are gone cannot be told from those not shown."


# --- deciding ------------------------------------------------------------------------------------


_Waits = Mapping[tuple[Side, str], Sequence[Wait]]


def _waits_of_tasks(waits: Sequence[Wait]) -> _Waits:
    found: dict[tuple[Side, str], list[Wait]] = {}
    for wait in waits:
        if wait.task_id is not None:
            found.setdefault((_side_of(wait), wait.task_id), []).append(wait)
    return found


def _joined(desk: Desk, view: LinkView, of_tasks: _Waits) -> Joined:
    ids = [(side, view.link.task_id(side)) for side in SIDES]
    extra = [wait for side, task_id in ids if task_id for wait in of_tasks.get((side, task_id), ())]
    waits_for_case = any(wait.kind is WaitKind.CASE_CLOSED for wait in view.waits)
    is_closed = waits_for_case and view.kore is not None and is_case_closed(desk, view.kore.task)
    return Joined(
        link=view.link,
        kore=view.kore,
        v2=view.v2,
        waits=(*view.waits, *extra),
        is_case_closed=is_closed,
    )


def _side_of(wait: Wait) -> Side:
    """The side of the task that waits: a create is written across from it."""
    return wait.side.other if wait.operation is OperationKind.CREATE else wait.side


def _lone(desk: Desk, views: Sequence[LinkView], of_tasks: _Waits) -> Iterator[Lone]:
    """Every task without a living link, its standing decided as a cycle would decide it."""
    removed = {side: _removed(views, side) for side in SIDES}
    named = {(side, str(view.link.task_id(side))) for view in views for side in SIDES}
    with desk.store.begin() as unit:
        unlinked = [known for side in SIDES for known in unit.unlinked(side)]
        decided = [_decided(desk, unit, one, removed[one.task.side]) for one in unlinked]
        adopted = {side: unit.links_of(side, _ids(decided, side)) for side in SIDES}
    for known in decided:
        side, task_id = known.task.side, known.task.id
        named.add((side, task_id))
        is_adopted = task_id in adopted[side] and task_id not in removed[side]
        yield Lone(
            side=side,
            task_id=task_id,
            known=_by_marker(known) if is_adopted else known,
            waits=tuple(of_tasks.get((side, task_id), ())),
        )
    yield from _never_read(desk, of_tasks, named)


def _removed(views: Sequence[LinkView], side: Side) -> frozenset[str]:
    """The tasks whose link a person removed."""
    ids = (view.link.task_id(side) for view in views if view.link.state is LinkState.REMOVED)
    return frozenset(task_id for task_id in ids if task_id)


def _ids(known: Sequence[Known], side: Side) -> list[str]:
    return [one.task.id for one in known if one.task.side is side]


def _decided(desk: Desk, unit: Unit, known: Known, removed: frozenset[str]) -> Known:
    """The task with the standing that it has now; NEW if a cycle would create its counterpart."""
    if known.task.id in removed:
        return known.standing_as(Standing.LEFT, "its link was removed")
    choice = decide_task(desk, unit, known, _AS_PROBED)
    if isinstance(choice, Verdict):
        return known.standing_as(choice.standing, choice.why)
    if known.standing in _KEPT:
        return known
    place = place_for(desk, known.task) if known.task.side is Side.V2 else None
    if isinstance(place, Verdict):
        return known.standing_as(place.standing, place.why)
    return known.standing_as(Standing.NEW)


def _by_marker(known: Known) -> Known:
    """A task that the next cycle links to one that is there."""
    other = known.task.side.other.label
    return known.standing_as(Standing.LINKED, f"a marker joins it to a task of {other}")


def _never_read(desk: Desk, of_tasks: _Waits, named: set[tuple[Side, str]]) -> Iterator[Lone]:
    """Tasks of which nothing but an unreadable record was ever seen."""
    for (side, task_id), waits in of_tasks.items():
        is_unreadable = any(wait.operation is OperationKind.READ for wait in waits)
        is_there = task_id == NAMELESS or task_id in desk.tally.read[side]
        if is_unreadable and is_there and (side, task_id) not in named:
            known_id = None if task_id == NAMELESS else TaskId(task_id)
            yield Lone(side=side, task_id=known_id, waits=tuple(waits))
