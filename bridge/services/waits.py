"""How long a service that is too busy (429) wants to be left alone.

`Retry-After` comes as seconds or as an HTTP date (both observed), which counts from the
answer's own `Date`; where it is missing (Kore: unknown whether it is ever sent) the waits
grow, 1, 2, 4 s and on, until the service answers again.
"""

from math import isfinite
from threading import Lock

from bridge.services.exchange import Reply
from bridge.services.moments import read_http_date

SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 3600.0
LONGEST_GUESS_SECONDS = 300.0


class Waits:
    """The waits of one side; thread safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._guess = SHORTEST_SECONDS

    def is_told(self, reply: Reply) -> bool:
        """Whether the answer says how long to wait."""
        return _told_seconds(reply) is not None

    def seconds(self, reply: Reply) -> float:
        """Seconds to wait, between one second and an hour; each guess is twice the last."""
        told = _told_seconds(reply)
        if told is not None:
            return min(max(told, SHORTEST_SECONDS), LONGEST_SECONDS)
        with self._lock:
            guess = self._guess
            self._guess = min(guess * 2, LONGEST_GUESS_SECONDS)
        return guess

    def forget(self) -> None:
        """The service answers again: guesses begin anew."""
        with self._lock:
            self._guess = SHORTEST_SECONDS


def _told_seconds(reply: Reply) -> float | None:
    text = reply.headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        until = read_http_date(text)
        if until is None:
            return None
        seconds = (until - (reply.service_date or reply.answered_at)).total_seconds()
    return seconds if isfinite(seconds) else None
