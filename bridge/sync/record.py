"""Recording what came of an update: bases, observation, failures and history, in one transaction.

What counts is what the service shows afterwards, for the fields that were written. A value that
it ignored is a failure of that field; one that it altered is noted and never carried back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bridge.domain.exchange import Answer
from bridge.domain.merge import Conflict
from bridge.domain.observe import Sight, observe, observe_own
from bridge.domain.operation import Operation, Outcome, Wait, WaitKind
from bridge.domain.plan import Pair
from bridge.domain.settle import Effect, Written
from bridge.domain.settle import settle as settle_field
from bridge.domain.side import Field, LinkId, OperationId, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.domain.values import UNSEEN, Observed, Shown
from bridge.domain.vocabulary import Word, WordKind
from bridge.ports import LinkView, Unit
from bridge.sync.desk import NEXT_CYCLE, Desk
from bridge.sync.journal import Sent, leave_open
from bridge.sync.remember import (
    Place,
    Settled,
    values_parked,
    values_settled,
    values_unseen,
)

ALL_IGNORED = "ignored by the service"
_IGNORED = "{side} answered with success and kept the old value."
_NO_ID = (
    "It was written by name, since no record seen so far tells its id; it is tried again once "
    "one does, or name it in kore.{field}_ids."
)


# What people decided stands until the next plan has seen that it is carried out.
_DECIDED = (WaitKind.CONFLICT, WaitKind.RESTORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update that is ready to be sent.

    `conflicts` are those of its pair, of other fields too. `parent` is the create that it
    completes: it then belongs to that operation and is not counted by itself. `wire` are the
    values as they are sent. `is_unseen`: it was taken, and the look after it failed, so that the
    next one has to tell what became of it.
    """

    operation: Operation
    link_id: LinkId
    task_id: TaskId
    conflicts: Mapping[Field, Conflict]
    parent: OperationId | None = None
    wire: Mapping[Field, Observed] = field(default_factory=dict)
    is_unseen: bool = False

    @property
    def side(self) -> Side:
        """The side that is written."""
        return self.operation.side


def record_update(
    desk: Desk, update: Update, sent: Sent, answer: Answer, before: Known, after: Task | None
) -> bool:
    """Everything that follows from the answer, in one transaction; true if all was ignored."""
    now = desk.clock.now()
    with desk.store.begin() as unit:
        view = link_of(unit, update)
        desk.learn(unit, _own_name(update, before, answer))
        is_own = _is_own(desk, answer, after)
        last = known_of(view, update.side) or before
        known = _known_after(update, last, after, answer, is_own=is_own)
        settled = _settled(desk, update, view, before, known.task, is_own)
        bases = {name: one.base for name, one in settled.items() if not _is_ignored(one)}
        failed = [
            _failure(desk, update, view, name, _IGNORED.format(side=update.side.label))
            for name, one in settled.items()
            if _is_ignored(one)
        ]
        link = replace(view.link.with_bases(bases), changed_at=now)
        unit.save_link(link)
        unit.save_known([known])
        if failed or view.waits:
            unit.replace_waits(_waits_after(view, update, failed), link_id=link.id, at=now)
        unit.set_due(link.id, True)
        has_failed = len(failed) == len(update.operation.values)
        if update.is_unseen:
            leave_open(desk, unit, sent, update.side, "it was taken, and the look after it failed")
        else:
            outcome, note = (Outcome.FAILED, ALL_IGNORED) if has_failed else (Outcome.DONE, "")
            unit.settle(sent.id, outcome, note, now)
        _remember(desk, unit, update, settled, sent.id)
        _keep_conflicts(desk, unit, update, view, {wait.field for wait in failed})
    return has_failed


def _own_name(update: Update, before: Known, answer: Answer) -> tuple[Word, ...]:
    """Under which name our own writes appear: the answer to one that moved the task shows it."""
    task = answer.task
    if task is None or not task.last_author or task.changed_at == before.task.changed_at:
        return ()
    return (Word(update.side, WordKind.SELF, task.last_author, task.last_author),)


