"""From what is due to jobs: linked pairs are merged, unlinked tasks decided, verdicts recorded.

Everything that is settled without a write is recorded here; what needs one becomes a job.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

from bridge.domain.held import picture_of
from bridge.domain.link import UNSAVED, FieldBase, Link
from bridge.domain.merge import Act
from bridge.domain.operation import Operation, OperationKind, Outcome, Wait, WaitKind
from bridge.domain.pairing import with_names
from bridge.domain.plan import Pair, PairPlan, plan_pair
from bridge.domain.policy import Unobserved
from bridge.domain.scope import Verdict
from bridge.domain.side import SIDES, Field, LinkId, Side
from bridge.domain.task import Known, Standing, Task
from bridge.errors import ServiceError
from bridge.ports import LinkView, Unit
from bridge.sync.apply import Batch, Job
from bridge.sync.clocks import skews_of
from bridge.sync.create import Place, apply_create, place_for
from bridge.sync.desk import NEXT_CYCLE, Desk
from bridge.sync.flap import flapping
from bridge.sync.foresee import foresee, may_learn
from bridge.sync.journal import is_of_one_task
from bridge.sync.link import NOT_IN_THIS_RUN, Admission, Wanted, decide_task, probe_key
from bridge.sync.look_back import look_back, record_look
from bridge.sync.normalise import unreadable_tasks
from bridge.sync.only import links_asked_for, tasks_asked_for
from bridge.sync.probe import apply_probe, may_be_closed
from bridge.sync.record import Update, pair_of
from bridge.sync.resolve import list_conflicts, note_restored
from bridge.sync.update import apply_update

LINKS_AT_ONCE = 200
TASKS_AT_ONCE = 100

# A task without counterpart that stands so waits in the failures list.
_PARKED = (Standing.AMBIGUOUS, Standing.FAILED)
# What waits because a write was refused; a later one is tried.
_TRIED = (WaitKind.FAILED, WaitKind.CASE_CLOSED)


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk over everything that is due: where it stands, and how many creates it may make."""

    link: LinkId = UNSAVED
    kore: str = ""
    v2: str = ""
    is_over: bool = False
    creates_left: int | None = None

    def place(self, side: Side) -> str:
        """Behind which task of that side it goes on."""
        return self.kore if side is Side.KORE else self.v2

    def move(self, side: Side, task_id: str) -> None:
        """It goes on behind that task."""
        if side is Side.KORE:
            self.kore = task_id
        else:
            self.v2 = task_id


def plan_batch(desk: Desk, walk: Walk, admission: Admission) -> Batch:
    """The next batch of jobs of the walk; marks the walk as over when nothing is left."""
    batch = Batch()
    if not _is_anything_due(desk, walk):
        walk.is_over = True
        return batch
    found = [_plan_links(desk, walk, batch)] if admission.keeps_in_step else []
    found += [_plan_tasks(desk, walk, batch, side, admission) for side in SIDES]
    walk.is_over = not any(found)
    return batch


def _is_anything_due(desk: Desk, walk: Walk) -> bool:
    """A glance that spares an idle cycle all that a batch looks up before it is planned."""
    with desk.store.begin() as unit:
        is_any_link = bool(unit.due_links(1, walk.link))
        return is_any_link or any(unit.due_tasks(side, 1, walk.place(side)) for side in SIDES)


# --- linked pairs --------------------------------------------------------------------------------


def _plan_links(desk: Desk, walk: Walk, batch: Batch) -> int:
    with desk.store.begin() as unit:
        mine = links_asked_for(desk, unit)
        views = unit.due_links(LINKS_AT_ONCE, walk.link, only=mine)
        lost = unit.lost_updates([view.link.id for view in views])
        skews = skews_of(unit)
        odd = unreadable_tasks(unit)
    if not views:
        return 0
    walk.link = views[-1].link.id
    closed = _Closed(desk)
    skew = skews[Side.V2] - skews[Side.KORE]
    looked = [look_back(desk, view, lost.get(view.link.id, ()), skews, odd) for view in views]
    plans = [
        (one.view, _spared(one.view, _plan(desk, one.view, skew, closed), odd)) for one in looked
    ]
    with desk.store.begin() as unit:
        for one, (view, plan) in zip(looked, plans, strict=True):
            record_look(desk, unit, one)
            _record(desk, unit, view, plan, is_odd=_is_odd(view, odd))
    for view, plan in plans:
        if plan is not None:
            _add_link_jobs(desk, batch, view, plan)
    return len(views)


class _Closed:
    """Which cases are closed now, each asked for once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cases: dict[str, bool] = {}

    def is_of(self, task: Task) -> bool:
        """Whether the task's case is closed; it stays so while Kore cannot be asked."""
        if self._desk.has_failed(Side.KORE):
            return True
        case_id = task.container.id if task.container else ""
        if case_id not in self._cases:
            self._cases[case_id] = may_be_closed(self._desk, task)
        return self._cases[case_id]


