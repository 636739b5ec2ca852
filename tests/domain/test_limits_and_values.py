"""How many links may be hit at once, what holds where nothing is said, and what a value is."""

from datetime import UTC, datetime

import pytest

from bridge.domain.policy import Limits, Scope
from bridge.domain.values import Value, as_moment, priority_value, text_value


@pytest.mark.parametrize(
    ("hit", "of", "exceeded"),
    [
        (10, 10, False),
        (11, 11, True),
        (11, 219, True),
        (11, 220, False),
        (11, 1000, False),
        (50, 1000, False),
        (51, 1000, True),
    ],
)
def test_it_takes_more_than_ten_links_and_more_than_five_percent(
    hit: int, of: int, exceeded: bool
) -> None:
    assert Limits().are_exceeded(hit, of) is exceeded


def test_a_limit_that_is_set_counts_instead() -> None:
    limits = Limits(percent=50.0, count=2)
    assert not limits.are_exceeded(2, 2)
    assert not limits.are_exceeded(5, 10)
    assert limits.are_exceeded(6, 10)


def test_what_was_finished_before_gets_no_counterpart_unless_asked() -> None:
    assert not Scope().has_finished


def test_a_value_tells_nothing_else_unless_it_is_said() -> None:
    assert Value("k", "K").kind == ""


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_no_text_and_a_blank_one_are_empty(text: str | None) -> None:
    assert text_value(text) is None


@pytest.mark.parametrize(("score", "kind"), [(10.0, "10"), (2.5, "2.5"), (0, "0"), (None, "")])
def test_a_score_is_told_as_people_write_it(score: float | None, kind: str) -> None:
    value = priority_value("High", score)
    assert value is not None
    assert value.kind == kind


def test_a_moment_has_a_zone_and_one_without_is_refused_by_name() -> None:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert as_moment("2026-05-04T14:00:00+02:00") == noon
    with pytest.raises(ValueError, match=r"^no time zone in '2026-05-04T12:00:00'$"):
        as_moment("2026-05-04T12:00:00")
