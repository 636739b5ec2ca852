"""What a proposed row names, what it leaves open, and with which words it may be filled in."""

from dataclasses import replace

import pytest

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Proposal
from bridge.domain.propose_row import WordProposal, propose_row
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, Observed, person_value, priority_value, status_value
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.domain.wordtable import Default
from tests.domain.making import KORE, V2, a_person, a_word, an_agreement
from tests.domain.test_propose_row import NOTHING, proposed, waiting

PARKED = a_word(KORE, WordKind.STATUS, "Parked")
RUSH = a_word(KORE, WordKind.PRIORITY, "Rush")
OF_V2 = {
    Field.STATUS: ("new", "open", "in_progress", "in_review", "completed", "cancelled"),
    Field.PRIORITY: ("low", "medium", "high", "urgent"),
}
OF_KORE = {
    Field.STATUS: ("Open", "In Progress", "On Hold", "Resolved", "Closed"),
    Field.PRIORITY: ("low", "medium", "high", "critical"),
}


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [
        (Field.STATUS, status_value("completed"), "Parked"),
        (Field.PRIORITY, priority_value("urgent"), "Rush"),
    ],
)
def test_a_word_of_v2_may_be_any_word_seen_in_kore_or_one_that_every_account_has(
    name: Field, value: Observed, seen: str
) -> None:
    assert value is not None
    assert proposed(name, value, V2, PARKED, RUSH) == WordProposal(
        table=name,
        kore="KORE_WORD",
        v2=value.text,
        default=Default.TO_KORE,
        choices=(seen, *OF_KORE[name]),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [(Field.STATUS, status_value("Odd")), (Field.PRIORITY, priority_value("Odd"))],
)
def test_a_word_of_kore_may_be_any_word_that_v2_has(name: Field, value: Observed) -> None:
    assert proposed(name, value, KORE, PARKED, RUSH) == WordProposal(
        table=name, kore="Odd", v2="V2_WORD", default=Default.NONE, choices=OF_V2[name]
    )


@pytest.mark.parametrize(
    ("name", "value", "seen", "others"),
    [
        (Field.STATUS, status_value("completed"), "Resolved", "Open In_Progress On_Hold Closed"),
        (Field.STATUS, status_value("completed"), "On hold", "Open In_Progress Resolved Closed"),
        (Field.PRIORITY, priority_value("urgent"), "High", "low medium critical"),
    ],
)
def test_a_word_that_was_seen_and_that_every_account_has_is_one_choice_spelled_as_seen(
    name: Field, value: Observed, seen: str, others: str
) -> None:
    kind = WordKind.STATUS if name is Field.STATUS else WordKind.PRIORITY
    row = proposed(name, value, V2, a_word(KORE, kind, seen))
    assert isinstance(row, WordProposal)
    assert row.choices == (seen, *(one.replace("_", " ") for one in others.split()))


@pytest.mark.parametrize("side", Side)
def test_what_was_not_seen_cannot_be_named(side: Side) -> None:
    for name in (Field.STATUS, Field.ASSIGNEE):
        wait = waiting(name, None, side)
        unseen = replace(wait, kore=UNSEEN, v2=UNSEEN)
        assert propose_row(unseen, Vocabulary(), NOTHING) is None


# ---- people ---------------------------------------------------------------------------------

ANN, BOB = a_person(KORE, "k-1", "Ann", agent_id="A1"), a_person(KORE, "k-2", "Bob", agent_id="A2")
ANN_V2, BOB_V2 = a_person(V2, "u-1", "Ann"), a_person(V2, "u-2", "Bob")
PAIRS = (ANN, BOB, ANN_V2, BOB_V2)


@pytest.mark.parametrize(
    ("value", "side", "words", "expected"),
    [
        (person_value("k-2", "Bob"), KORE, PAIRS, Proposal(kore="A2", v2="u-2", name="Bob")),
        (person_value("u-2", "Bob"), V2, PAIRS, Proposal(kore="A2", v2="u-2", name="Bob")),
        (person_value("k-2", "Bob"), KORE, (BOB,), Proposal(kore="A2", v2="V2_ID", name="Bob")),
        (person_value("k-9", "Cid"), KORE, PAIRS, Proposal(kore="k-9", v2="V2_ID", name="Cid")),
        (person_value("u-9", "Cid"), V2, PAIRS, Proposal(kore="KORE_ID", v2="u-9", name="Cid")),
    ],
    ids=["Kore's", "v2's", "without a twin", "a stranger of Kore", "a stranger of v2"],
)
def test_a_person_is_named_by_the_id_that_the_people_table_knows(
    value: Observed, side: Side, words: tuple[Word, ...], expected: Proposal
) -> None:
    row = proposed(Field.ASSIGNEE, value, side, *words)
    assert row == expected
    assert isinstance(row, Proposal)
    if words is PAIRS and "ID" not in row.kore + row.v2:
        twins = an_agreement(twins={row.kore: row.v2}).mapping
        people = Agreement(twins, Vocabulary(words)).of(Field.ASSIGNEE)
        assert people.gap(side, value) is None
