"""Lists of Kore: how a page is asked for, and what comes of it.

`sortBy` is an object in the sample and a name in the table, `selectedColumns` may add keys to
the sparse row or be refused (all unknown): asked for in full first, and with less only where
the same request with less is answered (forms.py). Which form works is remembered per call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bridge.domain.exchange import Order, Page, Purpose, Row, UnreadableRow
from bridge.domain.side import Side
from bridge.services.exchange import Call, Reply
from bridge.services.forms import first_answered
from bridge.services.ids import task_id_of
from bridge.services.json_answers import read_as
from bridge.services.kore.normalise import changed_at, row_digest, to_task
from bridge.services.kore.sight import Columns
from bridge.services.kore.wire import SELECTED_COLUMNS
from bridge.services.line import Line

# The key and direction of each order; a task keeps its place in a list by its creation.
SORTS: Mapping[Order, tuple[str, str]] = {
    Order.NEWEST_FIRST: ("updatedAt", "desc"),
    Order.OLDEST_FIRST: ("updatedAt", "asc"),
    Order.STABLE: ("createdAt", "asc"),
}


class SortForm(IntEnum):
    """The two published forms of `sortBy`, and none; the second names no direction."""

    OBJECT = 0
    NAME = 1
    NONE = 2


@dataclass(frozen=True, slots=True)
class Form:
    """How much of what is wished for a list call asks."""

    sort: SortForm
    has_columns: bool


class WirePage(BaseModel):
    """A page as it comes; its rows are looked at one by one."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    results: list[Any]
    has_more: Any = Field(None, alias="hasMore")
    total: Any = Field(None, alias="totalResults")


PAGE = TypeAdapter(WirePage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page as it was read, with the reply that held it and the form that was taken."""

    page: WirePage
    reply: Reply
    is_sort_taken: bool

    @property
    def is_last(self) -> bool | None:
        """Whether nothing follows: `hasMore` false, or no row (documented)."""
        if not self.page.results or self.page.has_more is False:
            return True
        return False if self.page.has_more is True else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a page is asked for; `sort` is a key and `asc` or `desc`."""

    call: str
    sort: tuple[str, str]
    offset: int
    limit: int
    purpose: Purpose
    search: str = ""
    wants_columns: bool = True


class Lists:
    """The list calls of one stream; remembers which forms the account takes."""

    def __init__(self, line: Line, root: str) -> None:
        self._line = line
        self._root = root
        self._taken: dict[tuple[str, str, bool], Form] = {}

    def page(self, wish: Wish) -> Listed:
        """One page of a list. Raises ServiceError or Stopped."""
        key = (wish.call, wish.sort[0], wish.wants_columns)
        form, (page, reply) = first_answered(
            tuple(_forms(wish, self._taken.get(key))), lambda form: self._ask(wish, form)
        )
        self._taken[key] = form
        return Listed(page=page, reply=reply, is_sort_taken=form.sort is not SortForm.NONE)

    def _ask(self, wish: Wish, form: Form) -> tuple[WirePage, Reply]:
        call = Call(
            operation=wish.call,
            method="POST",
            path=f"{self._root}/{wish.call}",
            purpose=wish.purpose,
            body=list_body(wish, form),
        )
        return self._line.read(call, lambda reply: (read_as(PAGE, reply, "a page"), reply))


def list_body(wish: Wish, form: Form) -> Mapping[str, Any]:
    """The body of a list call. No empty filters: what they mean to the service is unknown."""
    body: dict[str, Any] = {"skip": wish.offset, "limit": wish.limit}
    if wish.search:
        body["searchText"] = wish.search
    if form.has_columns:
        body["selectedColumns"] = list(SELECTED_COLUMNS)
    name, direction = wish.sort
    if form.sort is not SortForm.NONE:
        body["sortBy"] = {name: direction} if form.sort is SortForm.OBJECT else name
    return body


def task_page(listed: Listed, columns: Columns, wish: Wish) -> Page:
    """The page of tasks that was listed; its rows are normalised when asked."""
    objects = [row for row in listed.page.results if isinstance(row, dict)]
    columns.notice(objects)
    made = [task_row(row, columns) for row in listed.page.results]
    total = listed.page.total
    return Page(
        side=Side.KORE,
        rows=tuple(row for row in made if isinstance(row, Row)),
        unreadable=tuple(row for row in made if isinstance(row, UnreadableRow)),
        length=len(listed.page.results),
        offset=wish.offset,
        sent_at=listed.reply.sent_at,
        service_date=listed.reply.service_date,
        is_last=listed.is_last,
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
        is_sort_taken=listed.is_sort_taken,
    )


def task_row(row: Any, columns: Columns) -> Row | UnreadableRow:
    """One row, cheaply: what it takes to see whether it is new."""
    if not isinstance(row, dict):
        return UnreadableRow(None, "the row is not an object")
    task_id = task_id_of(row.get("_id"))
    if task_id is None:
        return UnreadableRow(None, "_id: not an id")
    sight = columns.sight_of(row)
    created = row.get("createdAt")
    return Row(
        id=task_id,
        changed_at=changed_at(row),
        digest=lambda: row_digest(row, sight),
        order_key=created if isinstance(created, str) else None,
        normalise=lambda: to_task(row, task_id, sight),
    )


def _forms(wish: Wish, taken: Form | None) -> Iterator[Form]:
    """The forms to ask with, the one that gives up least first; none that was given up before."""
    start = taken or Form(SortForm.OBJECT, wish.wants_columns)
    sorts = [form for form in SortForm if form >= start.sort]
    columns = [True, False] if start.has_columns else [False]
    forms = [Form(sort, has_columns) for sort, has_columns in product(sorts, columns)]
    yield from sorted(forms, key=lambda form: form.sort + (not form.has_columns))
