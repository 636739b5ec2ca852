"""What a wrong token costs, given in the form or as a bearer: time, and a line in the log.

Only so many wait at once, so that the other threads go on answering.
"""

from contextlib import suppress
from threading import BoundedSemaphore

from starlette.requests import Request

from bridge.errors import Stopped
from bridge.logs import logger
from bridge.ports import Clock

LATE_SECONDS = 0.5
MOST_WAITING = 4


class WrongTokens:
    """Meets every wrong token of one console."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting = BoundedSemaphore(MOST_WAITING)
        self._log = logger("bridge.daemon")

    def meet(self, request: Request) -> bool:
        """Log where one came from and wait; false, at once, where too many wait already."""
        # The word itself may be the right one of another bridge: it stands nowhere.
        peer = request.client.host if request.client else None
        self._log.warning("console: wrong token", peer=peer)
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            with suppress(Stopped):  # the daemon ends
                self._clock.sleep(LATE_SECONDS)
        finally:
            self._waiting.release()
        return True
