"""`task-bridge guard`: what keeps the bridge from writing, and a person's word that it may.

A confirmation covers exactly what stood when the command looked; what comes to it later stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.instructing import end_with, give, wait_until_done_option
from bridge.cli.invocation import Invocation
from bridge.cli.output import Column, Format, Row, format_option, show_rows, table_cell
from bridge.domain.guard import ITEMS, NEXT, Guard

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE_STANDS = "No guard stands."
_COLUMNS = (
    Column("kind"),
    Column("side"),
    Column("since"),
    Column("reason"),
    Column("next"),
)


@click.group()
def command() -> None:
    """What keeps the bridge from writing until a person has looked."""


@command.command()
@format_option()
@click.pass_obj
def show(invocation: Invocation, form: Format) -> None:
    """Show what stands, why, and what can be done about it."""
    rows = [_row(guard) for guard in _standing(invocation)]
    if not rows and form is Format.TABLE:
        click.echo(NONE_STANDS)
        return
    show_rows(rows, _COLUMNS, form)


@command.command()
@wait_until_done_option()
@click.pass_obj
def confirm(invocation: Invocation, wait: int | None) -> Exit:
    """Confirm what stands now, so that the bridge goes on.

    It covers exactly what `task-bridge guard show` shows at this moment.
    """
    from bridge.sync.orders import to_confirm

    standing = _standing(invocation)
    if not standing:
        click.echo(NONE_STANDS)
        return Exit.DONE
    for guard in standing:
        click.echo(table_cell(guard.reason))
    return end_with(give(invocation, to_confirm(standing), wait))


def _standing(invocation: Invocation) -> Sequence[Guard]:
    from bridge.cli.reading import looking

    with looking(invocation) as look:
        return [] if look is None else [one for one in look.unit.guards() if one.holds]


def _row(guard: Guard) -> Row:
    return {
        "kind": str(guard.kind),
        "side": str(guard.side) if guard.side else None,
        "since": guard.since,
        "reason": guard.reason,
        "next": NEXT[guard.kind],
        ITEMS: list(guard.items),
    }
