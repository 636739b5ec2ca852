"""`task-bridge explain`: the life of one task in plain words, from the database alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, local_time, show_json
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.daemon.status import Look
    from bridge.domain.life import Life


@click.command()
@click.argument("task", metavar="ID")
@format_option(csv=False)
@click.pass_obj
def command(invocation: Invocation, task: str, form: Format) -> None:
    """Tell the life of one task: what was done, what is still to do.

    ID is the id or the reference of the task or of its counterpart. No service is asked.
    """
    from bridge.cli.reading import looking

    with looking(invocation) as look:
        if look is None:
            raise UsageError("There is no database yet, so no task is known.")
        life = _life(look, task)
    _show(life, form)


def _life(look: Look, task: str) -> Life:
    from bridge.bootstrap import rules_of
    from bridge.sync.life import find_subject, read_life

    rules = rules_of(look.settings, look.now)
    subject = find_subject(look.unit, task)
    return read_life(look.unit, subject, rules, look.now, is_carried_soon=look.has_daemon)


def _show(life: Life, form: Format) -> None:
    from rich.console import Console

    from bridge.domain.explain import explain
    from bridge.domain.values import as_text
    from bridge.report.life_object import render_life_object
    from bridge.report.life_text import render_life_text

    if form is Format.JSON:
        show_json(render_life_object(explain(life, as_text)))
    else:
        render_life_text(explain(life, local_time), Console(highlight=False))
