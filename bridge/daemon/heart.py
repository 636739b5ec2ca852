"""The daemon's heartbeat: that it lives, and that no second one works beside it.

Who finds the fresh heartbeat of another stands by; taking over and beating are one transaction,
so of two that find a stale one only one goes on.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from bridge.domain.records import Heartbeat
from bridge.ports import Clock, Store

BEATS_A_WINDOW = 4


def fresh_for(interval_seconds: float, lease_seconds: float) -> float:
    """For how many seconds a heartbeat counts: three intervals, as long as a lease at least."""
    return max(3.0 * interval_seconds, lease_seconds)


def is_fresh(heartbeat: Heartbeat, now: datetime, lease_seconds: float) -> bool:
    """Whether the daemon that left it is alive; one from the far future is a clock's mistake."""
    age = (now - heartbeat.beat_at).total_seconds()
    return abs(age) < fresh_for(heartbeat.interval_seconds, lease_seconds)


class Heart:
    """Beats for one daemon; thread safe. `interval_seconds` is the pace that its polls keep now."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        owner: str,
        *,
        interval_seconds: float,
        lease_seconds: float,
        is_dead: Callable[[str], bool] = lambda owner: False,
    ) -> None:
        self.interval_seconds = interval_seconds
        self.beats_every = fresh_for(interval_seconds, lease_seconds) / BEATS_A_WINDOW
        self._store = store
        self._clock = clock
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._is_dead = is_dead
        self._started_at = clock.now()
        self._lock = threading.Lock()
        self._is_over = False
        self._is_beating = False

    @property
    def is_beating(self) -> bool:
        """Whether the last try to beat found no other daemon alive."""
        return self._is_beating

    def beat(self) -> Heartbeat | None:
        """Beat, unless another daemon is alive: then give its heartbeat. Raises StoreError."""
        with self._lock:
            if self._is_over:
                return None
            now = self._clock.now()
            with self._store.begin(is_fleeting=True) as unit:
                found = unit.heartbeat()
                if found and not self._is_mine(found) and self._is_alive(found, now):
                    self._is_beating = False
                    return found
                unit.beat(
                    Heartbeat(
                        owner=self._owner,
                        beat_at=now,
                        started_at=self._started_at,
                        interval_seconds=self.interval_seconds,
                    )
                )
            self._is_beating = True
            return None

    def end(self) -> None:
        """Beat no more, and take the last one back. Raises StoreError."""
        with self._lock:
            self._is_over = True
            with self._store.begin() as unit:
                found = unit.heartbeat()
                if found and self._is_mine(found):
                    unit.end_heartbeat(self._owner)

    def _is_alive(self, found: Heartbeat, now: datetime) -> bool:
        return is_fresh(found, now, self._lease_seconds) and not self._is_dead(found.owner)

    def _is_mine(self, heartbeat: Heartbeat) -> bool:
        """By its start too: a process of the same name may be another one."""
        return (heartbeat.owner, heartbeat.started_at) == (self._owner, self._started_at)
