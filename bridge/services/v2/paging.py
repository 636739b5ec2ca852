"""Lists of v2: how a page is asked for, and what comes of it.

The documented `field:1` is refused by the live service with 400, which takes JSON (observed); an
endpoint may refuse both. Asked for in JSON first, with less only where the same request with less
is answered (forms.py). Which form works is remembered per list and field.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pydantic import TypeAdapter

from bridge.domain.exchange import Order, Page, Purpose, Row, UnreadableRow
from bridge.domain.side import Side
from bridge.services.exchange import Call, Reply
from bridge.services.forms import first_answered
from bridge.services.ids import task_id_of
from bridge.services.json_answers import read_as
from bridge.services.line import Line
from bridge.services.v2.normalise import Reader

CHANGED = "status.lastModifiedAt"
# The field and direction of each order; the id is given once and never changes (observed).
SORTS: Mapping[Order, tuple[str, int]] = {
    Order.NEWEST_FIRST: (CHANGED, -1),
    Order.OLDEST_FIRST: (CHANGED, 1),
    Order.STABLE: ("_id", 1),
}
BY_ID = SORTS[Order.STABLE]
ROWS: TypeAdapter[list[Any]] = TypeAdapter(list[Any])


class SortForm(IntEnum):
    """The two forms of `sort`, and none."""

    JSON = 0
    COLON = 1
    NONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The rows of one page, with the reply that held them."""

    rows: list[Any]
    reply: Reply
    is_sort_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a page is asked for; `sort` is a field and 1 or -1."""

    path: str
    sort: tuple[str, int]
    offset: int
    limit: int
    purpose: Purpose
    filters: tuple[tuple[str, str], ...] = ()


class Lists:
    """The lists of one company; remembers which form of sorting each takes."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._taken: dict[tuple[str, str], SortForm] = {}

    def page(self, wish: Wish) -> Listed:
        """One page of a list. Raises ServiceError or Stopped."""
        key = (wish.path, wish.sort[0])
        start = self._taken.get(key, SortForm.JSON)
        forms = [form for form in SortForm if form >= start]
        form, (rows, reply) = first_answered(forms, lambda form: self._ask(wish, form))
        self._taken[key] = form
        return Listed(rows=rows, reply=reply, is_sort_taken=form is not SortForm.NONE)

    def _ask(self, wish: Wish, form: SortForm) -> tuple[list[Any], Reply]:
        call = Call(
            operation=f"GET {wish.path}",
            method="GET",
            path=wish.path,
            purpose=wish.purpose,
            query=list_query(wish, form),
        )
        return self._line.read(call, lambda reply: (read_as(ROWS, reply, "a list"), reply))


def list_query(wish: Wish, form: SortForm) -> tuple[tuple[str, str], ...]:
    """The query of a list call."""
    paging = (("limit", str(wish.limit)), ("offset", str(wish.offset)))
    field, direction = wish.sort
    if form is SortForm.JSON:
        sort = json.dumps({"by": field, "direction": direction}, separators=(",", ":"))
        return (*paging, ("sort", sort), *wish.filters)
    if form is SortForm.COLON:
        return (*paging, ("sort", f"{field}:{direction}"), *wish.filters)
    return (*paging, *wish.filters)


def task_page(listed: Listed, reader: Reader, wish: Wish) -> Page:
    """The page of tasks that was listed; its rows are normalised when asked.

    No count and no cursor come (documented): only an empty page is known to be the last.
    """
    made = [task_row(row, reader) for row in listed.rows]
    return Page(
        side=Side.V2,
        rows=tuple(row for row in made if isinstance(row, Row)),
        unreadable=tuple(row for row in made if isinstance(row, UnreadableRow)),
        length=len(listed.rows),
        offset=wish.offset,
        sent_at=listed.reply.sent_at,
        service_date=listed.reply.service_date,
        is_last=None if listed.rows else True,
        is_sort_taken=listed.is_sort_taken,
        account=_company(listed.rows),
    )


def _company(rows: list[Any]) -> str:
    """The company whose tasks they are; empty where rows say none, or more than one."""
    named = {row.get("companyId") for row in rows if isinstance(row, dict)}
    found = {one for one in named if isinstance(one, str) and one}
    return found.pop() if len(found) == 1 else ""


def task_row(row: Any, reader: Reader) -> Row | UnreadableRow:
    """One row, cheaply: what it takes to see whether it is new."""
    if not isinstance(row, dict):
        return UnreadableRow(None, "the row is not an object")
    task_id = task_id_of(row.get("_id"))
    if task_id is None:
        return UnreadableRow(None, "_id: not an id")
    return Row(
        id=task_id,
        changed_at=reader.changed_at(row),
        digest=lambda: reader.digest(row),
        order_key=task_id,
        normalise=lambda: reader.task(row, task_id),
    )
