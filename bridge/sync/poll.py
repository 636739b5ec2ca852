"""The poll: what changed on a side since the cursor, newest first.

A page ends the poll when it holds nothing new and its last row is not newer than the cursor. The
cursor moves in the transaction of the page that ends the poll, and only by what polls themselves
have read. One regular poll in every `overlap_seconds` begins a deep one, for what the service
showed late: it goes on from there, in slices across cycles, so that no poll waits for it. Of all
these pages only the first of a regular poll may take from what the budget keeps for polls.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import TypeAlias

from bridge.domain.exchange import Order, Page, Purpose
from bridge.domain.reading import SideState
from bridge.domain.side import Side
from bridge.ports import Unit
from bridge.sync.admit import refusal_of
from bridge.sync.desk import Desk
from bridge.sync.normalise import take_in
from bridge.sync.prove import runs_down, times_of


class End(Enum):
    """How a page ends a poll."""

    READ = auto()
    UNSORTED = auto()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A poll under way; `is_deep`: a deep one begins where it ends."""

    began_at: datetime
    is_deep: bool
    is_first: bool
    offset: int
    newest: datetime | None
    has_new: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page that is in order, with the change times that count."""

    page: Page
    times: list[datetime]

    def ends(self, new: int, floor: datetime | None) -> bool:
        """Whether nothing below it is wanted: it holds nothing new and reaches the floor."""
        if self.page.length == 0 or self.page.is_last is True:
            return True
        if new or floor is None:
            return False
        return bool(self.times) and self.times[-1] <= floor


_Taking: TypeAlias = Callable[[Unit, _Shown], bool]


def poll_side(desk: Desk, side: Side, *, is_regular: bool = True) -> bool:
    """Read a side's changes; false if its list turned out not to be sorted.

    Not regular is a poll between, which keeps plans fresh. Raises ServiceError if the side cannot
    be read; what was read until then is kept.
    """
    with desk.store.begin() as unit:
        state = unit.side_state(side)
    return poll_from(desk, state, is_regular=is_regular)


def poll_from(desk: Desk, state: SideState, *, is_regular: bool = True) -> bool:
    """The same, from where the state of the side says that it was read to."""
    side = state.side
    reading = _begin(desk, state, is_regular)
    is_rest = reading.offset > 0
    if is_regular:
        desk.asked_at[side] = reading.began_at
    purpose = Purpose.POLL if is_regular else Purpose.FOLLOW
    while True:
        end = _read(desk, side, reading.offset, purpose, partial(_take_page, desk, reading))
        if end is End.UNSORTED:
            return False
        if end is End.READ:
            break
        purpose = Purpose.FOLLOW
    if is_rest:
        # The rest of a poll that was cut short: what changed since then stands above it.
        return poll_side(desk, side, is_regular=False)
    desk.polled_at[side] = reading.began_at
    return True


def is_poll_due(desk: Desk, side: Side) -> bool:
    """Whether the interval of regular polls is over since the last one, whoever made it."""
    with desk.store.begin() as unit:
        polled_at = unit.side_state(side).polled_at
    last = [moment for moment in (polled_at, desk.asked_at.get(side)) if moment is not None]
    if not last:
        return True
    return (desk.clock.now() - max(last)).total_seconds() >= desk.rules.poll_seconds


def go_deeper(desk: Desk, side: Side, seconds: float) -> None:
    """Go on with a deep poll that is under way, for so long at most; its place is kept.

    Raises ServiceError if the side cannot be read.
    """
    began_at = desk.clock.now()
    while offset := _deep_offset(desk, side):
        desk.clock.check()
        end = _read(desk, side, offset, Purpose.FOLLOW, partial(_take_deep_page, desk))
        if end is not None or (desk.clock.now() - began_at).total_seconds() >= seconds:
            return


def is_deep_due(state: SideState, now: datetime, overlap_seconds: float) -> bool:
    """Whether this poll is one that goes deeper."""
    if state.deep_at is None:
        return True
    overlap = timedelta(seconds=overlap_seconds)
    if now - state.deep_at < overlap:
        return False
    if state.deep_found_new or state.new_row_at is None:
        return state.deep_found_new
    return state.deep_at < state.new_row_at + overlap


def _begin(desk: Desk, state: SideState, is_regular: bool) -> _Reading:
    now = desk.clock.now()
    is_first = state.deep_at is None
    is_due = is_deep_due(state, now, desk.rules.overlap_seconds)
    return _Reading(
        began_at=now,
        is_deep=is_first or (is_regular and is_due and not state.deep_offset),
        is_first=is_first,
        offset=state.poll_offset,
        newest=state.poll_newest_at,
    )


def _deep_offset(desk: Desk, side: Side) -> int:
    with desk.store.begin() as unit:
        return unit.side_state(side).deep_offset


def _read(desk: Desk, side: Side, offset: int, purpose: Purpose, take: _Taking) -> End | None:
    """Ask for a page of the newest and take it in; how it ends what it is of, if it does."""
    page = desk.services[side].page(Order.NEWEST_FIRST, offset, purpose=purpose)
    with desk.store.begin(is_fleeting=True) as unit:
        refusal = refusal_of(desk, unit, page, unit.side_state(side))
        end = None if refusal else _taken(desk, unit, page, take)
    if refusal is not None:
        raise refusal
    if end is End.UNSORTED:
        desk.tell("sort_not_proved", side=side)
    return end


def _taken(desk: Desk, unit: Unit, page: Page, take: _Taking) -> End | None:
    times = times_of(page, desk.rules.tolerance_seconds)
    if not page.is_sort_taken or not runs_down(times):
        _lose_proof(unit, page.side)
        return End.UNSORTED
    return End.READ if take(unit, _Shown(page, times)) else None


def _take_page(desk: Desk, reading: _Reading, unit: Unit, shown: _Shown) -> bool:
    """Take in one page; true if it ends the poll. How far the side was read is saved with it."""
    new = take_in(desk, unit, shown.page).new
    state = _seen(unit.side_state(shown.page.side), shown.page)
    known = [reading.newest] if reading.newest else []
    reading.has_new |= new > 0
    reading.newest = max([*shown.times, *known], default=None)
    reading.offset = _next_offset(reading.offset, shown.page)
    is_over = reading.is_first or shown.ends(new, state.cursor_at)
    if is_over:
        ends_deep = shown.ends(new, _deep_floor(desk, state))
        state = _ended(desk, state, reading, ends_deep=ends_deep)
    else:
        # Cut short, say by the budget, it goes on here: new rows only push the others down.
        state = replace(state, poll_offset=reading.offset, poll_newest_at=reading.newest)
    unit.save_side_state(state)
    return is_over


def _take_deep_page(desk: Desk, unit: Unit, shown: _Shown) -> bool:
    """Take in one page of a deep poll; true if it ends there, else its place is saved."""
    new = take_in(desk, unit, shown.page).new
    state = _seen(unit.side_state(shown.page.side), shown.page)
    if new:
        state = replace(state, deep_has_new=True, new_row_at=desk.clock.now())
    is_over = shown.ends(new, _deep_floor(desk, state))
    if is_over:
        state = _deepened(state)
    else:
        state = replace(state, deep_offset=_next_offset(state.deep_offset, shown.page))
    unit.save_side_state(state)
    return is_over


def _next_offset(offset: int, page: Page) -> int:
    """Pages overlap by a row."""
    return offset + max(page.length - 1, 1)


def _deep_floor(desk: Desk, state: SideState) -> datetime | None:
    """How far down a deep poll reads: to below the newest row of the one before."""
    if state.deep_newest_at is None:
        return state.cursor_at
    return state.deep_newest_at - timedelta(seconds=desk.rules.overlap_seconds)


def _seen(state: SideState, page: Page) -> SideState:
    """The state with what any page tells: the skew of the clocks, and which fields rows hide."""
    skew = state.skew_seconds
    if page.service_date is not None:
        skew = (page.service_date - page.sent_at).total_seconds()
    return replace(state, skew_seconds=skew)


def _ended(desk: Desk, state: SideState, reading: _Reading, *, ends_deep: bool) -> SideState:
    now = desk.clock.now()
    newest = max([one for one in (state.cursor_at, reading.newest) if one], default=None)
    state = replace(
        answered(state, now),
        cursor_at=newest,
        poll_offset=0,
        poll_newest_at=None,
        new_row_at=now if reading.has_new or state.new_row_at is None else state.new_row_at,
    )
    if not reading.is_deep:
        return state
    begun = replace(
        state,
        deep_offset=reading.offset,
        deep_begun_at=reading.began_at,
        deep_top_at=newest,
        deep_has_new=reading.has_new,
    )
    return _deepened(begun) if reading.is_first or ends_deep else begun


def _deepened(state: SideState) -> SideState:
    """The state behind a deep poll: what it tells is as old as its beginning."""
    return replace(
        state,
        deep_at=state.deep_begun_at,
        deep_newest_at=state.deep_top_at,
        deep_found_new=state.deep_has_new,
        deep_offset=0,
        deep_begun_at=None,
        deep_top_at=None,
        deep_has_new=False,
    )


def answered(state: SideState, now: datetime) -> SideState:
    """The state of a side that was read to the end of what was asked for."""
    return replace(
        state,
        polled_at=now,
        fault="",
        failed_at=None,
        not_before=None,
        not_before_reason="",
        is_refused=False,
    )


def _lose_proof(unit: Unit, side: Side) -> None:
    state = replace(unit.side_state(side), poll_offset=0, poll_newest_at=None, deep_offset=0)
    unit.save_side_state(replace(state, is_sorted=False))
