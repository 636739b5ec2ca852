"""Who is who: by every id of a person, by a name that is theirs alone, and never by a queue's."""

import pytest

from bridge.domain.relation import Unmapped
from bridge.domain.side import Field
from bridge.domain.values import person_value, queue_value
from tests.domain.making import KORE, V2, a_person, an_agreement

ANN, ANN_V2 = person_value("k-1", "Ann"), person_value("u-1", "Ann")
WORDS = a_person(KORE, "k-1", "Ann"), a_person(V2, "u-1", "Ann")
QUEUE = queue_value("Ann")


def table(twins: dict[str, str], matches_names: bool = False) -> str:
    return an_agreement(twins=twins, matches_names=matches_names).of(Field.ASSIGNEE).table


def test_a_table_of_people_is_told_from_every_other_and_not_by_its_order() -> None:
    assert table({"a": "b", "c": "d"}) == table({"c": "d", "a": "b"})
    others = [
        table({"a": "b"}),
        table({"a": "c"}),
        table({"c": "b"}),
        table({}),
        table({"a": "b"}, matches_names=True),
        table({"a": "b", "c": "d"}),
        table({"a": "bc|d"}),
    ]
    assert len(set(others)) == len(others)
    assert {len(one) for one in others} == {16}


def test_a_queue_is_nobody_though_it_is_called_like_somebody() -> None:
    people = an_agreement(*WORDS, matches_names=True).of(Field.ASSIGNEE)
    assert people.agrees(ANN, ANN_V2)
    assert not people.agrees(QUEUE, ANN_V2)
    assert people.agrees(QUEUE, None)
    assert not people.agrees(ANN, None)


def test_a_person_who_is_shown_by_another_id_is_the_same_person() -> None:
    words = a_person(KORE, "k-1", "Ann", agent_id="k-1", a_id="x-1"), WORDS[1]
    two = a_person(V2, "u-2", "Ann")
    people = an_agreement(*words, two, matches_names=True).of(Field.ASSIGNEE)
    assert people.agrees(person_value("x-1", "Ann"), ANN_V2)
    assert people.agrees(ANN, person_value("u-2", "Ann"))


def test_the_only_other_person_of_another_name_is_another_person() -> None:
    words = a_person(KORE, "k-1", "Ann"), a_person(V2, "u-2", "Bob")
    people = an_agreement(*words, matches_names=True).of(Field.ASSIGNEE)
    assert isinstance(people.translate(ANN, V2), Unmapped)
    assert people.gap(V2, person_value("u-2", "Bob"))


def test_an_id_that_a_record_leaves_out_is_nobodys() -> None:
    words = a_person(KORE, "k-1", "Ann", agent_id=None, a_id=None), WORDS[1]
    people = an_agreement(*words, twins={"None": "u-1"}).of(Field.ASSIGNEE)
    assert isinstance(people.translate(ANN, V2), Unmapped)


@pytest.mark.parametrize("takes", [True, False])
def test_only_a_queue_of_kore_keeps_its_task(takes: bool) -> None:
    people = an_agreement(*WORDS, twins={"k-1": "u-1"}, takes_from_queue=takes).of(Field.ASSIGNEE)
    held = "The task is in the queue 'Ann'; people.take_from_queue is off."
    assert people.hold(KORE, QUEUE) == ("" if takes else held)
    assert people.hold(V2, QUEUE) == people.hold(KORE, ANN) == people.hold(KORE, None) == ""
