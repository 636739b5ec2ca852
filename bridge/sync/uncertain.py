"""Creates whose outcome is open: looked for by their marker until it is known what became of them.

| found | then |
| --- | --- |
| a bearer of the marker | linked; of several, the bridge's own, then the oldest |
| none yet, looked for within the settle time | it is looked for again in the next cycle |
| none yet, and a new record that cannot be read | the same: that may be it |
| a task of that name that cannot be seen whole | parked for a person, with its id |
| a task made then that bears no marker | the same: people may have rewritten its text |
| none, and more changed since than was read | parked for a person |
| none, and the create was answered with success | parked; linked when its bearer shows |
| none, after the settle time | it was not applied: its origin is decided anew, so sent again |
| the same, and its origin is not shown any more | nothing is created from that |
"""

from collections.abc import Sequence, Set
from datetime import datetime

from bridge.domain.link import UNSAVED, LinkState
from bridge.domain.match import choose
from bridge.domain.observe import Sight, observe
from bridge.domain.operation import Journalled, OperationKind, Outcome, Wait, WaitKind
from bridge.domain.records import Happening
from bridge.domain.side import Field, TaskId
from bridge.domain.task import Known, Standing
from bridge.errors import ServiceError
from bridge.ports import LinkView, Unit
from bridge.sync.adopt import adopt
from bridge.sync.desk import Desk
from bridge.sync.find import Found, find_bearers
from bridge.sync.gone import unseen_since
from bridge.sync.journal import give_up_unless_of_one_task
from bridge.sync.link import SENT_AGAIN
from bridge.sync.record import known_of
from bridge.sync.tag_origin import owes_tag, tag_origin
from bridge.sync.unsure import forget_unsure, held_results, unsure_of

_NOT_APPLIED = "it was not found after the settle time, so it was not applied"
_UNDECIDED = "a task of its name cannot be seen whole."
_UNMARKED = (
    "what was made there at that time without a marker may be it, its text rewritten by people."
)
_NOT_ALL_READ = "more tasks changed there since than are read to find it."
_SUCCESS = "it was answered with success, but no task with its marker was found."


def look_into_creates(desk: Desk, waiting: Sequence[Journalled]) -> None:
    """Look for every create whose outcome is open, once its side was polled in this run.

    While a guard stands, that a list does not show it is no proof that it was not applied.
    """
    if desk.is_dry or desk.guards:
        return
    for left in waiting:
        if not desk.has_failed(left.operation.side):
            _look_into(desk, left)


def _look_into(desk: Desk, left: Journalled) -> None:
    with desk.store.begin() as unit:
        view = unit.link(left.operation.link_id or UNSAVED)
        if view is None:
            return  # whoever takes a link away settles its create
        is_open = view.link.state is LinkState.CREATING
        if (is_open and _adopt_known(desk, unit, left, view)) or _is_parked(view):
            return
    if not is_open:
        _finish(desk, left, view)
        return
    looked_at = desk.clock.now()
    try:
        found = _search(desk, left, view)
    except ServiceError as error:
        give_up_unless_of_one_task(desk, left.operation.side, error)
        return
    with desk.store.begin() as unit:
        _conclude(desk, unit, left, view, found, looked_at)


def _finish(desk: Desk, left: Journalled, view: LinkView) -> None:
    """It has its counterpart; what is left of the create is to tag its origin."""
    is_owed = owes_tag(desk, left.operation.side) and view.link.state is LinkState.LINKED
    if is_owed and not tag_origin(desk, left.operation, view.link, left.id):
        return
    with desk.store.begin() as unit:
        unit.settle(left.id, Outcome.DONE, "it has its counterpart", desk.clock.now())


def _is_parked(view: LinkView) -> bool:
    """What is parked is not searched for any more: its bearer is linked when a reading shows it."""
    return any(wait.operation is OperationKind.CREATE for wait in view.waits)


def _search(desk: Desk, left: Journalled, view: LinkView) -> Found:
    with desk.store.begin() as unit:
        unsure = unsure_of(desk, unit, left)
        odd = [one.task_id for one in unit.unread() if one.since and one.since < left.committed_at]
    return find_bearers(desk, left.operation, view.link, unsure, {one for one in odd if one})


