"""`task-bridge backfill`: take up everything that is there already on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.moments import take_since
from bridge.cli.one_shot import Errand, confirm_guard_option, done_once, wait_option
from bridge.cli.only import only_option
from bridge.cli.output import Format, format_option
from bridge.cli.planned_waits import would_wait
from bridge.cli.run_ending import end_run
from bridge.cli.run_result import show_result
from bridge.domain.probe_question import probe_question
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing

if TYPE_CHECKING:
    from bridge.config import LimitWindow, Settings, Since
    from bridge.sync.backfill import Backfill, TooManyProbes
    from bridge.sync.cycle import Outcome
    from bridge.sync.desk import Desk, Rules

A_DAY = timedelta(days=1)
ASKS = "The real run would stop and ask before so many probes."
LASTS = """\
First contact lasts: a backfill of everything, or --skip, ends it. It also ends by itself once \
complete sweeps find unlinked tasks on at most one side; the next sync or run then creates the \
rest."""
ENDS = """\
First contact lasts, but at most one side has unlinked tasks now: the next sync or run ends it and \
creates the rest, unless a backfill --skip comes first."""
CHOICES = """\
Nothing was written. Choose in the configuration:
  kore.unobserved = "probe"   send the probes
  kore.unobserved = "write"   take the last known value for the current one
  kore.unobserved = "hold"    keep changes of hidden fields waiting
Or send these probes this once: task-bridge backfill --confirm-guard"""


def _window(_: click.Context, __: click.Parameter, value: str | None) -> timedelta | None:
    from bridge.config import parse_duration

    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} {error}") from None


@click.command()
@click.option(
    "--from",
    "origin",
    type=click.Choice([*(side.value for side in SIDES), "both"]),
    default="both",
    show_default=True,
    help="Whose tasks are created on the other side.",
)
@click.option(
    "--since", metavar="T", callback=take_since, help="Created at or after: a date, or 30d."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Create so many at most.")
@click.option(
    "--match",
    type=click.Choice(["none", "exact"]),
    default="none",
    show_default=True,
    help="exact: link what is there twice, by equal title and creation time.",
)
@click.option(
    "--match-window",
    "window",
    metavar="T",
    callback=_window,
    help="How far apart two may have been created to match: 2d, 12h; 1d if not given.",
)
@click.option("--include-finished", is_flag=True, help="Create from finished tasks, too.")
@click.option("--skip", "is_skip", is_flag=True, help="Create nothing; leave what is not linked.")
@only_option()
@wait_option()
@confirm_guard_option()
@click.option("--dry-run", "is_dry", is_flag=True, help="Read and plan; write nothing.")
@format_option()
@click.pass_obj
def command(  # noqa: PLR0913 - one for each option of the contract
    invocation: Invocation,
    /,
    *,
    origin: str,
    since: Since | None,
    limit: int | None,
    match: str,
    window: timedelta | None,
    include_finished: bool,
    is_skip: bool,
    only: tuple[str, ...],
    wait: int | None,
    confirms_guards: bool,
    is_dry: bool,
    form: Format,
) -> Exit:
    """Link what belongs together, create what is missing.

    May be stopped and started again at any point. Ends with 1 if failures or conflicts wait, 4
    if a decision is needed first, 5 if another process works on this pair, 6 if a service cannot
    be reached or refuses the key.
    """
    from bridge.sync.backfill import Backfill

    match_window = _checked(match, window)
    if is_skip and any((origin != "both", since, limit, include_finished, match == "exact", only)):
        raise click.UsageError("--skip leaves everything; it goes with --dry-run and --wait alone.")
    settings = invocation.settings()
    wanted = Backfill(
        sides=SIDES if origin == "both" else (Side(origin),),
        limit=limit,
        is_whole=since is None and limit is None,
        includes_finished=include_finished,
        skips=is_skip,
        match_window=match_window,
        only=only,
        confirms_guards=confirms_guards,
        gives_up_seconds=settings.sync.give_up_seconds,
    )
    return _run(invocation, _errand(settings, wanted, since, wait, is_dry=is_dry), form, wanted)


def _checked(match: str, window: timedelta | None) -> timedelta | None:
    """How far apart two may have been created to match; None for no match."""
    if match == "exact":
        return A_DAY if window is None else window
    if window is not None:
        raise click.UsageError("--match-window goes with --match exact.")
    return None


def _errand(
    settings: Settings, wanted: Backfill, since: Since | None, wait: int | None, *, is_dry: bool
) -> Errand:
    from bridge.sync.backfill import run_backfill

    def narrowed(rules: Rules, now: datetime) -> Rules:
        if since is None:
            return rules
        return replace(rules, scope=replace(rules.scope, created_since=since.resolve(now)))

    return Errand(
        settings=settings,
        work=lambda desk: run_backfill(desk, wanted),
        is_dry=is_dry,
        wait=wait,
        rules=narrowed,
    )


def _run(invocation: Invocation, errand: Errand, form: Format, wanted: Backfill) -> Exit:
    from bridge.sync.backfill import TooManyProbes

    try:
        with done_once(invocation, errand) as (outcome, desk):
            question = _question(desk, errand.settings.kore.limits)
            show_result(outcome, form, waiting=would_wait(desk), stop=ASKS if question else "")
            for line in _notes(outcome, desk, wanted):
                click.echo(line, err=True)
            if not question:
                return end_run(outcome)
            click.echo(question, err=True)
            return end_run(outcome, Exit.GUARD)
    except TooManyProbes as many:
        click.echo(too_many(many, errand.settings.kore.limits), err=True)
        return Exit.GUARD


def _question(desk: Desk, limits: Sequence[LimitWindow]) -> str:
    """What the real run would ask before its probes, where it would; else an empty text."""
    from bridge.domain.operation import OperationKind
    from bridge.sync.backfill import TooManyProbes
    from bridge.sync.guard import MOST_UNASKED_PROBES

    probes = [one for one in desk.tally.reports if one.operation.kind is OperationKind.PROBE]
    is_open = desk.is_dry and desk.rules.asks_before_probing
    if not is_open or len(probes) <= MOST_UNASKED_PROBES:
        return ""
    question = too_many(TooManyProbes(len(probes), None), limits)
    return f"The real run would stop here and ask:\n{question}"


def _notes(outcome: Outcome, desk: Desk, wanted: Backfill) -> Sequence[str]:
    """What is left as it was, and whether first contact is over."""
    notes = []
    if wanted.skips:
        with desk.store.begin() as unit:
            left = unit.count_standing(Standing.LEFT)
        verb = "would be" if desk.is_dry else "are"
        notes.append(f"{left} tasks {verb} left as they are, until a backfill takes them up.")
    if outcome.is_first_contact and not desk.is_dry:
        notes.append(ENDS if _ends_next(outcome, desk) else LASTS)
    return notes


def _ends_next(outcome: Outcome, desk: Desk) -> bool:
    from bridge.sync.contact import ends_by_itself

    if outcome.guards:
        return False
    with desk.store.begin() as unit:
        return ends_by_itself(unit, has_finished=desk.rules.scope.has_finished)


def too_many(many: TooManyProbes, limits: Sequence[LimitWindow]) -> str:
    """The question to a person: how many probes, how long they take, what to choose from."""
    windows = [(one.calls, one.seconds) for one in limits]
    return f"{probe_question(many.count, many.moves, windows)} {CHOICES}"
