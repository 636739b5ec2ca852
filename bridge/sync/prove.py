"""The proof of the sort: a list is asked newest first and oldest first, and must turn round.

Without the proof no poll can rely on finding changes on the first pages; polls are sweeps then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from bridge.domain.exchange import Order, Page, Purpose
from bridge.domain.side import Side
from bridge.sync.desk import Desk


def prove_sort(desk: Desk, side: Side) -> bool | None:
    """Whether the side sorts by change time; None if what it shows proves nothing."""
    service = desk.services[side]
    newest = service.page(Order.NEWEST_FIRST, 0, purpose=Purpose.SWEEP)
    oldest = service.page(Order.OLDEST_FIRST, 0, purpose=Purpose.SWEEP)
    return judge_sort(newest, oldest, desk.rules.tolerance_seconds)


def judge_sort(newest: Page, oldest: Page, tolerance_seconds: float) -> bool | None:
    """What two pages prove: true, false, or nothing (None)."""
    if not (newest.is_sort_taken and oldest.is_sort_taken):
        return False
    down, up = times_of(newest, tolerance_seconds), times_of(oldest, tolerance_seconds)
    if not runs_down(down) or not runs_down(up[::-1]):
        return False
    if {row.id for row in newest.rows} == {row.id for row in oldest.rows}:
        return True
    if not down or not up or down[0] == up[0]:
        return None
    return down[0] > up[0]


def times_of(page: Page, tolerance_seconds: float) -> list[datetime]:
    """The change times that count: readable, and not in the service's own future."""
    limit = None
    if page.service_date is not None:
        limit = page.service_date + timedelta(seconds=tolerance_seconds)
    return [
        row.changed_at
        for row in page.rows
        if row.changed_at is not None and (limit is None or row.changed_at <= limit)
    ]


def runs_down(times: Sequence[datetime]) -> bool:
    """Whether no time is newer than the one before it."""
    return all(later <= earlier for earlier, later in pairwise(times))