def _conclude(
    desk: Desk, unit: Unit, left: Journalled, view: LinkView, found: Found, looked_at: datetime
) -> None:
    """What comes of a look that began at `looked_at`: what was applied since, it need not show."""
    side, now = left.operation.side, desk.clock.now()
    if found.bearers:
        before = unit.known(side, list(found.bearers))
        seen = [
            observe(before.get(task.id), task, Sight(sent_at=now))
            for task in found.bearers.values()
        ]
        unit.save_known([known for known in seen if known is not None])
        unit.mark_due(side, list(found.bearers))
        _adopt_known(desk, unit, left, view)
        return
    if left.settles_at is not None and looked_at < left.settles_at:
        return
    if found.has_unread:
        return  # what cannot be read may be it; that record is listed by itself
    if found.undecided:
        _park(desk, unit, left, view, _UNDECIDED, found.undecided)
    elif unmarked := found.unmarked | _held(desk, unit, left):
        _park(desk, unit, left, view, _UNMARKED, unmarked)
    elif found.is_cut:
        _park(desk, unit, left, view, _NOT_ALL_READ, set())
    elif left.is_success:
        _park(desk, unit, left, view, _SUCCESS, set())
    else:
        _send_again(desk, unit, left, view)


def _held(desk: Desk, unit: Unit, left: Journalled) -> set[TaskId]:
    """What a poll has shown, and is held for it, though the look did not come by it."""
    held = held_results(desk, unit, unsure_of(desk, unit, left))
    return {one.task.id for one in held if Field.DESCRIPTION in one.task.fields}


def _adopt_known(desk: Desk, unit: Unit, left: Journalled, view: LinkView) -> bool:
    """Link the bearer that is known by now; true if there is one that counts."""
    origin = _origin(left, view)
    bearers = unit.bearers(origin.task.side, origin.task.id)
    linked = unit.links_of(left.operation.side, [one.task.id for one in bearers])
    free = [one for one in bearers if one.task.id not in linked]
    bearer = choose(origin, free, desk.vocabulary.self_ids(left.operation.side), is_open=True)
    if bearer is None:
        return False
    adopt(desk, unit, bearer, origin)
    return True


def _send_again(desk: Desk, unit: Unit, left: Journalled, view: LinkView) -> None:
    """Nothing was created: the origin is decided anew, by what holds now."""
    now = desk.clock.now()
    origin = _origin(left, view)
    side, task_id = origin.task.side, origin.task.id
    unit.settle(left.id, Outcome.DROPPED, _NOT_APPLIED, now)
    unit.drop_link(view.link.id)
    unit.save_known([origin.standing_as(Standing.NEW, SENT_AGAIN)])
    newest = unit.complete_sweeps(side)[:1]
    if newest and task_id in unseen_since(unit, side, newest):
        unit.set_gone(side, [task_id], now)
    else:
        unit.mark_due(side, [task_id])
    happening = Happening(what="not created", why=_NOT_APPLIED, side=side, task_id=task_id)
    unit.remember([happening], desk.run_id, now)
    forget_unsure(desk, unit, view.link)


def _origin(left: Journalled, view: LinkView) -> Known:
    """The task that it is made from."""
    origin = known_of(view, left.operation.side.other)
    if origin is None:
        raise ValueError("a create is made from a task that is known")
    return origin


def _park(
    desk: Desk,
    unit: Unit,
    left: Journalled,
    view: LinkView,
    reason: str,
    may_be: Set[str],
) -> None:
    """A person has to look; it is linked by itself all the same when its bearer shows."""
    side, candidates = left.operation.side, tuple(sorted(may_be))
    wait = Wait(
        kind=WaitKind.FAILED,
        operation=OperationKind.CREATE,
        side=side,
        link_id=view.link.id,
        reason=f"Whether it was created in {side.label} is not known: {reason}",
        candidates=candidates,
    )
    now: datetime = desk.clock.now()
    unit.replace_waits([wait], link_id=view.link.id, at=now)
    unit.save_known([_origin(left, view).standing_as(Standing.UNCERTAIN, wait.reason)])
    desk.tell("create_parked", side=side, link=view.link.id, candidates=candidates)
