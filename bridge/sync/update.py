"""One update: look first where a task can be read, write only what changes, look again.

A refused write of several fields is repeated field by field; a value that the service ignored is
asked for in the other forms that facts leave open; a change in a closed case waits until the
case is open again.
"""

from dataclasses import replace

from bridge.domain.exchange import Answer, UnreadableRow
from bridge.domain.link import Link
from bridge.domain.marker import with_marker
from bridge.domain.observe import Sight, has_news, observe
from bridge.domain.operation import Outcome, WaitKind
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.domain.values import Observed, Value
from bridge.errors import ServiceError, TaskFault, UnreadableRecord, UsageError
from bridge.ports import LinkView
from bridge.sync.desk import Desk
from bridge.sync.journal import (
    Sent,
    commit,
    give_up_unless_of_one_task,
    is_of_one_task,
    is_refusal,
    judged,
    send,
    settle_update,
)
from bridge.sync.normalise import report_unreadable
from bridge.sync.probe import is_case_closed
from bridge.sync.record import (
    ALL_IGNORED,
    Update,
    begin_conflicts,
    known_of,
    link_of,
    park_update,
    put_off_update,
    record_update,
)

# The fields that facts let be set or taken off in more than one form.
_FORMS = frozenset({Field.ASSIGNEE, Field.DUE, Field.DESCRIPTION})
FRESH_READ_SECONDS = 1.0
_MAY_BE_CLOSED = (
    "Kore refused it, and could not say whether its case is closed. It goes out by itself once "
    "Kore tells that the case is open. Kore said: {error}"
)


def apply_update(desk: Desk, update: Update, view: LinkView | None = None) -> Outcome:
    """Send one update and settle everything that follows from it; gives what came of it.

    `view` is the link as it was just stored; looked up, if None.
    """
    outcome, note = _apply(desk, update, view)
    if update.parent is None:
        desk.tally.report(update.operation, outcome, note)
    return outcome


def _apply(desk: Desk, update: Update, view: LinkView | None = None) -> tuple[Outcome, str]:
    view = view or _view_of(desk, update)
    before = known_of(view, update.side)
    if before is None:
        return Outcome.DROPPED, "the task is not known any more"
    unsent = _why_not_now(desk, update, before)
    if unsent is not None:
        return unsent
    update = replace(update, wire=_wire_values(view.link, update))
    try:
        request = desk.services[update.side].draft_update(
            update.task_id, update.wire, desk.vocabulary
        )
    except UsageError as error:
        park_update(desk, update, WaitKind.FAILED, str(error))
        return Outcome.FAILED, str(error)
    begin_conflicts(desk, update)
    sent = send(desk, commit(desk, update.operation, request, update.parent), request)
    if sent.error is not None:
        return _failed(desk, update, before, sent, sent.error)
    return _answered(desk, update, sent, before)


def _view_of(desk: Desk, update: Update) -> LinkView:
    with desk.store.begin() as unit:
        return link_of(unit, update)


def _why_not_now(desk: Desk, update: Update, before: Known) -> tuple[Outcome, str] | None:
    """What came of it before it was sent; None if it can be written as planned."""
    if not desk.may_write(update.side):
        return Outcome.DROPPED, "the side is not written to in this cycle"
    try:
        moved = _look_first(desk, update, before)
    except ServiceError as error:
        return _unseen(desk, update, judged(desk, update.side, error))
    except UnreadableRecord as error:
        _put_off(desk, update, error)
        return Outcome.DROPPED, str(error)
    return (Outcome.DROPPED, "it changed before it was written; planned anew") if moved else None


def _unseen(desk: Desk, update: Update, error: ServiceError) -> tuple[Outcome, str]:
    """The look before the write failed: nothing was sent."""
    if is_of_one_task(error):
        park_update(desk, update, WaitKind.FAILED, str(error))
        return Outcome.FAILED, str(error)
    desk.give_up(update.side, error)
    return Outcome.DROPPED, str(error)


def _put_off(desk: Desk, update: Update, error: UnreadableRecord) -> None:
    """Nothing is written over a record that cannot be read; it is due again once it can be."""
    with desk.store.begin() as unit:
        row = UnreadableRow(update.task_id, error.reason)
        report_unreadable(desk, unit, update.side, row)


