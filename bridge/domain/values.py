"""One observed value of one field of one task.

A value compares by its `key` alone, so that two spellings of the same name are one value;
`text` is what people read, `kind` is what else the word tells: a Kore status's category,
a priority's score, whether an assignee is a person or a queue. `None` is an observed empty
value, `UNSEEN` is a value that was not observed. They are never the same.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Final, TypeAlias

from bridge.domain.text import comparable, fold_word

QUEUE: Final = "queue"


class Unseen(Enum):
    """The type of UNSEEN."""

    UNSEEN = "unseen"


UNSEEN: Final = Unseen.UNSEEN


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is there; equal to another if their keys are equal."""

    key: str
    text: str = field(compare=False)
    kind: str = field(default="", compare=False)

    @property
    def is_queue(self) -> bool:
        """Whether this assignee is a queue and not a person."""
        return self.kind == QUEUE


Observed: TypeAlias = Value | None
Shown: TypeAlias = Value | Unseen | None
ShownText: TypeAlias = str | Unseen | None


def shown_as_text(shown: Shown) -> ShownText:
    """What people read of a value, where there is one and it is seen."""
    return shown.text if isinstance(shown, Value) else shown


def text_value(text: str | None) -> Observed:
    """A title or description; empty and blank texts are empty values."""
    key = comparable(text or "")
    return Value(key, text or "") if key else None


def status_value(name: str, category: str = "") -> Value:
    """A status by name; `category` (Kore only) is folded."""
    return Value(fold_word(name), name, fold_word(category))


def priority_value(name: str | None, score: float | None = None) -> Observed:
    """A priority by name; `score` is Kore's rank of it."""
    if not name or not name.strip():
        return None
    return Value(fold_word(name), name, "" if score is None else f"{score:g}")


def person_value(person_id: str, name: str | None) -> Value:
    """A person as assignee, by the id that the side knows."""
    return Value(person_id, name or person_id)


def queue_value(name: str) -> Value:
    """A Kore queue as assignee."""
    return Value(f"{QUEUE}:{name}", name, QUEUE)


def due_value(due_at: datetime | None) -> Observed:
    """An aware date-time as an instant in UTC with milliseconds."""
    if due_at is None:
        return None
    text = as_text(due_at)
    return Value(text, text)


def as_text(moment: datetime) -> str:
    """An aware moment as ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_moment(text: str) -> datetime:
    """The moment that `as_text` wrote.

    Raises ValueError if the text is no ISO 8601 moment with a zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return moment.astimezone(UTC)
