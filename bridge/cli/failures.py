"""`task-bridge failures`: what was refused or gave up, and waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bridge.cli.invocation import Invocation
from bridge.cli.output import Column, Format, Row, format_option, show_rows
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import Side

if TYPE_CHECKING:
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


@click.group()
def command() -> None:
    """What was refused or gave up, and waits for a person."""


@command.command("list")
@format_option()
@click.pass_obj
def list_(invocation: Invocation, form: Format) -> None:
    """List every failure, oldest first."""
    from bridge.cli.reading import looking

    with looking(invocation) as look:
        rows = [] if look is None else list(_rows(look.unit))
    if not rows and form is Format.TABLE:
        click.echo("No failures.")
        return
    show_rows(rows, COLUMNS, form)


def _rows(unit: SqlUnit) -> Iterator[Row]:
    for wait in unit.waits([WaitKind.FAILED]):
        kore_id, v2_id = _ids(unit, wait)
        yield {
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


def _ids(unit: SqlUnit, wait: Wait) -> tuple[str | None, str | None]:
    """The ids of both tasks, as far as they are known."""
    if wait.link_id is not None:
        view = unit.link(wait.link_id)
        return (view.link.kore_id, view.link.v2_id) if view else (None, None)
    if wait.task_id is None:
        return None, None
    # A create is written on the side across from the task that it is made from.
    side = wait.side.other if wait.operation is OperationKind.CREATE else wait.side
    return (wait.task_id, None) if side is Side.KORE else (None, wait.task_id)
