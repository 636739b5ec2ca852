"""The backlink: with `v2.backlink = "tag"` a v2 task names the Kore task that was created from it.

The create stays open in the journal until the tag is written, so that a crash in between leaves it
to the next cycle.
"""

from bridge.domain.backlink import backlink_of
from bridge.domain.link import Link
from bridge.domain.observe import observe_own
from bridge.domain.operation import Operation, OperationKind
from bridge.domain.side import OperationId, Side
from bridge.errors import ServiceError
from bridge.sync.desk import Desk
from bridge.sync.journal import commit, is_of_one_task, is_refusal, judged, send, settle
from bridge.sync.update import read_or_none, seen_after

STILL_TO_TAG = "created; its origin is still to be tagged"


def owes_tag(desk: Desk, side: Side) -> bool:
    """Whether the origin of what is created on that side is to be tagged."""
    return desk.rules.tags_origin and side is Side.KORE


def tag_origin(desk: Desk, created: Operation, link: Link, number: OperationId) -> bool:
    """Tag the v2 origin of a create; false if that has to wait for another cycle."""
    if not desk.may_write(Side.V2):
        return False
    try:
        _tag(desk, created, link, number)
    except ServiceError as error:
        found = judged(desk, Side.V2, error)
        if not is_of_one_task(found):
            desk.give_up(Side.V2, found)
        # What is refused would be refused again; of a fault nobody knows whether it was taken.
        return is_refusal(found)
    return True


def _tag(desk: Desk, created: Operation, link: Link, number: OperationId) -> None:
    """Add a tag to those that the v2 task has now; its change time is our own then."""
    tag = backlink_of(link.kore_id)
    task = read_or_none(desk, Side.V2, link.v2_id) if link.v2_id else None
    if task is None or tag in (tags := task.facts.tags or ()):
        return
    request = desk.services[Side.V2].draft_update(task.id, {}, desk.vocabulary, tags=[*tags, tag])
    operation = Operation(
        side=Side.V2,
        kind=OperationKind.UPDATE,
        reason=created.reason,
        kore_id=link.kore_id,
        v2_id=task.id,
        link_id=link.id,
    )
    step = send(desk, commit(desk, operation, request, number), request)
    settle(desk, step)  # the create is open until a look tells that the tag is there
    if step.error is not None:
        raise step.error
    answer = step.answer
    after = seen_after(desk, Side.V2, task.id, answer) if answer else None
    with desk.store.begin() as unit:
        known = unit.known(Side.V2, [task.id])[task.id]
        if answer and after and after.fields == known.task.fields:
            unit.save_known([observe_own(known, after, answer.answered_at)])
