"""What a cycle has done so far, counted; and the object that `sync --format json` prints."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.domain.operation import Operation, OperationKind, Outcome
from bridge.domain.side import SIDES, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One operation with what came of it."""

    operation: Operation
    outcome: Outcome
    note: str = ""


@dataclass(slots=True)
class Tally:
    """Counts of a run; safe to be added to from several threads.

    `read` holds the distinct tasks seen. `waiting` are the counts of what waits now,
    `open_creates` those of creates whose outcome is open.
    """

    read: dict[Side, set[str]] = field(default_factory=lambda: {side: set() for side in SIDES})
    linked: int = 0
    reports: list[Report] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    waiting: dict[str, int] = field(default_factory=dict)
    conflicts_decided: int = 0
    open_creates: Counter[Side] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def saw(self, side: Side, ids: list[str]) -> None:
        """These tasks were read."""
        with self._lock:
            self.read[side].update(ids)

    def add_link(self) -> None:
        """Two tasks that were there were linked."""
        with self._lock:
            self.linked += 1

    def report(self, operation: Operation, outcome: Outcome, note: str = "") -> None:
        """An operation is over, or planned."""
        with self._lock:
            self.reports.append(Report(operation=operation, outcome=outcome, note=note))

    def decided_conflict(self) -> None:
        """A conflict was decided by its rule."""
        with self._lock:
            self.conflicts_decided += 1

    def count(self, kind: OperationKind, side: Side, *outcomes: Outcome) -> int:
        """How many operations of that kind to that side ended so."""
        return sum(
            one.operation.kind is kind and one.operation.side is side and one.outcome in outcomes
            for one in self.reports
        )

    @property
    def is_idle(self) -> bool:
        """Whether nothing was linked or sent."""
        return not self.linked and not self.reports

    def summary(self, *, run_id: int, kind: str, is_dry: bool, seconds: float) -> dict[str, Any]:
        """The object of the contract (design section 11)."""
        done = (Outcome.PLANNED,) if is_dry else (Outcome.DONE,)
        found: dict[str, Any] = {
            "run_id": run_id,
            "kind": kind,
            "dry_run": is_dry,
            "read": {str(side): len(self.read[side]) for side in SIDES},
            "linked": self.linked,
            "created": self._by_side(OperationKind.CREATE, *done),
            "updated": self._by_side(OperationKind.UPDATE, *done),
            **{name: self.waiting.get(name, 0) for name in _WAITING},
            "requests": {str(side): self.requests[side] for side in SIDES},
            "seconds": round(seconds, 3),
            "operations": [_row(one) for one in self.reports],
        }
        if any(self.open_creates.values()):
            found["uncertain"] = {str(side): self.open_creates[side] for side in SIDES}
        return found

    def _by_side(self, kind: OperationKind, *outcomes: Outcome) -> dict[str, int]:
        return {str(side): self.count(kind, side, *outcomes) for side in SIDES}


_WAITING = ("conflicts", "failures", "unmapped", "unroutable")


def _row(report: Report) -> Mapping[str, Any]:
    operation = report.operation
    return {
        "side": str(operation.side),
        "kind": str(operation.kind),
        "kore_id": operation.kore_id,
        "v2_id": operation.v2_id,
        "fields": [str(name) for name in operation.fields],
        "after_read": [str(name) for name in operation.after_read],
        "reason": operation.reason,
        "outcome": str(report.outcome),
    }
