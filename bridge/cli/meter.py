"""How far each step of a run is, counted from events; safe for threads."""

import threading
from dataclasses import dataclass, field

from bridge.domain.side import Side
from bridge.ports import Event

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
