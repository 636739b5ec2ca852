"""First contact: a state kept in the database, not the emptiness of the link table.

While it lasts only a backfill makes links, so that a lost database cannot double the world. It
ends when a backfill has decided everything, or when complete sweeps find unlinked tasks that are
not finished on at most one side.
"""

from dataclasses import replace

from bridge.domain.records import PairState
from bridge.domain.scope import outside
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Known, Standing
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.only import tasks_asked_for

_KEPT_OUT = (Standing.OUT_OF_SCOPE, Standing.FINISHED)
_UNDECIDED = (
    Standing.NEW,
    Standing.HELD,
    Standing.OUT_OF_SCOPE,
    Standing.UNROUTABLE,
    Standing.AMBIGUOUS,
    Standing.FAILED,
)


def is_first_contact(desk: Desk) -> bool:
    """Whether first contact lasts."""
    with desk.store.begin() as unit:
        return unit.pair_state().first_contact_ended_at is None


def end_of_first_contact(desk: Desk, unit: Unit) -> None:
    """End it if complete sweeps found unlinked, unfinished tasks on at most one side."""
    state = unit.pair_state()
    if state.first_contact_ended_at is not None or desk.guards:
        return
    if ends_by_itself(unit, has_finished=desk.rules.scope.has_finished):
        _end(desk, unit, state, "only one side had unlinked tasks")


def ends_by_itself(unit: Unit, *, has_finished: bool) -> bool:
    """Whether the next cycle ends it, for all that is known; then the rest is created.

    `has_finished`: whether finished tasks are in scope.
    """
    if not all(_was_swept(unit, side) for side in SIDES):
        return False
    return not all(_has_unlinked(unit, side, has_finished=has_finished) for side in SIDES)


def end_by_backfill(desk: Desk, how: str) -> None:
    """A backfill has decided every unlinked task."""
    with desk.store.begin() as unit:
        state = unit.pair_state()
        if state.first_contact_ended_at is None:
            _end(desk, unit, state, how)


def restart_first_contact(desk: Desk, unit: Unit, before: PairState) -> None:
    """A change of scope that brings in unlinked tasks of both sides starts it again.

    In the transaction that keeps the changed settings, so that a crash cannot part the two.
    """
    if before.settings == desk.rules.fingerprint or before.first_contact_ended_at is None:
        return
    if all(_is_let_in(desk, unit, side) for side in SIDES):
        unit.save_pair_state(replace(unit.pair_state(), first_contact_ended_at=None))
        desk.tell("first_contact_again")


def mark_unlinked_due(desk: Desk) -> None:
    """Every unlinked task that the run is about is to be decided anew, but those that failed."""
    for side in SIDES:
        asked_for = tasks_asked_for(desk, side)
        with desk.store.begin() as unit:
            rest = (known for known in unit.unlinked(side) if known.standing is not Standing.FAILED)
            ids = [known.task.id for known in rest]
            unit.mark_due(side, [one for one in ids if asked_for is None or one in asked_for])


def _end(desk: Desk, unit: Unit, state: PairState, how: str) -> None:
    now = desk.clock.now()
    unit.save_pair_state(replace(state, first_contact_ended_at=now, first_contact_how=how))
    for side in SIDES:
        unit.mark_due(side, [known.task.id for known in unit.unlinked(side, (Standing.NEW,))])
    if not desk.is_dry:
        desk.tell("first_contact_ended", how=how)


def _was_swept(unit: Unit, side: Side) -> bool:
    last = unit.last_sweep(side)
    return last is not None and last.is_complete


def _has_unlinked(unit: Unit, side: Side, *, has_finished: bool) -> bool:
    """Whether there are unlinked tasks that are not finished, or whose end does not matter.

    One that cannot be read may be anything.
    """
    if _has_unreadable(unit, side):
        return True
    if has_finished:
        return any(True for _ in unit.unlinked(side, (*_UNDECIDED, Standing.FINISHED)))
    return any(not known.task.is_finished for known in unit.unlinked(side, _UNDECIDED))


def _has_unreadable(unit: Unit, side: Side) -> bool:
    """Whether a record of a task without a link cannot be read."""
    ids = {wait.task_id for wait in unit.unread() if wait.side is side and wait.task_id}
    return bool(ids - {*unit.links_of(side, ids)})


def _is_let_in(desk: Desk, unit: Unit, side: Side) -> bool:
    """Whether the scope now lets in an unlinked task that it kept out before."""
    return any(_is_inside(desk, known) for known in unit.unlinked(side, _KEPT_OUT))


def _is_inside(desk: Desk, known: Known) -> bool:
    rules = desk.rules
    return outside(known.task, rules.scope, rules.policy.direction, desk.vocabulary) is None
