"""The survey: both sides read whole into a copy of the database, for a reconciliation.

Takes a dry desk, gives the world as it stands now. It asks and reads; it takes no lease, writes
to no side, probes nothing, and nothing of it reaches the database but the record of calls.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias, TypeVar

from bridge.domain.exchange import Order, Purpose
from bridge.domain.overview import TrendPoint, trend_of
from bridge.domain.reading import LastRead, ProbeForm, Sweep
from bridge.domain.reconciled import World
from bridge.domain.records import Heartbeat
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.unseen import unseen_note
from bridge.errors import NotYet, Unreachable, UnreadableRecord
from bridge.ports import Unit
from bridge.sync.clocks import skew_between
from bridge.sync.contact import end_of_first_contact, is_first_contact
from bridge.sync.cycle import prepare
from bridge.sync.decide import Cases, asked_cases, joined_of, lone_of, waits_of_tasks
from bridge.sync.desk import Desk
from bridge.sync.gone import first_missed
from bridge.sync.settled import IsAbsent, settled_links, settled_of
from bridge.sync.sweep import sweep_side

PAUSE_SECONDS = 2.0
LOOKED_AT = 50  # the rows that tell which fields a list hides
GONE_UNTOLD = "tasks that are gone cannot be told from those not shown"
T = TypeVar("T")
IsAlive: TypeAlias = Callable[[Heartbeat, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What will be told of it.

    `every_row`: settled pairs are looked at like any other, so that each has a row. `charts`: what
    they show is counted, for whoever draws that.
    """

    every_row: bool = False
    charts: bool = True


FOR_THE_PAGE = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The world, which fields each side's list hides, and what limits what can be told.

    `trend` is how it stood after earlier readings of everything, oldest first. `last_read`: when
    each side was read, where that was not done now (remembered.py).
    """

    world: World
    hidden: Mapping[Side, tuple[Field, ...]]
    notes: tuple[str, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    last_read: Mapping[Side, LastRead] | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known, for neither side was ever read."""
        was_read = any(one != LastRead() for one in (self.last_read or {}).values())
        world = self.world
        return not (was_read or world.joined or world.settled.pairs or world.lone)


def survey(
    desk: Desk, gives_up_seconds: float, is_alive: IsAlive, wanted: Wanted = FOR_THE_PAGE
) -> Survey:
    """Read both sides to their end and decide what is without a link.

    `is_alive` says whether a heartbeat is that of a daemon which carries changes now. Raises
    ServiceError if a side cannot be read, Stopped if a stop was asked for.
    """
    if not desk.is_dry:
        raise ValueError("a survey works on a copy of the database")
    with desk.store.begin() as unit:  # before anything of this reading is in the copy
        missed_at, unsorted = first_missed(unit), notes_of_unsorted(unit)
    _begin_anew(desk)
    prepare(desk, "report")
    sweeps, hidden = {}, {}
    for side in SIDES:
        _respect(desk, side, gives_up_seconds)
        sweeps[side] = _insist(desk, gives_up_seconds, partial(_sweep, desk, side))
        hidden[side] = _insist(desk, gives_up_seconds, partial(_hidden, desk, side))
    with desk.store.begin() as unit:
        end_of_first_contact(desk, unit)
    shown = {side: frozenset(desk.tally.read[side]) for side in SIDES}
    is_whole = {side: sweeps[side].is_complete for side in SIDES}
    absent = absent_by(shown, is_whole)
    look = partial(known_world, desk, asked_cases(desk), is_alive, absent, wanted)
    known = _insist(desk, gives_up_seconds, look)
    world = replace(known, shown=shown, is_whole=is_whole, missed_at=missed_at)
    notes = (*_notes(sweeps), *unsorted, *notes_of_unseen(desk, hidden), *doubts(desk))
    return Survey(world=world, hidden=hidden, notes=notes, trend=kept_trend(desk))


def absent_by(shown: Mapping[Side, frozenset[str]], is_whole: Mapping[Side, bool]) -> IsAbsent:
    """A task is absent if a whole reading did not show it."""
    return lambda side, task_id: is_whole[side] and task_id not in shown[side]


