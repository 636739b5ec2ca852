"""The table that a run prints: ratios first."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from benchmarks.figures import TIMES, Figure

WIDTH = 132
MET = {True: "met", False: "NOT MET", None: ""}


def number(value: float | None) -> str:
    """A number as people read it: three figures tell all there is."""
    if value is None:
        return ""
    if value == int(value) and abs(value) < 1e12:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def show(figures: Iterable[Figure], title: str) -> None:
    """Print them all."""
    table = Table(title=title, title_justify="left", caption_justify="left")
    for name in ("ratio", "what", "floor", "ours", "", "target", ""):
        table.add_column(name, justify="left" if name in ("what", "target", "") else "right")
    for one in figures:
        ratio = "" if one.ratio is None else f"{number(one.ratio)}{TIMES}"
        target = "" if one.target is None else str(one.target)
        row = (ratio, one.what, number(one.floor), number(one.ours), one.unit, target)
        table.add_row(*row, MET[one.is_met], style="red" if one.is_met is False else None)
    Console(width=max(Console().width, WIDTH)).print(table)
