"""What a check found, for people: a table of what was tried, and people to paste."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.domain.finding import Finding, Inspection, Mark
from bridge.report.plain import plain
from bridge.report.toml_rows import people_lines

STYLES = {Mark.OK: "green", Mark.WARN: "yellow", Mark.FAIL: "bold red"}


def render_check_table(inspection: Inspection, console: Console) -> None:
    """Write the findings to the console, then what can be pasted."""
    console.print(Text(_headline(inspection), style="bold"), soft_wrap=True)
    console.print()
    console.print(_table(inspection))
    if inspection.people:
        console.print()
        console.print(Text("People of the same full name, ready to paste:"), soft_wrap=True)
        console.print()
        for line in people_lines(inspection.people):
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
