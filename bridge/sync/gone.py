"""Linked tasks that are gone, and those that come back.

A linked task counts as gone that neither sweep nor poll has seen since two complete sweeps began,
that no write was answered for since then, and that is not found when asked for. Its link is
`missing` from then on, and the task across is reported, or closed if the settings say so. A task
without a link that a complete sweep did not show is not there until it is seen again. What all
this costs grows with what is missing, not with the world.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bridge.domain.gone import (
    close_survivor,
    conflict_of_return,
    found_again,
    lost_sides,
    missing,
)
from bridge.domain.guard import ITEMS, GuardKind
from bridge.domain.link import UNSAVED, Link, LinkState
from bridge.domain.operation import Operation, Outcome, WaitKind
from bridge.domain.reading import Sweep
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.task import Known
from bridge.errors import OverBudget, ServiceError, UnreadableRecord
from bridge.ports import LinkView, Unit
from bridge.sync.apply import Batch, Job, apply_batch
from bridge.sync.clocks import skews_of
from bridge.sync.desk import NEXT_CYCLE, Desk
from bridge.sync.journal import is_of_one_task, judged
from bridge.sync.look_back import look_back, record_look
from bridge.sync.normalise import NAMELESS, forget_unread, unreadable_tasks
from bridge.sync.probe import may_be_closed
from bridge.sync.record import Update, pair_of
from bridge.sync.standing import guard_of, keep
from bridge.sync.sweep import odd_ids
from bridge.sync.update import apply_update

# How many tasks a cycle asks for on a side; the rest is left to the next one.
MOST_ASKED = 50
AT_ONCE = 200
LOOKED = "looked"  # in the counts of a sweep: what it did not see was judged
_JOINED = (LinkState.LINKED, LinkState.MISSING)
_GONE = "not seen since two readings of everything began, and not found when asked for"


def look_for_gone(desk: Desk) -> None:
    """Judge what the last complete sweep of each side did not see, and take back what came back.

    A side whose account or emptiness is in doubt is left alone: its list proves nothing.
    """
    with desk.store.begin() as unit:
        is_any_due = bool(unit.due_links(1, UNSAVED, LinkState.MISSING))
        owed = [side for side in SIDES if _unjudged(unit, side)]
    for view in _due(desk) if is_any_due else ():
        _take_back(desk, view)
    for side in owed:
        if not desk.has_failed(side) and not _is_in_doubt(desk, side):
            _look(desk, side)


def close_survivors(desk: Desk) -> None:
    """Close what is left of pairs whose other task is gone, where the settings say so."""
    if desk.guards or desk.only is not None:
        return
    batch = Batch()
    for view in _due(desk):
        operation = _closing(desk, view)
        if operation is None:
            with desk.store.begin() as unit:
                unit.set_due(view.link.id, False)
        elif desk.is_dry:
            desk.tally.report(operation, Outcome.PLANNED)
        else:
            key = f"close {view.link.id}"
            batch.add(desk, Job(operation.side, key, partial(_close, desk, view, operation)))
    apply_batch(desk, batch)


# --- what a sweep did not see --------------------------------------------------------------------


def _is_in_doubt(desk: Desk, side: Side) -> bool:
    is_empty = any(one.kind is GuardKind.EMPTY and one.side is side for one in desk.guards)
    return is_empty or side in desk.barred


def _unjudged(unit: Unit, side: Side) -> Sequence[Sweep]:
    """The complete sweeps, the newest first, if what that one did not see was not judged yet."""
    sweeps = unit.complete_sweeps(side)
    return () if sweeps and sweeps[0].counts.get(LOOKED) else sweeps


def _look(desk: Desk, side: Side) -> None:
    with desk.store.begin() as unit:
        sweeps = _unjudged(unit, side)
        unseen = unseen_since(unit, side, sweeps[:1])
        links = unit.links_of(side, unseen)
        _forget_unread(desk, unit, side, sweeps[0])
        _leave_out(desk, unit, side, sweeps[0], unseen - _joined(links.values(), side))
        lost = unseen_since(unit, side, sweeps) if len(sweeps) > 1 else frozenset()
        lost = lost & {key for key, link in links.items() if link.state in _JOINED}
    is_over = _ask_for(desk, side, sweeps, sorted(lost))
    if not is_over:
        desk.vanished[side] = _still_lost(desk, side, lost)
        return
    with desk.store.begin() as unit:
        _forget_confirmed(desk, unit)
        unit.save_sweep(replace(sweeps[0], counts={**sweeps[0].counts, LOOKED: 1}))


def unseen_since(unit: Unit, side: Side, sweeps: Sequence[Sweep]) -> frozenset[str]:
    """The tasks that nothing has shown since the oldest of the sweeps began."""
    began_at = sweeps[-1].started_at
    under_way = unit.open_sweep(side)
    ids = [sweep.id for sweep in (*sweeps, under_way) if sweep is not None]
    unseen = unit.unseen(side, ids)
    if not unseen or began_at is None:
        return unseen
    known = unit.known(side, unseen)
    written = {key for key, one in known.items() if one.written_at and one.written_at >= began_at}
    return unseen - written


def first_missed(unit: Unit) -> dict[tuple[Side, str], datetime]:
    """Since which of the complete sweeps nothing has shown a task, of those that are kept."""
    found: dict[tuple[Side, str], datetime] = {}
    for side in SIDES:
        sweeps = unit.complete_sweeps(side)
        for count, sweep in enumerate(sweeps, start=1):
            at = sweep.completed_at
            unseen = unseen_since(unit, side, sweeps[:count]) if at else ()
            found |= {(side, task_id): at for task_id in unseen if at}
    return found


def _joined(links: Collection[Link], side: Side) -> frozenset[str]:
    """The tasks whose link lives: it is not theirs alone whether they are there."""
    living = (*_JOINED, LinkState.CREATING)
    return frozenset(str(link.task_id(side)) for link in links if link.state in living)


def _leave_out(desk: Desk, unit: Unit, side: Side, sweep: Sweep, ids: frozenset[str]) -> None:
    """Tasks without a link that the list shows no more: nothing is created from them.

    A row that does not even tell its id may be any of them.
    """
    if not ids or sweep.counts.get("nameless"):
        return
    now = desk.clock.now()
    unit.set_gone(side, ids, now)
    for task_id in {wait.task_id for wait in unit.waits() if wait.task_id in ids}:
        unit.replace_waits([], task=(side, TaskId(str(task_id))), at=now)
    why = "no list shows it any more"
    gone = [Happening(what="gone", why=why, side=side, task_id=TaskId(one)) for one in sorted(ids)]
    unit.remember(gone, desk.run_id, now)


def _forget_unread(desk: Desk, unit: Unit, side: Side, sweep: Sweep) -> None:
    """A record that could not be read and is not shown any more waits no longer."""
    odd = odd_ids(sweep)
    if odd is None or sweep.started_at is None:
        return
    for wait in unit.unread():
        is_old = wait.since is not None and wait.since <= sweep.started_at
        is_shown = wait.task_id in {*odd, NAMELESS}
        if wait.side is side and is_old and wait.task_id and not is_shown:
            forget_unread(desk, unit, side, wait.task_id)


def _forget_confirmed(desk: Desk, unit: Unit) -> None:
    """What was confirmed as missing and is there again counts anew when it is lost once more.

    That it is there is told by readings of both sides that began after the confirmation.
    """
    guard = guard_of(unit.guards(), GuardKind.MISSING, None)
    if guard is None or guard.confirmed_at is None:
        return
    lost = {*unit.links_in(LinkState.MISSING)}
    for side in SIDES:
        newest = unit.complete_sweeps(side)[:1]
        if not newest or (newest[0].started_at or guard.confirmed_at) <= guard.confirmed_at:
            return
        lost |= {link.id for link in unit.links_of(side, unseen_since(unit, side, newest)).values()}
    kept = sorted(guard.confirmed_items & lost, key=str)
    if len(kept) < len(guard.confirmed_items):
        keep(desk, unit, guard, replace(guard, confirmed={ITEMS: kept}))


def _still_lost(desk: Desk, side: Side, lost: frozenset[str]) -> frozenset[LinkId]:
    """The links whose task was not asked for yet; rows without an id may be some of them."""
    with desk.store.begin() as unit:
        sweep = unit.complete_sweeps(side)[0]
        left = lost & unit.unseen(side, [sweep.id])
        found = [link.id for link in unit.links_of(side, left).values()]
    return frozenset(sorted(found)[sweep.counts.get("nameless", 0) :])


# --- asked for -----------------------------------------------------------------------------------


def _ask_for(desk: Desk, side: Side, sweeps: Sequence[Sweep], ids: Sequence[str]) -> bool:
    """Ask for tasks by id or name; true if all were asked for."""
    for task_id in ids[:MOST_ASKED]:
        desk.clock.check()
        with desk.store.begin() as unit:
            known = unit.known(side, [task_id])[task_id]
        try:
            is_there = _is_there(desk, side, known, sweeps)
        except OverBudget:
            return False
        except ServiceError as error:
            found = judged(desk, side, error)
            if not is_of_one_task(found):
                desk.give_up(side, found)
                return False
            is_there = True  # the side answers, and does not say that it is gone
        with desk.store.begin() as unit:
            if is_there:
                unit.mark_seen(sweeps[0].id, side, [task_id])
            else:
                _lose(desk, unit, side, known)
    return len(ids) <= MOST_ASKED


def _is_there(desk: Desk, side: Side, known: Known, sweeps: Sequence[Sweep]) -> bool:
    """Whether the side still has the task; what cannot be asked for counts as there."""
    service, task = desk.services[side], known.task
    if service.reads_one:
        try:
            return service.read(task.id) is not None
        except UnreadableRecord:
            return True
    if any(sweep.counts.get("nameless") for sweep in sweeps):
        return True
    if not known.is_read:
        return False  # only a file ever named it, and two readings show no such id
    if not task.title:
        return True
    return any(row.id == task.id for row in service.search(task.title))


def _lose(desk: Desk, unit: Unit, side: Side, known: Known) -> None:
    """The task is gone: its link is missing, and what is left of it is looked at."""
    now, task = desk.clock.now(), known.task
    link = unit.links_of(side, [task.id])[task.id]
    unit.set_gone(side, [task.id], now)
    if link.state is LinkState.LINKED:
        unit.save_link(missing(link, side, now))
        unit.set_due(link.id, True)
    happening = Happening(what="gone", why=_GONE, link_id=link.id, side=side, task_id=task.id)
    unit.remember([happening], desk.run_id, now)
    desk.tell("task_gone", side=side, id=task.id, name=task.name)


# --- what is left of a pair ----------------------------------------------------------------------


def _due(desk: Desk) -> Iterator[LinkView]:
    """The missing links of which a task was lost, seen or changed."""
    after = UNSAVED
    while True:
        with desk.store.begin() as unit:
            views = unit.due_links(AT_ONCE, after, LinkState.MISSING)
        if not views:
            return
        yield from views
        after = views[-1].link.id


def _take_back(desk: Desk, view: LinkView) -> None:
    """A link of which a task came back lives again, if both are there."""
    lost, now = lost_sides(view.kore, view.v2), desk.clock.now()
    link = found_again(view.link, lost, now)
    if link == view.link:
        return
    with desk.store.begin() as unit:
        unit.save_link(link)
        if link.state is LinkState.LINKED:
            _note_return(desk, unit, _looked_back(desk, unit, replace(view, link=link)))
            unit.remember([Happening(what="found_again", link_id=link.id)], desk.run_id, now)
            desk.tell("task_found_again", link=link.id)


def _looked_back(desk: Desk, unit: Unit, view: LinkView) -> LinkView:
    """The link once it is known what became of a close whose answer never came."""
    lost = unit.lost_updates([view.link.id]).get(view.link.id, ())
    looked = look_back(desk, view, lost, skews_of(unit), unreadable_tasks(unit))
    record_look(desk, unit, looked)
    return looked.view


def _note_return(desk: Desk, unit: Unit, view: LinkView) -> None:
    """Where the task across was closed meanwhile, a person says which status is right."""
    if view.kore is None or view.v2 is None:
        return
    wait = conflict_of_return(pair_of(view), desk.agreement)
    if wait is not None:
        others = [one for one in view.waits if one.field is not wait.field]
        unit.replace_waits([*others, wait], link_id=view.link.id, at=desk.clock.now())


def _closing(desk: Desk, view: LinkView) -> Operation | None:
    with desk.store.begin() as unit:
        view = _taken_up(desk, unit, _looked_back(desk, unit, view))
        odd = unreadable_tasks(unit)
    if any((side, view.link.task_id(side)) in odd for side in SIDES):
        return None  # nothing is written over what cannot be read; it is due once it can be
    if view.kore is None or view.v2 is None or len(lost_sides(view.kore, view.v2)) != 1:
        return None
    waits_for_case = any(wait.kind is WaitKind.CASE_CLOSED for wait in view.waits)
    is_closed = waits_for_case and may_be_closed(desk, view.kore.task)
    pair = pair_of(view, is_case_closed=is_closed)
    closing = close_survivor(pair, desk.agreement, desk.policy, desk.rules.on_missing)
    if closing.why:
        desk.tell("survivor_spared", link=view.link.id, reason=closing.why)
    return closing.operation


def _taken_up(desk: Desk, unit: Unit, view: LinkView) -> LinkView:
    """The link without what the last cycle put off to this one: a close that was not answered."""
    waits = tuple(wait for wait in view.waits if wait.waits_for != NEXT_CYCLE)
    unit.replace_waits(waits, link_id=view.link.id, at=desk.clock.now())
    return replace(view, waits=waits)


def _close(desk: Desk, view: LinkView, operation: Operation) -> None:
    task_id = operation.task_id(operation.side)
    if task_id is None:
        raise ValueError("what is left of a pair has an id")
    apply_update(
        desk,
        Update(operation=operation, link_id=view.link.id, task_id=task_id, conflicts={}),
    )
