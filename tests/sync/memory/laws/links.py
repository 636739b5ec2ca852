"""Links join tasks that are known; what is open on one says so, and nothing is due for nothing."""

from collections.abc import Iterator
from dataclasses import replace

from bridge.domain.link import UNSAVED, Link, LinkState
from bridge.domain.operation import OperationKind
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.domain.values import UNSEEN
from bridge.ports import LinkView, Unit
from bridge.sync.desk import Desk

_MOST = 1000


def unlawful(desk: Desk, unit: Unit) -> Iterator[str]:
    """What is not as promised in the links that the store holds."""
    creating = {
        one.operation.link_id
        for one in unit.open_operations()
        if one.operation.kind is OperationKind.CREATE
    }
    found: set[tuple[Side, str]] = set()
    for view in unit.all_links():
        link, what = view.link, f"link {view.link.id} ({view.link.state})"
        yield from (f"{what}: {one}" for one in _of_state(view))
        yield from (f"{what}: {one}" for one in _of_bases(desk, link))
        if link.state is LinkState.REMOVED and unit.is_link_due(link.id):
            yield f"{what}: it is due"
        if link.state is LinkState.CREATING and link.id not in creating and not view.waits:
            yield f"{what}: nothing is open, and nothing waits"
        mine = {(side, str(link.task_id(side))) for side in SIDES if link.task_id(side)}
        yield from (f"{what}: {one} has two links" for one in mine & found)
        found |= mine
    for side in SIDES:
        yield from _of_tasks_alone(unit, side)


def unlawful_change(before: Link, after: Link) -> Iterator[str]:
    """Whoever looks at a link that was changed sees when."""
    is_changed = replace(before, changed_at=after.changed_at) != after
    if is_changed and after.changed_at == before.changed_at:
        yield f"link {after.id}: it was changed, and is said to be as of {before.changed_at}"


def _of_state(view: LinkView) -> Iterator[str]:
    link = view.link
    if link.created_at is None or link.changed_at is None or link.changed_at < link.created_at:
        yield f"created {link.created_at}, changed {link.changed_at}"
    ids = [side for side in SIDES if link.task_id(side) is not None]
    if link.state in (LinkState.LINKED, LinkState.MISSING) and len(ids) < len(SIDES):
        yield f"it has only {ids}"
    if link.state is LinkState.CREATING and (len(ids) != 1 or link.origin not in ids):
        yield f"it has {ids}, and is made from {link.origin}"
    if link.state is LinkState.CREATING and not link.marker:
        yield "it has no marker"
    if (link.state is LinkState.MISSING) != (link.gone_at is not None):
        yield f"gone since {link.gone_at}"
    if link.state is not LinkState.MISSING and link.gone_side is not None:
        yield f"{link.gone_side} is gone"
    if link.state is LinkState.REMOVED and view.waits:
        yield f"{[wait.kind for wait in view.waits]} waits on it"
    yield from _of_standings(view)


def _of_standings(view: LinkView) -> Iterator[str]:
    """Its tasks stand as what they are: linked, or left alone."""
    link = view.link
    for side, one in ((Side.KORE, view.kore), (Side.V2, view.v2)):
        is_joined = link.state in (LinkState.LINKED, LinkState.MISSING)
        if is_joined and one is not None and one.standing is not Standing.LINKED:
            yield f"{side}'s {one.task.id} stands as {one.standing}"
        if link.state is LinkState.REMOVED and one is not None and one.standing is Standing.LINKED:
            yield f"{side}'s {one.task.id} stands as {one.standing}"


def _of_bases(desk: Desk, link: Link) -> Iterator[str]:
    for name, base in link.bases.items():
        if base.kore is UNSEEN and base.v2 is UNSEEN and base.carry is None:
            yield f"the base of {name} holds nothing"
        if base.absorbed is not None and base.carry is not None:
            yield f"{name} is absorbed from {base.absorbed} and carried from {base.carry}"
        if base.is_known and not base.table:
            yield f"the base of {name} does not say by which table"


def _of_tasks_alone(unit: Unit, side: Side) -> Iterator[str]:
    known = [*unit.unlinked(side)]
    links = unit.links_of(side, [one.task.id for one in known]) if known else {}
    for one in known:
        link = links.get(one.task.id)
        if link is not None and link.state in (LinkState.LINKED, LinkState.MISSING):
            yield f"{side}'s {one.task.id} is alone, and has link {link.id}"
        if link is None and one.standing is Standing.LINKED:
            yield f"{side}'s {one.task.id} stands as linked, and has no link"


def still_due(unit: Unit) -> Iterator[str]:
    """What a run that had its way leaves to the next one although nothing keeps it."""
    resting = {one.operation.link_id for one in unit.open_operations()}
    unread = {wait.task_id for wait in unit.waits() if wait.operation is OperationKind.READ}
    for view in unit.due_links(_MOST, UNSAVED):
        ids = {view.link.task_id(side) for side in SIDES}
        if view.link.id not in resting and not ids & unread:
            yield f"link {view.link.id} is still due"
    for side in SIDES:
        for one in unit.due_tasks(side, _MOST):
            if one.task.id not in unread:
                yield f"{side}'s {one.task.id} ({one.standing}) is still due"
