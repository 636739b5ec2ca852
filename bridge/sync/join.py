"""Two tasks made one by a person's word, a file or a tag; and a link taken apart for good.

What stood on either task before gives way in the same transaction: an open create is settled as
dropped, what waited goes, a lost half or a removed counterpart stays behind as removed, so that
nothing is created from it. An added link has no base.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Outcome
from bridge.domain.pairing import with_names
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known, Standing, Task
from bridge.ports import Unit
from bridge.sync.desk import Desk
from bridge.sync.unsure import forget_unsure

Pair = Mapping[Side, TaskId]
WAS_REMOVED = "its link was removed"


def without_links(unit: Unit, side: Side, tasks: Sequence[Known]) -> list[Known]:
    """Those of the unlinked tasks whose link was not removed by a person."""
    if not tasks:
        return []
    removed = unit.links_of(side, [known.task.id for known in tasks])
    return [known for known in tasks if known.task.id not in removed]


def links_at(unit: Unit, pair: Pair) -> list[Link]:
    """The links in which the tasks stand now: one if they share it."""
    found = {
        link.id: link
        for side, task_id in pair.items()
        for link in unit.links_of(side, [task_id]).values()
    }
    return [*found.values()]


def join(
    desk: Desk,
    unit: Unit,
    pair: Pair,
    why: str,
    *,
    origin: Side | None = None,
    created_at: datetime | None = None,
) -> Link:
    """Link the two tasks, known or not, whatever stood on them; whoever calls knows that it may.

    The base is empty: the next merge sets it for what agrees.
    """
    link = _take_place(desk, unit, pair, LinkState.LINKED, created_at)
    for side, task_id in pair.items():
        unit.keep_texts(side, task_id)
    known = _linked(desk, unit, pair)
    link = replace(link, bases={}, origin=origin or link.origin)
    are_read = all(one.is_read for one in known.values())
    if are_read:
        link = with_names(link, known[Side.KORE].task, known[Side.V2].task)
    unit.save_link(link)
    # What is not read yet will be news, and so due, once it is.
    unit.set_due(link.id, are_read)
    unit.remember(
        [Happening(what="linked", why=why, link_id=link.id)], desk.run_id, desk.clock.now()
    )
    desk.tally.add_link()
    return link


def part(desk: Desk, unit: Unit, pair: Pair, why: str, created_at: datetime | None = None) -> Link:
    """Put the tasks, or the one of them that there is, into a removed link."""
    link = _take_place(desk, unit, pair, LinkState.REMOVED, created_at)
    unit.set_due(link.id, False)
    for side, task_id in pair.items():
        _leave(desk, unit, side, task_id)
    happened = [Happening(what="removed", why=why, link_id=link.id)]
    unit.remember(happened, desk.run_id, desk.clock.now())
    return link


def _take_place(
    desk: Desk, unit: Unit, pair: Pair, state: LinkState, created_at: datetime | None
) -> Link:
    """The row that both tasks stand in from now on; every other one lets go of them."""
    now = desk.clock.now()
    rows = links_at(unit, pair)
    for row in rows:
        _settle(desk, unit, row)
    for row in rows[1:]:
        _let_go(desk, unit, row, pair, now)
    link = replace(_link(pair, created_at or now, now), state=state)
    if not rows:
        return replace(link, id=unit.add_link(link))
    kept = rows[0]
    if _shared(kept, pair) == len(SIDES):
        # The same two: who was created from whom stays so.
        link = replace(kept, state=state, changed_at=now, gone_side=None, gone_at=None)
    link = replace(link, id=kept.id)
    unit.save_link(link)
    for side, task_id in _others(kept, pair).items():
        unit.add_link(_link({side: task_id}, now, now))
        _leave(desk, unit, side, task_id)
    return link


def _link(pair: Pair, created_at: datetime, now: datetime) -> Link:
    """A removed link of these tasks that is not stored yet."""
    return Link(
        state=LinkState.REMOVED,
        kore_id=pair.get(Side.KORE),
        v2_id=pair.get(Side.V2),
        created_at=created_at,
        changed_at=now,
    )


def _settle(desk: Desk, unit: Unit, link: Link) -> None:
    """Nothing of the link is open or waits any more."""
    now = desk.clock.now()
    for one in unit.open_operations():
        if one.operation.link_id == link.id:
            unit.settle(one.id, Outcome.DROPPED, "a person decided about its link", now)
    forget_unsure(desk, unit, link)
    unit.replace_waits([], link_id=link.id, at=now)


def _let_go(desk: Desk, unit: Unit, link: Link, pair: Pair, now: datetime) -> None:
    """The link keeps what the pair does not take, as removed, or goes."""
    left = _others(link, pair)
    unit.save_link(replace(_link(left, link.created_at or now, now), id=link.id))
    unit.set_due(link.id, False)
    if not left:
        unit.drop_link(link.id)
    for side, task_id in left.items():
        _leave(desk, unit, side, task_id)


def _linked(desk: Desk, unit: Unit, pair: Pair) -> dict[Side, Known]:
    """Both tasks as far as they are known, neither of them on its own any more.

    One that was not read yet is noted by its id: readings that do not show it tell that it is gone.
    """
    found: dict[Side, Known] = {}
    for side, task_id in pair.items():
        unit.replace_waits([], task=(side, task_id), at=desk.clock.now())
        known = unit.known(side, [task_id]).get(task_id)
        known = known or Known(task=Task(side=side, id=task_id, fields={}, digest=""))
        found[side] = known.standing_as(Standing.LINKED)
        unit.clear_due_task(side, task_id)
    unit.save_known(found.values())
    return found


def _leave(desk: Desk, unit: Unit, side: Side, task_id: TaskId) -> None:
    """The task stays as it is, and nothing is created from it."""
    unit.replace_waits([], task=(side, task_id), at=desk.clock.now())
    known = unit.known(side, [task_id]).get(task_id)
    if known is not None:
        unit.save_known([known.standing_as(Standing.LEFT, WAS_REMOVED)])
        unit.clear_due_task(side, task_id)


def _others(link: Link, pair: Pair) -> dict[Side, TaskId]:
    """The tasks of the link that are not the pair's."""
    found = {side: link.task_id(side) for side in SIDES}
    return {side: one for side, one in found.items() if one is not None and one != pair.get(side)}


def _shared(link: Link, pair: Pair) -> int:
    """How many of the pair's tasks the link holds."""
    return sum(link.task_id(side) == task_id for side, task_id in pair.items())
