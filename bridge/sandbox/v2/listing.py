"""The pages of the v2 lists.

Takes limit, offset and sort of a query and gives the rows of a page. Observed and switched:
pages capped or repeated without a word, no stable order without a sort, rows that come late.
"""

import random

from bridge.sandbox.answers import Asked, Refusal
from bridge.sandbox.shelf import Shelf
from bridge.sandbox.v2.filters import Test
from bridge.sandbox.v2.sorting import SORT_KEYS, Order, order_of
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import Task

DEFAULT_LIMIT, MOST = 100, 1000


def window_of(asked: Asked, switches: V2Switches) -> tuple[int, int]:
    """The rows to pass over and to give; a 400 outside the documented ranges."""
    limit = _number(asked, "limit", DEFAULT_LIMIT, 1, MOST)
    offset = _number(asked, "offset", 0, 0, 1 << 62)
    if offset:
        offset = max(0, offset - switches.page_overlap)
    return offset, min(limit, switches.page_cap or limit)


def page_of(
    shelf: Shelf[Task],
    asked: Asked,
    tests: list[Test],
    switches: V2Switches,
    rng: random.Random,
    now: int,
) -> list[Task]:
    """The tasks of the page that was asked for."""
    offset, limit = window_of(asked, switches)
    order = order_of(asked.value("sort"), switches)
    rows = shelf.rows
    if switches.rows_late_seconds > 0:
        rows = shelf.shown_at(now - round(switches.rows_late_seconds * 1000))
    ids = _ids(shelf, rows, order, switches, rng)
    if tests:
        ids = [row_id for row_id in ids if all(test(rows[row_id]) for test in tests)]
    return [rows[row_id] for row_id in ids[offset : offset + limit]]


def _ids(
    shelf: Shelf[Task],
    rows: dict[str, Task],
    order: Order | None,
    switches: V2Switches,
    rng: random.Random,
) -> list[str]:
    if order is None:
        return _unsorted(list(rows), switches, rng)
    name, is_down = order
    key = SORT_KEYS.get(name)
    if key is None:
        return _unsorted(list(rows), switches, rng)
    if rows is shelf.rows:
        return shelf.ordered(name, key, is_down=is_down)
    return sorted(rows, key=lambda row_id: key(rows[row_id]), reverse=is_down)


def _unsorted(ids: list[str], switches: V2Switches, rng: random.Random) -> list[str]:
    """The order of a page without a sort: begins elsewhere each time (observed as unstable)."""
    if switches.unsorted_order == "stable" or not ids:
        return ids
    start = rng.randrange(len(ids))
    return ids[start:] + ids[:start]


def _number(asked: Asked, name: str, default: int, least: int, most: int) -> int:
    value = asked.value(name)
    if value is None:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Refusal(400, f"{name} is not valid")
    return int(value)
