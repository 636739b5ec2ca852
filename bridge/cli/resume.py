"""`task-bridge resume`: write to a paused side again."""

import click

from bridge.cli.exits import Exit
from bridge.cli.instructing import end_with, give, wait_until_done_option
from bridge.cli.invocation import Invocation
from bridge.domain.side import SIDES, Side


@click.command()
@click.argument("side", required=False, type=click.Choice([side.value for side in SIDES]))
@wait_until_done_option()
@click.pass_obj
def command(invocation: Invocation, side: str | None, wait: int | None) -> Exit:
    """Write to a paused side again, or to both. What waited goes out with the next cycle."""
    from bridge.sync.orders import to_resume

    return end_with(give(invocation, to_resume(Side(side) if side else None), wait))
