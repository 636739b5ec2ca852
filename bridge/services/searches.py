"""Rows that a service's own filter by title finds, page after page.

A filter may be ignored (observed on sister endpoints of v2), then it finds everything: reading
stops at the first page without a row whose title fits, and after twenty pages.
"""

from collections.abc import Callable

from bridge.domain.exchange import Page, Row
from bridge.domain.side import TaskId
from bridge.domain.text import fold_name
from bridge.errors import UnreadableRecord

MOST_PAGES = 20


def rows_found(title: str, page_at: Callable[[int], Page]) -> tuple[Row, ...]:
    """Every row of the pages read, each task once, those that do not fit among them."""
    found: dict[TaskId, Row] = {}
    offset = 0
    for _ in range(MOST_PAGES):
        page = page_at(offset)
        fresh = {row.id: row for row in page.rows if row.id not in found}
        found |= fresh
        offset += page.length
        if page.is_last or not any(_fits(row, title) for row in fresh.values()):
            break
    return tuple(found.values())


def _fits(row: Row, title: str) -> bool:
    try:
        return fold_name(title) in fold_name(row.normalise().title)
    except UnreadableRecord:
        return False
