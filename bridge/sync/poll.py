"""The poll: what changed on a side since the cursor, newest first.

A page ends the poll when it holds nothing new and its last row is not newer than the cursor. One
poll in every `overlap_seconds` goes deeper, for what the service showed late. The cursor moves in
the transaction of the page that ends the poll, and only by what polls themselves have read.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

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
    """A poll under way."""

    floor: datetime | None
    is_deep: bool
    is_first: bool
    offset: int
    newest: datetime | None
    has_new: bool = False


def poll_side(desk: Desk, side: Side) -> bool:
    """Read a side's changes; false if its list turned out not to be sorted.

    Raises ServiceError if the side cannot be read; what was read until then is kept.
    """
    with desk.store.begin() as unit:
        state = unit.side_state(side)
    return poll_from(desk, state)


def poll_from(desk: Desk, state: SideState) -> bool:
    """The same, from where the state of the side says that it was read to."""
    side = state.side
    reading = _begin(desk, state)
    began_at = desk.clock.now()
    is_rest = reading.offset > 0
    while True:
        page = desk.services[side].page(Order.NEWEST_FIRST, reading.offset, purpose=Purpose.POLL)
        with desk.store.begin(is_fleeting=True) as unit:
            refusal = refusal_of(desk, unit, page, unit.side_state(side))
            end = None if refusal else _take_page(desk, unit, page, reading)
        if refusal is not None:
            raise refusal
        if end is End.UNSORTED:
            desk.tell("sort_not_proved", side=side)
            return False
        if end is End.READ:
            break
    if is_rest:
        # The rest of a poll that was cut short: what changed since then stands above it.
        return poll_side(desk, side)
    desk.polled_at[side] = began_at
    return True


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


def _begin(desk: Desk, state: SideState) -> _Reading:
    is_deep = is_deep_due(state, desk.clock.now(), desk.rules.overlap_seconds)
    floor = state.cursor_at
    if is_deep and state.deep_newest_at is not None:
        floor = state.deep_newest_at - timedelta(seconds=desk.rules.overlap_seconds)
    return _Reading(
        floor=floor,
        is_deep=is_deep,
        is_first=state.deep_at is None,
        offset=state.poll_offset,
        newest=state.poll_newest_at,
    )


def _take_page(desk: Desk, unit: Unit, page: Page, reading: _Reading) -> End | None:
    """Take in one page, unless it is out of order; how it ends the poll, if it does.

    How far the side was read is saved with it.
    """
    times = times_of(page, desk.rules.tolerance_seconds)
    if not page.is_sort_taken or not runs_down(times):
        _lose_proof(unit, page.side)
        return End.UNSORTED
    intake = take_in(desk, unit, page)
    reading.has_new |= intake.new > 0
    reading.newest = max([*times, *([reading.newest] if reading.newest else [])], default=None)
    is_over = _is_over(page, times, intake.new, reading)
    state = _seen(unit.side_state(page.side), page)
    reading.offset += max(page.length - 1, 1)
    if is_over:
        state = _ended(desk, state, reading)
    else:
        # Cut short, say by the budget, it goes on here: new rows only push the others down.
        state = replace(state, poll_offset=reading.offset, poll_newest_at=reading.newest)
    unit.save_side_state(state)
    return End.READ if is_over else None


def _is_over(page: Page, times: list[datetime], new: int, reading: _Reading) -> bool:
    if reading.is_first or page.length == 0 or page.is_last is True:
        return True
    if new or reading.floor is None:
        return False
    return bool(times) and times[-1] <= reading.floor


def _seen(state: SideState, page: Page) -> SideState:
    """The state with what any page tells: the skew of the clocks, and which fields rows hide."""
    skew = state.skew_seconds
    if page.service_date is not None:
        skew = (page.service_date - page.sent_at).total_seconds()
    return replace(state, skew_seconds=skew)


def _ended(desk: Desk, state: SideState, reading: _Reading) -> SideState:
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
    return replace(state, deep_at=now, deep_newest_at=newest, deep_found_new=reading.has_new)


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
    state = replace(unit.side_state(side), poll_offset=0, poll_newest_at=None)
    unit.save_side_state(replace(state, is_sorted=False))
