"""`task-bridge report`: both sides live against each other and the links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.collecting import collecting_rarely
from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.moments import take_since
from bridge.cli.output import Format, format_option
from bridge.cli.report_out import show_report, tell
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.config import Settings, Since
    from bridge.domain.row_filter import RowFilter
    from bridge.sync.desk import Desk
    from bridge.sync.survey import IsAlive, Survey, Wanted

STATES = (
    "out_of_scope", "duplicate", "missing", "conflict", "failed", "unmapped", "waiting", "drifted",
    "unroutable", "only_kore", "only_v2", "in_step",
)  # fmt: skip
STANDARD_OUTPUT = Path("-")
NOTHING_REMEMBERED = (
    "{why}, so nothing is remembered. Without --from-last-sweep the report reads both services now."
)


@click.command()
@format_option(html=True)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=lambda _, __, file: None if file == STANDARD_OUTPUT else file,
    help="Write the result to FILE (- is standard output); one that is there is replaced once the "
    "new one is whole.",
)
@click.option(
    "--state",
    "states",
    metavar="S",
    multiple=True,
    type=click.Choice(STATES),
    help="Only rows of that state; may be given more than once.",
)
@click.option("--case", default="", metavar="C", help="Only of that case: its id or reference.")
@click.option(
    "--person", default="", metavar="P", help="Only of that assignee: id, or part of the name."
)
@click.option(
    "--older-than",
    "since",
    metavar="T",
    callback=take_since,
    help="Only what stands so since then or longer: 2h, 30d, a date.",
)
@click.option(
    "--from-last-sweep",
    is_flag=True,
    help="Ask neither service: tell what the database knows, and how old that is.",
)
@click.pass_obj
def command(  # noqa: PLR0913 - one for each option of the contract
    invocation: Invocation,
    /,
    *,
    form: Format,
    output: Path | None,
    states: tuple[str, ...],
    case: str,
    person: str,
    since: Since | None,
    from_last_sweep: bool,
) -> Exit:
    """Show where every task of both sides stands, read live.

    Nothing is written to either side or to the database. What is asked for narrows the rows and
    the exit code; totals are of everything. Ends with 3 if any row is neither in step, out of
    scope nor carried by the next cycle, 6 if a side cannot be read.
    """
    from bridge.domain.reconcile import reconcile
    from bridge.domain.reconciled import State, are_fine
    from bridge.sync.survey import Wanted

    settings = invocation.settings()
    if output is not None and not output.absolute().parent.is_dir():
        raise UsageError(f"--output {output}: there is no folder {output.absolute().parent}.")
    told = Wanted(every_row=State.IN_STEP in states, charts=form is Format.HTML)
    with collecting_rarely():
        if from_last_sweep:
            found = _remembered(settings, told)
        else:
            found = _survey(invocation, settings, told)
        report = reconcile(found.world)
    wanted = _filter(states, case, person, since, found)
    rows = wanted.rows_of(report)
    show_report(settings, found, report, rows, form, output, is_part=wanted.is_part)
    tell(wanted.unknown(report))
    return Exit.DONE if are_fine(rows if wanted.is_part else report.rows) else Exit.DRIFT


def _filter(
    states: tuple[str, ...], case: str, person: str, since: Since | None, found: Survey
) -> RowFilter:
    from bridge.domain.reconciled import State
    from bridge.domain.row_filter import RowFilter

    moment = since.resolve(found.world.at) if since else None
    return RowFilter(
        states=frozenset(map(State, states)), case=case.strip(), person=person.strip(), since=moment
    )


def _survey(invocation: Invocation, settings: Settings, wanted: Wanted) -> Survey:
    from bridge.bootstrap import Listeners, SystemClock, bridge_for
    from bridge.cli.watching import watching

    clock, listeners = SystemClock(), Listeners()
    with bridge_for(settings, listeners, clock, is_dry=True) as bridge:
        desk = bridge.desk(is_dry=True)
        try:
            with watching(invocation, settings) as listener, invocation.signals.asking(clock.stop):
                listeners.all.append(listener)
                return _read(desk, settings, wanted)
        finally:
            desk.store.close()


def _read(desk: Desk, settings: Settings, wanted: Wanted) -> Survey:
    from bridge.sync.survey import survey

    patience = settings.sync.give_up_seconds
    return survey(desk, patience, _is_alive(settings), wanted)


def _remembered(settings: Settings, wanted: Wanted) -> Survey:
    """What the database knows. Raises UsageError if that is nothing, StoreError."""
    from bridge.bootstrap import SystemClock, remembering_desk
    from bridge.store.open import is_there
    from bridge.sync.remembered import remembered

    if not is_there(settings.database.url):
        raise UsageError(NOTHING_REMEMBERED.format(why="There is no database yet"))
    with remembering_desk(settings, SystemClock()) as desk:
        found = remembered(desk, _is_alive(settings), wanted)
    if found.is_blank:
        raise UsageError(NOTHING_REMEMBERED.format(why="No run has read either service yet"))
    return found


def _is_alive(settings: Settings) -> IsAlive:
    from bridge.daemon.heart import is_fresh

    return lambda heartbeat, now: is_fresh(heartbeat, now, settings.sync.lease_seconds)
