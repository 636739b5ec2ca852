"""The plain words in which the machine speaks of values, and which of them mean the same.

A value is a text or None; both grounds translate. What agrees is written down here once more, so
that the oracle does not believe what it tests.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from bridge.domain.marker import without_marker
from bridge.domain.side import Field, Side
from bridge.domain.values import Shown, Unseen

Plain: TypeAlias = str | None
Values: TypeAlias = Mapping[Field, Plain]

QUEUE = "queue:SupportQueue1"
PEOPLE = ("Robin Reed", "Sam Stone")
# Both services refuse a title that is longer than this.
LONGEST_TITLE = 60
TOO_LONG = "x" * 80

STATUSES = {
    Side.KORE: ("Open", "In Progress", "On Hold", "Resolved", "Closed"),
    Side.V2: ("new", "open", "in_progress", "in_review", "completed", "cancelled"),
}
PRIORITIES = {
    Side.KORE: ("Low", "Medium", "High", "Critical"),
    Side.V2: ("low", "medium", "high", "urgent", None),
}
FINISHED = {"Resolved", "Closed", "completed", "cancelled"}
DUES = ("2027-01-01T00:00:00.000Z", "2027-02-03T10:30:00.000Z", None)

_STATUSES_AGREE = {
    "Open": {"new", "open"},
    "In Progress": {"in_progress", "in_review"},
    "On Hold": {"open", "in_progress"},
    "Resolved": {"in_review", "completed"},
    "Closed": {"completed", "cancelled"},
}
_PRIORITIES_AGREE = {"Low": "low", "Medium": "medium", "High": "high", "Critical": "urgent"}


def agree(name: Field, kore: Plain, v2: Plain, stand_in: str = "") -> bool:
    """Whether the two values mean the same to people."""
    if name is Field.STATUS:
        return (v2 or "new") in _STATUSES_AGREE[kore or ""]
    if name is Field.PRIORITY:
        return v2 is None or _PRIORITIES_AGREE[kore or ""] == v2
    if name is Field.ASSIGNEE:
        return v2 == (None if kore == QUEUE else kore)
    if name is Field.TITLE and v2 is None:
        return kore == stand_in
    return kore == v2


def is_empty(value: Plain) -> bool:
    """Whether there is nothing of a person's in it."""
    return value is None or value == QUEUE


def plain(name: Field, shown: Shown) -> Plain:
    """A value of the domain as the machine speaks of it; None also where it was not observed."""
    if shown is None or isinstance(shown, Unseen):
        return None
    if name is Field.DESCRIPTION:
        return plain_text(shown.text)
    return f"queue:{shown.text}" if shown.is_queue else shown.text


def plain_text(text: str | None) -> Plain:
    """A description without its marker; None if nothing is left."""
    return without_marker(text).rstrip() or None


def as_moment(due: Plain) -> datetime | None:
    """A due date as a moment."""
    return None if due is None else datetime.fromisoformat(due).astimezone(UTC)
