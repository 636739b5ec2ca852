"""`task-bridge status`: one screen, one word first, from the database alone.

`running`: a daemon is alive and both sides were polled lately. `guarded`: a daemon is alive, and a
guard keeps it from writing, or from reading a side as well; `paused`: it is running, and people
paused a side. `stale`: it gives no sign of life, or a side was not polled lately. `stopped`: there
is no daemon. Exit code 0 if it is alive and both sides were polled lately, else 1.
The keys of the JSON form are told in `bridge/daemon/status.py`.
"""

from __future__ import annotations

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, show_json

NOTHING_YET = (
    "There is no database yet, or it was taken away (docs/links.md, A lost database). "
    "Begin with: task-bridge backfill --dry-run"
)


@click.command()
@format_option(csv=False)
@click.pass_obj
def command(invocation: Invocation, form: Format) -> Exit:
    """Tell how the daemon and both sides are, without asking either.

    Ends with 0 if the daemon is alive and both sides were polled lately, else with 1.
    """
    from bridge.cli.reading import looking
    from bridge.cli.status_screen import show_screen
    from bridge.daemon.status import STOPPED, facts_of, is_well

    with looking(invocation) as look:
        facts = {"state": STOPPED, "reasons": [NOTHING_YET]} if look is None else facts_of(look)
        is_fine = look is not None and is_well(look)
    if form is Format.JSON:
        show_json(facts)
    else:
        show_screen(facts)
    return Exit.DONE if is_fine else Exit.WAITING
