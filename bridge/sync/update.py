"""One update: look first where a task can be read, write only what changes, look again.

What counts is what the service shows afterwards, for the fields that were written. A refused
write of several fields is repeated field by field; a value that the service ignored is a failure
of that field; a change in a closed case waits until the case is open again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bridge.domain.link import FieldBase, Link
from bridge.domain.marker import with_marker
from bridge.domain.merge import Conflict
from bridge.domain.observe import Sight, has_news, observe, observe_own
from bridge.domain.operation import Operation, OperationKind, Outcome, Wait, WaitKind
from bridge.domain.plan import Pair
from bridge.domain.settle import Effect, Written
from bridge.domain.settle import settle as settle_field
from bridge.domain.side import Field, LinkId, OperationId, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.domain.values import UNSEEN, Observed, Value
from bridge.domain.vocabulary import WordKind
from bridge.errors import ServiceError
from bridge.ports import Answer, Happening, LinkView, Unit
from bridge.sync.desk import Desk
from bridge.sync.journal import Sent, commit, is_of_one_task, send, settle
from bridge.sync.probe import is_case_closed

_IGNORED = "{side} answered with success and kept the old value."
_NO_ID = (
    "It was written by name, since no record seen so far tells its id; it is tried again once "
    "one does, or name it in kore.{field}_ids."
)
FRESH_READ_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update that is ready to be sent.

    `parent` is the create that it completes: it then belongs to that operation and is not
    counted by itself.
    """

    operation: Operation
    link_id: LinkId
    task_id: TaskId
    conflicts: Mapping[Field, Conflict]
    parent: OperationId | None = None

    @property
    def side(self) -> Side:
        """The side that is written."""
        return self.operation.side


def apply_update(desk: Desk, update: Update) -> Outcome:
    """Send one update and settle everything that follows from it; gives what came of it."""
    outcome, note = _apply(desk, update)
    if update.parent is None:
        desk.tally.report(update.operation, outcome, note)
    return outcome


def _apply(desk: Desk, update: Update) -> tuple[Outcome, str]:
    if desk.has_failed(update.side):
        return Outcome.DROPPED, "the side is not written to in this cycle"
    with desk.store.begin() as unit:
        view = unit.link(update.link_id)
    before = known_of(view, update.side)
    if view is None or before is None:
        return Outcome.DROPPED, "the task is not known any more"
    try:
        moved = _look_first(desk, update, before)
    except ServiceError as error:
        return _unsent(desk, update, error)
    if moved:
        return Outcome.DROPPED, "it changed before it was written; planned anew"
    request = desk.services[update.side].draft_update(
        update.task_id, _wire_values(view.link, update), desk.vocabulary
    )
    sent = send(desk, commit(desk, update.operation, request, update.parent), request)
    if sent.error is not None:
        return _failed(desk, update, view, sent, sent.error)
    return _answered(desk, update, sent, before)


def _look_first(desk: Desk, update: Update, before: Known) -> bool:
    """Read the task where that can be done; true if it moved since it was planned on."""
    service = desk.services[update.side]
    if not service.reads_one or _was_just_seen(desk, update):
        return False
    sent_at = desk.clock.now()
    task = service.read(update.task_id)
    if task is None:
        return False
    after = observe(before, task, Sight(sent_at=sent_at))
    if after is None or not has_news(before, after):
        return False
    with desk.store.begin() as unit:
        desk.learn(unit, task.words)
        unit.save_known([after])
        unit.set_due(update.link_id, True)
    return True


def _was_just_seen(desk: Desk, update: Update) -> bool:
    seen_at = desk.seen_at.get((update.side, update.task_id))
    if seen_at is None:
        return False
    return (desk.clock.now() - seen_at).total_seconds() < FRESH_READ_SECONDS


def _wire_values(link: Link, update: Update) -> dict[Field, Observed]:
    """The values as they are sent: a description of a created task ends with its marker."""
    values = dict(update.operation.values)
    if Field.DESCRIPTION in values and link.carries_marker(update.side):
        description = values[Field.DESCRIPTION]
        text = with_marker(description.text if description else "", link.marker)
        values[Field.DESCRIPTION] = Value(text, text)
    return values


