"""One cycle: poll both sides, sweep what is due, merge, plan, apply, record.

A cycle holds the lease. A side that cannot be read or written is left out of the rest of it; the
other goes on as far as it can alone. What is not done stays due for the next cycle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from bridge.domain.guard import Guard
from bridge.domain.operation import Journalled, WaitKind
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.errors import NotYet, OtherAccount, OverBudget, ServiceError
from bridge.ports import Unit
from bridge.sync.admit import doubt_places
from bridge.sync.apply import Batch, apply_batch
from bridge.sync.backlink import link_new_by_tags
from bridge.sync.contact import end_of_first_contact, is_first_contact, restart_first_contact
from bridge.sync.desk import Desk
from bridge.sync.gone import close_survivors, look_for_gone
from bridge.sync.guard import await_count, stand_guard
from bridge.sync.lease import keep_or_offer, under_lease
from bridge.sync.link import Admission
from bridge.sync.obey import carry_out
from bridge.sync.only import narrow
from bridge.sync.plan import Walk, plan_batch
from bridge.sync.poll import answered, go_deeper, is_poll_due, poll_from
from bridge.sync.prove import prove_sort
from bridge.sync.prune import prune
from bridge.sync.recover import (
    open_creates,
    settle_leftovers,
    wake_put_off,
)
from bridge.sync.standing import note_holds
from bridge.sync.sweep import is_sweep_due, sweep_side
from bridge.sync.totals import count_totals
from bridge.sync.uncertain import look_into_creates
from bridge.sync.unsure import count_unsure, look_up_open_creates, unsure_creates

# After so many rounds whose plans all grew too old before they were sent, the rest stays due.
MOST_ROUNDS_IN_VAIN = 3
# For so long at most a cycle goes on with a deep poll, and no longer than until the next poll.
MOST_DEEP_SECONDS = 10.0
Planner: TypeAlias = Callable[[Desk, Walk, Admission], Batch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What kind of cycle is wanted.

    `sweep_seconds`: for how long a sweep that is due may take, None to its end, 0 for none.
    `forces_sweep` sweeps whether due or not. `only`: ids or references of the tasks that alone it
    is about; then it ends no first contact. `confirms_guards`: what stands, once it was looked
    at, is confirmed by the person who started this cycle.
    """

    kind: str = "sync"
    sweep_seconds: float | None = 60.0
    forces_sweep: bool = False
    only: tuple[str, ...] = ()
    confirms_guards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a cycle did: the contract's object, which sides failed, whether first contact lasts.

    `guards` hold all writes up; `confirmed` are those that this run was to confirm. `put_off`
    counts the tasks that a backfill gave up on, and that later cycles decide without its options,
    or those that a rebuild could not see; `paused` are the sides that people paused.
    """

    summary: dict[str, Any]
    faults: dict[Side, ServiceError]
    is_first_contact: bool
    unlinked: int
    held: int
    put_off: int = 0
    guards: tuple[Guard, ...]
    confirmed: tuple[Guard, ...]
    paused: frozenset[Side]


def run_cycle(desk: Desk, wish: Wish) -> Outcome:
    """One cycle under the lease, which is offered to others at its end.

    Raises LeaseTaken if another process holds it, Stopped if a stop was asked for, UsageError if
    `only` names a task that is not there.
    """
    started_at = desk.clock.now()
    desk.confirms_guards = wish.confirms_guards
    with under_lease(desk):
        prepare(desk, wish.kind)
        read_sides(desk, wish)
        look_into_creates(desk, judge(desk, ends_contact=not wish.only))
        narrow(desk, wish.only)
        close_survivors(desk)
        is_over = not is_first_contact(desk)
        if is_over:
            link_new_by_tags(desk)
        work(desk, Admission(creates=is_over, links=is_over))
        return finish(desk, wish.kind, started_at)


def read_sides(desk: Desk, wish: Wish) -> None:
    """Poll both sides, then go deeper, then sweep those whose sweep is due."""
    for side in SIDES:
        try_side(desk, side, poll)
    for side in SIDES:
        try_side(desk, side, _deepen)
    limit = wish.sweep_seconds
    if limit == 0 and not wish.forces_sweep:
        return
    for side in SIDES:
        if wish.forces_sweep or is_sweep_due(desk, side):
            try_side(desk, side, lambda desk, side: _sweep_as_far_as_may_be(desk, side, limit))


def judge(desk: Desk, *, ends_contact: bool = True) -> Sequence[Journalled]:
    """What the readings tell beside single tasks: who is gone, what must not go on.

    Gives the creates whose outcome is open, which can be looked for now.
    """
    look_for_gone(desk)
    with desk.store.begin() as unit:
        if ends_contact:
            end_of_first_contact(desk, unit)
        stand_guard(desk, unit)
        return open_creates(unit)


def work(
    desk: Desk, admission: Admission, creates_left: int | None = None, plan: Planner = plan_batch
) -> None:
    """Plan and apply until nothing that can be done, or may be created, is left."""
    rounds_in_vain = 0
    while rounds_in_vain < MOST_ROUNDS_IN_VAIN:
        walk = Walk(creates_left=creates_left)
        sent, stale = _round(desk, walk, partial(plan, desk, walk, admission))
        creates_left = walk.creates_left
        if desk.is_dry or not (sent or stale):
            break
        rounds_in_vain = 0 if sent else rounds_in_vain + 1


def finish(desk: Desk, kind: str, started_at: datetime) -> Outcome:
    """Close the run: count what waits, keep what was done, forget what is old."""
    now = desk.clock.now()
    with desk.store.begin(is_fleeting=True) as unit:
        pair = unit.pair_state()
        waiting = unit.count_waits()
        standing = unit.count_standings((Standing.UNROUTABLE, Standing.HELD, Standing.NEW))
        desk.tally.open_creates = count_unsure(unit)
        desk.tally.waiting = {
            "conflicts": waiting.get(WaitKind.CONFLICT, 0),
            "failures": waiting.get(WaitKind.FAILED, 0),
            "unmapped": waiting.get(WaitKind.UNMAPPED, 0),
            "unroutable": standing[Standing.UNROUTABLE],
        }
        seconds = (now - started_at).total_seconds()
        summary = desk.tally.summary(
            run_id=desk.run_id, kind=kind, is_dry=desk.is_dry, seconds=seconds
        )
        totals = count_totals(unit) if desk.swept else {}
        is_idle = desk.tally.is_idle and not totals
        kept = {**summary, "operations": len(summary["operations"]), "is_idle": is_idle}
        unit.finish_run(desk.run_id, kept, totals, now)
    desk.tell("cycle", **kept)
    prune(desk, pair)
    return Outcome(
        summary=summary,
        faults=dict(desk.faults),
        is_first_contact=pair.first_contact_ended_at is None,
        unlinked=standing[Standing.NEW],
        held=standing[Standing.HELD],
        guards=desk.guards,
        confirmed=tuple(desk.confirmed),
        paused=desk.paused,
    )


def poll(desk: Desk, side: Side) -> None:
    """The regular poll of a cycle."""
    _poll(desk, side, is_regular=True)


def poll_between(desk: Desk, side: Side) -> None:
    """A poll that keeps plans fresh: it counts as a regular one where that is due."""
    _poll(desk, side, is_regular=is_poll_due(desk, side))


def _poll(desk: Desk, side: Side, *, is_regular: bool) -> None:
    """Poll a side; where its sort is not proved a sweep takes the poll's place."""
    with desk.store.begin() as unit:
        state = unit.side_state(side)
    if state.is_sorted is None:
        is_sorted = prove_sort(desk, side)
        with desk.store.begin() as unit:
            unit.save_side_state(replace(unit.side_state(side), is_sorted=is_sorted))
        state = replace(state, is_sorted=is_sorted)
    if state.is_sorted and poll_from(desk, state, is_regular=is_regular):
        return
    desk.unsorted.add(side)
    sweep(desk, side, None)
    with desk.store.begin() as unit:
        unit.save_side_state(answered(unit.side_state(side), desk.clock.now()))


