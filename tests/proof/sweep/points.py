"""Where a bridge dies, and what becomes of the write that it was about to send.

A point is found again by the phase, the thread and its number there: with one worker a side the
steps of each thread come in the same order every time.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Step(StrEnum):
    """What a bridge can die at."""

    COMMIT = "commit"
    WRITE = "write"


class Fate(StrEnum):
    """What becomes of a write; of a commit only that the bridge dies right after it."""

    KILLED = "killed"
    NOT_APPLIED = "not-applied"
    LOST = "lost"  # applied, the answer does not arrive
    FAILED = "failed"  # applied, answered 5xx
    LATE = "late"  # applied after the bridge first looked, before the settle time is over
    TOO_LATE = "too-late"  # applied after the settle time


WRITE_FATES = (Fate.NOT_APPLIED, Fate.LOST, Fate.FAILED, Fate.LATE)
# Seconds after the request left: the settle time begins half a minute after it and lasts one.
LATE_SECONDS = 45.0
TOO_LATE_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One step of one scenario: the number counts the steps of its kind in its thread and phase."""

    phase: int
    thread: str
    step: Step
    number: int
    what: str = field(default="", compare=False)

    @property
    def is_create(self) -> bool:
        return self.step is Step.WRITE and self.what == "createTask"

    @property
    def text(self) -> str:
        return f"{self.phase}.{self.thread}.{self.step}.{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run of the sweep.

    `is_alive`: the write meets its fate, but the bridge lives on. `second` is the number of the
    step of the recovery at which it dies again, `second_fate` what becomes of it if it is a write.
    """

    scenario: str
    point: Point
    fate: Fate
    is_alive: bool = False
    workers: int = 1
    second: int = 0
    second_fate: Fate = Fate.LOST

    @property
    def key(self) -> str:
        """What tells this run from others, and replays it."""
        parts = [self.scenario, self.point.text, self.fate]
        if self.is_alive:
            parts.append("alive")
        if self.workers != 1:
            parts.append(f"workers={self.workers}")
        if self.second:
            parts.append(f"again={self.second}.{self.second_fate}")
        return ":".join(parts)

    def again(self, number: int, fate: Fate) -> "Attempt":
        """The same with a second kill, during the recovery."""
        return replace(self, second=number, second_fate=fate)


_POINT = re.compile(r"(\d+)\.(\w+)\.(commit|write)\.(\d+)")
_AGAIN = re.compile(r"again=(\d+)\.([\w-]+)")


def attempt_of(key: str) -> Attempt:
    """The run that a key names; raises ValueError if it is none."""
    scenario, point, fate, *rest = key.split(":")
    found = _POINT.fullmatch(point)
    if found is None:
        raise ValueError(f"{point!r} is no point; it looks like 0.main.commit.3")
    phase, thread, step, number = found.groups()
    attempt = Attempt(
        scenario=scenario,
        point=Point(phase=int(phase), thread=thread, step=Step(step), number=int(number)),
        fate=Fate(fate),
    )
    for part in rest:
        attempt = _with_option(attempt, part)
    return attempt


def _with_option(attempt: Attempt, part: str) -> Attempt:
    again = _AGAIN.fullmatch(part)
    if again is not None:
        return attempt.again(int(again[1]), Fate(again[2]))
    if part.startswith("workers="):
        return replace(attempt, workers=int(part.removeprefix("workers=")))
    if part == "alive":
        return replace(attempt, is_alive=True)
    raise ValueError(f"{part!r} is no part of a run's name")
