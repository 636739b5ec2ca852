"""The facts of `status` as a screen for people, one word first."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from bridge.cli.output import local_time, table_cell
from bridge.daemon.status import wait_word
from bridge.domain.side import SIDES
from bridge.report.plain import rough_age

Facts = Mapping[str, Any]
_SORTED = {True: "proved", False: "not proved, so every poll reads all", None: "not tried yet"}

_LASTS = (
    "lasts until a backfill, or until complete sweeps find unlinked tasks on at most one side; "
    "then the next sync or run creates the rest. To look first: task-bridge backfill --dry-run"
)
_ENDS = (
    "lasts, but at most one side has unlinked tasks now: the next sync or run ends it and creates "
    "the rest. To look first: task-bridge backfill --dry-run"
)


def show_screen(facts: Facts) -> None:
    """Print the facts."""
    for line in _head(facts):
        click.echo(line)
    if "sides" not in facts:
        return
    now = datetime.now(UTC)
    for line in _lines(facts, now):
        click.echo(line)


def _head(facts: Facts) -> Iterator[str]:
    """The word, and why: a reason a line, as each may end with a command to type."""
    word, reasons = facts["state"], [table_cell(one) for one in facts["reasons"]]
    for reason in reasons or [""]:
        yield f"{word:<14} {reason}".rstrip()
        word = ""


def _lines(facts: Facts, now: datetime) -> Iterator[str]:
    if facts["daemon"]:
        daemon = facts["daemon"]
        since, beat = local_time(daemon["started_at"]), _ago(daemon["beat_at"], now)
        pace = f"polls every {daemon['interval_seconds']:g} s"
        yield f"daemon         {daemon['owner']}, since {since}, alive {beat}, {pace}"
    for side in SIDES:
        yield ""
        yield side.label
        yield from _side_lines(facts["sides"][side], now)
    yield ""
    yield f"first contact  {_first_contact(facts['first_contact'])}"
    yield f"links          {_counts(facts['links'])}"
    yield f"waits          {_waits(facts['waits'])}"
    yield f"last run       {_last_run(facts['last_run'])}"


def _side_lines(side: Facts, now: datetime) -> Iterator[str]:
    yield f"  last poll    {_moment(side['polled_at'], now)}"
    if side["fault"]:
        failed = f" ({_ago(side['failed_at'], now)})" if side["failed_at"] else ""
        yield f"  fault        {table_cell(side['fault'])}{failed}"
    if side["not_before"] and side["not_before"] > now:
        yield f"  not before   {local_time(side['not_before'])}"
    yield f"  sort         {_SORTED[side['is_sorted']]}"
    yield f"  read up to   {_moment(side['cursor_at'], now)}"
    yield f"  tasks        {side['tasks']}"
    if side["sweep"]:
        total = side["sweep"]["total"]
        of = f" of {total}" if total is not None else ""
        yield f"  sweep        {side['sweep']['rows']}{of} tasks read"
    yield f"  last sweep   {_last_sweep(side['last_sweep'], now)}"
    if side["budget"]:
        left = ", ".join(f"{count} of {window}" for window, count in side["budget"].items())
        yield f"  calls left   {left}"
    if pace := side["pace"]:
        refused = f"refused more (429) {_moment(pace['since'], now)}"
        yield f"  pace         {pace['calls_a_minute']} calls a minute: {refused}"


def _moment(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{local_time(moment)} ({_ago(moment, now)})"


def _ago(moment: datetime, now: datetime) -> str:
    return f"{rough_age(moment, now)} ago"


def _last_sweep(sweep: Facts | None, now: datetime) -> str:
    if sweep is None:
        return "never"
    whole = "" if sweep["is_complete"] else ", not complete"
    return f"{_moment(sweep['completed_at'], now)}, {sweep['rows']} tasks{whole}"


def _first_contact(contact: Facts) -> str:
    if contact["lasts"]:
        return _ENDS if contact["ends_with_next_cycle"] else _LASTS
    return f"ended {local_time(contact['ended_at'])}: {contact['how']}"


def _counts(counts: Mapping[str, int]) -> str:
    found = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    return ", ".join(found) or "none"


def _waits(counts: Mapping[str, int]) -> str:
    found = [f"{count} {wait_word(name, count)}" for name, count in counts.items() if count]
    return ", ".join(found) or "none"


def _last_run(run: Facts | None) -> str:
    if run is None:
        return "none"
    did = [f"{sum(run[name].values())} {name}" for name in ("created", "updated") if name in run]
    return f"{run['kind']}, {local_time(run['ended_at'])}: {', '.join(did)}"
