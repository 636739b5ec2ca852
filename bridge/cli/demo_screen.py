"""What the demo shows: colours, symbols and wrapped lines on a terminal, plain lines elsewhere.

Numbers are handed in by who measured them; nothing is worked out here.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bridge.report.plain import plain

INDENT = 2
LONGEST_VALUE = 70
LONGEST_NAME = 9


class Sign(NamedTuple):
    """What stands before a line: as a symbol, as ASCII, in which colour."""

    symbol: str
    ascii: str
    style: str


EDIT = Sign("✎", "*", "bold cyan")
ARRIVED = Sign("→", ">", "bold green")
AGREES = Sign("=", "=", "dim")
WAITS = Sign("‖", "!", "bold yellow")
FAILED = Sign("✗", "x", "bold red")
GOOD = Sign("✓", "+", "bold green")


class Screen:
    """One console with the few kinds of lines that the demo is made of."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._can_draw = (console.encoding or "").lower().startswith("utf")

    @property
    def is_terminal(self) -> bool:
        """Whether somebody watches it happen."""
        return self.console.is_terminal

    def title(self, text: str) -> None:
        """The first line."""
        self._print(Text(text, style="bold"))

    def heading(self, text: str) -> None:
        """The beginning of a part."""
        self.console.print()
        if self.is_terminal:
            self.console.rule(Text(text, style="bold magenta"), align="left", style="magenta")
        else:
            self._print(Text(f"== {text}"))

    def say(self, text: str, style: str = "") -> None:
        """A sentence or two."""
        self._indented(Text(text, style=style))

    def sign(self, sign: Sign, text: str) -> None:
        """A sentence with a sign before it."""
        self._row([Text(self._drawn(sign), style=sign.style), Text(text)], [1])

    def line(self, sign: Sign, side: str, name: str, text: str) -> None:
        """What happened to one task: on which side, which one, what."""
        called = name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"
        cells = [
            Text(self._drawn(sign), style=sign.style),
            Text(side, style="dim"),
            Text(plain(called), style="bold"),
            Text(plain(text), style="dim" if sign is AGREES else ""),
        ]
        self._row(cells, [1, 4, LONGEST_NAME])

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Numbers, with words in the first column."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for number, heading in enumerate(headings):
            table.add_column(heading, justify="right" if number else "left", no_wrap=True)
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        with self.console.capture() as drawn:
            self.console.print(Padding(table, (0, 0, 0, INDENT)))
        for line in drawn.get().splitlines():
            self._print(Text.from_ansi(line.rstrip()))

    def commands(self, lines: Iterable[str]) -> None:
        """Command lines, never broken, so that they can be copied."""
        for line in lines:
            self._print(Text(" " * INDENT * 2 + line))

    def _drawn(self, sign: Sign) -> str:
        return sign.symbol if self._can_draw else sign.ascii

    def _row(self, cells: Sequence[Text], widths: Sequence[int]) -> None:
        """Cells side by side; the last one is wrapped below itself on a terminal."""
        if not self.is_terminal:
            padded = [f"{cell.plain:<{width}}" for cell, width in zip(cells, widths, strict=False)]
            self._print(Text(" " * INDENT + " ".join([*padded, cells[-1].plain])))
            return
        grid = Table.grid(padding=(0, 1, 0, 0))
        for width in widths:
            grid.add_column(width=width, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(*cells)
        self._indented(grid)

    def _indented(self, what: RenderableType) -> None:
        if isinstance(what, Text) and not self.is_terminal:
            self._print(Text(" " * INDENT) + what)
        else:
            self.console.print(Padding(what, (0, 0, 0, INDENT)))

    def _print(self, text: Text) -> None:
        self.console.print(text, soft_wrap=True)


def quoted(text: str | None) -> str:
    """A value as it stands in a sentence, not too long."""
    if not text:
        return "(empty)"
    line = " ".join(plain(text).split())
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"
