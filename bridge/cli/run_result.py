"""What a run did or would do: one JSON object, its operations as rows, or a summary for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.output import Column, Format, Row, show_json, show_rows
from bridge.domain.side import SIDES
from bridge.domain.text import counted_tasks

if TYPE_CHECKING:
    from bridge.sync.cycle import Outcome

MOST_ROWS = 200
STOPPED = "A guard stopped it: nothing is written until a person has looked: task-bridge guard show"
WOULD_STOP = "A guard stands: the real run would write nothing. See: task-bridge guard show"
OPERATION_COLUMNS = (
    Column("side"),
    Column("kind"),
    Column("kore_id"),
    Column("v2_id"),
    Column("fields"),
    Column("after_read"),
    Column("reason"),
    Column("outcome"),
)
_PLAN = (Column("side"), Column("kind"), Column("task", is_id=True), Column("fields"),
         Column("reason"))  # fmt: skip
_WAITING = {
    "conflicts": ("conflict", "conflicts"),
    "failures": ("failure", "failures"),
    "unmapped": ("unmapped value", "unmapped values"),
    "unroutable": ("unroutable task", "unroutable tasks"),
}


def show_result(
    outcome: Outcome,
    form: Format,
    *,
    waiting: Sequence[str] = (),
    stop: str = "",
    untold: int = 0,
) -> None:
    """Print a run in the form that was asked for.

    `waiting` tells what a dry run would leave to people, since no list of theirs has it; `stop`
    why it could not do its work and what to do; `untold` counts the tasks whose counterpart a
    rebuild leaves to people.
    """
    if form is Format.JSON:
        show_json(outcome.summary)
    elif form is Format.CSV:
        show_rows(outcome.summary["operations"], OPERATION_COLUMNS, form)
    else:
        _show_for_people(outcome, waiting, _stopped(outcome) or stop, untold)
        return
    for line in waiting:
        click.echo(line, err=True)


def _show_for_people(outcome: Outcome, waiting: Sequence[str], stop: str, untold: int) -> None:
    summary, is_whole = outcome.summary, not outcome.faults
    if summary["dry_run"] and (is_whole or summary["operations"]):
        _show_plan(summary["operations"])
    _show_sides(summary)
    click.echo()
    if summary["linked"]:
        linked = "To link" if summary["dry_run"] else "Linked"
        click.echo(f"{linked}, since both were there: {summary['linked']}.")
    if not is_whole:
        click.echo("Not everything could be read or written.")
    if stop:
        click.echo(stop)
    found = _waits(summary, outcome.held, untold)
    if found or (is_whole and not stop):
        click.echo(_waiting(summary, found))
    for line in waiting:
        click.echo(line)
    done = "Planned" if summary["dry_run"] else "Done"
    click.echo(f"{done} in {summary['seconds']:.1f} s.{_nothing_written(summary)}")


def _stopped(outcome: Outcome) -> str:
    """That a guard holds everything up, and where to see it; empty if none does."""
    if not outcome.guards:
        return ""
    return WOULD_STOP if outcome.summary["dry_run"] else STOPPED


def _nothing_written(summary: Mapping[str, Any]) -> str:
    return " A dry run: nothing was written." if summary["dry_run"] else ""


def _show_sides(summary: Mapping[str, Any]) -> None:
    counted = ["read", "created", "updated", *(["uncertain"] if "uncertain" in summary else [])]
    rows = [
        {"side": side.label, **{name: summary[name][side] for name in (*counted, "requests")}}
        for side in SIDES
    ]
    is_dry = summary["dry_run"]
    heading = {"created": "to create", "updated": "to update"} if is_dry else {}
    columns = [Column("side")]
    columns += [Column(name, heading.get(name, "")) for name in (*counted, "requests")]
    show_rows(rows, columns, Format.TABLE)


def _waits(summary: Mapping[str, Any], held: int, untold: int) -> list[str]:
    found = [
        f"{summary[name]} {one if summary[name] == 1 else many}"
        for name, (one, many) in _WAITING.items()
        if summary[name]
    ]
    if held:
        found.append(f"{counted_tasks(held)} on hold")
    if untold:
        found.append(f"{counted_tasks(untold)} whose counterpart cannot be told")
    return found


def _waiting(summary: Mapping[str, Any], found: Sequence[str]) -> str:
    if not found:
        return "Nothing waits for a person."
    lists = [f"task-bridge {name} list" for name in ("conflicts", "failures") if summary[name]]
    if summary["dry_run"]:
        return f"Would wait for a person: {', '.join(found)}."
    lists += ["task-bridge report"] if any(one.endswith("on hold") for one in found) else []
    hint = f" See: {', '.join(lists)}" if lists else ""
    return f"Waiting for a person: {', '.join(found)}.{hint}"


def _show_plan(operations: Sequence[Mapping[str, Any]]) -> None:
    if not operations:
        click.echo("There is nothing to do.\n")
        return
    show_rows([_plan_row(one) for one in operations[:MOST_ROWS]], _PLAN, Format.TABLE)
    if len(operations) > MOST_ROWS:
        left = len(operations) - MOST_ROWS
        click.echo(f"… and {left} more. See them all: --format csv, or --format json")
    if any(one["after_read"] for one in operations):
        click.echo("? only a probe can tell whether this field is written.")
    click.echo()


def _plan_row(operation: Mapping[str, Any]) -> Row:
    """An operation of the plan; a task that only one side has yet is named by its one id."""
    ids = [operation[name] for name in ("kore_id", "v2_id") if operation[name]]
    unsure = operation["after_read"]
    names = dict.fromkeys([*operation["fields"], *unsure])
    fields = [f"{name}?" if name in unsure else name for name in names]
    return {**operation, "task": "\n".join(ids), "fields": fields}
