"""Time that passes as it does, but for waiting: when all wait, it jumps to the first who wakes.

Bridges, their threads and the services share one `SkippingTime`. While any thread of this process
works, has to wait for a processor, or for the disk, time runs as it is; after some milliseconds in
which none did, it jumps. So hours under a service's limits take minutes, and what work costs
still counts.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bridge.bootstrap import SystemClock

LOOK_SECONDS = 0.004
# Within a look somebody worked if the processor was used for longer than this.
WORK_SECONDS = 0.0015
QUIET_LOOKS = 3
TASKS, BUSY = "/proc/self/task", frozenset("RD")


class SkippingTime:
    """The time itself; thread safe."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._real = time.monotonic()
        self._skipped = 0.0
        self._lock = threading.Lock()
        self._wakes: list[float] = []
        self._looked = (time.monotonic(), time.process_time())
        self._quiet = 0

    @property
    def seconds(self) -> float:
        """Seconds since its beginning."""
        return time.monotonic() - self._real + self._skipped

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._began + timedelta(seconds=self.seconds)

    def wait_until(self, moment: float, stop: threading.Event) -> bool:
        """Wait until so many seconds; true if `stop` was set meanwhile."""
        with self._lock:
            self._wakes.append(moment)
        try:
            while self.seconds < moment:
                if stop.wait(LOOK_SECONDS):
                    return True
                self._skip_if_quiet()
            return stop.is_set()
        finally:
            with self._lock:
                self._wakes.remove(moment)
                self._quiet = 0

    def _skip_if_quiet(self) -> None:
        with self._lock:
            real, worked = time.monotonic(), time.process_time()
            since, before = self._looked
            if real - since < LOOK_SECONDS:
                return  # another sleeper has just looked
            self._looked = (real, worked)
            is_at_work = worked - before > WORK_SECONDS or _is_any_thread_busy()
            self._quiet = 0 if is_at_work else self._quiet + 1
            if self._quiet >= QUIET_LOOKS:
                self._quiet = 0
                self._skipped += max(0.0, min(self._wakes) - self.seconds)


def _is_any_thread_busy() -> bool:
    """Whether a thread beside this one runs, or would if it were let: R or D in /proc."""
    mine = threading.get_native_id()
    try:
        threads = [one for one in os.listdir(TASKS) if one != str(mine)]
    except FileNotFoundError:
        return False  # not on Linux: the processor's time must do
    return any(_state_of(one) in BUSY for one in threads)


def _state_of(thread: str) -> str:
    try:
        text = Path(TASKS, thread, "stat").read_text()
    except OSError:
        return ""  # it ended just now
    return text.rpartition(")")[2][1:2]


class SkippingClock(SystemClock):
    """A bridge's clock that shows that time; a stop ends its waits alone."""

    def __init__(self, shared: SkippingTime) -> None:
        super().__init__()
        self._shared = shared
        self._told = threading.Event()

    def now(self) -> datetime:
        """The present moment."""
        return self._shared.now()

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as a stop is asked for."""
        self.check()
        self._shared.wait_until(self._shared.seconds + max(0.0, seconds), self._told)
        self.check()

    def stop(self) -> None:
        """Ask everything to end."""
        super().stop()
        self._told.set()