def _is_own(desk: Desk, answer: Answer, after: Task | None) -> bool:
    """Whether what is seen is what we made: the answer itself, or our user was the last author."""
    if after is None or answer.task is not None:
        return True
    own = desk.vocabulary.self_ids(after.side)
    return after.last_author is None or not own or after.last_author in own


def _known_after(
    update: Update, before: Known, after: Task | None, answer: Answer, *, is_own: bool
) -> Known:
    if after is None:
        task = _without(before.task, update.operation.values)
        return replace(before, task=task, written_at=answer.answered_at)
    if is_own:
        return observe_own(before, after, answer.answered_at)
    seen = observe(before, after, Sight(sent_at=answer.answered_at)) or before
    return replace(seen, written_at=answer.answered_at)


def _without(task: Task, names: Collection[Field]) -> Task:
    """The task as far as it is still known: what was written and not seen is not observed."""
    fields = {name: value for name, value in task.fields.items() if name not in names}
    return replace(task, fields=fields, digest="")


def _settled(
    desk: Desk,
    update: Update,
    view: LinkView,
    before: Known,
    after: Task,
    is_own: bool,
) -> dict[Field, Settled]:
    """What became of every written field; nothing where the look after it failed."""
    found: dict[Field, Settled] = {}
    for name, value in update.operation.values.items() if not update.is_unseen else ():
        written = Written(
            side=update.side,
            # What was translated, and not what the origin shows by now: it may have moved on.
            origin=update.operation.origin.get(name, UNSEEN),
            sent=value,
            before=before.task.shown(name),
            after=after.shown(name),
            is_own=is_own,
        )
        effect, base = settle_field(written, desk.agreement.of(name, view.link.stand_in))
        found[name] = Settled(effect, written, base)
        if effect is Effect.ALTERED:
            desk.tell("altered", side=update.side, id=update.task_id, field=name)
    return found


def _is_ignored(one: Settled) -> bool:
    return one.effect is Effect.IGNORED


def _waits_after(view: LinkView, update: Update, failed: list[Wait]) -> list[Wait]:
    kept = [
        wait
        for wait in view.waits
        if wait.field not in update.operation.values or wait.kind in _DECIDED
    ]
    return [*kept, *failed]


def _failure(desk: Desk, update: Update, view: LinkView, name: Field, reason: str) -> Wait:
    """A field that waits for a person; only another value is tried by itself."""
    missing = _missing_word(desk, update, name)
    if missing:
        reason = f"{reason} {_NO_ID.format(field=name)}"
    tried = [w for w in view.waits if w.field is name and w.kind is WaitKind.FAILED]
    return Wait(
        kind=WaitKind.FAILED,
        reason=reason,
        side=update.side,
        link_id=update.link_id,
        field=name,
        kore=_shown(view, Side.KORE, name),
        v2=_shown(view, Side.V2, name),
        value=update.operation.values.get(name),
        waits_for=missing,
        attempts=tried[0].attempts + 1 if tried else 1,
    )


def _missing_word(desk: Desk, update: Update, name: Field) -> str:
    """The Kore word whose id no record has told yet, so that it was written by name alone."""
    value = update.operation.values.get(name)
    kinds = {Field.STATUS: WordKind.STATUS, Field.PRIORITY: WordKind.PRIORITY}
    if update.side is Side.V2 or value is None or name not in kinds:
        return ""
    word = desk.vocabulary.find(Side.KORE, kinds[name], value.key)
    if word is not None and word.details.get("id"):
        return ""
    return f"{Side.KORE}:{kinds[name]}:{value.key}"


def park_update(desk: Desk, update: Update, kind: WaitKind, reason: str) -> None:
    """Nothing was written: every field of the update waits, for a person or for its case."""
    with desk.store.begin() as unit:
        view = link_of(unit, update)
        parked = [
            replace(_failure(desk, update, view, name, reason), kind=kind)
            for name in update.operation.values
        ]
        now = desk.clock.now()
        unit.replace_waits(_waits_after(view, update, parked), link_id=update.link_id, at=now)
        lines = values_parked(update.operation.values, kind, _place(update, reason))
        unit.remember(lines, desk.run_id, now)


