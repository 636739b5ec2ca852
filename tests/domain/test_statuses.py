"""Statuses: what Kore is given with its category, and what people read where nothing can be."""

import pytest

from bridge.domain.relation import Relation, Unmapped
from bridge.domain.side import Field
from bridge.domain.text import fold_word
from bridge.domain.values import Observed, Value, status_value
from bridge.domain.vocabulary import Word, WordKind
from bridge.domain.wordtable import Default, WordRow
from tests.domain.making import KORE, V2, an_agreement, kore_status, v2_status

OFF: dict[str, str | bool] = {"category": "Resolved", "is_enabled": False}
SOLVED_ROW = WordRow("Solved on site", "completed", Default.BOTH)


def statuses(*words: Word, rows: tuple[WordRow, ...] = ()) -> Relation:
    return an_agreement(*words, status=rows).of(Field.STATUS)


def a_status(name: str, **details: str | bool) -> Word:
    return Word(KORE, WordKind.STATUS, fold_word(name), name, details)


def written(relation: Relation) -> tuple[str, str]:
    """Name and category of what Kore is given for v2's `completed`."""
    found = relation.translate(v2_status("completed"), KORE)
    assert isinstance(found, Value)
    return found.text, found.kind


@pytest.mark.parametrize(
    ("words", "rows", "expected"),
    [
        ((), (), ("Resolved", "resolved")),
        ((a_status("Done", category="Resolved", is_system=True),), (), ("Done", "resolved")),
        (
            (a_status("Resolved", **OFF), a_status("Fixed", category="Resolved")),
            (),
            ("Fixed", "resolved"),
        ),
        ((), (SOLVED_ROW,), ("Solved on site", "")),
        ((a_status("Solved on site"),), (SOLVED_ROW,), ("Solved on site", "")),
        (
            (a_status("Solved on site", category="Resolved"),),
            (SOLVED_ROW,),
            ("Solved on site", "resolved"),
        ),
    ],
    ids=["never seen", "renamed", "switched off", "a rule's", "no category told", "told"],
)
def test_what_is_written_to_kore_bears_its_category_as_far_as_it_is_known(
    words: tuple[Word, ...], rows: tuple[WordRow, ...], expected: tuple[str, str]
) -> None:
    assert written(statuses(*words, rows=rows)) == expected


def test_the_status_that_bears_its_categorys_name_is_taken_for_the_systems_own() -> None:
    off, others = a_status("Resolved", **OFF), [a_status(one, category="Resolved") for one in "AB"]
    found = statuses(off, *others).translate(v2_status("completed"), KORE)
    assert isinstance(found, Unmapped)
    assert found == statuses(off, *others).gap(V2, v2_status("completed"))
    assert found.reason == (
        "Kore's own status of the category 'Resolved' is switched off and no single other one is "
        "known; name one in a [[status]] row."
    )
    assert found.waits_for == "kore:status:resolved"


def test_a_status_that_is_called_like_another_category_goes_by_its_own() -> None:
    misnamed = kore_status("resolved", "Open")
    assert statuses().translate(misnamed, V2) == v2_status("completed")
    assert statuses().agrees(misnamed, v2_status("completed"))
    assert not statuses().agrees(misnamed, v2_status("open"))


def test_a_word_of_v2_in_a_row_is_written_as_v2_spells_it() -> None:
    relation = statuses(rows=(WordRow("Parked", "In Progress", Default.TO_V2),))
    found = relation.translate(status_value("Parked"), V2)
    assert isinstance(found, Value)
    assert (found.text, found.kind) == ("in_progress", "")


@pytest.mark.parametrize(
    ("value", "reason", "waits_for"),
    [
        (status_value("Odd"), "Kore's status 'Odd'", "kore:status:odd"),
        (None, "Kore's empty status", "kore:status:"),
    ],
)
def test_what_no_rule_names_is_told_with_its_side_and_its_name(
    value: Observed, reason: str, waits_for: str
) -> None:
    gap = statuses().gap(KORE, value)
    assert gap == Unmapped(f"No rule says what {reason} is in v2.", waits_for)
    assert statuses().translate(value, V2) == gap
