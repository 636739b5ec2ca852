"""Two tasks found on both sides are one only if title and creation time leave no other choice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.alike import NOBODY, Alike, Window, find_alike, in_words
from bridge.domain.side import Side
from bridge.domain.task import Known, Standing
from tests.domain.making import KORE, NOON, V2, a_known, at, text

A_DAY = Window(width=timedelta(days=1))
TITLE = "Broken boiler"


def one(
    side: Side, number: int = 1, created_at: datetime | None = NOON, title: str | None = TITLE
) -> Known:
    name = f"{side}-{number}"
    return a_known(side, id=name, ref=name.upper(), title=text(title), created_at=created_at)


def alike(
    known: Known, kore: Sequence[Known], v2: Sequence[Known], window: Window = A_DAY
) -> Alike:
    across, beside = (v2, kore) if known.task.side is KORE else (kore, v2)
    return find_alike(known, across, beside, window)


def ids(found: Alike) -> tuple[str | None, list[str]]:
    counterpart = found.counterpart.task.id if found.counterpart else None
    return counterpart, [known.task.id for known in found.candidates]


def test_one_of_each_side_with_one_title_created_within_the_window_are_one_task() -> None:
    kore, v2 = one(KORE), one(V2, created_at=at(86_400))
    assert ids(alike(kore, [kore], [v2])) == ("v2-1", [])
    assert ids(alike(v2, [kore], [v2])) == ("kore-1", [])
    assert alike(kore, [kore], [v2]).why == "equal title, created within 1 day"


def test_created_further_apart_than_the_window_they_are_two() -> None:
    kore, v2 = one(KORE), one(V2, created_at=at(86_400.001))
    assert alike(kore, [kore], [v2]) == alike(v2, [kore], [v2]) == NOBODY


@pytest.mark.parametrize("skew", [-7200.0, 7200.0])
def test_what_the_clocks_of_the_services_differ_by_is_taken_off(skew: float) -> None:
    window = Window(width=timedelta(hours=1), skew_seconds=skew)
    kore, v2 = one(KORE), one(V2, created_at=at(skew))
    assert ids(alike(kore, [kore], [v2], window)) == ("v2-1", [])
    assert alike(kore, [kore], [one(V2)], window) == NOBODY


@pytest.mark.parametrize(
    ("title", "is_equal"),
    [
        ("Broken boiler  ", True),
        ("Broken boiler\r\n", True),
        ("broken boiler", False),
        ("Broken  boiler", False),
        ("Broken boiler!", False),
    ],
)
def test_titles_compare_as_all_texts_do(title: str, is_equal: bool) -> None:
    kore, v2 = one(KORE), one(V2, title=title)
    assert (alike(kore, [kore], [v2]).counterpart is not None) == is_equal


def test_titles_of_the_same_signs_in_other_code_points_are_equal() -> None:
    kore, v2 = one(KORE, title="Küche"), one(V2, title="Ku\u0308che")
    assert ids(alike(kore, [kore], [v2])) == ("v2-1", [])


def test_tasks_without_a_title_are_like_nobody() -> None:
    kore, v2 = one(KORE, title=None), one(V2, title=None)
    assert alike(kore, [kore], [v2]) == alike(v2, [kore], [v2]) == NOBODY


def test_where_two_of_the_other_side_fit_a_person_decides() -> None:
    kore, twins = one(KORE), [one(V2, 1), one(V2, 2)]
    found = alike(kore, [kore], twins)
    assert ids(found) == (None, ["v2-1", "v2-2"])
    assert found.why == "2 tasks of v2 fit it: V2-1, V2-2."
    for v2 in twins:
        found = alike(v2, [kore], twins)
        assert ids(found) == (None, ["kore-1"])
        other = "V2-2" if v2 is twins[0] else "V2-1"
        assert found.why == f"KORE-1 of Kore fits it, and fits {other} of v2 too."


def test_many_candidates_are_all_kept_and_some_of_them_named() -> None:
    kore, many = one(KORE), [one(V2, number) for number in range(9)]
    found = alike(kore, [kore], many)
    assert len(found.candidates) == 9
    assert found.why == "9 tasks of v2 fit it: V2-0, V2-1, V2-2, V2-3, V2-4 and 4 more."


def test_one_that_is_out_of_the_window_is_no_rival() -> None:
    kore, v2 = one(KORE), [one(V2, 1), one(V2, 2, created_at=at(100_000))]
    assert ids(alike(kore, [kore], v2)) == ("v2-1", [])
    assert alike(v2[1], [kore], v2) == NOBODY


def test_a_chain_of_tasks_that_fit_in_part_is_no_pair() -> None:
    """Kore 1 fits v2 1 alone, but v2 1 fits Kore 2 as well."""
    kore = [one(KORE, 1, created_at=at(-80_000)), one(KORE, 2, created_at=at(80_000))]
    v2 = [one(V2, 1)]
    assert ids(alike(kore[0], kore, v2)) == (None, ["v2-1"])
    assert ids(alike(kore[1], kore, v2)) == (None, ["v2-1"])


@pytest.mark.parametrize("side", [KORE, V2])
def test_an_unknown_creation_time_proves_nothing_and_rules_nothing_out(side: Side) -> None:
    kore = one(KORE, created_at=None if side is KORE else NOON)
    v2 = one(V2, created_at=None if side is V2 else NOON)
    for known in (kore, v2):
        found = alike(known, [kore], [v2])
        assert (found.counterpart, len(found.candidates)) == (None, 1)
        assert "not known" in found.why


@pytest.mark.parametrize("standing", [Standing.DUPLICATE, Standing.ORPHAN])
def test_a_surplus_task_is_nobody_s_counterpart(standing: Standing) -> None:
    kore, v2 = one(KORE), one(V2).standing_as(standing)
    assert alike(kore, [kore], [v2]) == NOBODY
    assert ids(alike(kore, [kore], [v2, one(V2, 2)])) == ("v2-2", [])


@pytest.mark.parametrize(
    "standing", [Standing.NEW, Standing.FINISHED, Standing.OUT_OF_SCOPE, Standing.AMBIGUOUS]
)
def test_whatever_else_a_task_stands_as_it_fits(standing: Standing) -> None:
    kore, v2 = one(KORE), one(V2).standing_as(standing)
    assert ids(alike(kore, [kore], [v2])) == ("v2-1", [])


TIMES = st.none() | st.sampled_from([0, 3600, 86_400, 90_000, 180_000]).map(at)
WORLDS = st.tuples(st.lists(TIMES, max_size=4), st.lists(TIMES, max_size=4))


@given(WORLDS)
def test_both_of_a_pair_find_each_other_and_nobody_is_in_two_pairs(
    times: tuple[list[datetime | None], list[datetime | None]],
) -> None:
    kore, v2 = (
        [one(side, number, moment) for number, moment in enumerate(of_side)]
        for side, of_side in zip((KORE, V2), times, strict=True)
    )
    found = {known.task.id: alike(known, kore, v2) for known in (*kore, *v2)}
    pairs = {name: one.counterpart.task.id for name, one in found.items() if one.counterpart}
    assert all(pairs[other] == name for name, other in pairs.items())
    for name, one_of in found.items():
        assert not (one_of.counterpart and one_of.candidates)
        for candidate in one_of.candidates:
            assert name not in pairs
            assert found[candidate.task.id].candidates, "what fits it is parked as well"


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(days=2), "2 days"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=1.5), "1.5 seconds"),
    ],
)
def test_a_window_in_words(width: timedelta, words: str) -> None:
    assert in_words(width) == words
