"""`task-bridge pause`: stop writing to a side, or to both; they are read as ever."""

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
    """Stop writing to one side, or to both.

    It is remembered until `task-bridge resume`. A paused side is still read, and nothing is lost:
    what is to be written there waits. A probe is a write to Kore: what needs one waits as well,
    whichever side it is for.
    """
    from bridge.sync.orders import to_pause

    return end_with(give(invocation, to_pause(Side(side) if side else None), wait))
