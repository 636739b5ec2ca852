"""The backfill: everything in scope that is not linked is linked or created, or told why not.

It may be stopped and started again at any point: what is done is recorded with each answer.
Every hidden Kore task is probed before anything is created there; where the configuration leaves
that open, more than a hundred probes are a question to a person first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.held import PROBE_FAILED
from bridge.domain.operation import OperationKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.plan import wants_probe
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import NotYet, ServiceError, Unreachable
from bridge.ports import Unit
from bridge.sync.backlink import link_by_tags
from bridge.sync.contact import end_by_backfill, is_first_contact, mark_unlinked_due
from bridge.sync.cycle import (
    Outcome,
    finish,
    judge,
    poll_between,
    prepare,
    sweep,
    try_side,
    work,
)
from bridge.sync.desk import NEXT_CYCLE, Desk
from bridge.sync.guard import MOST_UNASKED_PROBES
from bridge.sync.lease import offer_lease, take_lease, under_lease
from bridge.sync.link import Admission
from bridge.sync.only import narrow, tasks_asked_for
from bridge.sync.uncertain import look_into_creates
from bridge.sync.unsure import look_up_open_creates
from bridge.sync.unveil import count_probes, plan_probes

PAUSE_SECONDS = 2.0
# How often in all a step is done whose faults were of single tasks.
MOST_PASSES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What a backfill is asked for.

    `is_whole`: without a limit or a date, so that it decides everything. `skips`: nothing is
    created, what is left over is marked as left. `only_links`: nothing is created or updated, what
    belongs together is linked. `match_window`: how far apart two of equal title may have been
    created to be linked, None for no such match. `only`: ids or references of the tasks that alone
    it is about. `gives_up_seconds`: for how long a service may be unreachable.
    `confirms_guards`: as of a cycle, and of the question about probes.
    """

    sides: tuple[Side, ...] = SIDES
    limit: int | None = None
    is_whole: bool = True
    includes_finished: bool = False
    skips: bool = False
    only_links: bool = False
    match_window: timedelta | None = None
    only: tuple[str, ...] = ()
    confirms_guards: bool = False
    gives_up_seconds: float = 30.0

    @property
    def admission(self) -> Admission:
        """What it may do about unlinked tasks."""
        return Admission(
            creates=not (self.skips or self.only_links),
            keeps_in_step=not self.only_links,
            match_window=self.match_window,
            includes_finished=self.includes_finished,
            includes_left=True,
            sides=self.sides,
        )


class TooManyProbes(Exception):
    """A person has to say first whether so many tasks may be probed.

    `count` tasks; `moves` tells whether a probe moved change time or author, None if untried.
    """

    def __init__(self, count: int, moves: bool | None) -> None:
        self.count = count
        self.moves = moves
        super().__init__(f"{count} tasks would be probed")


def run_backfill(desk: Desk, wanted: Backfill) -> Outcome:
    """Read everything, decide every unlinked task, create what is missing.

    Raises TooManyProbes before the first write if the configuration leaves that question open,
    UsageError if `only` names a task that is not there, LeaseTaken, or Stopped.
    """
    started_at = desk.clock.now()
    kind = "rebuild" if wanted.only_links else "backfill"
    with under_lease(desk):
        desk.confirms_guards = wanted.confirms_guards
        prepare(desk, kind)
        if _insist(desk, wanted, lambda: _read(desk)):
            look_into_creates(desk, judge(desk, ends_contact=False))
            if not desk.guards or desk.is_dry:
                _decide(desk, wanted)
        outcome = finish(desk, kind, started_at)
        if wanted.only_links:
            return replace(outcome, put_off=_count_unseen(desk))
        return replace(outcome, put_off=max(len(_put_off(desk)), desk.veiled))


