"""The row that is proposed for a value without a counterpart does map it, once it is filled in."""

import tomllib
from dataclasses import replace

import pytest

from bridge.domain.agreement import Agreement, build_mapping
from bridge.domain.finding import Proposal
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.people import Twin
from bridge.domain.propose_row import WordProposal, propose_row
from bridge.domain.side import Field, Side
from bridge.domain.values import (
    Observed,
    person_value,
    priority_value,
    status_value,
    text_value,
)
from bridge.domain.vocabulary import Detail, Vocabulary, Word, WordKind
from bridge.domain.wordtable import WordRow
from bridge.report.toml_rows import row_lines

KORE, V2 = Side.KORE, Side.V2
NOTHING, _ = build_mapping()


def waiting(name: Field, value: Observed, side: Side) -> Wait:
    """A value of that side that waits."""
    wait = Wait(kind=WaitKind.UNMAPPED, reason="", side=side.other, field=name)
    return replace(wait, kore=value) if side is KORE else replace(wait, v2=value)


def proposed(
    name: Field, value: Observed, side: Side, *words: Word
) -> WordProposal | Proposal | None:
    return propose_row(waiting(name, value, side), Vocabulary(words), NOTHING)


def switched_off(category: str) -> Word:
    """Kore's own status of a category, which is not in use."""
    details: dict[str, Detail] = {"category": category, "is_system": True, "is_enabled": False}
    return Word(KORE, WordKind.STATUS, category, category.capitalize(), details)


@pytest.mark.parametrize(
    ("name", "value", "side", "words"),
    [
        (Field.STATUS, status_value("Waiting for parts"), KORE, ()),
        (Field.STATUS, status_value("completed"), V2, (switched_off("resolved"),)),
        (Field.PRIORITY, priority_value("Emergency", 9), KORE, ()),
    ],
)
def test_a_word_has_a_counterpart_with_any_of_the_words_that_fit(
    name: Field, value: Observed, side: Side, words: tuple[Word, ...]
) -> None:
    vocabulary = Vocabulary(words)
    assert Agreement(NOTHING, vocabulary).of(name).gap(side, value)
    row = proposed(name, value, side, *words)
    assert isinstance(row, WordProposal)
    # Kore's word for the category is the one that is switched off.
    fitting = [one for one in row.choices if one.casefold() not in {word.key for word in words}]
    assert len(fitting) >= 4
    for choice in fitting:
        kore, v2 = (choice, row.v2) if side is V2 else (row.kore, choice)
        rows = [WordRow(kore, v2, row.default)]
        is_status = name is Field.STATUS
        mapping, problems = build_mapping(
            status=rows if is_status else (), priority=() if is_status else rows
        )
        assert not problems
        assert Agreement(mapping, vocabulary).of(name).gap(side, value) is None


def test_a_person_is_proposed_with_whoever_bears_the_same_name_alone() -> None:
    ada = Word(KORE, WordKind.PERSON, "u-1", "Ada Example", {"agent_id": "u-1"})
    twin = Word(V2, WordKind.PERSON, "5f1", "ada example")
    for value, side in ((person_value("u-1", "Ada Example"), KORE), (person_value("5f1", ""), V2)):
        row = proposed(Field.ASSIGNEE, value, side, ada, twin)
        assert row == Proposal(kore="u-1", v2="5f1", name="ada example")
        assert isinstance(row, Proposal)
        mapping, _ = build_mapping(twins=[Twin(row.kore, row.v2)])
        people = Agreement(mapping, Vocabulary([ada, twin])).of(Field.ASSIGNEE)
        assert people.gap(side, value) is None


def test_a_person_whom_nobody_is_called_like_leaves_the_other_id_open() -> None:
    row = proposed(Field.ASSIGNEE, person_value("5f1", "Ada"), V2)
    assert row == Proposal(kore="KORE_ID", v2="5f1", name="Ada")


@pytest.mark.parametrize(
    ("name", "value", "side"),
    [
        (Field.STATUS, None, V2),
        (Field.STATUS, status_value("brand_new"), V2),
        (Field.TITLE, text_value("Boiler"), KORE),
    ],
)
def test_what_no_row_can_name_gets_none(name: Field, value: Observed, side: Side) -> None:
    assert proposed(name, value, side) is None


def test_a_row_is_toml_whatever_the_value_holds() -> None:
    name = 'Waiting "here"\n\\ü\x7f = [x]'
    row = proposed(Field.STATUS, status_value(name), KORE)
    assert row is not None
    read = tomllib.loads("\n".join(row_lines(row)))
    assert read == {"status": [{"kore": 'Waiting "here" \\ü\ufffd = [x]', "v2": "V2_WORD"}]}