def prepare(desk: Desk, kind: str) -> None:
    """Begin a run: load what is known, wake everything if a setting that decides has changed."""
    now = desk.clock.now()
    with desk.store.begin(is_fleeting=True) as unit:
        desk.vocabulary = unit.vocabulary()
        desk.probe_form = unit.side_state(Side.KORE).probe_form
        desk.run_id = unit.start_run(kind, now)
        pair = unit.pair_state()
        tables = desk.agreement.tables()
        settings = desk.rules.fingerprint
        if (dict(pair.tables), pair.settings) != (tables, settings):
            if pair.settings:
                unit.set_all_due()
            unit.save_pair_state(replace(pair, tables=tables, settings=settings))
            if pair.tables and dict(pair.tables) != tables:
                await_count(unit)
            restart_first_contact(desk, unit, pair)
        states = {side: unit.side_state(side) for side in SIDES}
        settle_leftovers(desk, unit)
        is_told = not desk.is_dry and bool(unit.open_instructions())
        if not is_told:
            _look_round(desk, unit)
    for side, state in states.items():
        if state.not_before is not None and now < state.not_before:
            seconds = (state.not_before - now).total_seconds()
            desk.faults[side] = NotYet(side, state.not_before_reason, seconds=seconds)
    if is_told:
        carry_out(desk)
        with desk.store.begin() as unit:
            _look_round(desk, unit)


