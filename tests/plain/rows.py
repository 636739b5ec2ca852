"""What a row of each table holds: the bridge's own values, and what only the store knows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bridge.domain.link import Link
from bridge.domain.reading import SideState
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Known
from bridge.domain.vocabulary import Word


class Seen(NamedTuple):
    """An observation; `n` is the task's bit in the marks of a sweep."""

    n: int
    known: Known
    is_due: bool = False
    is_forgotten: bool = False

    @property
    def title_key(self) -> tuple[Side, str] | None:
        title = self.known.task.fields.get(Field.TITLE)
        return (self.known.task.side, title.key) if title else None

    @property
    def origin(self) -> tuple[Side, str] | None:
        marker = self.known.task.marker
        return (marker.side, marker.task_id) if marker else None


class Joined(NamedTuple):
    """A link with its mark."""

    link: Link
    is_due: bool = False


class Settling(NamedTuple):
    """A conflict: what was shown, and how it was decided."""

    id: int
    link_id: int
    field: Field
    shown: Mapping[str, Any]
    rule: str
    winner: Side | None
    since: datetime | None
    settled_at: datetime | None


class Line(NamedTuple):
    """A line of the history."""

    id: int
    run_id: int
    happening: Happening


class Ran(NamedTuple):
    """A run; `times` idle ones in a row are one row, the first of which began then."""

    id: int
    kind: str
    started_at: datetime
    first_started_at: datetime
    ended_at: datetime | None = None
    summary: Mapping[str, Any] | None = None
    totals: Mapping[str, int] | None = None
    is_idle: bool = False
    times: int = 1


class Learnt(NamedTuple):
    """A word, and when it last told something new."""

    word: Word
    learnt_at: datetime | None


class Remembered(NamedTuple):
    """The state of a side, and how far its journal was pruned."""

    state: SideState
    pruned: tuple[int, int] = (-1, -1)


class Held(NamedTuple):
    """The lease: owner and token stay until another one takes it; who waits for it."""

    owner: str
    token: int
    taken_at: datetime
    expires_at: datetime
    is_free: bool = False
    wanted_by: str | None = None
    wanted_at: datetime | None = None


def ordered_sides(side: Side | None) -> tuple[Side, ...]:
    """That side alone, or both."""
    return (side,) if side else SIDES
