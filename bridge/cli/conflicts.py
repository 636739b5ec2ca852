"""`task-bridge conflicts`: what both sides changed, how it was decided, and what a person says."""

from __future__ import annotations

import click

from bridge.cli.exits import Exit
from bridge.cli.instructing import give, tell, wait_until_done_option
from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, show_json, show_rows, table_cell
from bridge.domain.side import SIDES, Side

_HOW = """
Decide one with: task-bridge conflicts resolve ID --take kore|v2"""


@click.group()
def command() -> None:
    """What both sides changed: list it, decide it, take it back."""


@command.command("list")
@click.option("--settled", "is_settled", is_flag=True, help="Those that are decided already.")
@format_option()
@click.pass_obj
def list_(invocation: Invocation, is_settled: bool, form: Format) -> None:
    """List the conflicts that wait for a person, oldest first."""
    from bridge.cli.conflict_rows import COLUMNS, TAKEN, cells_of
    from bridge.cli.noted import Noted, show_noted
    from bridge.cli.reading import looking
    from bridge.daemon.conflicts import conflict_row
    from bridge.daemon.noted import noted_of_conflicts

    with looking(invocation) as look:
        found = [] if look is None else list(look.unit.conflicts(is_settled=is_settled))
        rows = [] if look is None else [conflict_row(look.unit, one) for one in found]
        noted = Noted.of(look, noted_of_conflicts(look, found)) if look else Noted()
    if form is not Format.TABLE:
        show_rows(rows, COLUMNS, form)
        return
    if not rows:
        click.echo("No settled conflicts." if is_settled else "No conflicts.")
        return
    cells = [cells_of(row, one) for row, one in zip(rows, found, strict=True)]
    show_noted(cells, (*COLUMNS, TAKEN) if is_settled else COLUMNS, noted)
    if not is_settled:
        click.echo(_HOW)


@command.command()
@click.argument("number", metavar="ID", type=int)
@format_option(csv=False)
@click.pass_obj
def show(invocation: Invocation, number: int, form: Format) -> None:
    """Show one conflict: both values, what was agreed before, and what can be done."""
    from bridge.cli.conflict_rows import page_lines
    from bridge.cli.reading import looking
    from bridge.daemon.conflicts import conflict_page
    from bridge.sync.orders import find_conflict

    with looking(invocation) as look:
        conflict = find_conflict(look.unit if look else None, number)
        page = conflict_page(look.unit, conflict) if look else {}
    if form is Format.JSON:
        show_json(page)
        return
    for line in page_lines(page):
        click.echo(table_cell(line))


@command.command()
@click.argument("number", metavar="ID", type=int)
@click.option(
    "--take",
    required=True,
    type=click.Choice([side.value for side in SIDES]),
    help="Whose value is right.",
)
@wait_until_done_option()
@click.pass_obj
def resolve(invocation: Invocation, number: int, take: str, wait: int | None) -> Exit:
    """Decide a conflict: one side's value is written over the other's by the next cycle.

    Of a conflict that is settled already, the value that lost is written back to both sides. A
    decision is void, and ends with 1, if a side shows another value by the time that it is carried
    out.
    """
    from bridge.cli.reading import looking
    from bridge.sync.orders import to_resolve

    with looking(invocation) as look:
        order = to_resolve(look.unit if look else None, number, Side(take))
    return tell(give(invocation, order, wait))