def _plan(desk: Desk, view: LinkView, skew: float, closed: _Closed) -> PairPlan | None:
    if view.kore is None or view.v2 is None:
        return None
    if not (view.kore.is_read and view.v2.is_read):
        return None  # a row of it is news, and makes the pair due
    waits_for_case = any(wait.kind is WaitKind.CASE_CLOSED for wait in view.waits)
    is_closed = waits_for_case and closed.is_of(view.kore.task)
    pair = pair_of(view, skew, is_case_closed=is_closed)
    refused = _refused_probe(desk, view, view.kore, is_closed=is_closed)
    policy = replace(desk.policy, unobserved=Unobserved.HOLD) if refused else desk.policy
    plan = plan_pair(pair, desk.agreement, policy)
    parked = flapping(desk, view, plan)
    if parked:
        plan = plan_pair(pair.with_failures(parked), desk.agreement, policy)
    waits = [*(_shown_now(pair, plan, one) for one in plan.waits), *_tried_again(view, plan)]
    return replace(plan, waits=(*waits, *refused))


def _spared(
    view: LinkView, plan: PairPlan | None, odd: Collection[tuple[Side, str]]
) -> PairPlan | None:
    """The plan without writes over a record that cannot be read now; it is due once it can be."""
    if plan is None or not odd:
        return plan
    kept = [one for one in plan.operations if (one.side, view.link.task_id(one.side)) not in odd]
    return replace(plan, operations=tuple(kept))


def _is_odd(view: LinkView, odd: Collection[tuple[Side, str]]) -> bool:
    """Whether one of its tasks cannot be read now."""
    return any((side, view.link.task_id(side)) in odd for side in SIDES)


def _shown_now(pair: Pair, plan: PairPlan, wait: Wait) -> Wait:
    """A wait that stands, with the values as they are now; as it was where a side hides one."""
    if wait.field is None or wait.kind not in _TRIED:
        return wait
    if plan.decisions[wait.field].act is not Act.WRITE:
        return wait
    kore, v2 = pair.kore.task.shown(wait.field), pair.v2.task.shown(wait.field)
    return replace(wait, kore=kore, v2=v2, value=plan.decisions[wait.field].value)


def _refused_probe(desk: Desk, view: LinkView, kore: Known, *, is_closed: bool) -> tuple[Wait, ...]:
    """The refusal of a probe, if it still says something of the task as it is.

    What was a fault of another cycle says nothing any more.
    """
    for wait in view.waits:
        if wait.operation is OperationKind.PROBE:
            if wait.waits_for == NEXT_CYCLE and not desk.tries[_probe_key(view)]:
                return ()
            is_for_case = wait.kind is WaitKind.CASE_CLOSED
            stands = is_closed if is_for_case else wait.value == picture_of(kore)
            return (wait,) if stands else ()
    return ()


def _tried_again(view: LinkView, plan: PairPlan) -> tuple[Wait, ...]:
    """What waits in fields that are written now stays in the list until the answer is there."""
    written = {name for one in plan.operations for name in one.values}
    return tuple(one for one in view.waits if one.kind in _TRIED and one.field in written)


def _record(desk: Desk, unit: Unit, view: LinkView, plan: PairPlan | None, *, is_odd: bool) -> None:
    """The verdict on a pair: bases that moved, what waits, and the due mark if it is settled.

    What `is_odd` is due again once it can be read.
    """
    if plan is None:
        unit.set_due(view.link.id, False)
        return
    now = desk.clock.now()
    link = _named(unit, view)
    is_seen = not (is_odd or any(desk.has_failed(side) for side in SIDES))
    bases = plan.bases if is_seen else _bases_unagreed(plan)
    if bases or link != view.link:
        unit.save_link(replace(link.with_bases(bases), changed_at=now))
    if plan.waits or view.waits:
        note_restored(desk, unit, view, plan)
        waits = list_conflicts(desk, unit, view, plan)
        unit.replace_waits(waits, link_id=view.link.id, at=now)
    if plan.is_settled and (is_odd or len(bases) == len(plan.bases)):
        unit.set_due(view.link.id, False)


def _bases_unagreed(plan: PairPlan) -> Mapping[Field, FieldBase]:
    """Two sides agree on nothing while one cannot be read: what is known of it may be old."""
    agreed = {name for name, one in plan.decisions.items() if one.act is Act.REBASE}
    return {name: base for name, base in plan.bases.items() if name not in agreed}


def _named(unit: Unit, view: LinkView) -> Link:
    """The link with what its tasks tell of it: one that was imported knew neither of them."""
    if view.kore is None or view.v2 is None:
        return view.link
    for known in (view.kore, view.v2):
        if known.standing is not Standing.LINKED:
            unit.save_known([known.standing_as(Standing.LINKED)])
    return with_names(view.link, view.kore.task, view.v2.task)


def _add_link_jobs(desk: Desk, batch: Batch, view: LinkView, plan: PairPlan) -> None:
    operations = plan.operations
    probes = [one for one in operations if one.kind is OperationKind.PROBE]
    if desk.is_dry:
        with desk.store.begin() as unit:
            learns = may_learn(desk, unit)
        for operation in foresee(pair_of(view), plan, desk.policy.direction, learns=learns):
            desk.tally.report(operation, Outcome.PLANNED)
        return
    for operation in probes or operations:
        batch.add(desk, _link_job(desk, view, plan, operation))


