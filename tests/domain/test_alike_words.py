"""What people read of tasks that are alike, and which tasks are alike to nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.alike import NOBODY, Alike, Window, find_alike, in_words
from tests.domain.making import KORE, V2, a_known, at
from tests.domain.test_alike import A_DAY, alike, one


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (604_800, "7 days"),
        (90_000, "25 hours"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (120, "2 minutes"),
        (60, "1 minute"),
        (61, "61 seconds"),
        (1, "1 second"),
    ],
)
def test_a_window_is_told_in_the_largest_unit_of_which_it_is_a_number(
    seconds: int, words: str
) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (5, "V2-1, V2-2, V2-3, V2-4, V2-5."),
        (6, "V2-1, V2-2, V2-3, V2-4, V2-5 and 1 more."),
    ],
)
def test_five_candidates_are_named_and_the_rest_is_counted(count: int, named: str) -> None:
    kore, many = one(KORE), [one(V2, number) for number in range(1, count + 1)]
    assert alike(kore, [kore], many).why == f"{count} tasks of v2 fit it: {named}"


def test_one_whose_age_is_not_known_is_named_as_what_it_may_be() -> None:
    kore, v2 = one(KORE, created_at=None), one(V2)
    assert alike(kore, [kore], [v2]).why == (
        "V2-1 of v2 may be its counterpart: when the two were created is not known."
    )
    assert alike(v2, [kore], [v2]).why == (
        "KORE-1 of Kore may be its counterpart: when the two were created is not known."
    )


def test_a_task_that_is_gone_is_nobodys_counterpart_and_no_rival() -> None:
    kore, v2 = one(KORE), one(V2)
    gone = replace(one(V2, 2), gone_at=at(1))
    assert alike(kore, [kore], [gone]) == NOBODY
    found = alike(kore, [kore], [v2, gone])
    assert found.counterpart == v2


def test_what_is_like_nobody_has_nothing_to_say() -> None:
    assert Alike() == NOBODY
    assert (NOBODY.counterpart, NOBODY.candidates, NOBODY.why) == (None, (), "")


def test_clocks_that_were_never_compared_are_taken_to_agree() -> None:
    window = Window(width=timedelta(seconds=10))
    kore = one(KORE)
    assert alike(kore, [kore], [one(V2, created_at=at(-10))], window).counterpart
    assert alike(kore, [kore], [one(V2, created_at=at(10.5))], window) == NOBODY


@pytest.mark.parametrize("hidden", [KORE, V2])
def test_a_title_that_is_hidden_is_like_no_other(hidden: object) -> None:
    shown, unseen = (V2, KORE) if hidden is KORE else (KORE, V2)
    known, other = one(shown), a_known(unseen, title=...)
    assert find_alike(known, [other], [known], A_DAY) == NOBODY
    assert find_alike(other, [known], [other], A_DAY) == NOBODY