def _answered(desk: Desk, update: Update, sent: Sent, before: Known) -> tuple[Outcome, str]:
    answer = sent.answer
    if answer is None:
        raise ValueError("an update without an error has an answer")
    try:
        after = seen_after(desk, update.side, update.task_id, answer)
        after = _completed(desk, update, sent, before, after)
    except ServiceError as error:
        desk.give_up(update.side, error)
        after = None
    ignored = _settle(desk, update, sent, answer, before, after)
    return (Outcome.FAILED, "ignored by the service") if ignored else (Outcome.DONE, "")


def seen_after(desk: Desk, side: Side, task_id: TaskId, answer: Answer) -> Task | None:
    """What the answer shows, or a read after it; None where neither can be had."""
    if answer.task is not None or not desk.services[side].reads_one:
        return answer.task
    return desk.services[side].read(task_id)


def _completed(
    desk: Desk, update: Update, sent: Sent, before: Known, after: Task | None
) -> Task | None:
    """Where an update to `completed` was ignored, the service's own call for it (v2)."""
    wanted = update.operation.values.get(Field.STATUS)
    if update.side is not Side.V2 or wanted is None or wanted.key != "completed":
        return after
    if after is None or after.shown(Field.STATUS) != before.task.shown(Field.STATUS):
        return after
    request = desk.services[Side.V2].draft_complete(update.task_id)
    step = send(desk, commit(desk, update.operation, request, sent.id), request)
    settle(desk, step)
    if step.error is not None and not is_of_one_task(step.error):
        raise step.error
    return desk.services[Side.V2].read(update.task_id)


def _settle(
    desk: Desk, update: Update, sent: Sent, answer: Answer, before: Known, after: Task | None
) -> bool:
    """Everything that follows from the answer, in one transaction; true if all was ignored."""
    now = desk.clock.now()
    with desk.store.begin() as unit:
        view = unit.link(update.link_id)
        if view is None:
            unit.settle(sent.id, Outcome.DONE, "", now)
            return False
        is_own = _is_own(desk, answer, after)
        known = _known_after(known_of(view, update.side) or before, after, answer, is_own=is_own)
        bases, failed = _fields(desk, update, view, before, known.task if after else None, is_own)
        link = replace(view.link.with_bases(bases), changed_at=now)
        unit.save_link(link)
        unit.save_known([known])
        unit.replace_waits(_waits_after(view, update, failed), link_id=link.id, at=now)
        unit.set_due(link.id, True)
        has_failed = len(failed) == len(update.operation.values)
        unit.settle(sent.id, Outcome.FAILED if has_failed else Outcome.DONE, "", now)
        _remember(desk, unit, update, view, before)
    return has_failed


def _is_own(desk: Desk, answer: Answer, after: Task | None) -> bool:
    """Whether what is seen is what we made: the answer itself, or our user was the last author."""
    if after is None or answer.task is not None:
        return True
    own = desk.vocabulary.self_ids(after.side)
    return after.last_author is None or not own or after.last_author in own


def _known_after(before: Known, after: Task | None, answer: Answer, *, is_own: bool) -> Known:
    if after is None:
        return replace(before, written_at=answer.answered_at)
    if is_own:
        return observe_own(before, after, answer.answered_at)
    seen = observe(before, after, Sight(sent_at=answer.answered_at)) or before
    return replace(seen, written_at=answer.answered_at)


def _fields(
    desk: Desk,
    update: Update,
    view: LinkView,
    before: Known,
    after: Task | None,
    is_own: bool,
) -> tuple[dict[Field, FieldBase], list[Wait]]:
    """The base of every written field, and the failures of those that were ignored."""
    bases: dict[Field, FieldBase] = {}
    failed: list[Wait] = []
    origin = known_of(view, update.side.other)
    for name, value in update.operation.values.items():
        relation = desk.agreement.of(name, view.link.stand_in)
        written = Written(
            side=update.side,
            origin=origin.task.shown(name) if origin else UNSEEN,
            sent=value,
            before=before.task.shown(name),
            after=after.shown(name) if after else UNSEEN,
            is_own=is_own,
        )
        effect, base = settle_field(written, relation)
        if effect is Effect.IGNORED:
            reason = _IGNORED.format(side=update.side.label)
            failed.append(_failure(desk, update, view, name, reason))
        else:
            bases[name] = base
        if effect is Effect.ALTERED:
            desk.tell("altered", side=update.side, id=update.task_id, field=name)
    return bases, failed


