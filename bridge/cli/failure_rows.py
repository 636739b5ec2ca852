"""A failure as a row of the contract, and as a page for people.

A page as JSON is the row with {"title", "kore", "v2", "wanted"}: what both sides show of the field,
and what was to be written; a value that was not seen has no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bridge.cli.cells import cell_of, shown_texts, text_of
from bridge.cli.output import Column, Row, local_time, table_cell
from bridge.domain.operation import OperationKind, Wait
from bridge.domain.side import SIDES, Side
from bridge.domain.values import UNSEEN

if TYPE_CHECKING:
    from bridge.cli.candidates import Candidate
    from bridge.store.unit import SqlUnit

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


def failure_row(unit: SqlUnit, wait: Wait) -> Row:
    """The row of one failure."""
    kore_id, v2_id = _ids(unit, wait)
    return {
        "id": wait.id,
        "kore_id": kore_id,
        "v2_id": v2_id,
        "side": str(wait.side),
        "kind": str(wait.operation),
        "fields": [str(wait.field)] if wait.field else [],
        "reason": wait.reason,
        "candidates": list(wait.candidates),
        "attempts": wait.attempts,
        "since": wait.since,
    }


def failure_page(unit: SqlUnit, wait: Wait) -> Row:
    """Everything that is known of a failure."""
    page = {**failure_row(unit, wait), "title": _title(unit, wait)}
    if wait.field is not None:
        page |= shown_texts({side: wait.shown(side) for side in SIDES})
        page |= {} if wait.value is UNSEEN else {"wanted": text_of(wait.value)}
    return page


def page_lines(page: Row, candidates: Sequence[Candidate]) -> Iterator[str]:
    """A page for people; what to do about several that fit comes first."""
    fields, side = page["fields"], Side(page["side"])
    what = f"{page['kind']} of {fields[0]}" if fields else str(page["kind"])
    named = f" of {table_cell(page['title'])}" if page["title"] else ""
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


def _ids(unit: SqlUnit, wait: Wait) -> tuple[str | None, str | None]:
    """The ids of both tasks, as far as they are known."""
    if wait.link_id is not None:
        view = unit.link(wait.link_id)
        return (view.link.kore_id, view.link.v2_id) if view else (None, None)
    is_kore = wait.task_side is Side.KORE
    return (wait.task_id, None) if is_kore else (None, wait.task_id)


def _title(unit: SqlUnit, wait: Wait) -> str:
    view = unit.link(wait.link_id) if wait.link_id is not None else None
    if view is not None:
        known = [one for one in (view.kore, view.v2) if one is not None]
    else:
        known = [*unit.known(wait.task_side, [wait.task_id or ""]).values()]
    return next((one.task.title for one in known if one.task.title), "")
