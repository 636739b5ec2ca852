"""How far a side has been read: its cursor, its sweep, and what its lists have proved."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.domain.side import Field, Side


class ProbeForm(StrEnum):
    """Which update of nothing the account takes; learnt by trying."""

    UNTRIED = "untried"
    EMPTY = "empty"
    ID_ONLY = "id_only"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideState:
    """What is remembered of a side between cycles.

    `cursor_at`: the newest change time that a poll itself has read (service's clock).
    `poll_offset` and `poll_newest_at`: where a poll that was cut short goes on, and the newest
    change time that it had read by then.
    `deep_newest_at`: the newest row of the last deep poll (service's clock); `deep_at`: when it
    was begun, `new_row_at`: when a poll last found a new row (both own clock).
    `deep_offset`: where a deep poll under way goes on, 0 if none is; `deep_begun_at`: when it
    began (own clock), `deep_top_at`: its newest row, `deep_has_new`: whether it found a new one.
    `is_sorted`: what the proof of the sort said, None before it. `not_before`: no request until
    then (own clock);
    `is_refused`: because it refused the key.
    `skew_seconds`: the service's clock minus ours. `identity`: the account the links belong to.
    `hidden`: the fields that its rows did not show when last looked at.
    """

    side: Side
    identity: str = ""
    cursor_at: datetime | None = None
    poll_offset: int = 0
    poll_newest_at: datetime | None = None
    deep_newest_at: datetime | None = None
    deep_at: datetime | None = None
    deep_found_new: bool = True
    deep_offset: int = 0
    deep_begun_at: datetime | None = None
    deep_top_at: datetime | None = None
    deep_has_new: bool = False
    new_row_at: datetime | None = None
    is_sorted: bool | None = None
    not_before: datetime | None = None
    not_before_reason: str = ""
    is_refused: bool = False
    polled_at: datetime | None = None
    failed_at: datetime | None = None
    fault: str = ""
    skew_seconds: float | None = None
    probe_form: ProbeForm = ProbeForm.UNTRIED
    probe_moves: bool | None = None
    hidden: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRead:
    """How old what is known of a side is: when its list was last read whole, and last polled.

    None is never.
    """

    whole_at: datetime | None = None
    polled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A reading of everything, under way or done.

    `offset` is where to read on, `last_id` the row that the next page must begin with.
    `is_ordered` turns false at the first row out of order, `had_fault` true at the first fault.
    `total` is the count that the service announced last.
    """

    side: Side
    id: int = 0
    started_at: datetime | None = None
    offset: int = 0
    last_id: str | None = None
    rows: int = 0
    total: int | None = None
    is_ordered: bool = True
    had_fault: bool = False
    completed_at: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether what it did not see can count as absent."""
        return self.completed_at is not None and self.is_ordered and not self.had_fault