def _look_first(desk: Desk, update: Update, before: Known) -> bool:
    """Read the task where that can be done; true if it moved since it was planned on."""
    service = desk.services[update.side]
    if not service.reads_one or _was_just_seen(desk, update):
        return False
    sent_at = desk.clock.now()
    task = service.read(update.task_id)
    if task is None:
        return False
    after = observe(
        before, task, Sight(sent_at=sent_at, own_ids=desk.vocabulary.self_ids(update.side))
    )
    if after is None or not has_news(before, after):
        return False
    with desk.store.begin() as unit:
        desk.learn(unit, task.words)
        unit.save_known([after])
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
        after, _ = _in_other_forms(desk, update, sent, before, after)
    except ServiceError as error:
        give_up_unless_of_one_task(desk, update.side, error)
        after, update = None, replace(update, is_unseen=True)
    ignored = record_update(desk, update, sent, answer, before, after)
    return (Outcome.FAILED, ALL_IGNORED) if ignored else (Outcome.DONE, "")


def seen_after(desk: Desk, side: Side, task_id: TaskId, answer: Answer) -> Task | None:
    """What the answer shows, or a read after it; None where neither can be had."""
    if answer.task is not None or not desk.services[side].reads_one:
        return answer.task
    return read_or_none(desk, side, task_id)


def read_or_none(desk: Desk, side: Side, task_id: TaskId) -> Task | None:
    """A task as it is now; None if it is not there or cannot be understood."""
    try:
        return desk.services[side].read(task_id)
    except UnreadableRecord:
        return None


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
    settle_update(desk, step, update.side)
    if step.error is not None and not is_refusal(step.error):
        raise step.error
    return read_or_none(desk, Side.V2, update.task_id)


def _in_other_forms(
    desk: Desk, update: Update, sent: Sent, before: Known, after: Task | None
) -> tuple[Task | None, Answer | None]:
    """What was ignored is asked for in the other forms that facts leave open, one by one.

    Gives what the task shows then, and the answer to the last form that was answered.
    """
    answer: Answer | None = None
    service, values = desk.services[update.side], _unmoved(update, before, after)
    for number in range(1, service.alternatives(values, desk.vocabulary) if values else 1):
        request = service.draft_update(update.task_id, values, desk.vocabulary, alternative=number)
        step = send(desk, commit(desk, update.operation, request, sent.id), request)
        settle_update(desk, step, update.side)
        if step.error is not None and not is_refusal(step.error):
            raise step.error
        if step.answer is not None:
            answer = step.answer
            after = seen_after(desk, update.side, update.task_id, answer) or after
        values = _unmoved(update, before, after)
        if not values:
            break
    return after, answer


def _took_another_form(desk: Desk, update: Update, sent: Sent, before: Known) -> bool:
    """A refused value may be taken in one of the other forms."""
    try:
        after, answer = _in_other_forms(desk, update, sent, before, before.task)
    except ServiceError as error:
        desk.give_up(update.side, error)
        return False
    if after is None or answer is None or _unmoved(update, before, after):
        return False
    record_update(desk, update, sent, answer, before, after)
    return True


def _unmoved(update: Update, before: Known, after: Task | None) -> dict[Field, Observed]:
    """The values that are not shown: the service still shows the old ones."""
    if after is None:
        return {}
    return {
        name: update.wire[name]
        for name, value in update.operation.values.items()
        if name in _FORMS
        and after.shown(name) == before.task.shown(name)
        and after.shown(name) != value
    }


def _failed(
    desk: Desk, update: Update, before: Known, sent: Sent, error: ServiceError
) -> tuple[Outcome, str]:
    settle_update(desk, sent, update.side)
    if not is_of_one_task(error):
        desk.give_up(update.side, error)
        return sent.outcome, str(error)
    if isinstance(error, TaskFault):
        put_off_update(desk, update, f"{error} It is tried again in the next cycle.")
        return sent.outcome, str(error)
    is_closed = is_case_closed(desk, before.task)
    if is_closed is not False:
        why = "Its case is closed in Kore." if is_closed else _MAY_BE_CLOSED.format(error=error)
        park_update(desk, update, WaitKind.CASE_CLOSED, why)
        return Outcome.FAILED, "the case is closed" if is_closed else str(error)
    if len(update.operation.values) > 1:
        return _one_by_one(desk, update)
    if _took_another_form(desk, update, sent, before):
        return Outcome.DONE, "in another form"
    park_update(desk, update, WaitKind.FAILED, str(error))
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