def _decide(desk: Desk, wanted: Backfill) -> None:
    narrow(desk, wanted.only)
    if _needs_all_markers(desk, wanted) and not _unveil(desk, wanted):
        return
    link_by_tags(desk, includes_left=True)
    mark_unlinked_due(desk)
    _tell_how_many(desk, wanted.limit)
    if not _persist(desk, wanted, lambda: _work(desk, wanted)):
        return
    if wanted.only_links and not _tell_namesakes(desk, wanted):
        return
    if wanted.skips:
        _leave_the_rest(desk)
    if _is_about_all(wanted) and not (desk.veiled or _is_anything_due(desk)):
        end_by_backfill(desk, "skipped" if wanted.skips else "a backfill decided everything")


def _is_about_all(wanted: Backfill) -> bool:
    is_whole = wanted.is_whole and wanted.sides == SIDES
    return is_whole and not (wanted.only or wanted.only_links)


def _needs_all_markers(desk: Desk, wanted: Backfill) -> bool:
    """Whether a hidden marker could change what this run does: not if it only creates in v2."""
    if desk.only is None or wanted.match_window is not None:
        return True
    ids = tasks_asked_for(desk, Side.V2) or ()
    with desk.store.begin() as unit:
        return len(unit.links_of(Side.V2, ids)) < len(ids)


def _unveil(desk: Desk, wanted: Backfill) -> bool:
    """See every hidden Kore task whole; a person is asked first where the settings say so."""
    count = count_probes(desk)
    _ask_first(desk, count)
    desk.tell("progress", step="probe", done=0, total=count)
    return _persist(desk, wanted, lambda: _probe(desk))


def _probe(desk: Desk) -> bool:
    work(desk, Admission(), plan=plan_probes)
    return not desk.faults


def _tell_how_many(desk: Desk, limit: int | None) -> None:
    with desk.store.begin() as unit:
        total = unit.count_standing(Standing.NEW)
    if desk.only is not None:
        total = min(total, len(desk.only))
    total = total if limit is None else min(total, limit)
    desk.tell("progress", step="create", done=0, total=total)


def _read(desk: Desk) -> bool:
    for side in SIDES:
        # A poll whose sort is not proved is a sweep itself; what was read once is not read again.
        if side not in desk.swept and side not in desk.polled_at:
            try_side(desk, side, poll_between)
        if side not in desk.swept and side not in desk.barred:
            try_side(desk, side, lambda desk, side: sweep(desk, side, None))
    return not desk.faults


def _work(desk: Desk, wanted: Backfill) -> bool:
    """Work until nothing is due; a limit counts what this run has created so far."""
    left = None if wanted.limit is None else max(0, wanted.limit - _created(desk))
    desk.veiled = 0 if wanted.skips else _veiled(desk)
    work(desk, wanted.admission, left)
    return not desk.faults


def _tell_namesakes(desk: Desk, wanted: Backfill) -> bool:
    """List what a backfill would leave to people; once all links are made, to list no task of one.

    It takes no probe: what is not shown is left to the backfill.
    """
    mark_unlinked_due(desk)
    admission = replace(wanted.admission, tells_namesakes=True)

    def step() -> bool:
        work(desk, admission)
        return not desk.faults

    return _insist(desk, wanted, step)


def _created(desk: Desk) -> int:
    return sum(desk.tally.count(OperationKind.CREATE, side, Result.DONE) for side in SIDES)


def _persist(desk: Desk, wanted: Backfill, step: Callable[[], bool]) -> bool:
    """Insist on a step, and do it again while it puts single tasks off to the next cycle.

    That one does not know what this run was asked for: to match, to take what is finished.
    """
    for _ in range(MOST_PASSES - 1):
        if not _insist(desk, wanted, step):
            return False
        if not _put_off(desk):
            return True
        _rest(desk, PAUSE_SECONDS, "a task could not be seen whole")
        mark_unlinked_due(desk)
    return _insist(desk, wanted, step)


def _put_off(desk: Desk) -> set[tuple[Side, TaskId]]:
    """The tasks without a counterpart that this run is about and that wait for the next cycle."""
    if desk.is_dry:
        return set()
    with desk.store.begin() as unit:
        tasks = _waiting(unit)
    return tasks if desk.only is None else tasks & desk.only


