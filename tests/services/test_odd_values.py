"""Odd values in an answer: half a pair of surrogates, a marker cut short, an old date."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from bridge.domain.marker import without_marker
from bridge.services.json_answers import OddAnswer, _read_mended, read_as
from bridge.services.moments import read_moment


class Answer:
    """A reply whose list holds a title that was cut in the middle of a sign."""

    is_html = False
    content = rb'[{"title": "half \ud83d here"}, {"title": "whole"}]'


def test_half_a_surrogate_pair_is_replaced_and_the_other_rows_are_read() -> None:
    rows = _read_mended(TypeAdapter(list[dict[str, str]]), Answer(), "a list")  # type: ignore[arg-type] # only its content is read
    assert [row["title"] for row in rows] == ["half � here", "whole"]


def test_an_answer_too_deep_to_be_read_is_so_whether_or_not_it_has_to_be_mended() -> None:
    for text in (b"deep", rb"half \ud83d"):
        reply = Answer()
        reply.content = b"[" * 250 + b'"' + text + b'"' + b"]" * 250
        with pytest.raises(OddAnswer, match="something else than a list"):
            read_as(TypeAdapter(list[Any]), reply, "a list")  # type: ignore[arg-type] # only its content is read


def test_what_is_left_of_a_marker_that_was_cut_is_no_text() -> None:
    assert without_marker("Cold.\n\n[task-bridge v2:GEN-1 182805") == "Cold."
    assert without_marker("see [task-bridge manual]") == "see [task-bridge manual]"


def test_a_date_before_1970_counts_milliseconds() -> None:
    assert read_moment(-20_822_400_000) == datetime(1969, 5, 5, tzinfo=UTC)
