"""A list with what is noted of its rows: what people said, and who carries it out when.

For people alone: JSON and CSV keep the columns of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from bridge.cli.output import Column, Format, Row, show_rows

if TYPE_CHECKING:
    from bridge.daemon.status import Look

NOTED = Column("noted")


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted, by the number of its row, and who carries it out."""

    texts: Mapping[int, str] = field(default_factory=dict)
    when: str = ""

    @classmethod
    def of(cls, look: Look, texts: Mapping[int, str]) -> Noted:
        """What is noted now."""
        from bridge.daemon.noted import when_carried_out

        return cls(texts, when_carried_out(look) if texts else "")

    def lines_of(self, number: int) -> tuple[str, ...]:
        """What is noted of one row, for its page; nothing where nothing is."""
        text = self.texts.get(number)
        return (f"Noted: {text}.", self.when) if text else ()


def show_noted(rows: Sequence[Row], columns: Sequence[Column], noted: Noted) -> None:
    """The table, with one column more where anything is noted, and a sentence below it."""
    if not noted.texts:
        show_rows(rows, columns, Format.TABLE)
        return
    cells = [{**row, "noted": noted.texts.get(row["id"], "")} for row in rows]
    show_rows(cells, (*columns, NOTED), Format.TABLE)
    click.echo(f"\n{noted.when}")
