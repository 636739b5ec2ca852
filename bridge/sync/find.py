"""Finding a created task by its marker, where the answer to the create named no id.

v2: the newest rows, then the title filter, which may withhold fresh rows. Kore: rows of the same
title that were not known before; where the list hides descriptions they are probed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bridge.domain.create import stand_in_of
from bridge.domain.exchange import Answer, Order, Purpose, Row
from bridge.domain.link import Link
from bridge.domain.operation import Operation, OperationKind
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Task
from bridge.domain.values import text_value
from bridge.errors import UnreadableRecord
from bridge.sync.desk import Desk
from bridge.sync.journal import commit, send, settle
from bridge.sync.link import can_probe

PAUSES_SECONDS = (0.0, 0.25, 0.75, 2.0)
MOST_PAGES = 20


def find_created(desk: Desk, side: Side, link: Link, answer: Answer) -> Task | None:
    """The task that bears the link's marker, or None if the service does not show it yet."""
    title = _title_of(desk, side, link)
    created_at = answer.service_date or answer.sent_at
    since = created_at - timedelta(seconds=desk.rules.tolerance_seconds)
    for pause in PAUSES_SECONDS:
        desk.clock.sleep(pause)
        found = _among_newest(desk, side, link, since)
        if found is None and title:
            found = _among(desk, side, link, desk.services[side].search(title))
        if found is not None:
            return found
    return None


def _among_newest(desk: Desk, side: Side, link: Link, since: datetime) -> Task | None:
    """Among the newest rows, read on as long as they may be younger than the create."""
    offset = 0
    for _ in range(MOST_PAGES):
        page = desk.services[side].page(Order.NEWEST_FIRST, offset, purpose=Purpose.ASK, limit=50)
        found = _among(desk, side, link, page.rows)
        times = [row.changed_at for row in page.rows if row.changed_at is not None]
        if found is not None or not times or times[-1] < since or page.is_last is True:
            return found
        offset += page.length
    return None


def _title_of(desk: Desk, side: Side, link: Link) -> str:
    """The title under which it was created."""
    origin_id = link.task_id(side.other)
    if origin_id is None:
        return ""
    with desk.store.begin() as unit:
        known = unit.known(side.other, [origin_id]).get(origin_id)
    return "" if known is None else known.task.title or stand_in_of(known.task)


def _among(desk: Desk, side: Side, link: Link, rows: Iterable[Row]) -> Task | None:
    rows = list(rows)
    with desk.store.begin() as unit:
        known = unit.known(side, [row.id for row in rows])
        linked = unit.links_of(side, [row.id for row in rows])
    hidden = []
    for row in rows:
        if row.id in known or row.id in linked:
            continue
        task = _readable(row)
        if task is None:
            continue
        if task.marker is not None and task.marker.line == link.marker:
            return task
        if Field.DESCRIPTION in task.hidden:
            hidden.append(task)
    return _probed(desk, side, link, hidden)


def _readable(row: Row) -> Task | None:
    try:
        return row.normalise()
    except UnreadableRecord:
        return None


def _probed(desk: Desk, side: Side, link: Link, tasks: list[Task]) -> Task | None:
    """The one of the candidates of that title whose probe shows the marker."""
    title = text_value(_title_of(desk, side, link))
    if side is not Side.KORE or not can_probe(desk):
        return None
    for task in tasks:
        if task.fields.get(Field.TITLE) != title:
            continue
        whole = probe_created(desk, link, task.id)
        if whole is not None and whole.marker and whole.marker.line == link.marker:
            return whole
    return None


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
