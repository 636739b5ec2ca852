"""Faults that a test or a demo orders for the next calls of a service.

Takes an operation's name (or `*`), a fault and how often; gives the fault to the first call
that matches. Orders are served in the order in which they were given. Thread safe.
"""

import threading
from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """What goes wrong with one call."""

    FAIL_BEFORE = "fail_before"
    FAIL_AFTER = "fail_after"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    TRUNCATE = "truncate"
    HTML_200 = "html_200"
    ERROR_OBJECT_200 = "error_object_200"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    BAD_REQUEST = "bad_request"
    TOO_MANY_SECONDS = "too_many_seconds"
    TOO_MANY_DATE = "too_many_date"
    TOO_MANY_PLAIN = "too_many_plain"
    LATE_APPLY = "late_apply"
    LATE_APPLY_DROP = "late_apply_drop"


# In words; `applied` means that the write took effect.
MEANINGS = {
    Fault.FAIL_BEFORE: "500, not applied",
    Fault.FAIL_AFTER: "applied, then 500",
    Fault.DROP_BEFORE: "connection closed without an answer, not applied",
    Fault.DROP_AFTER: "applied, then the connection closed without an answer",
    Fault.HANG: "held for SECONDS, not applied, then 504",
    Fault.HANG_AFTER: "applied, held for SECONDS, then the true answer",
    Fault.TRUNCATE: "applied; fewer bytes than content-length says, then closed",
    Fault.HTML_200: "a gateway's page with status 200, not applied",
    Fault.ERROR_OBJECT_200: "an error object with status 200, not applied",
    Fault.UNAUTHORIZED: "401, not applied",
    Fault.FORBIDDEN: "403, not applied",
    Fault.NOT_FOUND: "404, not applied",
    Fault.BAD_REQUEST: "400, not applied",
    Fault.TOO_MANY_SECONDS: "429, Retry-After: SECONDS",
    Fault.TOO_MANY_DATE: "429, Retry-After: the date SECONDS from now",
    Fault.TOO_MANY_PLAIN: "429 without Retry-After",
    Fault.LATE_APPLY: "500 now, applied SECONDS later",
    Fault.LATE_APPLY_DROP: "no answer now, applied SECONDS later",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One fault as it was ordered. `seconds` is real time for HANG, service time else."""

    operation: str
    fault: Fault
    seconds: float


class FaultPlan:
    """The faults still to come of one service, and the holds that can be released."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Planned] = []
        self._releases = 0

    def add(self, operation: str, fault: Fault, times: int = 1, seconds: float = 30.0) -> None:
        """Order `fault` for the next `times` calls of `operation` (`*`: of any).

        `seconds` is how long HANG and HANG_AFTER hold (real seconds), how long after the call
        LATE_APPLY takes effect (seconds of the sandbox clock), or what Retry-After says.
        """
        planned = Planned(operation=operation, fault=fault, seconds=seconds)
        with self._lock:
            self._planned += [planned] * times

    def take(self, operation: str) -> Planned | None:
        """The first order that fits this call, used up by it; None if there is none."""
        with self._lock:
            for place, planned in enumerate(self._planned):
                if planned.operation in ("*", operation):
                    return self._planned.pop(place)
        return None

    def clear(self) -> None:
        """Forget every order that no call has met yet."""
        with self._lock:
            self._planned.clear()

    @property
    def waiting(self) -> list[Planned]:
        """The orders that no call has met yet, in order."""
        with self._lock:
            return list(self._planned)

    def release(self) -> None:
        """Let go of every call that HANG or HANG_AFTER holds now."""
        with self._lock:
            self._releases += 1

    @property
    def releases(self) -> int:
        """How often `release` was called; a held call watches it grow."""
        with self._lock:
            return self._releases
