"""A conflict in a table, and as a page for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bridge.cli.output import Column, Row, local_time, table_cell
from bridge.domain.side import SIDES, Side
from bridge.domain.signs import seen_title
from bridge.report.cells import cell_of

if TYPE_CHECKING:
    pass

Conflict = Mapping[str, Any]
COLUMNS = (
    Column("id"),
    Column("kore_id", is_id=True),
    Column("v2_id", is_id=True),
    Column("title"),
    Column("field"),
    Column("kore", "Kore"),
    Column("v2"),
    Column("base", "agreed before"),
    Column("since"),
    Column("rule"),
)
TAKEN = Column("taken")
_BY_PEOPLE = "none: settled in the services"
_UNITED = "Settled in the services: both sides agree again, and no value was written over."


def cells_of(row: Row, conflict: Conflict) -> Row:
    """The row as a table has it: values in words, and which side's was taken."""
    name, winner = row["field"], conflict["winner"]
    base = row["base"] or {}
    agreed = dict.fromkeys(cell_of(name, base, side) for side in SIDES if side in base)
    return {
        **row,
        **{str(side): cell_of(name, row, side) for side in SIDES},
        "base": " / ".join(agreed) or "(nothing)",
        "taken": winner.label if winner else _BY_PEOPLE,
    }


def page_lines(page: Row) -> Iterator[str]:
    """A page for people."""
    name, base = page["field"], page["base"] or {}
    yield f"Conflict {page['id']}: {name} of {seen_title(page['title']) or '(no title)'}"
    yield f"Kore {page['kore_id']}, v2 {page['v2_id']}, since {local_time(page['since'])}"
    yield ""
    for side in SIDES:
        before = f" (agreed before: {cell_of(name, base, side)})" if side in base else ""
        yield f"{side.label:5} {table_cell(cell_of(name, page, side))}{table_cell(before)}"
    yield ""
    yield from _how_it_stands(page)


def _how_it_stands(page: Row) -> Iterator[str]:
    take = f"task-bridge conflicts resolve {page['id']} --take"
    if page["settled_at"] is None:
        yield page["reason"] or "It is being written."
        if page["decided"] is None:
            yield "Say which value is right, or make both alike in the services:"
            yield from (f"  {take} {side}" for side in SIDES)
        return
    settled = f"Settled {local_time(page['settled_at'])}"
    if page["winner"] is None:
        yield f"{settled}. {_UNITED}"
        return
    winner = Side(page["winner"])
    yield f"{settled}: {winner.label}'s value was taken ({page['rule']})."
    if page["reason"]:
        yield page["reason"]
    else:
        yield "To write the other one back to both sides, if the field was not changed since:"
        yield f"  {take} {winner.other}"
