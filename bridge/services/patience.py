"""Trying a read again: transport faults, 5xx, 429 and odd answers, for a few seconds in all.

Takes an attempt, gives its result; the waits grow, are jittered, and go through the clock, so
that a stop interrupts them. What would take longer is raised: nobody waits with the lease.
"""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential_jitter

from bridge.domain.side import Side
from bridge.errors import BadAnswer, NotYet, OverBudget, Unreachable
from bridge.ports import Clock, Event, Events
from bridge.services.exchange import Call

MOST_BUSY_SECONDS = 5.0
T = TypeVar("T")
_growing = wait_exponential_jitter(multiplier=0.25, max=2.5, jitter=0.25)


class Patience:
    """Tries reads of one side again; `seconds` bounds the waits after faults."""

    def __init__(self, side: Side, seconds: float, clock: Clock, events: Events) -> None:
        self._side = side
        self._seconds = seconds
        self._clock = clock
        self._events = events

    def try_again(self, call: Call, attempt: Callable[[], T]) -> T:
        """The result of the first attempt that succeeds, else the error of the last one."""

        def tell(state: RetryCallState) -> None:
            self._tell(call, state)

        retrying = Retrying(
            sleep=self._clock.sleep,
            wait=_wait,
            stop=self._is_over,
            retry=retry_if_exception(_may_pass),
            before_sleep=tell,
            reraise=True,
        )
        return retrying(attempt)

    def _is_over(self, state: RetryCallState) -> bool:
        """Whether the next wait is more than is left, by the waits or by the clock on the wall."""
        most = MOST_BUSY_SECONDS if isinstance(_error(state), NotYet) else self._seconds
        spent = max(state.idle_for, state.seconds_since_start or 0.0)
        return spent + state.upcoming_sleep > most

    def _tell(self, call: Call, state: RetryCallState) -> None:
        details = {
            "side": self._side,
            "operation": call.operation,
            "purpose": call.purpose,
            "attempt": state.attempt_number,
            "seconds": state.upcoming_sleep,
            "why": type(_error(state)).__name__,
        }
        self._events.tell(Event("retry", details))


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, OverBudget):
        return False
    return isinstance(error, Unreachable | BadAnswer | NotYet)


def _wait(state: RetryCallState) -> float:
    error = _error(state)
    return error.seconds if isinstance(error, NotYet) else _growing(state)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
