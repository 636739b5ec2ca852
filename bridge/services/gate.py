"""The gate before every request: a stop keeps it shut, the budget opens it.

Waits up to five seconds for the budget, through the clock; raises Stopped, or OverBudget (a
NotYet) with the seconds until the next call may be made. Nothing was sent by then.
"""

from bridge.domain.exchange import Purpose
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
                raise self._over(seconds)
            self._clock.sleep(seconds)
            waited += seconds

    def _over(self, seconds: float) -> OverBudget:
        text = (
            f"The calls that {self._side}.limits allows are used up; "
            f"the next may be made in {seconds:.0f} s."
        )
        return OverBudget(self._side, text, seconds=seconds)
