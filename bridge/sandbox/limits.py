"""Rate limits: several sliding windows over the calls of one service.

Takes the windows as (calls, seconds) pairs and the service's time in milliseconds; says how
long a call that comes too early would have to wait. Calls that are refused are not counted.
"""

from collections import deque

Windows = tuple[tuple[int, float], ...]


class CallWindows:
    """The times of the calls let through, as far back as the longest window needs."""

    def __init__(self) -> None:
        self._passed: deque[int] = deque()

    def admit(self, windows: Windows, now: int) -> float:
        """Count a call made at `now`, or give the seconds (over 0) until one would pass."""
        wait = max((self._wait(calls, seconds, now) for calls, seconds in windows), default=0.0)
        if wait <= 0:
            self._passed.append(now)
            self._forget(max((seconds for _, seconds in windows), default=0.0), now)
        return wait

    def _wait(self, calls: int, seconds: float, now: int) -> float:
        """Seconds until one more call fits a window; 0 or less if it fits now."""
        if calls <= 0:
            return seconds
        if len(self._passed) < calls:
            return 0.0
        return (self._passed[-calls] - now) / 1000 + seconds

    def _forget(self, seconds: float, now: int) -> None:
        while self._passed and self._passed[0] <= now - seconds * 1000:
            self._passed.popleft()
