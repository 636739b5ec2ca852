"""`task-bridge failures`: what was refused or gave up, and what a person says about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.instructing import give, tell, wait_until_done_option
from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, show_json, show_rows, table_cell
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, WaitKind
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.daemon.status import Look
    from bridge.domain.operation import Wait

_NO_FAILURES = "No failures."
_OPEN = """
{count} under way or without an answer yet; the bridge looks by itself for what came of that: \
task-bridge links list --state creating"""


@click.group()
def command() -> None:
    """What was refused or gave up: list it, retry it, discard it."""


@command.command("list")
@format_option()
@click.pass_obj
def list_(invocation: Invocation, form: Format) -> None:
    """List every failure, oldest first."""
    from bridge.cli.failure_rows import COLUMNS
    from bridge.cli.noted import Noted, show_noted
    from bridge.cli.reading import looking
    from bridge.daemon.failures import failure_row
    from bridge.daemon.noted import noted_of_failures

    with looking(invocation) as look:
        found = _failures(look)
        rows = [failure_row(look.unit, one) for one in found] if look else []
        count = _count_open(look, found) if look else 0
        noted = Noted.of(look, noted_of_failures(look, found)) if look else Noted()
    if form is not Format.TABLE:
        show_rows(rows, COLUMNS, form)
    elif rows:
        show_noted(rows, COLUMNS, noted)
    else:
        click.echo(_NO_FAILURES)
    if form is Format.TABLE and count:
        click.echo(_OPEN.format(count="1 create" if count == 1 else f"{count} creates"))


@command.command()
@click.argument("number", metavar="ID", type=int)
@format_option(csv=False)
@click.pass_obj
def show(invocation: Invocation, number: int, form: Format) -> None:
    """Show one failure: why, both values, and what can be done."""
    from bridge.cli.failure_rows import page_lines
    from bridge.cli.noted import Noted
    from bridge.cli.reading import looking
    from bridge.daemon.candidates import candidates_of
    from bridge.daemon.failures import failure_page
    from bridge.daemon.noted import noted_of_failures
    from bridge.sync.orders import find_failures

    with looking(invocation) as look:
        (wait,) = find_failures(look.unit if look else None, [number])
        page = failure_page(look.unit, wait) if look else {}
        candidates = candidates_of(look.unit, wait) if look else []
        noted = Noted.of(look, noted_of_failures(look, [wait])) if look else Noted()
    if form is Format.JSON:
        show_json(page)
        return
    for line in (*page_lines(page, candidates), *noted.lines_of(number)):
        click.echo(table_cell(line))


@command.command()
@click.argument("numbers", metavar="[ID]...", type=int, nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every failure that is listed now.")
@wait_until_done_option()
@click.pass_obj
def retry(
    invocation: Invocation, numbers: tuple[int, ...], is_all: bool, wait: int | None
) -> Exit | None:
    """Go on: send again what was refused or is uncertain, create what several tasks fit.

    What is tried again stays in the list until it was answered.
    """
    from bridge.cli.reading import looking
    from bridge.sync.orders import find_failures, to_retry

    if is_all == bool(numbers):
        raise UsageError("Name failures by their ids, or say --all: task-bridge failures list")
    with looking(invocation) as look:
        waits = _failures(look) if is_all else find_failures(look.unit if look else None, numbers)
    if not waits:
        click.echo(_NO_FAILURES)
        return None
    return tell(give(invocation, to_retry(waits), wait))


@command.command()
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@wait_until_done_option()
@click.pass_obj
def discard(invocation: Invocation, numbers: tuple[int, ...], wait: int | None) -> Exit:
    """Leave it so: both values of an update stay, and what was to be created is not.

    Later changes count again. It never creates, and is void where a value was changed meanwhile.
    """
    from bridge.cli.reading import looking
    from bridge.sync.orders import find_failures, to_discard

    with looking(invocation) as look:
        order = to_discard(find_failures(look.unit if look else None, numbers))
    return tell(give(invocation, order, wait))


def _count_open(look: Look, found: Sequence[Wait]) -> int:
    """Creates of which nobody knows yet what became of them, beside those that are parked."""
    parked = {one.link_id for one in found if one.operation is OperationKind.CREATE}
    creating = look.unit.links_in(LinkState.CREATING)
    return len({*creating} - parked)


def _failures(look: Look | None) -> Sequence[Wait]:
    return look.unit.waits([WaitKind.FAILED]) if look else ()
