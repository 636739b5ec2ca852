"""How a run ends: its exit code, and one sentence on stderr for each thing that a person can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.exits import Exit, first_of
from bridge.cli.output import table_cell
from bridge.domain.guard import NEXT, Guard
from bridge.domain.operation import Outcome as OperationOutcome
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.domain.text import counted_tasks
from bridge.errors import BadAnswer, KeyRefused, NotYet, ServiceError, Unreachable

if TYPE_CHECKING:
    from bridge.sync.cycle import Outcome
    from bridge.sync.desk import Desk

FIRST_CONTACT = """\
First contact: both services hold tasks that are not linked yet, so nothing is created until you \
say how to begin.
  task-bridge backfill --dry-run   shows what would be linked and created
  task-bridge backfill             links what belongs together and creates what is missing
  task-bridge backfill --skip      leaves them as they are; only later tasks are carried"""
NOT_READ = """\
First contact: nothing is created before all tasks of both services were read once, to the end.
  task-bridge sync --full   reads on to the end; it ends first contact if one side has none open
  task-bridge backfill      reads everything, links and creates, and ends it in any case"""
HELD = """\
{tasks} without a counterpart {are} on hold, since what decides cannot be seen; \
task-bridge report says why, and what you can do."""
PUT_OFF = """\
{count} of the tasks could not be seen whole, however often this run tried. The next cycle tries \
again, but knows nothing of this run's options: to have them decided with those, run it again."""
UNSEEN = """\
{tasks} of Kore could not be seen whole, however often this run tried: what Kore's list hides may \
be the marker of a link. Run it again before a backfill: task-bridge links rebuild"""
UNANSWERED = """\
{writes} got no answer that tells what came of {it}. The next run looks, and writes again what \
is missing."""
PAUSED = "{label} is paused: nothing is written to it. Go on: task-bridge resume {side}"
CONFIRMED = "Confirmed: {reason}"
_UNDECIDED = (Standing.NEW, Standing.HELD, Standing.OUT_OF_SCOPE, Standing.UNROUTABLE)


@dataclass(frozen=True, slots=True)
class Contact:
    """What a person is told while first contact lasts, and the command to begin with."""

    text: str
    first_step: str


def end_run(outcome: Outcome, *extra: Exit) -> Exit:
    """Tell which sides failed and which guards stand; the exit code, the first of all that fit."""
    for side, error in outcome.faults.items():
        click.echo(fault_sentence(Side(side), error), err=True)
    for guard in outcome.confirmed:
        click.echo(CONFIRMED.format(reason=table_cell(guard.reason)), err=True)
    for guard in outcome.guards:
        click.echo(guard_sentence(guard), err=True)
    for side in sorted(outcome.paused):
        click.echo(PAUSED.format(label=side.label, side=side), err=True)
    if outcome.held:
        click.echo(_held(outcome.held), err=True)
    if outcome.put_off:
        click.echo(_put_off(outcome), err=True)
        extra = (*extra, Exit.WAITING)
    unanswered = _unanswered(outcome.summary)
    if unanswered:
        click.echo(unanswered, err=True)
        extra = (*extra, Exit.WAITING)
    guarded = [Exit.GUARD] if outcome.guards else []
    return first_of([*extra, *guarded, *_codes(outcome.summary, outcome.faults)])


def _unanswered(summary: Mapping[str, Any]) -> str:
    """That writes of this run are left to the next; empty if there are none."""
    count = sum(one["outcome"] == OperationOutcome.UNCERTAIN for one in summary["operations"])
    if not count:
        return ""
    writes, it = ("1 write", "it") if count == 1 else (f"{count} writes", "them")
    return UNANSWERED.format(writes=writes, it=it)


def _put_off(outcome: Outcome) -> str:
    count = outcome.put_off
    if outcome.summary["kind"] == "rebuild":
        return UNSEEN.format(tasks=counted_tasks(count))
    return PUT_OFF.format(count=count)


def _held(count: int) -> str:
    if count == 1:
        return HELD.format(tasks="1 task", are="is")
    return HELD.format(tasks=f"{count} tasks", are="are")


def first_contact_code(outcome: Outcome, contact: Contact | None) -> Exit:
    """GUARD, and what first contact is, while it lasts."""
    if contact is not None:
        click.echo(contact.text, err=True)
    return Exit.GUARD if outcome.is_first_contact else Exit.DONE


def first_contact(outcome: Outcome, desk: Desk) -> Contact | None:
    """How first contact is ended, while it lasts; None too where something else comes first."""
    if not outcome.is_first_contact:
        return None
    if _has_both(desk):
        return Contact(FIRST_CONTACT, "task-bridge backfill --dry-run")
    return (
        None if outcome.faults or outcome.guards else Contact(NOT_READ, "task-bridge sync --full")
    )


def guard_sentence(guard: Guard) -> str:
    """Why nothing is written, and what a person can do."""
    return f"A guard stands, so nothing is written. {table_cell(guard.reason)} {NEXT[guard.kind]}"


def fault_sentence(side: Side, error: ServiceError) -> str:
    """What happened on a side and what to do next."""
    if isinstance(error, NotYet):
        return f"{side.label} has to wait: {error} The next run goes on from there."
    return f"{error} {_next_step(side, error)}".rstrip()


def _next_step(side: Side, error: ServiceError) -> str:
    match error:
        case KeyRefused():
            return ""  # its text says what to look at
        case Unreachable():
            step = f"Check {side}.base_url, the network and the service, then run it again."
            return f"{step} Nothing is lost."
        case BadAnswer():
            return f"Check that {side}.base_url names the service itself, then run it again."
    return "Nothing is lost; run it again."


def _codes(summary: Mapping[str, Any], faults: Mapping[Side, ServiceError]) -> Iterator[Exit]:
    if any(not isinstance(error, NotYet) for error in faults.values()):
        yield Exit.SERVICE
    if summary["conflicts"] or summary["failures"] or summary.get("uncertain"):
        yield Exit.WAITING


def _has_both(desk: Desk) -> bool:
    with desk.store.begin() as unit:
        return all(
            any(not known.task.is_finished for known in unit.unlinked(side, _UNDECIDED))
            for side in SIDES
        )
