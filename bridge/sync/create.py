"""One create: the link first, then the request, then what the service made of it.

The link row stands in state `creating` before the request leaves. A create answered with success
but without an id is looked for by its marker at once; one whose outcome is not known keeps its
link and stays open (uncertain.py looks for it). What a create cannot carry follows by an update of
the same operation.
"""

from dataclasses import dataclass, replace

from bridge.domain.create import (
    COMPLETING,
    FirstSight,
    bases_after_create,
    first_sight,
    marker_of,
    sent_values,
    text_for_create,
)
from bridge.domain.exchange import Answer, Draft
from bridge.domain.link import Link, LinkState
from bridge.domain.observe import observe_own
from bridge.domain.operation import Operation, OperationKind, Outcome, Wait, WaitKind
from bridge.domain.plan import plan_pair
from bridge.domain.records import Happening
from bridge.domain.scope import (
    Verdict,
    case_closed,
    no_such_case,
    way_into_kore,
)
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Contact, Known, Standing, Task, whole_contact
from bridge.domain.vocabulary import Word, WordKind
from bridge.errors import ServiceError, StoreError, UsageError
from bridge.ports import LinkView, Unit
from bridge.sync.adopt import new_link
from bridge.sync.desk import Desk
from bridge.sync.find import find_created, probe_created
from bridge.sync.journal import (
    Sent,
    give_up_unless_of_one_task,
    is_of_one_task,
    leave_open,
    send,
    settle,
)
from bridge.sync.link import Wanted
from bridge.sync.probe import may_be_closed
from bridge.sync.record import Update, pair_of
from bridge.sync.recover import UNCERTAIN_WHY
from bridge.sync.remember import BEGUN, REFUSED, of_create
from bridge.sync.tag_origin import STILL_TO_TAG, owes_tag, tag_origin
from bridge.sync.unsure import note_unsure
from bridge.sync.update import apply_update, seen_after

