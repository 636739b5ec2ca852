"""What a check found, for people: what was tried, what becomes of values, what can be pasted."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.domain.finding import Finding, Inspection, Mark, RoundTrip
from bridge.domain.relation import Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.values import Observed
from bridge.report.check_toml import render_check_toml
from bridge.report.plain import plain

SUGGESTED = (
    "Suggested for the configuration; look at each row, then put the block at the end of the file:"
)
AS_IT_IS = "(left as it is)"
STYLES = {Mark.OK: "green", Mark.WARN: "yellow", Mark.FAIL: "bold red"}


def render_check_table(inspection: Inspection, console: Console) -> None:
    """Write the findings to the console, then what can be pasted."""
    console.print(Text(_headline(inspection), style="bold"), soft_wrap=True)
    console.print()
    console.print(_table(inspection))
    if inspection.trips:
        console.print()
        console.print(Text("What becomes of every live value, there and back:"), soft_wrap=True)
        console.print()
        console.print(_trips(inspection.trips))
    if inspection.suggestions:
        console.print()
        console.print(Text(SUGGESTED), soft_wrap=True)
        console.print()
        for line in render_check_toml(inspection.suggestions):
            console.print(Text(line), soft_wrap=True)


def _headline(inspection: Inspection) -> str:
    marks = [one.mark for one in inspection.findings]
    fails, warns = marks.count(Mark.FAIL), marks.count(Mark.WARN)
    if fails:
        return f"{fails} of {len(marks)} checks failed, {warns} to be known."
    if warns:
        return f"{len(marks) - warns} of {len(marks)} checks passed, {warns} to be known."
    return f"All {len(marks)} checks passed."


def _table(inspection: Inspection) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("tried", overflow="fold")
    table.add_column("found, and what to do", overflow="fold", ratio=1)
    for one in inspection.findings:
        mark = Text(str(one.mark), style=STYLES[one.mark])
        table.add_row(mark, Text(plain(one.what)), Text(_told(one)))
    return table


def _told(one: Finding) -> str:
    return f"{plain(one.found)}\n→ {plain(one.next)}" if one.next else plain(one.found)


def _trips(trips: Sequence[RoundTrip]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in ("in", "field", "value"):
        table.add_column(heading, overflow="fold")
    table.add_column("tasks", justify="right", no_wrap=True)
    table.add_column("becomes", overflow="fold")
    table.add_column("comes back as", overflow="fold")
    for one in trips:
        table.add_row(
            one.side.label,
            str(one.name),
            Text(_value(one.value)),
            str(one.tasks or "-"),
            Text(AS_IT_IS) if _is_left(one) else _shown(one.there),
            _returned(one),
        )
    return table


def _is_left(one: RoundTrip) -> bool:
    """Whether it is v2's empty priority, which agrees with every one of Kore."""
    return one.side is Side.V2 and one.name is Field.PRIORITY and one.value is None


def _returned(one: RoundTrip) -> Text:
    if one.gap is not None:
        return Text("")
    return Text("the same") if one.stays else _shown(one.back)


def _shown(value: Observed | Unmapped) -> Text:
    if isinstance(value, Unmapped):
        return Text("nothing", style=STYLES[Mark.FAIL])
    return Text(_value(value))


def _value(value: Observed) -> str:
    return plain(value.text) if value else "(empty)"
