"""Who in Kore is who in v2."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.agreement import Agreement
from bridge.domain.relation import Relation, Unmapped
from bridge.domain.side import Field
from bridge.domain.values import Value, person_value, queue_value
from tests.domain.making import KORE, V2, a_person, an_agreement

ANN = a_person(KORE, "A1", "Ann Lee", agent_id="A1", a_id="x-9")
ANN_V2 = a_person(V2, "u1", "ann  LEE")
OTHER_ANN = a_person(V2, "u2", "Ann Lee")
QUEUE = queue_value("Field team")


def people(agreement: Agreement) -> Relation:
    return agreement.of(Field.ASSIGNEE)


@pytest.mark.parametrize("listed", ["A1", "x-9"], ids=["agentId", "aId"])
@pytest.mark.parametrize("shown", ["A1", "x-9"], ids=["agentId", "aId"])
def test_the_table_names_a_kore_agent_by_either_id(listed: str, shown: str) -> None:
    relation = people(an_agreement(ANN, ANN_V2, twins={listed: "u1"}))
    ann, twin = person_value(shown, "Ann Lee"), person_value("u1", "Ann")
    assert relation.agrees(ann, twin)
    assert relation.translate(ann, V2) == twin
    assert relation.translate(twin, KORE) == person_value("A1", "Ann Lee")
    assert relation.gap(KORE, ann) is None
    assert relation.gap(V2, twin) is None


def test_an_equal_name_counts_if_exactly_one_person_across_has_it() -> None:
    ann = person_value("A1", "Ann Lee")
    relation = people(an_agreement(ANN, ANN_V2, matches_names=True))
    assert relation.translate(ann, V2) == person_value("u1", "")
    assert relation.agrees(ann, person_value("u1", "ann lee"))
    crowded = people(an_agreement(ANN, ANN_V2, OTHER_ANN, matches_names=True))
    assert isinstance(crowded.translate(ann, V2), Unmapped)
    assert crowded.gap(KORE, ann) is not None


def test_a_person_who_left_bears_no_name_any_more() -> None:
    left = a_person(V2, "u2", "Ann Lee", is_active=False)
    relation = people(an_agreement(ANN, ANN_V2, left, matches_names=True))
    assert relation.translate(person_value("A1", "Ann Lee"), V2) == person_value("u1", "")


def test_the_table_beats_an_equal_name() -> None:
    relation = people(an_agreement(ANN, ANN_V2, twins={"A1": "u7"}, matches_names=True))
    assert relation.translate(person_value("A1", "Ann Lee"), V2) == person_value("u7", "")
    assert not relation.agrees(person_value("A2", "Bob"), person_value("u7", ""))


def test_names_count_only_if_that_is_wanted() -> None:
    relation = people(an_agreement(ANN, ANN_V2, twins={"A5": "u5"}))
    assert relation.gap(KORE, person_value("A1", "Ann Lee")) is not None


def test_a_failed_look_up_never_clears_an_assignee() -> None:
    relation = people(an_agreement(matches_names=True))
    for side in (KORE, V2):
        stranger = person_value("s1", "Stranger")
        gap = relation.gap(side, stranger)
        assert gap is not None
        assert gap.waits_for == f"{side.other}:person:stranger"
        assert isinstance(relation.translate(stranger, side.other), Unmapped)


def test_nobody_agrees_with_nobody_and_with_a_queue() -> None:
    relation = people(an_agreement(ANN, ANN_V2, matches_names=True))
    ann = person_value("u1", "Ann Lee")
    assert relation.agrees(None, None)
    assert relation.agrees(QUEUE, None)
    assert not relation.agrees(QUEUE, ann)
    assert not relation.agrees(None, ann)
    assert not relation.agrees(person_value("A1", "Ann Lee"), None)
    assert relation.translate(QUEUE, V2) is None
    assert relation.translate(None, KORE) is None
    assert relation.gap(KORE, QUEUE) is None
    assert relation.gap(V2, None) is None
    assert relation.absorbs(KORE, None, None)


@pytest.mark.parametrize(("takes", "held"), [(True, False), (False, True)])
def test_a_person_takes_a_task_from_a_queue_unless_that_is_off(takes: bool, held: bool) -> None:
    relation = people(an_agreement(twins={"A1": "u1"}, takes_from_queue=takes))
    assert bool(relation.hold(KORE, QUEUE)) is held
    assert relation.hold(KORE, None) == ""
    assert relation.hold(KORE, person_value("A1", "Ann")) == ""
    assert relation.hold(V2, None) == ""


def test_without_a_table_and_without_names_assignees_are_not_carried() -> None:
    assert Field.ASSIGNEE not in an_agreement().fields
    assert Field.ASSIGNEE in an_agreement(matches_names=True).fields
    assert Field.ASSIGNEE in an_agreement(twins={"A1": "u1"}).fields


def test_the_fingerprint_changes_with_the_table() -> None:
    tables = {
        people(an_agreement()).table,
        people(an_agreement(twins={"A1": "u1"})).table,
        people(an_agreement(matches_names=True)).table,
    }
    assert len(tables) == 3


ids = st.sampled_from(["1", "2", "3", "4"])
names = st.sampled_from(["Ann", "Bob", "Cid"])


@settings(max_examples=60)
@given(
    st.dictionaries(ids, ids, max_size=3),
    st.dictionaries(ids, names),
    st.dictionaries(ids, names),
)
def test_whoever_has_a_counterpart_agrees_with_it(
    twins: dict[str, str], agents: dict[str, str], users: dict[str, str]
) -> None:
    words = [
        *(a_person(KORE, one, name) for one, name in agents.items()),
        *(a_person(V2, one, name) for one, name in users.items()),
    ]
    relation = people(an_agreement(*words, twins=twins, matches_names=True))
    for side, known in ((KORE, agents), (V2, users)):
        for one, name in known.items():
            value = person_value(one, name)
            other = relation.translate(value, side.other)
            assert (relation.gap(side, value) is None) is isinstance(other, Value)
            if isinstance(other, Value):
                assert relation.agrees(*((value, other) if side is KORE else (other, value)))
