"""A vocabulary learns word by word: what one record tells is added to what another told."""

import pytest

from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from tests.domain.making import KORE, V2, a_word

STATUS = WordKind.STATUS
NUMBERED = a_word(KORE, STATUS, "Parked", id="s1")
PLACED = Word(KORE, STATUS, "parked", "PARKED", {"category": "On Hold", "id": None})
WHOLE = Word(KORE, STATUS, "parked", "PARKED", {"id": "s1", "category": "On Hold"})
OTHER = a_word(V2, WordKind.PERSON, "Ann", "u-1")


def test_two_records_of_one_word_are_one_word_that_tells_what_both_told() -> None:
    assert [*Vocabulary([NUMBERED, PLACED])] == [WHOLE]


def test_news_of_one_word_in_two_records_are_one_word_that_tells_both() -> None:
    assert Vocabulary().news([NUMBERED, PLACED]) == (WHOLE,)
    assert Vocabulary([OTHER]).news([NUMBERED, OTHER, PLACED, NUMBERED]) == (
        Word(KORE, STATUS, "parked", "Parked", {"id": "s1", "category": "On Hold"}),
    )


def test_what_is_learnt_forgets_nothing_that_was_known() -> None:
    learnt = Vocabulary([OTHER, NUMBERED]).learn([PLACED])
    assert [*learnt] == [OTHER, WHOLE]


@pytest.mark.parametrize("key", ["s", "a:b", "a:b:c", ":"])
def test_a_word_is_found_by_its_place_whatever_its_key_holds(key: str) -> None:
    place = f"kore:status:{key}"
    assert Vocabulary([a_word(KORE, STATUS, "S", key, id="1")]).has_id(place)
    assert not Vocabulary([a_word(KORE, STATUS, "S", key)]).has_id(place)
    assert not Vocabulary([a_word(V2, STATUS, "S", key, id="1")]).has_id(place)


@pytest.mark.parametrize("place", ["", "12", "kore", "kore:status", "kore:status:"])
def test_what_names_no_word_waits_for_none(place: str) -> None:
    assert not Vocabulary([a_word(KORE, STATUS, "S", id="1")]).has_id(place)
