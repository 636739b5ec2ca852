"""What a reader sees before the rows: how much is in step, and of what kind the rest is; pure.

Counts the tasks that are there, as they were read, and the rows that are told.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.domain.link import LinkState
from bridge.domain.reconciled import Reconciliation, State, World
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Task
from bridge.domain.values import ShownText, Unseen, shown_as_text

COUNTED = (Field.STATUS, Field.PRIORITY)
HIDDEN, EMPTY = "(hidden)", "(empty)"
AGES = (
    ("less than an hour", timedelta(hours=1)),
    ("less than a day", timedelta(days=1)),
    ("less than a week", timedelta(weeks=1)),
    ("less than 30 days", timedelta(days=30)),
    ("30 days or more", timedelta.max),
)
UNKNOWN_AGE = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """How much was in step after a whole reading; `links` are all linked pairs."""

    at: datetime
    in_step: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`words` counts the tasks of each side by status and priority, most first; `drift` the told
    rows by the field that differs; `ages` the told rows by how long they stand so. `oldest` is
    since when the longest of them does.
    """

    in_step: int
    asked: int
    drift: Mapping[Field, int]
    words: Mapping[Field, Mapping[Side, Mapping[str, int]]]
    ages: Mapping[str, int]
    oldest: datetime | None


def trend_of(counted: Iterable[tuple[datetime, Mapping[str, int]]]) -> tuple[TrendPoint, ...]:
    """How it stood after each reading of everything, from what was counted then."""
    return tuple(
        TrendPoint(at=at, in_step=totals.get("in_step", 0), links=totals.get("links", 0))
        for at, totals in counted
    )


def overview(report: Reconciliation, world: World) -> Overview:
    """The overview of everything, whatever rows are asked for."""
    states = report.totals.states
    drift = Counter(one.name for row in report.told for one in row.fields)
    dates = [row.since for row in report.told]
    ages = Counter(_age(report.at, since) for since in dates)
    return Overview(
        in_step=states[State.IN_STEP],
        asked=sum(states.values()) - states[State.OUT_OF_SCOPE],
        drift={name: drift[name] for name in Field if drift[name]},
        words={name: _words(world, name) for name in COUNTED},
        ages={name: ages[name] for name in (*dict(AGES), UNKNOWN_AGE) if ages[name]},
        oldest=min((since for since in dates if since), default=None),
    )


def _age(at: datetime, since: datetime | None) -> str:
    if since is None:
        return UNKNOWN_AGE
    return next(name for name, most in AGES if at - since < most)


def _words(world: World, name: Field) -> dict[Side, dict[str, int]]:
    found: dict[Side, Counter[str]] = {side: Counter() for side in SIDES}
    for task in _tasks(world):
        found[task.side][_word(shown_as_text(task.shown(name)))] += 1
    for side, words in found.items():
        for text, count in world.settled.texts.get((side, name), {}).items():
            words[_word(text)] += count
    return {side: dict(sorted(found[side].items(), key=_most_first)) for side in SIDES}


def _word(text: ShownText) -> str:
    return HIDDEN if isinstance(text, Unseen) else text or EMPTY


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    text, count = counted
    return (-count, text)


def _tasks(world: World) -> Iterator[Task]:
    """Every task that is there and could be read."""
    for pair in world.joined:
        for side in SIDES:
            known = pair.known(side)
            is_living = pair.link.state is not LinkState.REMOVED
            if known is not None and is_living and world.has(pair.link, side):
                yield known.task
    for one in world.lone:
        if one.known is not None and not world.is_absent(one.side, one.task_id):
            yield one.known.task
