"""`task-bridge report`: both sides live against each other and the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, show_json

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.domain.reconciled import Reconciliation
    from bridge.sync.desk import Desk
    from bridge.sync.survey import Survey


@click.command()
@format_option(csv=False)
@click.pass_obj
def command(invocation: Invocation, form: Format) -> Exit:
    """Show where every task of both sides stands, read live.

    Nothing is written to either side or to the database. Ends with 3 if anything is neither in
    step, out of scope nor carried by the next cycle, 6 if a side cannot be read.
    """
    from bridge.domain.reconcile import reconcile

    settings = invocation.settings()
    found = _survey(invocation, settings)
    report = reconcile(found.world)
    _show(report, found, form)
    return Exit.DONE if report.is_fine else Exit.DRIFT


def _survey(invocation: Invocation, settings: Settings) -> Survey:
    from bridge.bootstrap import Listeners, SystemClock, bridge_for
    from bridge.cli.watching import watching

    clock, listeners = SystemClock(), Listeners()
    with bridge_for(settings, listeners, clock, is_dry=True) as bridge:
        desk = bridge.desk(is_dry=True)
        try:
            with watching(invocation, settings) as listener, invocation.signals.asking(clock.stop):
                listeners.all.append(listener)
                return _read(desk, settings)
        finally:
            desk.store.close()


def _read(desk: Desk, settings: Settings) -> Survey:
    from bridge.daemon.heart import is_fresh
    from bridge.sync.survey import survey

    sync = settings.sync
    return survey(
        desk,
        sync.give_up_seconds,
        lambda heartbeat, now: is_fresh(heartbeat, now, sync.lease_seconds),
    )


def _show(report: Reconciliation, found: Survey, form: Format) -> None:
    from bridge.report.report_object import render_report_object
    from bridge.report.report_table import render_report_table

    if form is Format.JSON:
        show_json(render_report_object(report, found.hidden))
        return
    from rich.console import Console

    render_report_table(report, found.notes, Console(highlight=False))
