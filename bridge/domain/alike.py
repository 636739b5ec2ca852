"""Which two tasks, found on both sides, are one: by equal title and creation within a window.

Takes a task, the tasks across and those of its own side that have its title; gives its
counterpart if exactly one on each side fits, else what several fit. Titles compare as all texts
do (NFC, line ends, trailing blanks; case counts). A creation time that is not known rules nothing
out and proves nothing. Pure; asked from either of the two it says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Standing, Task

MOST_NAMES = 5
# Of these it is known what they are: a surplus, or somebody else's.
_OTHERWISE_KNOWN = frozenset({Standing.DUPLICATE, Standing.ORPHAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What fits a task: its `counterpart`, or `candidates` of which a person names the one."""

    counterpart: Known | None = None
    candidates: tuple[Known, ...] = ()
    why: str = ""


NOBODY = Alike()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How far apart two may have been created; `skew_seconds` is v2's clock minus Kore's."""

    width: timedelta
    skew_seconds: float = 0.0

    def apart(self, one: Task, other: Task) -> timedelta | None:
        """How far apart the two were created, on one clock; None if it is not known."""
        first, second = self._on_one_clock(one), self._on_one_clock(other)
        return None if first is None or second is None else abs(first - second)

    def _on_one_clock(self, task: Task) -> datetime | None:
        if task.created_at is None or task.side is Side.KORE:
            return task.created_at
        return task.created_at - timedelta(seconds=self.skew_seconds)


def find_alike(
    known: Known, across: Sequence[Known], beside: Sequence[Known], window: Window
) -> Alike:
    """What fits the task among `across`; `beside` are those of its own side, itself or not.

    Both are tasks without a counterpart that have its title.
    """
    fitting = _fitting(known, across, window)
    if not fitting:
        return NOBODY
    there = known.task.side.other.label
    if len(fitting) > 1:
        return _ambiguous(fitting, f"{len(fitting)} tasks of {there} fit it: {_names(fitting)}.")
    found, name = fitting[0], f"{fitting[0].task.name} of {there}"
    rivals = [one for one in _fitting(found, beside, window) if one.task.id != known.task.id]
    if rivals:
        others = f"{_names(rivals)} of {known.task.side.label}"
        return _ambiguous(fitting, f"{name} fits it, and fits {others} too.")
    if window.apart(known.task, found.task) is None:
        why = f"{name} may be its counterpart: when the two were created is not known."
        return _ambiguous(fitting, why)
    return Alike(counterpart=found, why=f"equal title, created within {in_words(window.width)}")


def in_words(width: timedelta) -> str:
    """A window as people read it."""
    for seconds, word in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, rest = divmod(width.total_seconds(), seconds)
        if count and not rest:
            return f"{count:g} {word}" if count == 1 else f"{count:g} {word}s"
    return f"{width.total_seconds():g} seconds"


def _fitting(known: Known, others: Sequence[Known], window: Window) -> list[Known]:
    return [one for one in others if _fits(known, one, window)]


def _fits(known: Known, other: Known, window: Window) -> bool:
    if other.standing in _OTHERWISE_KNOWN or other.gone_at is not None:
        return False
    if not known.task.title or _title_key(known) != _title_key(other):
        return False
    apart = window.apart(known.task, other.task)
    return apart is None or apart <= window.width


def _title_key(known: Known) -> str:
    title = known.task.fields.get(Field.TITLE)
    return title.key if title else ""


def _ambiguous(fitting: Sequence[Known], why: str) -> Alike:
    return Alike(candidates=tuple(fitting), why=why)


def _names(tasks: Sequence[Known]) -> str:
    named = ", ".join(one.task.name for one in tasks[:MOST_NAMES])
    more = len(tasks) - MOST_NAMES
    return named if more <= 0 else f"{named} and {more} more"
