"""Results on stdout: tables for people, JSON and CSV for programs.

Tables show local times and never cut a value; JSON and CSV have UTC times. A title is data: it
neither moves the cursor of a terminal nor becomes a formula of a spreadsheet.
"""

import csv as csv_format
import dataclasses
import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum, StrEnum
from pathlib import PurePath
from typing import Any, TextIO, TypeVar

import click

from bridge.domain.signs import escaped, readable
from bridge.domain.values import as_text

Row = Mapping[str, Any]
Command = TypeVar("Command", bound=Callable[..., Any])
PIPED_WIDTH = 120
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """The form of a result."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its value in a row, and its heading (else the key in words).

    The values of one that `is_id` are kept on one line where the terminal is wide enough.
    """

    key: str
    heading: str = ""
    is_id: bool = False

    @property
    def title(self) -> str:
        """What stands above the column."""
        return self.heading or self.key.replace("_", " ")


def format_option(*, csv: bool = True, html: bool = False) -> Callable[[Command], Command]:
    """`--format`, given to the command as `form`; CSV only where rows make sense."""
    absent = {Format.CSV: not csv, Format.HTML: not html}
    choices = [form.value for form in Format if not absent.get(form)]
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=Format.TABLE.value,
        show_default=True,
        callback=lambda _, __, value: Format(value),
        help="The form of the result.",
    )


def show_rows(rows: Iterable[Row], columns: Sequence[Column], form: Format) -> None:
    """Print rows in the form that was asked for; JSON has all keys of a row."""
    if form is Format.JSON:
        show_json(list(rows))
    elif form is Format.CSV:
        write_csv(sys.stdout, rows, columns)
    else:
        _show_table(list(rows), columns)


def show_json(value: object, stream: TextIO | None = None) -> None:
    """Print one JSON value; in ASCII where the stream cannot carry every sign."""
    stream = stream or sys.stdout
    carries_all = (stream.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, default=_as_json, indent=2, ensure_ascii=not carries_all)
    click.echo(escaped(text), file=stream)


# ---- CSV ----------------------------------------------------------------------------------------


def write_csv(stream: TextIO, rows: Iterable[Row], columns: Sequence[Column]) -> None:
    """Write rows as CSV, the keys of the columns first; no cell is a formula."""
    writer = csv_format.writer(stream, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    for row in rows:
        writer.writerow([csv_cell(row.get(column.key)) for column in columns])


def csv_cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula, and that steers no terminal."""
    text = _in_words(value, as_text)
    is_formula = text.startswith(_FORMULA) and not isinstance(value, int | float)
    return f"'{readable(text)}" if is_formula else readable(text)


# ---- JSON ---------------------------------------------------------------------------------------


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return as_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


# ---- tables -------------------------------------------------------------------------------------


def _show_table(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column.title, overflow="fold", width=_width(rows, column))
    for row in rows:
        table.add_row(*(Text(table_cell(row.get(column.key))) for column in columns))
    natural = console.options.update(width=100_000)
    width = console.measure(table, options=natural).maximum
    if not console.is_terminal:
        # A program or a file reads it: as wide as it takes to break no value.
        console.width = max(PIPED_WIDTH, width)
    elif width > console.width:
        _show_blocks(rows, columns, console.width)
        return
    console.print(table)


def _show_blocks(rows: Sequence[Row], columns: Sequence[Column], width: int) -> None:
    """Every row as lines of its own, where a table would be too narrow to be read."""
    label = max(len(column.title) for column in columns)
    hanging = " " * (label + 2)
    for row in rows:
        for column in columns:
            cell = table_cell(row.get(column.key))
            if cell:
                first = f"{column.title:<{label}}  "
                click.echo(
                    textwrap.fill(cell, width, initial_indent=first, subsequent_indent=hanging)
                )
        click.echo()


def _width(rows: Sequence[Row], column: Column) -> int | None:
    """As wide as the longest id; None leaves it to the table."""
    if not column.is_id:
        return None
    return max(len(column.title), *(len(table_cell(row.get(column.key))) for row in rows), 1)


def table_cell(value: object) -> str:
    """A value as people read it, without signs that steer a terminal."""
    return readable(_in_words(value, local_time))


def local_time(moment: datetime) -> str:
    """A moment in the zone of this machine."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _in_words(value: object, time: Callable[[datetime], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return time(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_in_words(one, time) for one in value)
    if isinstance(value, Mapping):
        return json.dumps(value, default=_as_json, ensure_ascii=False)
    return str(value)
