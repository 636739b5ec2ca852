"""`task-bridge links export` and `links import`: the link table as a CSV file, out and in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.instructing import end_with, give, wait_until_done_option
from bridge.cli.invocation import Invocation
from bridge.cli.link_rows import COLUMNS, link_row
from bridge.cli.output import Format, show_rows, write_csv
from bridge.cli.whole_file import replacing
from bridge.domain.instruction import InstructionKind, Order
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.domain.links_csv import FiledLink, Flaw

_STANDARD = "-"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NUL = "\0"
_MOST_TOLD = 50


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.pass_obj
def export(invocation: Invocation, file: str) -> None:
    """Write all links to FILE as CSV, or to standard output for `-`.

    A file that is there is replaced once the new one is whole.
    """
    from bridge.cli.reading import looking

    with looking(invocation) as look:
        rows = [] if look is None else [link_row(view) for view in look.unit.all_links()]
    if file == _STANDARD:
        show_rows(rows, COLUMNS, Format.CSV)
        return
    with replacing(Path(file)) as stream:
        write_csv(stream, rows, COLUMNS)
    click.echo(f"{_count(len(rows))} written to {file}.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@wait_until_done_option()
@click.pass_obj
def import_(invocation: Invocation, file: str, wait: int | None) -> Exit:
    """Take in the links of FILE, or of standard input for `-`: all of them or none.

    The columns are those of `links list`; kore_id and v2_id must be there. Tasks that were not
    read yet may be linked: they are kept in step as soon as both are seen.
    """
    from bridge.domain.links_csv import read_links
    from bridge.sync.import_links import details_of

    rows, flaws = read_links(_text_of(file))
    flaws = tuple(sorted((*flaws, *_against_links(invocation, rows)), key=lambda one: one.line))
    if flaws:
        raise UsageError(_told(file, flaws))
    if not rows:
        click.echo(f"{file} holds no links.")
        return Exit.DONE
    order = Order(InstructionKind.IMPORT_LINKS, details_of(rows))
    return end_with(give(invocation, order, wait))


def _text_of(file: str) -> str:
    """The file's text. Raises UsageError if it holds none."""
    with click.open_file(file, "rb") as stream:
        found: bytes = stream.read()
    try:
        text = found.decode("utf-16" if found.startswith(_UTF_16) else "utf-8")
    except UnicodeDecodeError:
        text = _NUL
    if _NUL in text:
        raise UsageError(f"{file} is no text in UTF-8. Save the table as CSV in UTF-8.")
    return text


def _against_links(invocation: Invocation, rows: Sequence[FiledLink]) -> Sequence[Flaw]:
    from bridge.cli.reading import looking
    from bridge.sync.import_links import flaws_against

    with looking(invocation) as look:
        return () if look is None else flaws_against(look.unit, rows)


def _told(file: str, flaws: Sequence[Flaw]) -> str:
    lines = [f"Nothing was imported. {file} cannot be taken in as it is:"]
    lines += [f"  {flaw}" for flaw in flaws[:_MOST_TOLD]]
    if len(flaws) > _MOST_TOLD:
        lines.append(f"  … and {len(flaws) - _MOST_TOLD} more.")
    return "\n".join(lines)


def _count(number: int) -> str:
    return "1 link" if number == 1 else f"{number} links"
