"""What several rooms of tests share: a clock that tests move, and an ear that keeps every event."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.bootstrap import SystemClock
from bridge.ports import Event


class MovableClock(SystemClock):
    """The machine's clock, moved on by whoever sleeps and by tests."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        self.check()
        self.pass_time(seconds)

    def pass_time(self, seconds: float) -> None:
        """Time goes by."""
        self.ahead += timedelta(seconds=seconds)

    def go_on(self) -> None:
        """Forget a stop that was asked for."""
        self._stop.clear()


class Heard:
    """Keeps every event."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, event: Event) -> None:
        self.events.append(event)

    def of(self, what: str) -> list[Mapping[str, Any]]:
        """The details of every event of that name."""
        return [event.details for event in self.events if event.what == what]
