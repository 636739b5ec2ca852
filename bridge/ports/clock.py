"""Time and waiting, which tests move, and the ear of whoever watches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class Clock(Protocol):
    """Time and waiting; tests move it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as a stop is asked for."""

    def check(self) -> None:
        """Raises Stopped if a stop was asked for."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for whoever watches; `what` is a word, `details` are its facts."""

    what: str
    details: Mapping[str, Any] = field(default_factory=dict)


class Events(Protocol):
    """Where events go."""

    def tell(self, event: Event) -> None:
        """Take one event."""
