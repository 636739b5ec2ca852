"""A conflict as a row of the contract, and as a page for people.

A page as JSON is the row with {"winner": "kore" | "v2" | null, "settled_at", "decided": "kore" |
"v2" | null, "reason"}: `decided` is what a person took and waits for its write, `reason` why the
conflict waits, or why the value that lost was not, or cannot be, written back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bridge.cli.cells import cell_of, shown_texts
from bridge.cli.output import Column, Row, local_time, table_cell
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import UNSEEN

if TYPE_CHECKING:
    from bridge.ports import LinkView
    from bridge.store.unit import SqlUnit

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


def conflict_row(unit: SqlUnit, conflict: Conflict) -> Row:
    """The row; a value that was not observed has no key."""
    return {
        "id": conflict["id"],
        "kore_id": conflict["kore_id"],
        "v2_id": conflict["v2_id"],
        "title": _title(unit.link(conflict["link_id"]), conflict),
        "field": str(conflict["field"]),
        **shown_texts({side: conflict.get(str(side), UNSEEN) for side in SIDES}),
        "base": shown_texts({side: conflict.get(f"base_{side}", UNSEEN) for side in SIDES}) or None,
        "since": conflict["since"],
        "rule": conflict["rule"],
    }


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


def conflict_page(unit: SqlUnit, conflict: Conflict) -> Row:
    """Everything that is known of a conflict."""
    wait = _wait(unit, conflict)
    decided = wait.decided if wait else None
    return {
        **conflict_row(unit, conflict),
        "winner": str(conflict["winner"]) if conflict["winner"] else None,
        "settled_at": conflict["settled_at"],
        "decided": str(decided) if decided else None,
        "reason": wait.reason if wait else _lasting(unit, conflict),
    }


def page_lines(page: Row) -> Iterator[str]:
    """A page for people."""
    name, base = page["field"], page["base"] or {}
    yield f"Conflict {page['id']}: {name} of {table_cell(page['title'])}"
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


def _wait(unit: SqlUnit, conflict: Conflict) -> Wait | None:
    """What waits for the conflict: a person, or a write that a person decided."""
    view = unit.link(conflict["link_id"])
    kind = WaitKind.RESTORE if conflict["settled_at"] else WaitKind.CONFLICT
    for wait in view.waits if view else ():
        is_same = kind is WaitKind.CONFLICT or wait.waits_for == str(conflict["id"])
        if wait.kind is kind and wait.field is conflict["field"] and is_same:
            return wait
    return None


def _lasting(unit: SqlUnit, conflict: Conflict) -> str | None:
    """Why a settled conflict stays as it was decided, although a value was lost."""
    from bridge.sync.resolve import DROPPED, has_moved_on

    settled_at, winner, link_id = conflict["settled_at"], conflict["winner"], conflict["link_id"]
    view = unit.link(link_id)
    if settled_at is None or winner is None or view is None:
        return None
    if not has_moved_on(view, conflict):
        return None
    again = "Nothing is written back any more; the value can be entered in one of the services."
    for one in unit.history(link_id):
        is_of_it = one.what == DROPPED and one.details.get("conflict") == str(conflict["id"])
        if is_of_it and one.at and one.at >= settled_at:
            return f"{winner.other.label}'s value was to be written back, but {one.why}. {again}"
    return f"The {conflict['field']} was changed since. {again}"


def _title(view: LinkView | None, conflict: Conflict) -> str:
    """What the task is called; where the conflict is about that, as Kore calls it."""
    known = [one for one in (view.kore, view.v2) if one is not None] if view else []
    title = next((one.task.title for one in known if one.task.title), "")
    if title or conflict["field"] is not Field.TITLE:
        return title
    texts = shown_texts({side: conflict.get(str(side), UNSEEN) for side in SIDES})
    return next((text for text in texts.values() if text), "")
