"""A failure in a table, and as a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bridge.cli.output import Column, Row, local_time, table_cell
from bridge.domain.operation import OperationKind
from bridge.domain.side import SIDES, Side
from bridge.domain.signs import seen_title
from bridge.report.cells import cell_of

if TYPE_CHECKING:
    from bridge.daemon.candidates import Candidate

COLUMNS = (
    Column("id"),
    Column("kore_id", is_id=True),
    Column("v2_id", is_id=True),
    Column("side"),
    Column("kind"),
    Column("fields"),
    Column("reason"),
    Column("candidates"),
    Column("attempts"),
    Column("since"),
)
_RETRY = {
    OperationKind.UPDATE: "try it again",
    OperationKind.CREATE: "create it",
}
_DISCARD = {
    OperationKind.UPDATE: "leave both values as they are; later changes count again",
    OperationKind.CREATE: "leave the task without a counterpart",
}


def page_lines(page: Row, candidates: Sequence[Candidate]) -> Iterator[str]:
    """A page for people; what to do about several that fit comes first."""
    fields, side = page["fields"], Side(page["side"])
    what = f"{page['kind']} of {fields[0]}" if fields else str(page["kind"])
    named = f" of {table_cell(page['title'])}" if seen_title(page["title"]) else ""
    times = f", tried {page['attempts']} times" if page["attempts"] > 1 else ""
    yield f"Failure {page['id']}: {what} in {side.label}{named}"
    yield f"Kore {page['kore_id'] or '-'}, v2 {page['v2_id'] or '-'}, since " + (
        f"{local_time(page['since'])}{times}"
    )
    yield page["reason"]
    if candidates:
        yield "It may be:"
        yield from (f"  {one.text}" for one in candidates)
    for name in fields:
        yield from (f"{one.label:5} {table_cell(cell_of(name, page, one))}" for one in SIDES)
        if "wanted" in page:
            yield f"To be written to {side.label}: {table_cell(cell_of(name, page, 'wanted'))}"
    yield from _ways(page, dict.fromkeys(one.command for one in candidates if one.command))


def _ways(page: Row, links: Iterable[str]) -> Iterator[str]:
    kind = OperationKind(page["kind"])
    if kind not in _RETRY:
        yield "It is read again with every cycle, and leaves the list once it can be read."
        return
    yield from (f"  {command}" for command in links)
    yield f"  task-bridge failures retry {page['id']}    {_RETRY[kind]}"
    yield f"  task-bridge failures discard {page['id']}  {_DISCARD[kind]}"
