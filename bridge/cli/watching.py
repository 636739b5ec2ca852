"""What a person sees while a run goes on: a bar on a terminal, log lines everywhere else.

Both listen to events. `Meter` turns those into how far each step is; it is safe for threads.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.cli.invocation import Invocation
from bridge.domain.side import Side
from bridge.ports import Event, Events

if TYPE_CHECKING:
    from bridge.config import Settings

LINE_EVERY_SECONDS = 10.0
_COUNTED = {
    "probe": frozenset({"updateTask"}),
    "create": frozenset({"createTask", "POST /tasks/"}),
}
_LABELS = {"probe": "Looking at hidden fields", "create": "Creating"}


@dataclass(frozen=True, slots=True)
class Step:
    """How far one step is; `total` is None where nobody knows yet."""

    name: str
    label: str
    done: int
    total: int | None


@dataclass(slots=True)
class Meter:
    """Counts what events tell."""

    _steps: dict[str, Step] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, event: Event) -> Step | None:
        """The step that the event moved, or None."""
        with self._lock:
            step = self._moved(event)
            if step is not None:
                self._steps[step.name] = step
            return step

    def _moved(self, event: Event) -> Step | None:
        facts = event.details
        match event.what:
            case "progress":
                return _told(facts["step"], facts.get("side"), facts["done"], facts["total"])
            case "swept":
                return _told("read", facts["side"], facts["rows"], facts["rows"])
            case "request":
                return self._counted(str(facts["operation"]))
        return None

    def _counted(self, operation: str) -> Step | None:
        """One more of the step that makes such calls, if it is under way."""
        for name, operations in _COUNTED.items():
            step = self._steps.get(name)
            if step is not None and operation in operations and step.done < (step.total or 0):
                return Step(name, step.label, step.done + 1, step.total)
        return None


def _told(step: str, side: Side | None, done: int, total: int | None) -> Step:
    if side is None:
        return Step(step, _LABELS.get(step, step), done, total)
    label = f"Reading {Side(side).label}"
    return Step(f"{step} {side}", label, done, None if total is None else max(done, total))


class Lines:
    """Log lines; how far a step is at most every ten seconds."""

    def __init__(self) -> None:
        from bridge.logs import LogEvents, logger

        self._events = LogEvents()
        self._log = logger("bridge")
        self._meter = Meter()
        self._told_at = time.monotonic()

    def tell(self, event: Event) -> None:
        """Take one event."""
        self._events.tell(event)
        step = self._meter.take(event)
        now = time.monotonic()
        if step is None or now - self._told_at < LINE_EVERY_SECONDS:
            return
        self._told_at = now
        self._log.info("progress", step=step.name, done=step.done, total=step.total)


@contextmanager
def watching(invocation: Invocation, settings: "Settings") -> Iterator[Events]:
    """Where events of a run go while it lasts."""
    wants_lines = invocation.is_quiet or invocation.is_verbose or settings.log.format != "auto"
    if wants_lines or not sys.stderr.isatty():
        yield Lines()
        return
    from bridge.cli.progress_bar import ProgressBar

    with ProgressBar(Meter()) as bar:
        yield bar
