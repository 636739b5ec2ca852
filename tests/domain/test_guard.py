"""A guard stands for single things; a person's word covers exactly those that were shown."""

from dataclasses import replace

import pytest

from bridge.domain.guard import (
    NEXT,
    Guard,
    GuardKind,
    confirmed,
    lowered,
    nothing_stands,
    raised,
    too_many,
    uncovered,
)
from bridge.domain.policy import Limits
from tests.domain.making import KORE, at

NONE = nothing_stands(GuardKind.MISSING, KORE)
STANDS = Guard(
    kind=GuardKind.MISSING,
    side=KORE,
    reason="Two are gone.",
    shown={"items": [1, 2]},
    since=at(0),
)


def test_a_guard_that_does_not_stand_holds_nothing_up() -> None:
    assert Guard(kind=GuardKind.MISSING, side=KORE, reason="", is_standing=False) == NONE
    assert (NONE.holds, NONE.is_confirmed, NONE.items) == (False, False, ())
    assert NONE.confirmed_items == frozenset()


def test_a_guard_stands_from_when_its_cause_is_seen() -> None:
    guard = raised(NONE, [1, 2], "Two are gone.", at(0))
    assert guard == STANDS
    assert guard.holds
    assert guard.items == (1, 2)


def test_a_guard_that_goes_on_for_the_same_things_says_the_same_since_the_same_time() -> None:
    assert raised(STANDS, [1, 2], "Told again.", at(9)) == STANDS


def test_a_guard_for_more_things_says_so_and_has_stood_all_the_time() -> None:
    guard = raised(STANDS, [1, 2, 3], "Three are gone.", at(9))
    assert (guard.items, guard.reason, guard.since) == ((1, 2, 3), "Three are gone.", at(0))


def test_a_guard_for_things_in_another_order_is_told_anew() -> None:
    assert raised(STANDS, [2, 1], "Told again.", at(9)).reason == "Told again."


def test_a_guard_that_was_confirmed_stands_anew_for_what_is_new() -> None:
    guard = raised(confirmed(STANDS, [1, 2], at(5)), [3], "One more.", at(9))
    assert (guard.holds, guard.items, guard.reason, guard.since) == (True, (3,), "One more.", at(9))
    assert guard.confirmed_items == {1, 2}


def test_a_confirmation_covers_what_was_shown_and_the_guard_stands_for_the_rest() -> None:
    guard = confirmed(STANDS, [1], at(5))
    assert guard == replace(
        STANDS, shown={"items": [2]}, confirmed={"items": [1]}, confirmed_at=at(5)
    )
    assert guard.holds
    both = confirmed(guard, [2], at(6))
    assert (both.is_standing, both.holds, both.items) == (False, False, ())
    assert both.confirmed == {"items": [1, 2]}
    assert both.confirmed_at == at(6)


def test_what_is_shown_exactly_as_confirmed_holds_nothing_up() -> None:
    same = replace(STANDS, confirmed={"items": [1, 2]})
    assert (same.is_confirmed, same.holds) == (True, False)
    other = replace(STANDS, confirmed={"items": [1]})
    assert (other.is_confirmed, other.holds) == (False, True)


def test_what_no_confirmation_covers_is_told_in_order_and_once() -> None:
    guard = confirmed(STANDS, [1], at(5))
    assert uncovered(guard, ["b", 10, 1, 9, 9]) == (10, 9, "b")
    assert uncovered(NONE, [2, 1]) == (1, 2)


def test_once_its_cause_is_over_only_what_is_still_there_stays_confirmed() -> None:
    guard = replace(STANDS, confirmed={"items": [1, 2, "x"]}, confirmed_at=at(5))
    low = lowered(guard, ["x", 2, 7])
    assert low == replace(
        guard, shown={}, reason="", confirmed={"items": [2, "x"]}, is_standing=False
    )
    assert lowered(guard, [7]) is None
    assert lowered(STANDS, [1, 2]) is None


@pytest.mark.parametrize(("count", "is_over"), [(10, False), (11, True)])
def test_too_many_is_more_than_the_limits_let_be(count: int, is_over: bool) -> None:
    limits = Limits(percent=5.0, count=10)
    assert too_many(iter(range(count)), limits, 100) is is_over


@pytest.mark.parametrize("kind", GuardKind)
def test_every_guard_says_what_a_person_can_do_and_that_the_cause_may_go_by_itself(
    kind: GuardKind,
) -> None:
    assert "task-bridge guard confirm." in NEXT[kind]
    goes = "kore.unobserved" if kind is GuardKind.PROBES else "the guard goes by itself"
    assert goes in NEXT[kind]