def _veiled(desk: Desk) -> int:
    """How many tasks of Kore may be what a lost database knew, and could not be seen whole."""
    is_of_kore = desk.only is not None and all(side is Side.KORE for side, _ in desk.only)
    if desk.is_dry or is_of_kore or not is_first_contact(desk):
        return 0
    with desk.store.begin() as unit:
        known = unit.known(Side.KORE, [task_id for _, task_id in _waiting(unit)])
    return sum(wants_probe(one, desk.policy) for one in known.values())


def _waiting(unit: Unit) -> set[tuple[Side, TaskId]]:
    """The tasks without a counterpart whose probe got no answer; only Kore's are probed."""
    waits = unit.waits_until(NEXT_CYCLE)
    return {(Side.KORE, wait.task_id) for wait in waits if wait.task_id is not None}


def _count_unseen(desk: Desk) -> int:
    """How many Kore tasks gave no answer to their probe, so that what they hide may be a marker.

    Where only links are looked for they are decided without it, and nothing waits for them.
    """
    with desk.store.begin() as unit:
        hiding = [one.task for one in unit.unlinked(Side.KORE) if wants_probe(one, desk.policy)]
    why = desk.refused
    return sum(PROBE_FAILED in why.get((one.id, one.changed_at), "") for one in hiding)


def _insist(desk: Desk, wanted: Backfill, step: Callable[[], bool]) -> bool:
    """Do a step again while a side only asks to wait, or is unreachable for not too long."""
    unreachable_since: datetime | None = None
    while not step():
        pause = _pause(desk)
        if pause is None or (desk.is_dry and desk.tally.reports):
            return False  # what a dry run has planned it would plan once more
        now = desk.clock.now()
        if any(isinstance(error, Unreachable) for error in desk.faults.values()):
            unreachable_since = unreachable_since or now
            if (now - unreachable_since).total_seconds() >= wanted.gives_up_seconds:
                return False
        else:
            unreachable_since = None
        _rest(desk, pause, str(next(iter(desk.faults.values()))))
    return True


def _rest(desk: Desk, seconds: float, reason: str) -> None:
    """Wait without the lease; what failed is tried again after it."""
    desk.tell("waiting", seconds=seconds, reason=reason)
    offer_lease(desk)
    desk.clock.sleep(seconds)
    take_lease(desk)
    look_up_open_creates(desk)
    desk.faults.clear()
    desk.tries.clear()


def _pause(desk: Desk) -> float | None:
    """For how long to wait for the sides that failed; None if waiting does not help."""
    pauses = [_pause_for(error) for error in desk.faults.values()]
    known = [pause for pause in pauses if pause is not None]
    return max(known) if len(known) == len(pauses) else None


def _pause_for(error: ServiceError) -> float | None:
    if isinstance(error, NotYet):
        return max(error.seconds, 0.1)
    return PAUSE_SECONDS if isinstance(error, Unreachable) else None


def _ask_first(desk: Desk, count: int) -> None:
    if not desk.rules.asks_before_probing or desk.is_dry or desk.confirms_guards:
        return
    with desk.store.begin() as unit:
        moves = unit.side_state(Side.KORE).probe_moves
    if count > MOST_UNASKED_PROBES:
        raise TooManyProbes(count, moves)


def _leave_the_rest(desk: Desk) -> None:
    """Every task that is still unlinked is left; only a later backfill takes it up."""
    kept = {Standing.DUPLICATE, Standing.ORPHAN, Standing.LEFT}
    waiting = {Standing.FAILED, Standing.AMBIGUOUS}
    now = desk.clock.now()
    for side in SIDES:
        with desk.store.begin() as unit:
            rest = [known for known in unit.unlinked(side) if known.standing not in kept]
            why = "a backfill with --skip left it"
            unit.save_known([known.standing_as(Standing.LEFT, why) for known in rest])
            for known in rest:
                unit.clear_due_task(side, known.task.id)
                if known.standing in waiting:
                    unit.replace_waits([], task=(side, known.task.id), at=now)


def _is_anything_due(desk: Desk) -> bool:
    with desk.store.begin() as unit:
        return any(unit.due_tasks(side, 1) for side in SIDES)
