"""A pair is settled if nobody has to look at it: anything that speaks against that is found."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bridge.domain.link import FieldBase, LinkState
from bridge.domain.overview import COUNTED
from bridge.domain.side import Field, LinkId, TaskId
from bridge.domain.values import UNSEEN, Shown, Value
from bridge.ports import Unit
from tests.store.both import AnyStore
from tests.store.clocks import START
from tests.store.samples import KORE, V2, add_pair, known, link, wait

TASKS = {KORE: TaskId("k1"), V2: TaskId("v1")}


def test_a_linked_pair_that_was_read_and_waits_for_nothing_is_settled(store: AnyStore) -> None:
    with store.begin() as unit:
        number = add_pair(unit, 1)
        # What waits on a task of the same id on the other side is none of its business.
        unit.replace_waits([wait()], task=(KORE, TaskId("v1")), at=START)
        assert unit.settled_links(()) == {number: TASKS}


@pytest.mark.parametrize("state", [one for one in LinkState if one is not LinkState.LINKED])
def test_a_link_in_any_other_state_is_not_settled(store: AnyStore, state: LinkState) -> None:
    with store.begin() as unit:
        add_pair(unit, 1, state)
        assert unit.settled_links(()) == {}


DOUBTS: Mapping[str, Callable[[Unit, LinkId], object]] = {
    "it is due": lambda unit, number: unit.set_due(number, True),
    "a field waits": lambda unit, number: unit.replace_waits([wait()], link_id=number, at=START),
    "a Kore task waits": lambda unit, _: unit.replace_waits(
        [wait()], task=(KORE, TaskId("k1")), at=START
    ),
    "a v2 task waits": lambda unit, _: unit.replace_waits(
        [wait()], task=(V2, TaskId("v1")), at=START
    ),
    "a Kore task is gone": lambda unit, _: unit.set_gone(KORE, ["k1"], START),
    "a v2 task is gone": lambda unit, _: unit.set_gone(V2, ["v1"], START),
    "a task was only named": lambda unit, _: unit.save_known([known(V2, "v1", digest="")]),
    "texts are forgotten": lambda unit, number: unit.forget_texts(number),
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_pair_of_which_anything_is_open_is_not_settled(store: AnyStore, doubt: str) -> None:
    with store.begin() as unit:
        number, other = add_pair(unit, 1), add_pair(unit, 2)
        DOUBTS[doubt](unit, number)
        assert [*unit.settled_links(())] == [other]


def agreed(kore: Shown, v2: Shown) -> dict[Field, FieldBase]:
    return {Field.TITLE: FieldBase(kore=kore, v2=v2, table="t")}


BOILER = Value("Broken boiler", "Broken boiler")
OTHER = Value("Ladder", "Ladder")


@pytest.mark.parametrize(
    ("bases", "is_settled"),
    [
        (agreed(BOILER, BOILER), True),
        (agreed(OTHER, BOILER), False),
        (agreed(BOILER, OTHER), False),
        (agreed(BOILER, UNSEEN), False),
        (agreed(BOILER, Value("Broken boiler", "BROKEN boiler")), False),
        ({Field.TITLE: replace(agreed(BOILER, BOILER)[Field.TITLE], carry=V2)}, False),
        ({}, False),
    ],
)
def test_a_pair_that_shows_other_values_than_were_agreed_is_not_settled_whatever_its_mark_says(
    store: AnyStore, bases: dict[Field, FieldBase], is_settled: bool
) -> None:
    with store.begin() as unit:
        number = add_pair(unit, 1)
        unit.save_link(link("k1", "v1", id=number, bases=bases))
        assert [*unit.settled_links(())] == [number]
        # A field that neither side has, nor any base, is agreed on.
        found = unit.settled_links([Field.TITLE, Field.DUE])
        assert [*found] == ([number] if is_settled else [])


def test_a_pair_whose_task_was_never_seen_is_not_settled(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        unit.add_link(link("k1", "v1"))
        assert unit.settled_links(()) == {}


def test_all_links_come_without_those_that_are_not_wanted(store: AnyStore) -> None:
    with store.begin() as unit:
        numbers = [add_pair(unit, number) for number in range(4)]
        left = [view.link.id for view in unit.all_links(numbers[1:3])]
        assert left == [numbers[0], numbers[3]]


def test_texts_are_counted_as_they_are_read_and_hidden_is_not_empty(store: AnyStore) -> None:
    shown = [Value("open", "Open"), Value("open", "OPEN"), Value("a", "Open", "kind"), None, UNSEEN]
    with store.begin() as unit:
        numbers = [add_pair(unit, number) for number in range(len(shown) + 1)]
        for number, value in enumerate(shown):
            task = known(KORE, f"k{number}").task
            fields = {} if value is UNSEEN else {Field.STATUS: value}
            fields = {**task.fields, **fields}
            task = replace(task, fields=fields)
            unit.save_known([replace(known(KORE, f"k{number}"), task=task)])
        counted = unit.count_texts(KORE, COUNTED, numbers[:-1])
        assert counted[Field.STATUS] == {"Open": 2, "OPEN": 1, None: 1, UNSEEN: 1}
        assert counted[Field.PRIORITY] == {UNSEEN: 5}
        assert unit.count_texts(V2, [Field.STATUS], numbers[:2]) == {Field.STATUS: {UNSEEN: 2}}
        assert unit.count_texts(V2, [Field.TITLE], []) == {Field.TITLE: {}}


def test_a_text_is_counted_whole_whatever_signs_are_in_it(store: AnyStore) -> None:
    odd = Value("a\x00b", "A\x00B")
    with store.begin() as unit:
        number = add_pair(unit, 1)
        task = known(KORE, "k1")
        fields = {**task.task.fields, Field.TITLE: odd}
        unit.save_known([replace(task, task=replace(task.task, fields=fields))])
        assert unit.count_texts(KORE, [Field.TITLE], [number])[Field.TITLE] == {"A\x00B": 1}
