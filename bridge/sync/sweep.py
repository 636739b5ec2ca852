"""The sweep: a reading of everything, in a stable order, across cycles and restarts.

Pages overlap by a row that can be read: a page must hold the last such row of the one before,
else the reading goes back. It is complete when it was read to a page with nothing beyond what it
shares, each page overlapped the next, and no more tasks are announced than were seen. Without a
stable order it is read until a whole pass finds nothing new, and nothing that it did not see
counts as absent.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from bridge.domain.exchange import Order, Page, Purpose
from bridge.domain.operation import WaitKind
from bridge.domain.reading import Sweep
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.ports import Unit
from bridge.sync.admit import admit
from bridge.sync.ahead import reading
from bridge.sync.desk import Desk
from bridge.sync.normalise import NAMELESS, take_in
from bridge.sync.prove import prove_sort

MOST_PASSES = 5
MOST_ODD = 1000
ODD, TOO_ODD = "odd ", "too many odd"


def sweep_side(
    desk: Desk, side: Side, may_go_on: Callable[[], bool], *, proves_sort: bool = True
) -> Sweep:
    """Go on with the side's sweep, or begin one, for as long as `may_go_on` says so.

    Pages that are there by all that is known are asked for while those before are taken in; none
    in vain, so that a sweep that may not go on takes in what was asked for by then. `proves_sort`:
    where polls will rely on the sort. Raises ServiceError if the side cannot be read; the place is
    kept.
    """
    sweep = _open(desk, side, proves_sort=proves_sort)
    last = _rows_last(desk, side)
    account: str | None = None
    goes_on, token = True, desk.token
    with reading(partial(_ask, desk, side)) as pages:
        while sweep.completed_at is None:
            page = pages.at(sweep.offset)
            if not _is_admitted(desk, page, account):
                admit(desk, page)
                account = page.account
            if goes_on and not _lost_its_place(sweep, page):
                # Of two that share a budget the later one may get its last call, and be in vain.
                most = 1 if side in desk.rules.limited else 2
                pages.expect(_offsets_ahead(sweep, page, last)[:most])
            with desk.store.begin(is_fleeting=True) as unit:
                sweep = _take_page(desk, unit, sweep, page)
            if sweep.completed_at is None:
                desk.tell("progress", step="read", side=side, done=sweep.rows, total=sweep.total)
            goes_on = goes_on and may_go_on()
            if desk.token != token:
                sweep, token = _as_left(desk, sweep), desk.token
            if not (goes_on or pages.are_expected):
                break
    if sweep.completed_at is not None:
        if side in desk.unsorted:
            desk.polled_at[side] = desk.clock.now()
        desk.swept.add(side)
        desk.tell("swept", side=side, rows=sweep.rows, is_complete=sweep.is_complete)
    return sweep


def _ask(desk: Desk, side: Side, offset: int) -> Page:
    return desk.services[side].page(Order.STABLE, offset, purpose=Purpose.SWEEP)


def _as_left(desk: Desk, sweep: Sweep) -> Sweep:
    """The sweep as whoever had the lease meanwhile left it: further on, or at its end."""
    with desk.store.begin() as unit:
        return unit.open_sweep(sweep.side) or unit.last_sweep(sweep.side) or sweep


def _rows_last(desk: Desk, side: Side) -> int:
    """How many rows the last complete sweep saw; 0 where there was none."""
    with desk.store.begin() as unit:
        return max((one.rows for one in unit.complete_sweeps(side)[:1]), default=0)


def _is_admitted(desk: Desk, page: Page, account: str | None) -> bool:
    """Whether the page is one more of the account whose page was looked at: on a copy of the
    database nobody changes meanwhile what is known of the side.
    """
    return desk.is_dry and page.offset > 0 and page.account == account


def is_sweep_due(desk: Desk, side: Side) -> bool:
    """Whether a sweep is under way, or the last complete one is older than `sweep_seconds`."""
    with desk.store.begin() as unit:
        return is_sweep_owed(desk, unit, side)


def is_sweep_owed(desk: Desk, unit: Unit, side: Side) -> bool:
    """The same, in a transaction."""
    if unit.open_sweep(side) is not None:
        return True
    last = unit.last_sweep(side)
    if last is None or last.completed_at is None:
        return True
    age = (desk.clock.now() - last.completed_at).total_seconds()
    return age >= desk.rules.sweep_seconds


def _open(desk: Desk, side: Side, *, proves_sort: bool) -> Sweep:
    with desk.store.begin() as unit:
        sweep = unit.open_sweep(side)
    if sweep is not None:
        return sweep
    words = desk.services[side].learn()
    is_sorted = prove_sort(desk, side) if proves_sort else None
    now = desk.clock.now()
    with desk.store.begin() as unit:
        desk.learn(unit, words)
        if proves_sort:
            unit.save_side_state(replace(unit.side_state(side), is_sorted=is_sorted))
        _wake_put_off(unit)
        return unit.save_sweep(Sweep(side=side, started_at=now))


def _wake_put_off(unit: Unit) -> None:
    """What waits for another's doing is looked at again: a case that opens, a route that fits."""
    for wait in unit.waits([WaitKind.CASE_CLOSED]):
        if wait.link_id is not None:
            unit.set_due(wait.link_id, True)
    for side in SIDES:
        put_off = [*unit.unlinked(side, (Standing.UNROUTABLE, Standing.HELD, Standing.ORPHAN))]
        if put_off:
            unit.mark_due(side, [known.task.id for known in put_off])