def known_world(
    desk: Desk, cases: Cases, is_alive: IsAlive, is_absent: IsAbsent, wanted: Wanted
) -> World:
    """All that is known of both sides now; which of it a reading showed is not told yet.

    Settled pairs of which no task `is_absent` are counted. Raises ServiceError if Kore is asked
    for a case and does not answer.
    """
    now = desk.clock.now()
    with desk.store.begin() as unit:
        names = desk.agreement.fields
        links = frozenset() if wanted.every_row else settled_links(unit, names, is_absent)
        settled = settled_of(unit, links, counts_texts=wanted.charts)
        views = list(unit.all_links(links))
        of_tasks = waits_of_tasks(unit.waits())
        skew = skew_between(unit)
        heartbeat = unit.heartbeat()
    return World(
        at=now,
        agreement=desk.agreement,
        policy=desk.policy,
        joined=tuple(joined_of(cases, view, of_tasks) for view in views),
        lone=tuple(lone_of(desk, cases, views, of_tasks)),
        settled=settled,
        shown={side: frozenset() for side in SIDES},
        is_whole=dict.fromkeys(SIDES, False),
        skew_seconds=skew,
        is_first_contact=is_first_contact(desk),
        is_carried_soon=heartbeat is not None and is_alive(heartbeat, now),
        paused=desk.paused,
        is_guarded=bool(desk.guards),
    )


def notes_of_unseen(desk: Desk, hidden: Mapping[Side, tuple[Field, ...]]) -> Iterator[str]:
    """What is to be known of the fields that a list hides and no probe asks for."""
    takes_probes = desk.probe_form is not ProbeForm.REFUSED
    wanted = desk.rules.policy.unobserved
    return unseen_note(hidden, desk.agreement.fields, wanted, takes_probes=takes_probes)


def notes_of_unsorted(unit: Unit) -> list[str]:
    """Of which side polls read the whole list, and how late changes show up there."""
    return [_unsorted(unit, side) for side in SIDES if unit.side_state(side).is_sorted is False]


def _unsorted(unit: Unit, side: Side) -> str:
    last = next(iter(unit.complete_sweeps(side)), None)
    lag = ""
    if last is not None and last.started_at is not None and last.completed_at is not None:
        seconds = max(1, round((last.completed_at - last.started_at).total_seconds()))
        lag = f"; the last one took {seconds} s"
    return (
        f"{side.label}'s list is not proved to be sorted by change time, so every poll reads "
        f"all of it, and a change shows up as late as that takes{lag}."
    )


def doubts(desk: Desk) -> Iterator[str]:
    """The guards that stand, and accounts that are not those of the pair."""
    for guard in desk.guards:
        yield f"A guard stands: {guard.reason} See: task-bridge guard show"
    told = {guard.side for guard in desk.guards}
    for side in SIDES:
        if side in desk.barred and side not in told:
            yield f"The configuration names another account than the one that {side.label} showed."


def kept_trend(desk: Desk) -> tuple[TrendPoint, ...]:
    """How it stood after each reading of everything that the history still knows."""
    since = desk.clock.now() - timedelta(days=desk.rules.keep_days)
    with desk.store.begin() as unit:
        counted = unit.totals_since(since)
    return trend_of(counted)


# --- reading -------------------------------------------------------------------------------------


def _begin_anew(desk: Desk) -> None:
    """What the daemon left says nothing about now: an open sweep, a refusal.

    A side that refused the key is asked again, for a person may have mended it.
    """
    now = desk.clock.now()
    with desk.store.begin() as unit:
        for side in SIDES:
            state = unit.side_state(side)
            if state.is_refused:
                unit.save_side_state(replace(state, not_before=None))
            sweep = unit.open_sweep(side)
            if sweep is not None:
                unit.save_sweep(replace(sweep, completed_at=now, had_fault=True))


def _respect(desk: Desk, side: Side, gives_up_seconds: float) -> None:
    """Wait for a side that asked to be left alone; raises what it said if that is too long."""
    asked = desk.faults.pop(side, None)
    if isinstance(asked, NotYet):
        if asked.seconds > gives_up_seconds:
            raise asked
        desk.clock.sleep(asked.seconds)


def _insist(desk: Desk, gives_up_seconds: float, step: Callable[[], T]) -> T:
    """What the step gives: waits for the budget, and not too long for a dead service."""
    patience = _Patience(desk, gives_up_seconds)
    while True:
        try:
            return step()
        except NotYet as error:
            patience.wait(error.seconds, error)
        except Unreachable as error:
            patience.bear(error)


def _sweep(desk: Desk, side: Side) -> Sweep:
    # No poll follows, so nothing relies on the sort.
    return sweep_side(desk, side, lambda: _go_on(desk), proves_sort=False)


def _go_on(desk: Desk) -> bool:
    desk.clock.check()
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
    """The fields that some of the newest rows hide: what is known beside does not count."""
    service = desk.services[side]
    page = service.page(Order.NEWEST_FIRST, 0, purpose=Purpose.ASK, limit=LOOKED_AT)
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
        yield f"{side.label}'s list {why_not_whole(sweep)}: {GONE_UNTOLD}."


def why_not_whole(sweep: Sweep) -> str:
    """What it is about a list whose reading did not count."""
    return "ends too early" if sweep.is_ordered else "has no order that can be relied on"
