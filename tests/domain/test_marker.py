"""The marker names the origin, and is never part of what people wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.marker import (
    Marker,
    find_marker,
    first_part,
    kore_marker,
    v2_marker,
    with_marker,
    without_marker,
)
from bridge.domain.side import Side, TaskId
from bridge.domain.text import comparable
from bridge.domain.values import text_value

IDS = st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True).map(TaskId)
NAMES = st.one_of(st.none(), st.text(max_size=120))
LINE = v2_marker(TaskId("65f0"), "REC-1234").line


def test_the_markers_read_as_the_contract_says() -> None:
    broken = kore_marker(TaskId("ti-c7-1392"), "TS000102", "CS000108", "Broken boiler")
    assert broken.line == "[task-bridge kore:TS000102 ti-c7-1392 case CS000108: Broken boiler]"
    assert LINE == "[task-bridge v2:REC-1234 65f0]"


def test_the_cases_reference_stands_for_a_hidden_one_of_the_task() -> None:
    hidden = kore_marker(TaskId("ti-1"), None, "CS000108", None)
    assert hidden.line == "[task-bridge kore:CS000108 ti-1 case CS000108]"


def test_without_any_reference_a_dash_stands_for_it() -> None:
    assert kore_marker(TaskId("ti-1"), None, None, "A case").line == "[task-bridge kore:- ti-1]"
    assert v2_marker(TaskId("65f0"), " ").line == "[task-bridge v2:- 65f0]"


@given(IDS, NAMES, NAMES, NAMES)
def test_a_kore_marker_is_read_back_as_it_was_written(
    task_id: TaskId, reference: str | None, case_ref: str | None, case_name: str | None
) -> None:
    marker = kore_marker(task_id, reference, case_ref, case_name)
    assert find_marker(with_marker("some text", marker.line)) == marker
    assert "\n" not in marker.line
    assert len(marker.note) <= 80


@given(IDS, NAMES)
def test_a_v2_marker_is_read_back_as_it_was_written(task_id: TaskId, reference: str | None) -> None:
    marker = v2_marker(task_id, reference)
    assert find_marker(marker.line) == marker


def test_brackets_and_line_ends_of_a_cases_name_are_replaced_in_the_note() -> None:
    marker = kore_marker(TaskId("ti-1"), "TS1", "CS1", "a [b]\r\nc\u2028d")
    assert marker.note == "case CS1: a (b) c d"


def test_the_marker_is_the_same_on_every_try() -> None:
    tries = {kore_marker(TaskId("ti-1"), "TS1", "CS1", "x" * 200).line for _ in range(3)}
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Hello\n\n{LINE}", "Hello"),
        (f"Hello\r\n\r\n{LINE}\r\n", "Hello"),
        (LINE, ""),
        (f"{LINE}\nHello", "Hello"),
        (f"{LINE} Hello", "Hello"),
        (f"Hello\n\n{LINE}\nwhat came below", "Hello\n\nwhat came below"),
        (f"Hello {LINE} world", "Hello world"),
        (f"Hello {LINE}\nworld", "Hello\nworld"),
        (f"Hello {LINE} {LINE}\nworld", "Hello\nworld"),
        (f"{LINE}{LINE}\nHello", "Hello"),
        (f"  {LINE}  \n  Hello", "  Hello"),
        ("[task-bridge] is a product", "[task-bridge] is a product"),
        ("[task-bridge mars:1 2]", "[task-bridge mars:1 2]"),
        ("", ""),
    ],
)
def test_wherever_the_marker_stands_only_the_marker_is_taken_out(text: str, left: str) -> None:
    assert without_marker(text) == left


def test_a_text_that_is_not_there_has_no_marker() -> None:
    assert without_marker(None) == ""
    assert find_marker(None) is None
    assert find_marker("nothing") is None


def test_of_several_markers_the_last_one_counts() -> None:
    second = Marker(side=Side.KORE, reference="TS9", task_id=TaskId("ti-9"))
    assert find_marker(f"{LINE}\n{second.line}") == second


def test_what_is_typed_below_the_marker_is_part_of_the_text() -> None:
    assert text_value(without_marker(f"Hello\n\n{LINE}\n\nmore")) != text_value("Hello")


PLAIN = st.text(st.characters(exclude_characters="["), max_size=60)


@given(PLAIN)
def test_a_text_survives_being_marked_and_unmarked(text: str) -> None:
    assert comparable(without_marker(with_marker(text, LINE))) == comparable(text)


@given(PLAIN)
def test_the_marker_is_appended_once_however_often(text: str) -> None:
    once = with_marker(text, LINE)
    assert with_marker(once, LINE) == once
    assert once.endswith(LINE)
    assert once.count("[task-bridge") == 1


@given(PLAIN, PLAIN)
def test_words_around_a_marker_are_never_glued_together(before: str, after: str) -> None:
    left = without_marker(f"{before} {LINE} {after}")
    assert "".join(left.split()) == "".join((before + after).split())
    if before.strip() and after.strip():
        assert left.split() == before.split() + after.split()


def test_an_empty_marker_leaves_the_text_alone() -> None:
    assert with_marker("Hello\n", "") == "Hello"


def test_a_create_carries_the_first_2000_characters() -> None:
    assert first_part("x" * 2001) == "x" * 2000
    assert first_part("short") == "short"