def put_off_update(desk: Desk, update: Update, reason: str) -> None:
    """Whether it was written is not known: it rests until the next cycle has looked."""
    with desk.store.begin() as unit:
        view = link_of(unit, update)
        resting = [
            replace(
                _failure(desk, update, view, name, reason),
                kind=WaitKind.HELD,
                waits_for=NEXT_CYCLE,
            )
            for name in update.operation.values
        ]
        waits = _waits_after(view, update, resting)
        unit.replace_waits(waits, link_id=update.link_id, at=desk.clock.now())
        unit.set_due(update.link_id, False)


def link_of(unit: Unit, update: Update) -> LinkView:
    """The link that is updated; nobody takes one away that joins two tasks."""
    view = unit.link(update.link_id)
    if view is None:
        raise ValueError("an update has its link")
    return view


def known_of(view: LinkView, side: Side) -> Known | None:
    """What is known of a link's task on one side."""
    return view.kore if side is Side.KORE else view.v2


def _shown(view: LinkView, side: Side, name: Field) -> Shown:
    known = known_of(view, side)
    return known.task.shown(name) if known else UNSEEN


def pair_of(view: LinkView, skew_seconds: float = 0.0, *, is_case_closed: bool = False) -> Pair:
    """The link as the planner sees it; both its tasks must be known."""
    if view.kore is None or view.v2 is None:
        raise ValueError("a pair needs both its tasks")
    return Pair(
        link=view.link,
        kore=view.kore,
        v2=view.v2,
        waits=view.waits,
        skew_seconds=skew_seconds,
        is_case_closed=is_case_closed,
    )


def _remember(
    desk: Desk,
    unit: Unit,
    update: Update,
    settled: Mapping[Field, Settled],
    operation_id: OperationId,
) -> None:
    """What was written and what the service made of it, in the history."""
    place = _place(update, update.operation.reason)
    if update.is_unseen:
        lines = values_unseen(update.operation.values, operation_id, place)
    else:
        lines = values_settled(settled, operation_id, place)
    unit.remember(lines, desk.run_id, desk.clock.now())


def _place(update: Update, why: str) -> Place:
    return Place(side=update.side, task_id=update.task_id, link_id=update.link_id, why=why)


def _keep_conflicts(
    desk: Desk, unit: Unit, update: Update, view: LinkView, failed: Collection[Field | None]
) -> None:
    """The values that lost a conflict by what was written."""
    for name, conflict in update.conflicts.items():
        if name in update.operation.values and name not in failed:
            _save_conflict(desk, unit, view, name, conflict)
            desk.tally.decided_conflict()
            desk.tell("conflict", link=view.link.id, field=name, winner=conflict.winner)


def begin_conflicts(desk: Desk, update: Update) -> None:
    """Keep what is about to be written over in a conflict: its answer may never come."""
    decided = {name: update.conflicts.get(name) for name in update.operation.values}
    if not any(decided.values()):
        return
    with desk.store.begin() as unit:
        view = link_of(unit, update)
        for name, conflict in decided.items():
            if conflict is not None:
                _save_conflict(desk, unit, view, name, conflict, is_written=False)


def _save_conflict(
    desk: Desk,
    unit: Unit,
    view: LinkView,
    name: Field,
    conflict: Conflict,
    *,
    is_written: bool = True,
) -> None:
    base = view.link.base(name)
    values = {
        "kore": _shown(view, Side.KORE, name),
        "v2": _shown(view, Side.V2, name),
        "base_kore": base.kore,
        "base_v2": base.v2,
    }
    unit.save_conflict(
        view.link.id,
        name,
        values,
        rule=conflict.rule,
        winner=conflict.winner,
        at=desk.clock.now(),
        is_written=is_written,
    )
