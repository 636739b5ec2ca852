"""The overview's words and ages: what people read of how old and of what kind everything is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.domain.link import LinkState
from bridge.domain.overview import (
    AGES,
    EMPTY,
    HIDDEN,
    UNKNOWN_AGE,
    Overview,
    TrendPoint,
    overview,
    trend_of,
)
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import Joined, Lone, Reconciliation, Row, State, Totals, World
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from tests.domain.making import KORE, V2, a_link, at
from tests.domain.worlds import a_lone, a_pair, a_world

NOW = at(0)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
INSTANT = timedelta(microseconds=1)


def a_report(*since: datetime | None, states: dict[State, int] | None = None) -> Reconciliation:
    """A report of rows that drifted since those moments."""
    counted = dict.fromkeys(State, 0) | (states or {})
    totals = Totals(links=0, states=counted, by_side={KORE: counted, V2: counted})
    rows = tuple(Row(state=State.DRIFTED, sides=(KORE,), since=one) for one in since)
    return Reconciliation(at=NOW, rows=rows, totals=totals)


def seen_of(*since: datetime | None, **given: Any) -> Overview:
    return overview(a_report(*since, **given), a_world())


# --- ages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(0), "less than an hour"),
        (HOUR - INSTANT, "less than an hour"),
        (HOUR, "less than a day"),
        (DAY - INSTANT, "less than a day"),
        (DAY, "less than a week"),
        (WEEK - INSTANT, "less than a week"),
        (WEEK, "less than 30 days"),
        (30 * DAY - INSTANT, "less than 30 days"),
        (30 * DAY, "30 days or more"),
        (4000 * DAY, "30 days or more"),
    ],
)
def test_how_long_something_stands_so_is_told_in_five_steps(age: timedelta, words: str) -> None:
    assert seen_of(NOW - age).ages == {words: 1}


def test_ages_are_told_youngest_first_and_the_unknown_ones_last() -> None:
    found = seen_of(None, NOW - 40 * DAY, NOW - 2 * DAY, NOW, None, NOW - DAY)
    assert list(found.ages.items()) == [
        ("less than an hour", 1),
        ("less than a week", 2),
        ("30 days or more", 1),
        ("not known", 2),
    ]
    assert [name for name, _ in AGES] == [
        "less than an hour",
        "less than a day",
        "less than a week",
        "less than 30 days",
        "30 days or more",
    ]
    assert UNKNOWN_AGE == "not known"


def test_the_oldest_is_the_longest_of_those_whose_age_is_known() -> None:
    assert seen_of(NOW - DAY, None, NOW - WEEK, NOW).oldest == NOW - WEEK
    assert seen_of(None).oldest is None
    assert seen_of().oldest is None


def test_what_was_asked_for_is_everything_in_scope() -> None:
    counted = {State.IN_STEP: 5, State.OUT_OF_SCOPE: 7, State.DUPLICATE: 2, State.DRIFTED: 3}
    found = seen_of(states=counted)
    assert (found.in_step, found.asked) == (5, 10)


# --- the trend -----------------------------------------------------------------------------------


def test_the_trend_tells_of_each_reading_how_much_was_in_step() -> None:
    counted = [(at(1), {"in_step": 3, "links": 5, "drifted": 2}), (at(2), {"in_step": 4})]
    assert trend_of([*counted, (at(3), {"links": 6}), (at(4), {})]) == (
        TrendPoint(at=at(1), in_step=3, links=5),
        TrendPoint(at=at(2), in_step=4, links=0),
        TrendPoint(at=at(3), in_step=0, links=6),
        TrendPoint(at=at(4), in_step=0, links=0),
    )


# --- words ---------------------------------------------------------------------------------------


def words_of(world: World, name: Field) -> dict[Side, dict[str, int]]:
    found = overview(reconcile(world), world).words[name]
    return {side: dict(words) for side, words in found.items()}


def a_world_of(*about: Joined | Lone, shown: dict[Side, set[str]]) -> World:
    return a_world(
        joined=tuple(one for one in about if isinstance(one, Joined)),
        lone=tuple(one for one in about if isinstance(one, Lone)),
        shown={side: frozenset(ids) for side, ids in shown.items()},
    )


def test_hidden_is_counted_apart_from_empty_and_from_every_value() -> None:
    pair = a_pair(kore={"priority": ..., "status": ...}, v2={"priority": None})
    world = a_world_of(pair, shown={KORE: {"ti-1"}, V2: {"65f0"}})
    assert words_of(world, Field.PRIORITY) == {KORE: {"(hidden)": 1}, V2: {"(empty)": 1}}
    assert words_of(world, Field.STATUS) == {KORE: {"(hidden)": 1}, V2: {"open": 1}}
    assert (HIDDEN, EMPTY) == ("(hidden)", "(empty)")


def test_words_are_counted_most_first() -> None:
    def lone(number: int, **given: Any) -> Lone:
        task_id = TaskId(f"v{number}")
        pair = a_pair(v2=given)
        assert pair.v2 is not None
        known = replace(pair.v2, task=replace(pair.v2.task, id=task_id), standing=Standing.LEFT)
        return Lone(side=V2, task_id=task_id, known=known)

    alone = [lone(1, priority=None), lone(2), lone(3), lone(4, priority=...), lone(5, priority=...)]
    world = a_world_of(*alone, lone(6), shown={KORE: set(), V2: {f"v{one}" for one in range(1, 7)}})
    found = words_of(world, Field.PRIORITY)[V2]
    assert list(found.items()) == [("High", 3), ("(hidden)", 2), ("(empty)", 1)]


BOTH: dict[Side, set[str]] = {KORE: {"ti-1"}, V2: {"65f0"}}


@pytest.mark.parametrize(
    ("about", "shown", "counted"),
    [
        (a_pair(), BOTH, (1, 1)),
        (a_pair(), {KORE: set(), V2: {"65f0"}}, (0, 1)),
        (replace(a_pair(), kore=None), BOTH, (0, 1)),
        (a_pair(link=a_link(state=LinkState.CREATING, v2_id=None)), BOTH, (1, 0)),
        (a_lone(KORE), BOTH, (1, 0)),
        (a_lone(V2), {KORE: set(), V2: set()}, (0, 0)),
        (Lone(side=KORE, task_id=TaskId("ti-1")), BOTH, (0, 0)),
    ],
)
def test_a_task_counts_where_it_was_read_and_is_there(
    about: Joined | Lone, shown: dict[Side, set[str]], counted: tuple[int, int]
) -> None:
    found = words_of(a_world_of(about, shown=shown), Field.STATUS)
    assert (sum(found[KORE].values()), sum(found[V2].values())) == counted


def test_the_tasks_of_a_removed_link_are_counted_once_each_as_tasks_alone() -> None:
    removed = a_pair(link=a_link(state=LinkState.REMOVED))
    lone = [a_lone(side, Standing.LEFT) for side in (KORE, V2)]
    found = words_of(a_world_of(removed, *lone, shown=BOTH), Field.STATUS)
    assert found == {KORE: {"Open": 1}, V2: {"open": 1}}