def _waits_after(view: LinkView, update: Update, failed: list[Wait]) -> list[Wait]:
    kept = [wait for wait in view.waits if wait.field not in update.operation.values]
    return [*kept, *failed]


def _failure(desk: Desk, update: Update, view: LinkView, name: Field, reason: str) -> Wait:
    """A field that waits for a person; only another value is tried by itself."""
    kore, v2 = view.kore, view.v2
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
        operation=OperationKind.UPDATE,
        kore=kore.task.shown(name) if kore else UNSEEN,
        v2=v2.task.shown(name) if v2 else UNSEEN,
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


def _unsent(desk: Desk, update: Update, error: ServiceError) -> tuple[Outcome, str]:
    """The look before the write failed: nothing was sent."""
    if not is_of_one_task(error):
        desk.give_up(update.side, error)
    return Outcome.DROPPED, str(error)


def _failed(
    desk: Desk, update: Update, view: LinkView, sent: Sent, error: ServiceError
) -> tuple[Outcome, str]:
    settle(desk, sent)
    if not is_of_one_task(error):
        desk.give_up(update.side, error)
        return sent.outcome, str(error)
    known = known_of(view, update.side)
    if update.side is Side.KORE and known and is_case_closed(desk, known.task):
        _park(desk, update, WaitKind.CASE_CLOSED, "Its case is closed in Kore.")
        return Outcome.FAILED, "the case is closed"
    if len(update.operation.values) > 1:
        return _one_by_one(desk, update)
    _park(desk, update, WaitKind.FAILED, str(error))
    return Outcome.FAILED, str(error)


def _one_by_one(desk: Desk, update: Update) -> tuple[Outcome, str]:
    """Every field of a refused update by itself, so that one bad value stops only itself."""
    outcomes = []
    for name, value in update.operation.values.items():
        single = replace(
            update, operation=replace(update.operation, fields=(name,), values={name: value})
        )
        outcomes.append(_apply(desk, single))
    done = [one for one in outcomes if one[0] is Outcome.DONE]
    return (Outcome.DONE, "field by field") if done else outcomes[0]


def _park(desk: Desk, update: Update, kind: WaitKind, reason: str) -> None:
    with desk.store.begin() as unit:
        view = unit.link(update.link_id)
        if view is None:
            return
        parked = [
            replace(_failure(desk, update, view, name, reason), kind=kind)
            for name in update.operation.values
        ]
        unit.replace_waits(
            _waits_after(view, update, parked), link_id=update.link_id, at=desk.clock.now()
        )


def known_of(view: LinkView | None, side: Side) -> Known | None:
    """What is known of a link's task on one side."""
    if view is None:
        return None
    return view.kore if side is Side.KORE else view.v2


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


def _remember(desk: Desk, unit: Unit, update: Update, view: LinkView, before: Known) -> None:
    """What was written, in the history; and the values that lost a conflict."""
    now = desk.clock.now()
    happenings = []
    for name, value in update.operation.values.items():
        was = before.task.shown(name)
        happenings.append(
            Happening(
                what="written",
                why=update.operation.reason,
                link_id=update.link_id,
                side=update.side,
                task_id=update.task_id,
                details={"from": _text(was), "to": _text(value)},
                field=name,
            )
        )
    unit.remember(happenings, desk.run_id, now)
    for name, conflict in update.conflicts.items():
        if name in update.operation.values:
            _keep_conflict(desk, unit, view, name, conflict)


def _keep_conflict(desk: Desk, unit: Unit, view: LinkView, name: Field, conflict: Conflict) -> None:
    base = view.link.base(name)
    values = {
        "kore": view.kore.task.shown(name) if view.kore else UNSEEN,
        "v2": view.v2.task.shown(name) if view.v2 else UNSEEN,
        "base_kore": base.kore,
        "base_v2": base.v2,
    }
    unit.save_conflict(
        view.link.id, name, values, rule=conflict.rule, winner=conflict.winner, at=desk.clock.now()
    )
    desk.tally.decided_conflict()
    desk.tell("conflict", link=view.link.id, field=name, winner=conflict.winner)


def _text(shown: object) -> str | None:
    return shown.text if isinstance(shown, Value) else None
