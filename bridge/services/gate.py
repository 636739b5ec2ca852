"""The gate before every request: a stop keeps it shut, the budget opens it.

Waits up to five seconds for the budget, through the clock; raises Stopped, or OverBudget (a
NotYet) with the seconds until the next call may be made. Nothing was sent by then.
"""

from datetime import datetime

from bridge.domain.exchange import Purpose
from bridge.domain.pace import Learnt
from bridge.domain.side import Side
from bridge.errors import OverBudget
from bridge.ports import Budget, Clock

MOST_WAIT_SECONDS = 5.0


class Gate:
    """Lets the calls of one side pass."""

    def __init__(self, side: Side, budget: Budget, clock: Clock) -> None:
        self._side = side
        self._budget = budget
        self._clock = clock

    def enter(self, purpose: Purpose) -> None:
        """Return as soon as one call may be made."""
        waited = 0.0
        while True:
            self._clock.check()
            seconds = self._budget.take(purpose)
            if seconds <= 0.0:
                return
            if waited + seconds > MOST_WAIT_SECONDS:
                raise self._over(seconds, purpose)
            self._clock.sleep(seconds)
            waited += seconds

    def refused(self, sent_at: datetime, seconds: float) -> Learnt | None:
        """The side refused a call all the same; gives the pace if that has lowered it."""
        return self._budget.refused(sent_at, seconds)

    def _over(self, seconds: float, purpose: Purpose) -> OverBudget:
        known = self._budget.learnt()
        what = (
            f"The {known.calls_a_minute} calls a minute that {self._side.label} is taken to allow "
            "since it refused more (429)"
            if known
            else f"The calls that {self._side}.limits allows"
        )
        kept = self._kept_for_polls(purpose)
        rest = f", but for {kept} kept for polls; the next other one" if kept else "; the next"
        text = f"{what} are used up{rest} may be made in {seconds:.0f} s."
        return OverBudget(self._side, text, seconds=seconds)

    def _kept_for_polls(self, purpose: Purpose) -> int:
        """How many calls are left all the same, which only a poll may make."""
        left = {} if purpose is Purpose.POLL else self._budget.left()
        return min(left.values(), default=0)
