"""`task-bridge links`: which two tasks are one, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.instructing import end_with, give, wait_until_done_option
from bridge.cli.invocation import Invocation
from bridge.cli.link_rows import COLUMNS, link_row
from bridge.cli.links_file import export, import_
from bridge.cli.links_rebuild import rebuild
from bridge.cli.output import Format, Row, format_option, show_json, show_rows
from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, TaskId
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.ports import LinkView
    from bridge.store.unit import SqlUnit


_NO_DATABASE = "There is no database yet."


@click.group()
def command() -> None:
    """The links: which task of Kore and which of v2 are one."""


@command.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in LinkState]),
    help="Only links in this state.",
)
@format_option()
@click.pass_obj
def list_(invocation: Invocation, state: str | None, form: Format) -> None:
    """List all links."""
    from bridge.cli.reading import looking

    with looking(invocation) as look:
        found: list[Row] = [] if look is None else list(_rows(look.unit, state))
    if not found and form is Format.TABLE:
        click.echo("No links.")
        return
    show_rows(found, COLUMNS, form)


@command.command()
@click.argument("task", metavar="ID")
@format_option(csv=False)
@click.pass_obj
def show(invocation: Invocation, task: str, form: Format) -> None:
    """Show a link whole: both tasks, what was agreed, what waits, what was done.

    ID is the id or the reference of either task.
    """
    from bridge.cli.link_page import is_forgotten, page_of, show_page
    from bridge.cli.reading import looking

    with looking(invocation) as look:
        if look is None:
            raise UsageError(f"{_NO_DATABASE} There are no links.")
        view = find_link(look.unit, task)
        page, is_without_texts = page_of(look.unit, view), is_forgotten(look.unit, view)
    if form is Format.JSON:
        show_json(page)
    else:
        show_page(page, is_forgotten=is_without_texts)


@command.command()
@click.argument("first", metavar="KORE_ID")
@click.argument("second", metavar="V2_ID")
@wait_until_done_option()
@click.pass_obj
def add(invocation: Invocation, first: str, second: str, wait: int | None) -> Exit:
    """Link two tasks, by id or reference, that belong together.

    Each may be left, ambiguous, a duplicate, parked or out of scope. What is lost of a link is
    replaced, a removed one taken up. The next cycle brings the two in step.
    """
    from bridge.cli.reading import looking
    from bridge.sync.add_link import pair_to_link
    from bridge.sync.orders import to_add_link

    with looking(invocation) as look:
        if look is None:
            raise UsageError(f"{_NO_DATABASE} task-bridge sync --full reads both sides first.")
        order = to_add_link(pair_to_link(look.unit, first, second))
    return end_with(give(invocation, order, wait))


@command.command()
@click.argument("task", metavar="ID")
@click.option("--forget", is_flag=True, help="Take the texts of both tasks out of the database.")
@wait_until_done_option()
@click.pass_obj
def remove(invocation: Invocation, task: str, forget: bool, wait: int | None) -> Exit:
    """Take a link apart, by the id or reference of either task.

    Nothing is written to either service. Neither task is linked or created from again until
    `links add`. With --forget only ids, times and digest of the two are stored from then on.
    """
    from bridge.cli.reading import looking
    from bridge.sync.orders import to_remove_link

    with looking(invocation) as look:
        if look is None:
            raise UsageError(f"{_NO_DATABASE} There are no links.")
        order = to_remove_link(find_link(look.unit, task).link, is_forgotten=forget)
    return end_with(give(invocation, order, wait))


command.add_command(export)
command.add_command(import_)
command.add_command(rebuild)


def find_link(unit: SqlUnit, reference: str) -> LinkView:
    """The link of the task that is called so. Raises UsageError if it is none, or several."""
    known = unit.find_task(reference)
    named = [(one.task.side, one.task.id) for one in known]
    named += [(side, TaskId(reference)) for side in SIDES]
    links = {
        link.id: link for side, task_id in named for link in unit.links_of(side, [task_id]).values()
    }
    if len(links) > 1:
        ids = ", ".join(str(link.kore_id or link.v2_id) for link in links.values())
        raise UsageError(f"{reference} names tasks of several links. Name one by its id: {ids}")
    views = [view for view in map(unit.link, links) if view is not None]
    if views:
        return views[0]
    if known:
        one = known[0]
        why = f": {one.why}" if one.why else "."
        raise UsageError(
            f"{one.task.name} of {one.task.side.label} has no link. "
            f"It stands as {str(one.standing).replace('_', ' ')}{why}"
        )
    raise UsageError(
        f"No task is known as {reference}. Give the id or the reference of either task; "
        "task-bridge links list shows them."
    )


def _rows(unit: SqlUnit, state: str | None) -> Iterator[Row]:
    return (link_row(view) for view in unit.all_links() if state in (None, view.link.state))
