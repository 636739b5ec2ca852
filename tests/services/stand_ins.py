"""What stands behind the ports in these tests: a clock that is moved, an ear, a budget."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.domain.exchange import Purpose
from bridge.domain.pace import Learnt
from bridge.errors import Stopped
from bridge.ports import Event

NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)


class MovedClock:
    """A clock that moves by its own sleeps alone; sleeping takes no time."""

    def __init__(self) -> None:
        self.moment = NOON
        self.slept: list[float] = []
        self.is_stopped = False

    def __call__(self) -> datetime:
        return self.moment

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.check()
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)

    def check(self) -> None:
        if self.is_stopped:
            raise Stopped


class Ear:
    """Hears every event."""

    def __init__(self) -> None:
        self.heard: list[Event] = []

    def tell(self, event: Event) -> None:
        self.heard.append(event)

    def details(self, what: str) -> list[Mapping[str, Any]]:
        return [event.details for event in self.heard if event.what == what]


class ScriptedBudget:
    """A budget that gives the waits it was told to, then none."""

    def __init__(self, *waits: float) -> None:
        self.waits = deque(waits)
        self.taken: list[Purpose] = []
        self.refusals: list[tuple[datetime, float]] = []
        self.pace: Learnt | None = None
        self.remaining: Mapping[str, int] = {}

    def take(self, purpose: Purpose) -> float:
        self.taken.append(purpose)
        return self.waits.popleft() if self.waits else 0.0

    def left(self) -> Mapping[str, int]:
        return self.remaining

    def refused(self, sent_at: datetime, seconds: float) -> Learnt | None:
        self.refusals.append((sent_at, seconds))
        return self.pace

    def learnt(self) -> Learnt | None:
        return self.pace
