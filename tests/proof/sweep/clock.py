"""Time as the harness, its simulated services and its bridges share it.

It lies in memory that forks share, stands still unless somebody moves it, and has one writer at
a time: the harness, or the bridge that it waits for. The services only read it.
"""

import mmap
import threading
from datetime import UTC, datetime, timedelta

from bridge.bootstrap import SystemClock

BEGINNING = datetime(2030, 1, 7, 8, 0, tzinfo=UTC)


class SharedTime:
    """Milliseconds since BEGINNING, in anonymous shared memory.

    Beside them lies the number of the phase under way, for whoever goes on after a kill.
    """

    def __init__(self) -> None:
        self._cell = memoryview(mmap.mmap(-1, 16)).cast("q")

    @property
    def phase(self) -> int:
        return self._cell[1]

    @phase.setter
    def phase(self, number: int) -> None:
        self._cell[1] = number

    @property
    def milliseconds(self) -> int:
        return self._cell[0]

    @milliseconds.setter
    def milliseconds(self, value: int) -> None:
        self._cell[0] = value

    @property
    def seconds(self) -> float:
        return self._cell[0] / 1000

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return BEGINNING + timedelta(milliseconds=self._cell[0])

    def move(self, seconds: float) -> None:
        """Time goes by."""
        self._cell[0] += round(seconds * 1000)


class BridgeClock(SystemClock):
    """A bridge's clock: each look takes a millisecond, so that no two moments are one."""

    def __init__(self, time: SharedTime) -> None:
        super().__init__()
        self._time = time
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            self._time.milliseconds += 1
            return self._time.now()

    def sleep(self, seconds: float) -> None:
        """Nobody waits: time is moved on."""
        self.check()
        with self._lock:
            self._time.move(max(0.0, seconds))
