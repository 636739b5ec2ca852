"""How old what a report tells is, where it was made from the database alone."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bridge.domain.reading import LastRead
from bridge.domain.side import SIDES, Side
from bridge.domain.values import as_text
from bridge.report.plain import age, local_time


def as_of_lines(last_read: Mapping[Side, LastRead], at: datetime) -> Iterator[str]:
    """One line for each side, for people."""
    for side in SIDES:
        whole_at, polled_at = last_read[side].whole_at, last_read[side].polled_at
        whole = f"last read whole {_when(whole_at, at)}" if whole_at else "never read whole"
        polled = f"last polled {_when(polled_at, at)}" if polled_at else "never polled"
        yield f"{side.label}: {whole}, {polled}."


def as_of_object(last_read: Mapping[Side, LastRead]) -> dict[str, Any]:
    """The same for programs, in UTC; null is never."""
    return {
        str(side): {
            "read_whole_at": _utc(last_read[side].whole_at),
            "polled_at": _utc(last_read[side].polled_at),
        }
        for side in SIDES
    }


def _when(moment: datetime, at: datetime) -> str:
    since = age(at, moment)
    return f"{local_time(moment)} ({since if since == 'just now' else f'{since} ago'})"


def _utc(moment: datetime | None) -> str | None:
    return as_text(moment) if moment else None