def _take_page(desk: Desk, unit: Unit, sweep: Sweep, page: Page) -> Sweep:
    if _lost_its_place(sweep, page):
        # A page behind the end tells nothing of how far back it is.
        back = page.length or (sweep.offset + 1) // 2
        offset = max(0, sweep.offset - back)
        return unit.save_sweep(replace(sweep, offset=offset, rows=offset))
    intake = take_in(desk, unit, page, sweep)
    if intake.late:
        unit.save_side_state(replace(unit.side_state(sweep.side), is_sorted=False))
        desk.tell("sort_not_proved", side=sweep.side, late=len(intake.late))
    moved = _moved(sweep, page)
    moved.counts["nameless"] = moved.counts.get("nameless", 0) + intake.nameless
    _note_odd(moved, intake.odd)
    moved.counts["unreadable"] = moved.counts.get("unreadable", 0) + len(page.unreadable)
    if not _is_at_end(page, sweep):
        return unit.save_sweep(moved)
    ended = unit.save_sweep(_ended(desk, unit, moved))
    if ended.completed_at is not None and not ended.is_complete:
        # What it saw was seen all the same: since the last complete one began.
        for last in unit.complete_sweeps(sweep.side)[:1]:
            unit.pass_marks_on(ended.id, last.id)
    return ended


def _note_odd(sweep: Sweep, ids: Sequence[str]) -> None:
    """Which records cannot be read, so that one that is gone is found out; of a few at most."""
    if TOO_ODD in sweep.counts:
        return
    sweep.counts.update({f"{ODD}{task_id}": 1 for task_id in ids})
    odd = [name for name in sweep.counts if name.startswith(ODD)]
    if len(odd) > MOST_ODD:
        for name in odd:
            del sweep.counts[name]
        sweep.counts[TOO_ODD] = 1


def odd_ids(sweep: Sweep) -> frozenset[str] | None:
    """The records that could not be read by a sweep; None where they were too many to tell."""
    if TOO_ODD in sweep.counts:
        return None
    return frozenset(name.removeprefix(ODD) for name in sweep.counts if name.startswith(ODD))


def _lost_its_place(sweep: Sweep, page: Page) -> bool:
    """Whether the page does not hold the last row of the one before."""
    if sweep.offset == 0 or sweep.last_id is None or not sweep.is_ordered:
        return False
    return sweep.last_id not in {row.id for row in page.rows}


def _overlap(page: Page) -> int:
    """How many rows the next page shares with this one: one of them at least can be read."""
    return 1 + len(page.unreadable)


def _next_offset(sweep: Sweep, page: Page) -> int:
    return sweep.offset + max(page.length - _overlap(page), 1)


def _offsets_ahead(sweep: Sweep, page: Page, last: int) -> list[int]:
    """Where the next page will be, and the one after it if that one is as long as this one.

    Only those that hold something beyond what they share; where the service does not tell how many
    tasks there are, as many are counted on as there were `last`.
    """
    if _is_at_end(page, sweep):
        return []
    total = last if page.total is None else page.total
    first = _next_offset(sweep, page)
    found = [first, first + (first - sweep.offset)]
    shown = [sweep.offset + page.length, first + page.length]
    return [offset for offset, count in zip(found, shown, strict=True) if count < total]


def _shared_id(page: Page) -> str | None:
    """The row that the next page must hold; none where the pages cannot overlap.

    Pages of one row cannot, nor can those of which at most one row can be read.
    """
    is_shared = page.rows and page.length > _overlap(page)
    return page.rows[-1].id if is_shared else None


def _moved(sweep: Sweep, page: Page) -> Sweep:
    """The sweep behind the page. Rows that follow on a page they share no row with prove nothing:
    one may have slipped through between the two.
    """
    is_apart = sweep.offset > 0 and sweep.last_id is None and page.length > 0
    return replace(
        sweep,
        offset=_next_offset(sweep, page),
        last_id=_shared_id(page),
        rows=max(sweep.rows, sweep.offset + page.length),
        total=page.total if page.total is not None else sweep.total,
        is_ordered=sweep.is_ordered and _is_in_order(sweep, page),
        had_fault=sweep.had_fault or (is_apart and sweep.is_ordered),
        counts=dict(sweep.counts),
    )


def _is_in_order(sweep: Sweep, page: Page) -> bool:
    """Whether the rows come in a stable order; on several pages that has to be seen."""
    keys = [row.order_key for row in page.rows if row.order_key is not None]
    is_seen = bool(keys) or sweep.offset == 0 or not page.rows
    return page.is_sort_taken and keys == sorted(keys) and is_seen


def _is_at_end(page: Page, sweep: Sweep) -> bool:
    """Whether the page holds nothing beyond the rows that it shares with the one before."""
    if page.length == 0 or page.is_last is True:
        return True
    return sweep.last_id is not None and sweep.offset + page.length <= sweep.rows


def _ended(desk: Desk, unit: Unit, sweep: Sweep) -> Sweep:
    """Over, unless without a stable order a further pass may find more."""
    seen = sum(1 for _ in unit.seen_ids(sweep.id, sweep.side))
    passes = sweep.counts.get("passes", 0) + 1
    found_more = seen > sweep.counts.get("seen", 0)
    counts = {**sweep.counts, "passes": passes, "seen": seen}
    if not sweep.is_ordered and found_more and passes < MOST_PASSES:
        return replace(sweep, offset=0, last_id=None, rows=0, counts=counts)
    if not counts.get("nameless"):
        unit.replace_waits([], task=(sweep.side, NAMELESS), at=desk.clock.now())
    # Of rows that cannot be read no task may be known: then what counts is how far it was read.
    shown = max(seen, sweep.rows) if counts.get("unreadable") else seen
    is_short = sweep.total is not None and sweep.total > shown
    return replace(
        sweep,
        rows=seen,
        counts=counts,
        had_fault=sweep.had_fault or is_short,
        completed_at=desk.clock.now(),
    )