def _probe_key(view: LinkView) -> str:
    return f"link {view.link.id} probe"


def _link_job(desk: Desk, view: LinkView, plan: PairPlan, operation: Operation) -> Job:
    if operation.kind is OperationKind.PROBE:
        return Job(operation.side, _probe_key(view), partial(apply_probe, desk, operation))
    key = f"link {view.link.id} {operation.side}"
    task_id = view.link.task_id(operation.side)
    if task_id is None:
        raise ValueError("only a pair with both its tasks is updated")
    update = Update(
        operation=operation,
        link_id=view.link.id,
        task_id=task_id,
        conflicts=plan.conflicts,
    )
    return Job(operation.side, key, partial(_update, desk, update))


def _update(desk: Desk, update: Update) -> None:
    apply_update(desk, update)


# --- unlinked tasks ------------------------------------------------------------------------------


def _plan_tasks(desk: Desk, walk: Walk, batch: Batch, side: Side, admission: Admission) -> int:
    with desk.store.begin() as unit:
        mine = tasks_asked_for(desk, side)
        due = unit.due_tasks(side, TASKS_AT_ONCE, walk.place(side), only=mine)
        desk.claims = None
        wanted = [one for known in due for one in _decide(desk, unit, known, admission)]
    if not due:
        return 0
    walk.move(side, due[-1].task.id)
    for one in wanted:
        _add_task_job(desk, walk, batch, one)
    return len(due)


def _decide(desk: Desk, unit: Unit, known: Known, admission: Admission) -> list[Wanted]:
    """What a task asks for; a verdict is recorded at once."""
    choice = decide_task(desk, unit, known, admission)
    if choice is NOT_IN_THIS_RUN:
        return []
    if isinstance(choice, Verdict):
        _record_verdict(desk, unit, known, choice)
        return []
    found = [choice]
    if desk.is_dry and choice.operation.kind is OperationKind.PROBE:
        probed = decide_task(desk, unit, known, replace(admission, is_as_probed=True))
        if isinstance(probed, Wanted):
            found.append(probed)
    if desk.is_dry:
        unit.clear_due_task(known.task.side, known.task.id)
    return found


def _record_verdict(desk: Desk, unit: Unit, known: Known, verdict: Verdict) -> None:
    """An unlinked task is decided; what was parked and is so no longer leaves the failures.

    So does the probe that it waited for, if it was decided without one.
    """
    side, task_id = known.task.side, known.task.id
    was_parked = known.standing in _PARKED and verdict.standing is not Standing.AMBIGUOUS
    was_held = known.standing is Standing.HELD and verdict.standing is not Standing.HELD
    if was_parked or was_held:
        # What a person said of it holds once its case is open, or it can be seen.
        is_put_off = verdict.standing in (Standing.UNROUTABLE, Standing.HELD)
        waits = unit.waits_on_task(side, task_id) if is_put_off else ()
        said = [one for one in waits if one.decided is not None]
        unit.replace_waits(said, task=(side, task_id), at=desk.clock.now())
    if verdict.standing is not Standing.LINKED:
        unit.save_known([known.standing_as(verdict.standing, verdict.why)])
    unit.clear_due_task(side, task_id)


def _add_task_job(desk: Desk, walk: Walk, batch: Batch, wanted: Wanted) -> None:
    if wanted.operation.kind is OperationKind.PROBE:
        add_probe(desk, batch, wanted)
        return
    place = _place(desk, wanted)
    if place is None or not _may_create(walk):
        return
    if desk.is_dry:
        desk.tally.report(wanted.operation, Outcome.PLANNED)
        return
    key = f"create {wanted.known.task.id}"
    batch.add(desk, Job(wanted.operation.side, key, partial(apply_create, desk, wanted, place)))


def add_probe(desk: Desk, batch: Batch, wanted: Wanted) -> None:
    """One probe a task, however many ask for it."""
    key = probe_key(wanted.known.task)
    if not desk.is_dry:
        batch.add(desk, Job(Side.KORE, key, partial(apply_probe, desk, wanted.operation)))
    elif not desk.tries[key]:
        desk.tries[key] += 1
        desk.tally.report(wanted.operation, Outcome.PLANNED)


def _may_create(walk: Walk) -> bool:
    if walk.creates_left is None:
        return True
    walk.creates_left -= 1
    return walk.creates_left >= 0


def _place(desk: Desk, wanted: Wanted) -> Place | None:
    """Where the counterpart goes; a reason why not is recorded, a fault leaves the task due."""
    task = wanted.known.task
    if desk.has_failed(Side.KORE):
        return None
    try:
        place = place_for(desk, task)
    except ServiceError as error:
        if not is_of_one_task(error):
            desk.give_up(Side.KORE, error)
        return None
    if isinstance(place, Place):
        return place
    with desk.store.begin() as unit:
        _record_verdict(desk, unit, wanted.known, place)
    return None
