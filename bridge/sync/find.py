"""Looking for what a create made, where no answer tells its id.

Fresh rows may be withheld by a service's own filter, so the newest tasks are read as well and
every marker is looked at. Where Kore's list hides descriptions, candidates of the title that was
sent are probed, and those that are new, for people may have renamed it; those that cannot be
stay undecided. What bears no marker may be it all the same, for people may have rewritten its text.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bridge.domain.exchange import Answer, Order, Purpose, Row
from bridge.domain.link import Link
from bridge.domain.operation import Operation, OperationKind
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.domain.unsure import Unsure
from bridge.errors import UnreadableRecord
from bridge.sync.desk import Desk
from bridge.sync.journal import commit, send, settle

PAUSES_SECONDS = (0.0, 0.25, 0.75, 2.0)
MOST_PAGES = 20


@dataclass(slots=True)
class Found:
    """The tasks that bear the link's marker, and those that may be what was made.

    `undecided` cannot be seen whole, `unmarked` bear no marker at all. `has_unread`: a record
    without a link could not be read, which may be the one. `is_cut`: not all that changed since
    was read.
    """

    bearers: dict[TaskId, Task] = field(default_factory=dict)
    undecided: set[TaskId] = field(default_factory=set)
    unmarked: set[TaskId] = field(default_factory=set)
    has_unread: bool = False
    is_cut: bool = False


def find_created(desk: Desk, create: Operation, link: Link, answer: Answer) -> Task | None:
    """The task that bears the link's marker, or None if the service does not show it yet."""
    created_at = answer.service_date or answer.sent_at
    since = created_at - timedelta(seconds=desk.rules.tolerance_seconds)
    title = create.values.get(Field.TITLE)
    unsure = Unsure(side=create.side, title=title.key if title else "", since=since)
    for pause in PAUSES_SECONDS:
        desk.clock.sleep(pause)
        found = find_bearers(desk, create, link, unsure)
        if found.bearers:
            return min(found.bearers.values(), key=lambda task: (task.created_at or since, task.id))
    return None


def find_bearers(
    desk: Desk, create: Operation, link: Link, unsure: Unsure, odd: Collection[TaskId] = ()
) -> Found:
    """Every unlinked task with the link's marker, of those changed since it was sent.

    Among the newest first, then by the service's own filter. The `odd` could not be read before
    it was sent already. Raises ServiceError.
    """
    found, sought = Found(), _Sought(link, unsure, odd)
    _among_newest(desk, sought, found)
    title = create.values.get(Field.TITLE)
    if not found.bearers and title:
        _among(desk, sought, desk.services[create.side].search(title.text), found)
    return found


@dataclass(frozen=True, slots=True)
class _Sought:
    """The link that waits, and what is known of its create."""

    link: Link
    unsure: Unsure
    odd: Collection[TaskId]

    @property
    def side(self) -> Side:
        return self.unsure.side

    @property
    def since(self) -> datetime:
        return self.unsure.since

    def is_new(self, task: Task) -> bool:
        """Whether the task is as young as what was created."""
        return task.created_at is not None and task.created_at >= self.since


def _among_newest(desk: Desk, sought: _Sought, found: Found) -> None:
    """Among the newest rows, read on as long as they may be younger than the create."""
    offset, service = 0, desk.services[sought.side]
    is_sorted = sought.side not in desk.unsorted
    for _ in range(MOST_PAGES):
        page = service.page(Order.NEWEST_FIRST, offset, purpose=Purpose.ASK, limit=50)
        _among(desk, sought, page.rows, found)
        found.has_unread |= any(one.id not in sought.odd for one in page.unreadable)
        times = [row.changed_at for row in page.rows if row.changed_at is not None]
        is_older = not times or (is_sorted and times[-1] < sought.since)
        if found.bearers or is_older or page.is_last is True:
            return
        offset += page.length
    found.is_cut = True


def _among(desk: Desk, sought: _Sought, rows: Iterable[Row], found: Found) -> None:
    rows, side = list(rows), sought.side
    with desk.store.begin() as unit:
        linked = unit.links_of(side, [row.id for row in rows])
        free = [row for row in rows if row.id not in linked]
        known = unit.known(side, [row.id for row in free])
    for row in free:
        task = _readable(row, known)
        if task is None:
            found.has_unread |= row.id not in sought.odd
            continue
        before = replace(known.get(row.id) or Known(task=task), task=task)
        if Field.DESCRIPTION in task.hidden:
            task = _whole(desk, sought, before, found)
        if task is not None and _bears(task, sought.link):
            found.bearers[task.id] = task
        elif task is not None and task.marker is None and _may_be(desk, sought, before, task):
            found.unmarked.add(task.id)


def _whole(desk: Desk, sought: _Sought, known: Known, found: Found) -> Task | None:
    """A task that hides its marker, seen by a probe if it may be the one; undecided without."""
    task = known.task
    if not sought.unsure.is_named(task):
        is_likely = desk.can_probe or _may_be(desk, sought, known, task)
        if not (is_likely and sought.is_new(task)):
            return None
    found.undecided.add(task.id)
    seen = probe_created(desk, sought.link, task.id) if _may_probe(desk, sought.side) else None
    if seen is not None and not seen.hidden:
        found.undecided.discard(task.id)
    return seen


def _may_be(desk: Desk, sought: _Sought, before: Known, task: Task) -> bool:
    """A probe of just now is no change of people."""
    known = replace(before, task=replace(task, changed_at=before.task.changed_at))
    return sought.unsure.may_be(known, desk.vocabulary.self_ids(sought.side))


def _may_probe(desk: Desk, side: Side) -> bool:
    return side is Side.KORE and desk.can_probe and desk.may_write(side)


def _bears(task: Task, link: Link) -> bool:
    """Whether its marker names the link's origin; what is for people in it does not count."""
    marker, origin = task.marker, link.origin
    return marker is not None and (marker.side, marker.task_id) == (
        origin,
        link.task_id(origin) if origin else None,
    )


def _readable(row: Row, known: Mapping[str, Known]) -> Task | None:
    """The task of the row, whole where it was seen whole since it last changed."""
    try:
        task = row.normalise()
    except UnreadableRecord:
        return None
    before = known.get(row.id)
    if before is None or before.task.changed_at != task.changed_at:
        return task
    return before.task if Field.DESCRIPTION in before.task.fields else task


def probe_created(desk: Desk, link: Link, task_id: TaskId) -> Task | None:
    """A Kore task whole, that is or may be what was created for the link; None if refused."""
    form = ProbeForm.EMPTY if desk.probe_form is ProbeForm.UNTRIED else desk.probe_form
    request = desk.services[Side.KORE].draft_probe(task_id, form)
    operation = Operation(
        side=Side.KORE,
        kind=OperationKind.PROBE,
        reason=f"the first sight of what was created for {link.v2_id}",
        kore_id=task_id,
        link_id=link.id,
    )
    sent = send(desk, commit(desk, operation, request), request)
    settle(desk, sent)
    return sent.answer.task if sent.answer else None
