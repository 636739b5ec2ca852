"""The bearer of a marker becomes the counterpart of the task that its marker names.

If a link waits for what its create made, it is completed, and the create is settled; else the two
are linked anew.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.create import bases_after_create, first_sight, is_untouched, stand_in_of
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Journalled, Outcome
from bridge.domain.records import Happening
from bridge.domain.side import LinkId, Side
from bridge.domain.task import Known, Standing, Task
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.unsure import forget_unsure


def adopt(desk: Desk, unit: Unit, bearer: Known, origin: Known) -> Link:
    """Link the bearer of a marker to its origin, or complete the link that waits for it."""
    task, now = bearer.task, desk.clock.now()
    waiting = unit.links_of(origin.task.side, [origin.task.id]).get(origin.task.id)
    create: Journalled | None = None
    if waiting is None:
        link = replace(new_link(origin.task, task), created_at=now, changed_at=now)
    else:
        link = replace(waiting.with_task(task.side, task.id), changed_at=now)
        create = _open_create(unit, link.id)
    if waiting is not None or is_untouched(task):
        # What was sent is not known any more: nothing counts as the service's own form of it.
        seen = first_sight(task, desk.vocabulary.self_ids(task.side))
        bases = bases_after_create(
            origin.task,
            seen,
            link,
            desk.agreement,
            is_known_sent=False,
            written=create.operation.values if create else {},
        )
        link = link.with_bases(bases)
    link = _joined(unit, link, (origin, bearer), now)
    unit.set_due(link.id, True)
    if waiting is not None:
        forget_unsure(desk, unit, waiting)
    if create is not None and not (desk.rules.tags_origin and task.side is Side.KORE):
        unit.settle(create.id, Outcome.DONE, "found by its marker", now)
    why = f"the marker of {task.name} names {origin.task.name}"
    unit.remember([Happening(what="linked", why=why, link_id=link.id)], desk.run_id, now)
    desk.tally.add_link()
    return link


def _joined(unit: Unit, link: Link, tasks: Sequence[Known], now: datetime) -> Link:
    """The link as it is stored, with its id; its tasks stand as linked and wait for nothing."""
    if link.id:
        unit.save_link(link)
        unit.replace_waits([], link_id=link.id, at=now)
        unit.save_known(tasks)
    else:  # nothing can wait on a link that is new, and both its tasks were just read
        link = replace(link, id=unit.add_link(link))
    for task in [one.task for one in tasks]:
        unit.set_standing(task.side, [task.id], Standing.LINKED)
        unit.replace_waits([], task=(task.side, task.id), at=now)
    return link


def _open_create(unit: Unit, link_id: LinkId) -> Journalled | None:
    """The create that made the link, while it is open."""
    found = [one for one in unit.open_operations() if one.operation.link_id == link_id]
    return found[0] if found else None


def new_link(origin: Task, created: Task | None, marker: str = "") -> Link:
    """A link between a task and its counterpart, which may not be there yet."""
    line = created.marker.line if created is not None and created.marker else marker
    link = Link(
        state=LinkState.CREATING,
        kore_id=origin.id if origin.side is Side.KORE else None,
        v2_id=origin.id if origin.side is Side.V2 else None,
        origin=origin.side,
        marker=line,
        stand_in=stand_in_of(origin),
    )
    return link if created is None else link.with_task(created.side, created.id)