# What is told of a create that was answered and did not simply make its counterpart.
_NOTES = {
    Outcome.UNCERTAIN: "it was answered with success, and cannot be seen yet",
    Outcome.DROPPED: "another process held the lease meanwhile, and has decided it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and for whom a counterpart is created: case and template (Kore), contact (both)."""

    case: Case | None = None
    template: str = ""
    contact: Contact | None = None


def place_for(desk: Desk, task: Task) -> Place | Verdict:
    """Where the task's counterpart goes, or why it cannot be created.

    Raises ServiceError if Kore has to be asked and does not answer.
    """
    if task.side is Side.KORE:
        return _place_in_v2(desk, task)
    way = way_into_kore(task, desk.rules.routes, desk.rules.requester, desk.vocabulary)
    if isinstance(way, Verdict):
        return way
    case = desk.services[Side.KORE].find_case(way.route.case)
    if case is None or case.is_closed:
        return no_such_case(way.route) if case is None else case_closed(way.route)
    return Place(case=case, template=way.route.task_template, contact=way.contact)


def _place_in_v2(desk: Desk, task: Task) -> Place:
    case = task.container
    if case is not None:
        case = desk.services[Side.KORE].find_case(case.id) or case
    return Place(
        case=case, contact=whole_contact(task.facts.contact, case.contact if case else None)
    )


def apply_create(desk: Desk, wanted: Wanted, place: Place) -> None:
    """Create one counterpart and settle everything that follows from the answer."""
    operation = wanted.operation
    try:
        link, sent = _send(desk, wanted, place)
    except UsageError as error:
        _refuse(desk, wanted, str(error))
        desk.tally.report(operation, Outcome.FAILED, str(error))
        return
    if sent is None:
        desk.tally.report(operation, Outcome.DROPPED, "it has a counterpart by now")
        return
    if sent.error is not None:
        outcome = _failed(desk, wanted, place, link, sent, sent.error)
    else:
        outcome = _answered(desk, wanted, link, sent)
    note = str(sent.error) if sent.error else _NOTES.get(outcome, "")
    desk.tally.report(replace(operation, link_id=link.id), outcome, note)


def _send(desk: Desk, wanted: Wanted, place: Place) -> tuple[Link, Sent | None]:
    """The link and the journal first, in one transaction, then the request."""
    task, operation = wanted.known.task, wanted.operation
    marker = marker_of(task, place.case).line
    sent = sent_values(operation.values, operation.side)
    draft = Draft(
        side=operation.side,
        values=sent,
        text=text_for_create(operation.values, marker),
        contact=place.contact,
        case=place.case if operation.side is Side.KORE else None,
        template=place.template,
    )
    request = desk.services[operation.side].draft_create(draft, desk.vocabulary)
    now = desk.clock.now()
    link = replace(new_link(task, None, marker), created_at=now, changed_at=now)
    try:
        with desk.store.begin(is_fleeting=True) as unit:
            link = replace(link, id=unit.add_link(link))
            operation_id = unit.commit_operation(
                replace(operation, link_id=link.id),
                request,
                run_id=desk.run_id,
                token=desk.token,
                at=now,
            )
            unit.remember([of_create(BEGUN, task, link.id)], desk.run_id, now)
    except StoreError:
        return link, None
    return link, send(desk, operation_id, request)


def _answered(desk: Desk, wanted: Wanted, link: Link, sent: Sent) -> Outcome:
    answer = sent.answer
    if answer is None:
        raise ValueError("a create without an error has an answer")
    try:
        task_id, created = _seen(desk, wanted.operation, link, answer)
    except ServiceError as error:
        give_up_unless_of_one_task(desk, wanted.operation.side, error)
        task_id, created = answer.task_id, None
    if task_id is None:
        reason = "it was answered with success, but no task with its marker was found yet."
        return _leave_open(desk, wanted, link, sent, reason, is_success=True)
    view = _settle(desk, wanted, link, sent, answer, task_id, created)
    if view is None:
        return Outcome.DROPPED
    link = link.with_task(wanted.operation.side, task_id)
    _complete(desk, wanted.operation, view, sent)
    if owes_tag(desk, wanted.operation.side) and tag_origin(desk, wanted.operation, link, sent.id):
        settle(desk, sent, "its origin was tagged")
    return Outcome.DONE


def _seen(
    desk: Desk, operation: Operation, link: Link, answer: Answer
) -> tuple[TaskId | None, FirstSight | None]:
    """The id of the created task, and its first sight as far as it can be had."""
    if answer.task is not None:
        return answer.task.id, FirstSight(task=answer.task)
    own_ids = desk.vocabulary.self_ids(operation.side)
    if answer.task_id is None:
        found = find_created(desk, operation, link, answer)
        return (found.id, first_sight(found, own_ids)) if found else (None, None)
    created = seen_after(desk, operation.side, answer.task_id, answer)
    if created is None and operation.side is Side.KORE and desk.can_probe:
        # Its list hides what the base needs: the first sight must not be a later edit's.
        created = probe_created(desk, link, answer.task_id)
    return answer.task_id, first_sight(created, own_ids) if created else None


def _settle(
    desk: Desk,
    wanted: Wanted,
    link: Link,
    sent: Sent,
    answer: Answer,
    task_id: TaskId,
    created: FirstSight | None,
) -> LinkView | None:
    """Link both; None if that was decided meanwhile: what was made is told by its marker."""
    now, side = desk.clock.now(), wanted.operation.side
    with desk.store.begin() as unit:
        if not _waits_for_it(unit, link):
            return None
        if created is not None:
            task = created.task
            desk.learn(unit, (*task.words, *_own_name(side, task, answer)))
            unit.save_known([_known_as(created, answer).standing_as(Standing.LINKED)])
        link = link.with_task(side, task_id)
        used = wanted.known.task
        link = link.with_bases(bases_after_create(used, created, link, desk.agreement))
        unit.save_link(replace(link, changed_at=now))
        unit.set_standing(side.other, [used.id], Standing.LINKED)
        unit.replace_waits([], task=(side.other, used.id), at=now)
        if owes_tag(desk, side):
            leave_open(desk, unit, sent, side, STILL_TO_TAG, is_success=True)
        else:
            unit.settle(sent.id, Outcome.DONE, "", now)
        unit.set_due(link.id, True)
        happening = Happening(
            what="created",
            why=wanted.operation.reason,
            link_id=link.id,
            side=side,
            task_id=task_id,
        )
        unit.remember([happening], desk.run_id, now)
        return unit.link(link.id)


def _waits_for_it(unit: Unit, link: Link) -> bool:
    """Whether nobody who held the lease meanwhile has found out what became of the create."""
    side = Side.KORE if link.kore_id else Side.V2
    found = unit.links_of(side, [str(link.task_id(side))]).values()
    return any((one.id, one.state) == (link.id, LinkState.CREATING) for one in found)


def _known_as(created: FirstSight, answer: Answer) -> Known:
    seen = observe_own(None, created.task, answer.answered_at)
    if created.edited < frozenset(Field):
        return seen
    return replace(seen, own_changed_at=None, person_changed_at=created.task.changed_at)


def _own_name(side: Side, created: Task, answer: Answer) -> tuple[Word, ...]:
    """Under which name our own writes appear: learnt from an answer that shows the author."""
    if answer.task is None or not created.first_author:
        return ()
    return (Word(side, WordKind.SELF, created.first_author, created.first_author),)


def _complete(desk: Desk, operation: Operation, view: LinkView, sent: Sent) -> None:
    """What the create could not carry, as a step of the same operation."""
    if view.kore is None or view.v2 is None:
        return
    plan = plan_pair(pair_of(view), desk.agreement, desk.policy)
    for step in plan.operations:
        task_id = step.task_id(operation.side)
        if step.side is operation.side and step.values and task_id:
            update = Update(
                operation=replace(step, reason=COMPLETING),
                link_id=view.link.id,
                task_id=task_id,
                conflicts=plan.conflicts,
                parent=sent.id,
            )
            apply_update(desk, update, view)


def _failed(
    desk: Desk, wanted: Wanted, place: Place, link: Link, sent: Sent, error: ServiceError
) -> Outcome:
    side = wanted.operation.side
    is_refused = is_of_one_task(error)
    if not is_refused:
        desk.give_up(side, error)
    if error.is_outcome_unknown:
        return _leave_open(desk, wanted, link, sent, str(error))
    outcome = Outcome.FAILED if is_refused else Outcome.DROPPED
    if not _take_back(desk, link, sent, outcome, str(error)):
        return Outcome.DROPPED
    # In a case that may have been closed meanwhile its task, still due, is looked at again.
    if is_refused and not _may_be_closed_meanwhile(desk, wanted, place):
        _refuse(desk, wanted, str(error))
    return outcome


def _leave_open(
    desk: Desk, wanted: Wanted, link: Link, sent: Sent, reason: str, *, is_success: bool = False
) -> Outcome:
    """What became of it is not known: the link stays, so that nothing is created a second time."""
    side = wanted.operation.side
    with desk.store.begin() as unit:
        if not _waits_for_it(unit, link):
            return Outcome.DROPPED
        leave_open(desk, unit, sent, side, reason, is_success=is_success)
        note_unsure(desk, unit, sent.id)
        unit.save_known([wanted.known.standing_as(Standing.UNCERTAIN, UNCERTAIN_WHY)])
    return Outcome.UNCERTAIN


def _take_back(desk: Desk, link: Link, sent: Sent, outcome: Outcome, note: str) -> bool:
    """Nothing was created: the link goes; false if that was decided meanwhile."""
    with desk.store.begin() as unit:
        if not _waits_for_it(unit, link):
            return False
        unit.settle(sent.id, outcome, note, desk.clock.now())
        unit.drop_link(link.id)
    return True


def _may_be_closed_meanwhile(desk: Desk, wanted: Wanted, place: Place) -> bool:
    if wanted.operation.side is not Side.KORE:
        return False
    return may_be_closed(desk, replace(wanted.known.task, container=place.case))


def _refuse(desk: Desk, wanted: Wanted, why: str) -> None:
    """The create is refused: it waits for a person, or for another value."""
    task = wanted.known.task
    wait = Wait(
        kind=WaitKind.FAILED,
        operation=OperationKind.CREATE,
        side=wanted.operation.side,
        task_id=task.id,
        reason=why,
    )
    now = desk.clock.now()
    with desk.store.begin() as unit:
        wait = replace(wait, attempts=1 + _tried(unit, task))
        unit.save_known([wanted.known.standing_as(Standing.FAILED, why)])
        unit.clear_due_task(task.side, task.id)
        unit.replace_waits([wait], task=(task.side, task.id), at=now)
        unit.remember([of_create(REFUSED, task, why=why)], desk.run_id, now)


def _tried(unit: Unit, task: Task) -> int:
    """How often the create of its counterpart was refused before."""
    waits = unit.waits_on_task(task.side, task.id)
    return sum(one.attempts for one in waits if not one.candidates)
