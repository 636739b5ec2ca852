"""A report in the form that was asked for, to standard output or into a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from bridge.cli.output import Column, Format, show_json, table_cell, write_csv
from bridge.cli.whole_file import replacing
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.domain.reconciled import Reconciliation, Row
    from bridge.sync.survey import Survey

FILE_WIDTH = 120


def show_report(
    settings: Settings,
    found: Survey,
    report: Reconciliation,
    rows: Sequence[Row],
    form: Format,
    output: Path | None,
    *,
    is_part: bool,
) -> None:
    """Write it. Raises UsageError if the file cannot be written."""
    with _stream(output) as stream:
        if form is Format.JSON:
            from bridge.report.report_object import render_report_object

            show_json(render_report_object(report, rows, found.hidden, found.last_read), stream)
            tell(found.notes)
        elif form is Format.CSV:
            from bridge.report.report_rows import COLUMNS, render_report_rows

            write_csv(stream, render_report_rows(rows), [Column(name) for name in COLUMNS])
            tell((*_age(found), *found.notes))
        elif form is Format.HTML:
            stream.writelines(_page(settings, found, report, rows, is_part=is_part))
        else:
            _show_table(found, report, rows, stream, is_file=output is not None)
    if output is not None:
        click.echo(f"Written to {output}.", err=True)


def _age(found: Survey) -> Iterator[str]:
    """How old it is, beside a form that has no place for it."""
    if found.last_read is None:
        return
    from bridge.report.as_of import as_of_lines

    yield from as_of_lines(found.last_read, found.world.at)


def tell(lines: Iterable[str]) -> None:
    """Sentences beside the result, on standard error."""
    for line in lines:
        click.echo(table_cell(line), err=True)


def _page(
    settings: Settings,
    found: Survey,
    report: Reconciliation,
    rows: Sequence[Row],
    *,
    is_part: bool,
) -> Iterator[str]:
    from bridge.domain.overview import overview
    from bridge.domain.side import Side
    from bridge.report.report_html import Page, render_report_html

    page = Page(
        pair=settings.name,
        report=report,
        rows=rows,
        view=overview(report, found.world),
        trend=found.trend,
        notes=found.notes,
        urls={Side.KORE: settings.kore.task_url, Side.V2: settings.v2.task_url},
        is_part=is_part,
        last_read=found.last_read,
    )
    return render_report_html(page)


def _show_table(
    found: Survey,
    report: Reconciliation,
    rows: Sequence[Row],
    stream: TextIO,
    *,
    is_file: bool,
) -> None:
    from rich.console import Console

    from bridge.report.report_table import render_report_table

    console = Console(file=stream, highlight=False, width=FILE_WIDTH if is_file else None)
    render_report_table(report, rows, found.notes, console, found.last_read)


@contextmanager
def _stream(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or the file: whole at any time, the old one or the new one."""
    if output is None:
        yield sys.stdout
        return
    try:
        with replacing(output) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.") from error