def _look_round(desk: Desk, unit: Unit) -> None:
    """What holds writes up now, whatever people said before, and what is to be looked at again."""
    note_holds(desk, unit)
    doubt_places(desk, unit)
    desk.unsure = unsure_creates(desk, unit)
    if not desk.is_dry:
        wake_put_off(unit)


def try_side(desk: Desk, side: Side, step: Callable[[Desk, Side], None]) -> None:
    """A step of one side: its fault ends that side's part, not the other's."""
    if desk.has_failed(side):
        return
    desk.clock.check()
    try:
        step(desk, side)
    except ServiceError as error:
        desk.give_up(side, error)
    except OtherAccount as error:
        desk.tell("side_not_read", side=side, reason=str(error))


def sweep(desk: Desk, side: Side, limit: float | None) -> None:
    """Sweep a side, for `limit` seconds at most or to its end; the lease is kept fresh."""
    started_at = desk.clock.now()

    def may_go_on() -> bool:
        desk.clock.check()
        _keep_up(desk)
        spent = (desk.clock.now() - started_at).total_seconds()
        return limit is None or spent < limit

    sweep_side(desk, side, may_go_on)


def _deepen(desk: Desk, side: Side) -> None:
    """Go on with a deep poll on what is left: where it has to wait, the next cycle goes on."""
    if side in desk.barred:
        return
    try:
        go_deeper(desk, side, min(MOST_DEEP_SECONDS, desk.rules.poll_seconds))
    except OverBudget as error:
        desk.tell("deep_poll_waits", side=side, seconds=error.seconds, reason=str(error))


def _sweep_as_far_as_may_be(desk: Desk, side: Side, limit: float | None) -> None:
    """Sweep on what polling leaves: where only the sweep has to wait, the side goes on."""
    if side in desk.barred:
        return
    try:
        sweep(desk, side, limit)
    except OverBudget as error:
        desk.tell("sweep_waits", side=side, seconds=error.seconds, reason=str(error))


def _round(desk: Desk, walk: Walk, plan: Callable[[], Batch]) -> tuple[int, int]:
    """One walk over everything due: how many jobs were sent, how many plans grew too old."""
    sent, stale = 0, 0
    while not walk.is_over:
        desk.clock.check()
        _keep_up(desk)
        for side in SIDES:
            if not desk.is_dry and side in desk.polled_at and not desk.is_fresh(side):
                try_side(desk, side, poll_between)
        batch = plan()
        apply_batch(desk, batch)
        sent, stale = sent + batch.sent, stale + batch.stale
        desk.tell("batch", sent=batch.sent, stale=batch.stale)
    return sent, stale


def _keep_up(desk: Desk) -> None:
    """Keep the lease or offer it; what another process left open meanwhile is known from then."""
    token = desk.token
    keep_or_offer(desk)
    if desk.token != token:
        look_up_open_creates(desk)
