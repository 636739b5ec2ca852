"""Signs that steer a terminal, turn text round, or that nobody sees."""

import json

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bridge.domain.signs import escaped, readable, seen_title

# A screen cleared, a bell, DEL, two of C1, and every sign that turns the direction of writing.
HARMFUL = "\x1b\x07\x00\r\x7f\x85\x9b" + "".join(
    map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
# What the sorts of people write must stay: lines, tabs, emoji with joiners, Arabic, a soft hyphen.
HARMLESS = "a\tb\nc é “x” 日本 👩‍🔧 مرحبا so\u00adft"


@pytest.mark.parametrize("sign", HARMFUL)
def test_a_sign_that_steers_or_turns_is_shown_as_such(sign: str) -> None:
    assert readable(f"a{sign}b") == "a�b"


def test_what_people_write_stays_as_it_is() -> None:
    assert readable(HARMLESS) == HARMLESS
    assert readable("one\r\ntwo") == "one\ntwo"


@for_all(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(HARMFUL))))
def test_json_bears_any_text_exactly_and_shows_no_such_sign(text: str) -> None:
    shown = escaped(json.dumps({"title": text}, ensure_ascii=False))
    assert json.loads(shown) == {"title": text}
    assert not {*shown} & {*HARMFUL}


def test_json_keeps_its_lines_and_whatever_else_people_write() -> None:
    shown = json.dumps({"a": HARMLESS}, indent=2, ensure_ascii=False)
    assert escaped(shown) == shown
    assert escaped('"\u202e"') == '"\\u202e"'


@pytest.mark.parametrize(
    "title", [None, "", " ", "\u200b", "\u200b\u200d \ufeff", "\u2060\u00ad", "\u3164", "\ufe0f"]
)
def test_a_title_of_which_nothing_is_seen_is_none(title: str | None) -> None:
    assert seen_title(title) == ""


@pytest.mark.parametrize("title", ["a", "\u200ba", "👩‍🔧", ".", "日", "❤\ufe0f"])
def test_a_title_of_which_something_is_seen_stays_whole(title: str) -> None:
    assert seen_title(title) == title
