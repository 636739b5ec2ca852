"""A reconciliation for people: a headline, the counts, then every row, grouped by state.

A row is a few lines and not a line of columns: two ids and two sentences fit no terminal side by
side, and an id is never cut. On a terminal long lines are wrapped below their indent; elsewhere
they stay whole, so that they can be searched.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.domain.reading import LastRead
from bridge.domain.reconciled import STATES, UNTOLD, Difference, Reconciliation, Row, State
from bridge.domain.side import SIDES, Side
from bridge.domain.signs import seen_title
from bridge.domain.values import Unseen
from bridge.report.as_of import as_of_lines
from bridge.report.lines import show_line
from bridge.report.plain import local_time, plain, shown_text

INDENT = 4
LONGEST_VALUE = 60
WORDS = {state: state.replace("_", " ") for state in STATES}


def render_report_table(
    report: Reconciliation,
    rows: Sequence[Row],
    notes: Sequence[str],
    console: Console,
    last_read: Mapping[Side, LastRead] | None = None,
) -> None:
    """Write the report to the console, with the rows that were asked for.

    `last_read`: when each side was read, where no service was asked.
    """
    console.print(Text(_headline(report), style="bold"), soft_wrap=True)
    if last_read is None:
        console.print(Text(f"{_world(report)}, read {local_time(report.at)}."), soft_wrap=True)
    else:
        console.print(Text(f"{_world(report)}, from the database alone."), soft_wrap=True)
        for line in as_of_lines(last_read, report.at):
            console.print(Text(line), soft_wrap=True)
    for note in notes:
        console.print(Text(f"Note: {plain(note)}"), soft_wrap=True)
    console.print()
    console.print(_counts(report))
    for state, group in groupby(rows, key=lambda row: row.state):
        _show_group(state, list(group), console)
    hidden = sum(1 for row in report.told) - sum(1 for row in rows if row.state not in UNTOLD)
    if hidden:
        console.print()
        console.print(Text(f"Not asked for: {hidden} more that are not in step."), soft_wrap=True)


def _headline(report: Reconciliation) -> str:
    states = report.totals.states
    asked = sum(states.values()) - states[State.OUT_OF_SCOPE]
    others = [
        f"{states[state]} {WORDS[state]}"
        for state in STATES
        if states[state] and state not in UNTOLD
    ]
    tail = f"; {', '.join(others)}" if others else ""
    return f"In step: {states[State.IN_STEP]} of {asked}{tail}."


def _world(report: Reconciliation) -> str:
    totals = report.totals
    kore, v2 = (f"{totals.tasks(side)} {side.label} tasks" for side in SIDES)
    return f"{kore}, {v2}, {totals.links} links"


def _counts(report: Reconciliation) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("state")
    for heading in ("pairs and tasks", *(f"of {side.label}" for side in SIDES)):
        table.add_column(heading, justify="right", no_wrap=True)
    totals = report.totals
    for state in reversed(STATES):
        if totals.states[state]:
            by_side = (str(totals.by_side[side][state]) for side in SIDES)
            table.add_row(WORDS[state], str(totals.states[state]), *by_side)
    return table


def _show_group(state: State, rows: Sequence[Row], console: Console) -> None:
    console.print()
    console.print(Text(f"{WORDS[state]} ({len(rows)})", style="bold"))
    for row in rows:
        console.print(Text(f"  {_names(row)}"), soft_wrap=True)
        for line in _lines(row):
            show_line(line, console, INDENT)


def _names(row: Row) -> str:
    """Both references with their ids, whole."""
    sides = (("Kore", row.kore_ref, row.kore_id), ("v2", row.v2_ref, row.v2_id))
    found = [
        " ".join(plain(word) for word in (side, ref, task_id) if word)
        for side, ref, task_id in sides
        if task_id
    ]
    return " = ".join(found) or "a record without an id"


def _lines(row: Row) -> Iterator[str]:
    if seen_title(row.title):
        yield f"“{plain(row.title)}”"
    yield from map(_field, row.fields)
    yield f"Why: {plain(row.reason)}"
    if row.next:
        yield f"Next: {plain(row.next)}"
    if row.since:
        yield f"Since: {local_time(row.since)}"


def _field(one: Difference) -> str:
    sides = f"Kore {_cut(shown_text(one.kore))}, v2 {_cut(shown_text(one.v2))}"
    if one.base is None or any(isinstance(value, Unseen) for value in one.base):
        return f"{one.name}: {sides}"
    base = ", ".join(dict.fromkeys(_cut(shown_text(value)) for value in one.base))
    return f"{one.name}: {sides} (last agreed: {base})"


def _cut(text: str) -> str:
    """A value of a sensible length; JSON has the whole of it."""
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
