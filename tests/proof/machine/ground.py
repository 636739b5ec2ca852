"""What the machine stands on: two services, a store, a clock, and the people who use them.

A ground is in process (`memory.py`) or over real HTTP against the simulated services
(`http.py`). Values are plain words; both translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bridge.domain.policy import ConflictRule, Direction
from bridge.domain.side import Field, Side
from bridge.ports import Clock, Events, Service, Store
from bridge.sync.desk import Rules
from tests.proof.machine.deeds import Fate
from tests.proof.machine.words import Plain, Values

SETTLE_SECONDS = 60.0
LEASE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How the two services are, and what the configuration says; drawn once an example."""

    page_size: Mapping[Side, int]
    is_sparse: bool
    is_sorted: Mapping[Side, bool]
    late_seconds: Mapping[Side, float]
    whole_seconds: bool
    skew_seconds: float
    probe_moves: bool
    create_answer: Mapping[Side, str]
    update_answer: str
    shows_author: bool
    completes_by_patch: bool
    search_finds: bool
    seconds_a_call: float
    direction: Direction
    conflict: ConflictRule
    tie: Side


class Ground(Protocol):
    """Two services and a store."""

    @property
    def setup(self) -> Setup: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def events(self) -> Events: ...

    @property
    def rules(self) -> Rules: ...

    def services(self) -> Mapping[Side, Service]: ...

    def store(self) -> Store: ...

    def restart(self) -> None:
        """The next process begins with nothing but the store."""

    def now(self) -> datetime:
        """The present moment, without moving it."""

    def pass_time(self, seconds: float) -> None: ...

    def stop(self) -> None:
        """Ask the process to end."""

    def go_on(self) -> None:
        """Forget that it was asked."""

    # ---- people --------------------------------------------------------------------------

    def add(self, side: Side, values: Values, case: int) -> str: ...

    def edit(self, side: Side, task_id: str, values: Values, *, keeps_marker: bool = True) -> None:
        """People edit a task; without its marker, what they write is the whole text."""

    def remove(self, side: Side, task_id: str) -> None: ...

    def set_case(self, case: int, *, is_closed: bool) -> None: ...

    # ---- faults --------------------------------------------------------------------------

    def fail(self, side: Side, call: str, fate: Fate) -> None:
        """The next call of that kind (page, read, search, create, update, probe) fails so."""

    def set_down(self, side: Side, *, is_down: bool) -> None: ...

    def set_unreadable(self, side: Side, task_id: str, *, is_unreadable: bool) -> None: ...

    def mend(self) -> None:
        """No fault is left, every case is open, nothing is late."""

    # ---- looking -------------------------------------------------------------------------

    def ids(self, side: Side) -> list[str]: ...

    def values(self, side: Side, task_id: str) -> dict[Field, Plain]: ...

    def snapshot(self, side: Side) -> dict[str, dict[Field, Plain]]: ...

    def stand_in(self, v2_id: str) -> str:
        """What Kore calls the v2 task if it has no title."""

    def changed_at(self, side: Side, task_id: str) -> datetime | None: ...

    def origin_of(self, side: Side, task_id: str) -> str | None:
        """The task that the marker of this one names."""

    def dump(self) -> dict[str, list[Any]]:
        """Every row that a cycle without news must leave alone."""

    def close(self) -> None: ...
