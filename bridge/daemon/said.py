"""What is said once when it begins and once when it is over, however many ticks it lasts."""

from collections.abc import Hashable
from datetime import datetime

from bridge.ports import Clock


class Said:
    """Remembers what has begun, and since when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: dict[Hashable, datetime] = {}

    def begins(self, what: Hashable) -> bool:
        """Whether this is news; from now on it lasts."""
        if what in self._since:
            return False
        self._since[what] = self._clock.now()
        return True

    def ends(self, what: Hashable) -> float | None:
        """For how many seconds it lasted, which is told once; None if it did not last."""
        since = self._since.pop(what, None)
        return None if since is None else (self._clock.now() - since).total_seconds()
