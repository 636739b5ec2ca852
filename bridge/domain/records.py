"""What is remembered beside tasks and links: the pair, runs, history, signs of life, the lease."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.domain.side import Field, LinkId, Side, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class PairState:
    """What is remembered of the pair as a whole.

    `first_contact_ended_at` is None while first contact lasts. `tables` are the fingerprints of
    the mapping per field, `settings` that of the settings that decide. `paused` are the sides that
    people paused, each with the moment; `pruned_at` is when old history was last taken out and the
    files were wiped, None once texts were forgotten since; `begun_at` when this database first
    met the pair, which nobody changes.
    """

    first_contact_ended_at: datetime | None = None
    first_contact_how: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    paused: Mapping[Side, datetime] = field(default_factory=dict)
    pruned_at: datetime | None = None
    begun_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One cycle, backfill or report, as it is remembered; `totals` are counts per state.

    `times`: so many in a row in which nothing happened, the first of which began at
    `first_started_at`.
    """

    id: int
    kind: str
    started_at: datetime
    ended_at: datetime | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    times: int = 1
    first_started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of a task's history: what was done to it, and why."""

    what: str
    why: str = ""
    link_id: LinkId | None = None
    side: Side | None = None
    task_id: TaskId | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    field: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The daemon's sign of life. `interval_seconds` is the pace that its polls keep now."""

    owner: str
    beat_at: datetime
    started_at: datetime
    interval_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to run cycles for the pair, until `expires_at`; `token` grows with each owner.

    `wanted_at` is when another process last said that it waits for it.
    """

    owner: str
    token: int
    taken_at: datetime
    expires_at: datetime
    wanted_at: datetime | None = None
