"""A link as a row, in a list and in exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.cli.output import Column, Row

if TYPE_CHECKING:
    from bridge.ports import LinkView

COLUMNS = (
    Column("kore_id", is_id=True),
    Column("kore_ref", is_id=True),
    Column("v2_id", is_id=True),
    Column("v2_ref", is_id=True),
    Column("state"),
    Column("origin"),
    Column("created_at"),
    Column("changed_at"),
)


def link_row(view: LinkView) -> Row:
    """A link as a row of the contract."""
    link = view.link
    return {
        "kore_id": link.kore_id,
        "kore_ref": view.kore.task.ref if view.kore else None,
        "v2_id": link.v2_id,
        "v2_ref": view.v2.task.ref if view.v2 else None,
        "state": str(link.state),
        "origin": str(link.origin) if link.origin else None,
        "created_at": link.created_at,
        "changed_at": link.changed_at,
    }
