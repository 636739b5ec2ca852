"""How texts, names and values compare."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.side import Side
from bridge.domain.text import comparable, fold_name, fold_word, shortened
from bridge.domain.values import (
    UNSEEN,
    Shown,
    as_moment,
    as_text,
    due_value,
    person_value,
    priority_value,
    queue_value,
    status_value,
    text_value,
)
from tests.domain.making import NOON


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  \nb\t\n\n", "a\nb"),
    ],
    ids=["unicode form", "line ends", "trailing blanks"],
)
def test_texts_compare_without_what_people_cannot_see(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(("one", "other"), [("a", "A"), (" a", "a"), ("a\n\nb", "a\nb")])
def test_texts_that_people_see_as_different_differ(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


@given(st.text(max_size=60))
def test_comparing_a_compared_text_changes_nothing(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


def test_names_fold_case_and_blanks_but_words_fold_separators_too() -> None:
    assert fold_name("  Ann\t LEE ") == fold_name("ann lee") != fold_name("ann-lee")
    assert fold_word("In-Progress") == fold_word("in_progress") == fold_word("IN PROGRESS")


def test_a_shortened_text_is_one_line_of_at_most_the_length_asked_for() -> None:
    assert shortened("a\n b", 10) == "a b"
    assert shortened("abcdef ghi", 8) == "abcdef…"
    assert len(shortened("x" * 100, 80)) == 80


def test_values_are_equal_if_their_keys_are() -> None:
    assert status_value("In Progress", "Open") == status_value("in_progress", "Closed")
    assert text_value("a \r\n") == text_value("a")
    assert person_value("u1", "Ann") == person_value("u1", "Ann Lee") != person_value("u2", "Ann")
    assert len({status_value("open"), status_value("OPEN")}) == 1


def test_an_empty_value_is_not_an_unseen_one() -> None:
    assert text_value(None) is None
    assert text_value(" \n") is None
    assert priority_value(" ") is None
    assert due_value(None) is None
    shown: tuple[Shown, Shown] = (UNSEEN, text_value(None))
    assert shown[0] != shown[1]


def test_a_queue_is_never_a_person() -> None:
    assert queue_value("Field").is_queue
    assert not person_value("Field", None).is_queue
    assert queue_value("Field") != person_value("Field", "Field")
    assert person_value("u1", None).text == "u1"


def test_a_priority_remembers_its_score() -> None:
    blocker = priority_value("Blocker", 12.5)
    assert blocker is not None
    assert blocker.kind == "12.5"


def test_due_dates_compare_as_instants() -> None:
    east = timezone(timedelta(hours=2))
    assert due_value(NOON) == due_value(NOON.astimezone(east))
    assert as_text(NOON) == "2026-05-04T12:00:00.000Z"


@given(st.integers(0, 4_102_444_800_000_000))
def test_a_moment_written_as_text_is_read_back_to_the_millisecond(microseconds: int) -> None:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    back = as_moment(as_text(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@pytest.mark.parametrize("text", ["2026-05-04T12:00:00", "soon"])
def test_a_text_without_a_zone_or_sense_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|isoformat"):
        as_moment(text)


def test_each_side_knows_the_one_across() -> None:
    assert [(side.other.other, side.label) for side in Side] == [
        (Side.KORE, "Kore"),
        (Side.V2, "v2"),
    ]
