"""Counting the steps of a bridge, and killing it at one of them.

Installed in a forked bridge process only: it hears SQLAlchemy's engines, and stands between the
bridge and each service. A commit that changed nothing is no step: the database is as it was.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from bridge.domain.exchange import Answer
from bridge.domain.operation import WriteRequest
from bridge.domain.side import Side
from bridge.errors import Refused, TaskRefused
from bridge.ports import Service
from bridge.sandbox import Fault
from tests.proof.sweep.points import LATE_SECONDS, TOO_LATE_SECONDS, Fate, Point, Step
from tests.proof.sweep.services import Services

_SEEN = "sweep_changes_seen"
_COMMITS = "sweep_commits"
# The services' own names of the calls, where the bridge has others.
CALLS = {
    "POST /tasks/": "createTask",
    "PATCH /tasks/{id}": "updateTask",
    "POST /tasks/{id}/complete": "completeTask",
}
_FAULTS = {
    Fate.NOT_APPLIED: (Fault.DROP_BEFORE, 0.0),
    Fate.LOST: (Fault.DROP_AFTER, 0.0),
    Fate.FAILED: (Fault.FAIL_AFTER, 0.0),
    Fate.LATE: (Fault.LATE_APPLY_DROP, LATE_SECONDS),
    Fate.TOO_LATE: (Fault.LATE_APPLY_DROP, TOO_LATE_SECONDS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """Which step it is: `matches` is asked with each step and its number among all so far."""

    matches: Callable[[Point, int], bool]
    fate: Fate
    is_alive: bool = False


def die() -> NoReturn:
    """The process is gone, as if the power had been cut for it alone."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL was survived")


class Watch:
    """Counts the steps of this process, of one phase after the other."""

    def __init__(self, services: Services, trap: Trap | None = None) -> None:
        self.points: list[Point] = []
        self.writes = 0
        self.phase = 0
        self.has_struck = False
        self._services = services
        self._trap = trap
        self._counts: Counter[tuple[int, str, Step]] = Counter()
        self._lock = threading.Lock()
        self._dies_at_next_commit = False

    def install(self) -> None:
        """Hear every engine of this process from now on."""
        event.listen(Engine, "commit", self._before_commit)
        event.listen(Engine, "rollback", self._before_rollback)
        event.listen(Pool, "checkin", self._after_use)

    def stand_before(self, side: Side, service: Service) -> "WatchedService":
        return WatchedService(side, service, self)

    # ---- commits ------------------------------------------------------------------------

    def _before_commit(self, connection: Connection) -> None:
        info = connection.info
        changes = connection.connection.driver_connection.total_changes  # type: ignore[union-attr]
        is_file = bool(connection.engine.url.database)
        info[_COMMITS] = is_file and changes != info.get(_SEEN, 0)
        info[_SEEN] = changes

    def _before_rollback(self, connection: Connection) -> None:
        connection.info[_COMMITS] = False

    def _after_use(self, raw: Any, entry: ConnectionPoolEntry) -> None:
        """The connection comes back: what it committed is in the database by now."""
        if not entry.info.pop(_COMMITS, False):
            if raw is not None:
                entry.info[_SEEN] = raw.total_changes
            return
        point = self._count(Step.COMMIT, "", _role(threading.current_thread().name))
        if self._dies_at_next_commit or self._strikes(point):
            die()

    # ---- writes -------------------------------------------------------------------------

    def write(
        self, side: Side, request: WriteRequest, send: Callable[[WriteRequest], Answer]
    ) -> Answer:
        """Send a write, unless it is the step at which the bridge dies."""
        call = CALLS.get(request.call, request.call)
        point = self._count(Step.WRITE, call, str(side))
        self.writes += 1
        if not self._strikes(point):
            return self._sent(point, request, send)
        trap = self._trap
        assert trap is not None
        if trap.fate is Fate.NOT_APPLIED and not trap.is_alive:
            die()
        self._services.order("order_fault", side, call, *_FAULTS[trap.fate])
        if trap.is_alive:
            return send(request)
        if trap.fate is Fate.FAILED:
            self._dies_at_next_commit = True
            return send(request)
        try:
            send(request)
        finally:
            die()

    def _sent(
        self, point: Point, request: WriteRequest, send: Callable[[WriteRequest], Answer]
    ) -> Answer:
        """Send it; a write that is refused is noted as such: it has no effect, however late."""
        try:
            return send(request)
        except (Refused, TaskRefused):
            with self._lock:
                place = self.points.index(point)
                self.points[place] = replace(point, what=f"{point.what}, refused")
            raise

    # ---- both ---------------------------------------------------------------------------

    def _count(self, step: Step, what: str, thread: str) -> Point:
        with self._lock:
            key = (self.phase, thread, step)
            self._counts[key] += 1
            number = self._counts[key]
            point = Point(phase=self.phase, thread=thread, step=step, number=number, what=what)
            self.points.append(point)
            return point

    def _strikes(self, point: Point) -> bool:
        if self._trap is None or self.has_struck:
            return False
        with self._lock:
            self.has_struck = self._trap.matches(point, len(self.points))
            return self.has_struck


class WatchedService:
    """A service whose writes are steps; everything else goes straight through."""

    def __init__(self, side: Side, service: Service, watch: Watch) -> None:
        self._side = side
        self._service = service
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)

    def send(self, request: WriteRequest) -> Answer:
        return self._watch.write(self._side, request, self._service.send)


def _role(thread: str) -> str:
    """`main`, `kore`, `v2`: the threads of a batch are named for the side that they write to.

    A write goes by its side, whichever thread sends it.
    """
    if thread.startswith("write-"):
        return thread.removeprefix("write-").partition("_")[0]
    return "main" if thread == "MainThread" else "other"
