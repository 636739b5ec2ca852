"""A link whole, from the database alone: as one JSON object, and as a page for people.

{"link": a row of `links list`, "fields": {name: {"kore", "v2", "base": {"kore", "v2"} | null}},
"waits": [{"field", "kind", "reason", "side", "since"}], "open": [{"side", "kind", "fields",
"reason", "state", "since"}], "history": [{"at", "what", "why", "side", "field"}]}; a value that
was not observed, or was forgotten, has no key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.link_rows import link_row
from bridge.cli.output import Column, Format, local_time, show_rows, table_cell
from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Field, Side
from bridge.report.cells import NOT_SEEN, cell_of, shown_texts
from bridge.report.plain import FORGOTTEN

if TYPE_CHECKING:
    from bridge.domain.operation import Journalled, Wait
    from bridge.domain.records import Happening
    from bridge.ports import LinkView
    from bridge.store.unit import SqlUnit

Page = Mapping[str, Any]
_FIELDS = [Column("field"), Column("kore", "Kore"), Column("v2"), Column("base_kore", "base Kore"),
           Column("base_v2", "base v2")]  # fmt: skip
_WAITS = [Column("field"), Column("kind"), Column("reason"), Column("since")]
_OPEN = [Column("side"), Column("kind"), Column("fields"), Column("reason"), Column("state")]
_HISTORY = [Column("at"), Column("what"), Column("side"), Column("field"), Column("why")]


def page_of(unit: SqlUnit, view: LinkView) -> Page:
    """Everything that the database knows of a link."""
    link_id = view.link.id
    mine = [one for one in unit.open_operations() if one.operation.link_id == link_id]
    return {
        "link": link_row(view),
        "fields": {str(name): _field(view, name) for name in Field},
        "waits": [_wait(wait) for wait in view.waits],
        "open": [_open(one) for one in mine],
        "history": [_happening(one) for one in unit.history(link_id)],
    }


def is_forgotten(unit: SqlUnit, view: LinkView) -> bool:
    """Whether a person had the texts of the link forgotten."""
    named = [(side, task_id) for side in SIDES if (task_id := view.link.task_id(side))]
    return any(unit.forgotten(side, [task_id]) for side, task_id in named)


def show_page(page: Page, *, is_forgotten: bool) -> None:
    """Print it for people."""
    link = page["link"]
    for side in SIDES:
        ref, task_id = link[f"{side}_ref"], link[f"{side}_id"] or "none"
        click.echo(f"{side.label:5} {f'{table_cell(ref)}  ' if ref else ''}{task_id}")
    origin = f", created from {Side(link['origin']).label}" if link["origin"] else ""
    is_removed = link["state"] == LinkState.REMOVED
    begun = link["changed_at"] if is_removed else link["created_at"]
    since = f", since {local_time(begun)}" if begun else ""
    click.echo(f"{link['state']}{origin}{since}\n")
    unseen = FORGOTTEN if is_forgotten else NOT_SEEN
    rows = [_field_row(name, found, unseen) for name, found in page["fields"].items()]
    show_rows(rows, _FIELDS, Format.TABLE)
    _show_part("Waits", page["waits"], _WAITS)
    _show_part("Not settled", page["open"], _OPEN)
    _show_part("History", page["history"], _HISTORY)


def _show_part(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> None:
    if rows:
        click.echo(f"\n{title}")
        show_rows(rows, columns, Format.TABLE)


def _field(view: LinkView, name: Field) -> dict[str, Any]:
    known = ((Side.KORE, view.kore), (Side.V2, view.v2))
    shown = {side: one.task.shown(name) for side, one in known if one is not None}
    base = view.link.base(name)
    agreed = shown_texts({side: base.of(side) for side in SIDES})
    return {**shown_texts(shown), "base": agreed or None}


def _field_row(name: str, values: Mapping[str, Any], unseen: str) -> dict[str, str]:
    base = values["base"] or {}
    row = {"kore": values, "v2": values, "base_kore": base, "base_v2": base}
    cells = {}
    for key, found in row.items():
        side = key.removeprefix("base_")
        cells[key] = cell_of(name, found, side) if side in found else unseen
    return {"field": name, **cells}


def _wait(wait: Wait) -> dict[str, Any]:
    return {
        "field": str(wait.field) if wait.field else None,
        "kind": str(wait.kind),
        "reason": wait.reason,
        "side": str(wait.side),
        "since": wait.since,
    }


def _open(one: Journalled) -> dict[str, Any]:
    return {
        "side": str(one.operation.side),
        "kind": str(one.operation.kind),
        "fields": [str(name) for name in one.operation.fields],
        "reason": one.operation.reason,
        "state": str(one.state),
        "since": one.sent_at or one.committed_at,
    }


def _happening(one: Happening) -> dict[str, Any]:
    return {
        "at": one.at,
        "what": one.what,
        "why": one.why,
        "side": str(one.side) if one.side else None,
        "field": str(one.field) if one.field else None,
    }
