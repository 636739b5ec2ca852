"""getTasks and getCases: sorted, filtered, paged.

Takes the request body and a shelf, gives the records of one page and the numbers around it.
What is unknown (sorting, caps, late and repeated rows, totals) is switched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.kore.filters import Test
from bridge.sandbox.kore.record import Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.shelf import Shelf

LAST = 1 << 62
SORT_KEYS: dict[str, Callable[[Record], Any]] = {
    "createdAt": lambda record: record.created_ms,
    "updatedAt": lambda record: record.updated_ms,
    "dueDate": lambda record: LAST if record.due_ms is None else record.due_ms,
    "name": lambda record: record.name.lower(),
    "_id": lambda record: record.id,
}
SORT_NAMES = {name: name for name in SORT_KEYS} | {
    "createdDate": "createdAt",
    "updatedDate": "updatedAt",
}
Order = tuple[str, bool]
UNSORTED: Order = ("createdAt", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The records of a page; `total` counts what the filters let through."""

    records: list[Record]
    skip: int
    limit: int
    total: int

    def wire(self, rows: list[JsonObject], switches: KoreSwitches) -> JsonObject:
        """The answer around the rows."""
        seen = self.skip + len(self.records)
        is_more = seen < self.total
        if switches.has_more == "until_empty_page":
            is_more = bool(rows)
        page = {"page": self.skip // self.limit + 1, "limit": self.limit, "hasMore": is_more}
        if switches.total_results == "absent":
            return {"results": rows, **page}
        total = self.total // 2 if switches.total_results == "low" else self.total
        pages = -(-total // self.limit)
        return {"results": rows, **page, "totalPages": pages, "totalResults": total}


def page_of(
    shelf: Shelf[Record], body: JsonObject, tests: list[Test], switches: KoreSwitches, now: int
) -> Page:
    """The page that a request body asks for."""
    skip = _number(body, "skip", 0, 0)
    limit = _number(body, "limit", switches.default_limit, 1)
    limit = min(limit, switches.page_cap or limit)
    if skip:
        skip = max(0, skip - switches.page_overlap)
    order = order_of(body.get("sortBy"), switches)
    if tests or switches.rows_late_seconds > 0:
        found = _found(shelf, order, tests, switches, now)
        return _cut(found, skip, limit)
    ids = shelf.ordered(order[0], SORT_KEYS[order[0]], is_down=order[1])
    records = [shelf.rows[row_id] for row_id in ids[skip : skip + limit]]
    return Page(records=records, skip=skip, limit=limit, total=len(ids))


def order_of(sort_by: object, switches: KoreSwitches) -> Order:
    """The sort key and whether it runs down; a 400 where the switch refuses the form."""
    if sort_by in (None, "", {}):
        return UNSORTED
    is_text = isinstance(sort_by, str)
    refused_form = {"string_form_only": not is_text, "object_form_only": is_text}
    if switches.sort == "refused" or refused_form.get(switches.sort):
        raise Refusal(400, "sortBy is not valid")
    name, is_down = _named_order(sort_by, switches)
    is_deaf = name == "updatedAt" and switches.updated_sort == "ignored"
    if switches.sort == "ignored" or is_deaf or name not in SORT_KEYS:
        return UNSORTED
    return name, is_down


def _named_order(sort_by: object, switches: KoreSwitches) -> Order:
    if isinstance(sort_by, str):
        return SORT_NAMES.get(sort_by, sort_by), switches.string_sort == "desc"
    if not isinstance(sort_by, dict):
        raise Refusal(400, "sortBy is not valid")
    name, direction = next((str(key), value) for key, value in sort_by.items())
    return SORT_NAMES.get(name, name), str(direction).lower() in ("desc", "-1")


def _found(
    shelf: Shelf[Record],
    order: Order,
    tests: list[Test],
    switches: KoreSwitches,
    now: int,
) -> list[Record]:
    key = SORT_KEYS[order[0]]
    if switches.rows_late_seconds > 0:
        shown = shelf.shown_at(now - round(switches.rows_late_seconds * 1000))
        rows: Iterable[Record] = sorted(shown.values(), key=key, reverse=order[1])
    else:
        rows = (shelf.rows[row_id] for row_id in shelf.ordered(order[0], key, is_down=order[1]))
    return [record for record in rows if all(test(record) for test in tests)]


def _cut(found: list[Record], skip: int, limit: int) -> Page:
    return Page(records=found[skip : skip + limit], skip=skip, limit=limit, total=len(found))


def _number(body: JsonObject, key: str, default: int, least: int) -> int:
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Refusal(400, f"{key} is not valid")
    return value
