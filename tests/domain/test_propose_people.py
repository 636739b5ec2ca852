"""Who may be who: proposed from equal full names, and only where nobody else has them."""

from bridge.domain.agreement import Agreement
from bridge.domain.finding import Proposal, ok, warn
from bridge.domain.people import Twin
from bridge.domain.propose_people import judge_people, propose_people
from bridge.domain.vocabulary import Detail, Vocabulary, Word
from tests.domain.making import KORE, V2, a_person, an_agreement

ADA, ADA_2 = a_person(KORE, "a-1", "Ada  Winter"), a_person(V2, "u-1", "ada winter")
BO, BO_2 = a_person(KORE, "a-2", "Bo"), a_person(V2, "u-2", "Bo")
PASTE = "Paste the suggested rows into the configuration."


def proposed(*words: Word, twins: tuple[Twin, ...] = ()) -> tuple[Proposal, ...]:
    return propose_people(Vocabulary(words), twins)


def kore(key: str, **details: Detail) -> Word:
    return a_person(KORE, key, "Ada Winter", **details)


def test_people_of_the_same_name_are_proposed_by_name_as_v2_spells_it() -> None:
    assert proposed(BO, BO_2, ADA, ADA_2) == (
        Proposal(kore="a-1", v2="u-1", name="ada winter"),
        Proposal(kore="a-2", v2="u-2", name="Bo"),
    )


def test_proposals_come_in_the_order_of_their_names() -> None:
    names = [f"Person {letter}" for letter in "ECADB"]
    both = [a_person(side, f"{side}-{name}", name) for side in (KORE, V2) for name in names]
    assert [one.name for one in proposed(*both)] == sorted(names)


def test_whoever_is_on_one_side_alone_is_not_proposed() -> None:
    assert proposed(ADA, BO_2) == ()


def test_two_of_one_name_are_not_told_apart_so_neither_is_proposed() -> None:
    assert proposed(ADA, kore("a-9"), ADA_2) == ()
    assert proposed(ADA, ADA_2, a_person(V2, "u-9", "Ada Winter")) == ()


def test_an_account_that_is_switched_off_is_nobody() -> None:
    assert proposed(ADA, a_person(V2, "u-1", "Ada Winter", is_active=False)) == ()
    assert proposed(ADA, ADA_2, a_person(V2, "u-9", "Ada Winter", is_active=False)) != ()
    assert proposed(ADA, a_person(V2, "u-1", "Ada Winter", is_active=True)) != ()


def test_a_person_of_whom_only_the_id_is_known_is_not_proposed() -> None:
    assert proposed(a_person(KORE, "x-1", "x-1"), a_person(V2, "x-1", "x-1")) == ()


def test_kore_people_are_named_by_agent_id_else_by_account_id_else_by_what_is_known() -> None:
    both = kore("key", agent_id="ag-1", a_id="id-1")
    assert [one.kore for one in proposed(both, ADA_2)] == ["ag-1"]
    assert [one.kore for one in proposed(kore("key", a_id="id-1"), ADA_2)] == ["id-1"]
    assert [one.kore for one in proposed(kore("key"), ADA_2)] == ["key"]


def test_whoever_is_in_the_table_by_whichever_id_is_not_proposed_again() -> None:
    both = kore("key", agent_id="ag-1", a_id="id-1")
    for listed in (Twin("key", "x"), Twin("ag-1", "x"), Twin("id-1", "x"), Twin("x", "u-1")):
        assert proposed(both, ADA_2, twins=(listed,)) == (), listed
    assert proposed(both, ADA_2, BO, BO_2, twins=(Twin("key", "x"),)) == (
        Proposal(kore="a-2", v2="u-2", name="Bo"),
    )


# --- what is said of it --------------------------------------------------------------------------


def judged(agreement: Agreement, *proposals: Proposal) -> object:
    (found,) = judge_people(agreement, proposals)
    return found


ONE = Proposal(kore="a-1", v2="u-1", name="Ada Winter")
TWO = Proposal(kore="a-2", v2="u-2", name="Bo")


def test_without_a_table_assignees_are_not_carried_and_people_are_told_how_to_have_them() -> None:
    nobody = an_agreement()
    assert judged(nobody) == warn(
        "people",
        "assignees are not carried: there is no people.table; of those seen so far (0 in Kore and "
        "0 in v2) no people have the same full name on both sides",
        "List who is who in people.table, or set people.match_name.",
    )
    assert judged(an_agreement(ADA, BO, ADA_2), ONE) == warn(
        "people",
        "assignees are not carried: there is no people.table; of those seen so far (2 in Kore and "
        "1 in v2) 1 person has the same full name on both sides",
        PASTE,
    )


def test_what_a_table_lacks_is_counted() -> None:
    found = judged(an_agreement(ADA, ADA_2, twins={"x": "y"}), ONE, TWO)
    assert found == warn(
        "people",
        "1 in people.table; of those seen so far (1 in Kore and 1 in v2) 2 people have the same "
        "full name on both sides, not in it yet",
        PASTE,
    )


def test_a_table_that_lacks_nobody_is_fine() -> None:
    assert judged(an_agreement(twins={"x": "y"})) == ok("people", "1 in people.table")
    by_name = ok("people", "1 in people.table, and by equal full names")
    assert judged(an_agreement(twins={"x": "y"}, matches_names=True)) == by_name


def test_names_that_are_matched_need_no_table() -> None:
    found = ok("people", "0 in people.table, and by equal full names")
    assert judged(an_agreement(matches_names=True), ONE) == found
