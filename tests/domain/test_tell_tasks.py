"""The tasks of a life are told as they are called, with when each was surely there."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bridge.domain.life import FieldTold, Life, Sight, TaskTold
from bridge.domain.link import FieldBase, LinkState
from bridge.domain.reading import Sweep
from bridge.domain.reconciled import Joined, Lone
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case
from bridge.domain.tell_tasks import shown_by, tell_fields, tell_tasks
from bridge.domain.values import UNSEEN, person_value
from tests.domain.lives import in_words
from tests.domain.making import KORE, V2, a_link, an_agreement, at, text
from tests.domain.worlds import a_lone, a_pair, a_world


def tasks_of(about: Joined | Lone, **given: Any) -> tuple[TaskTold, ...]:
    return tuple(tell_tasks(Life(world=a_world(), about=about, **given), in_words))


def kore_of(about: Joined | Lone, **given: Any) -> TaskTold:
    return tasks_of(about, **given)[0]


def a_sight(*, was_in_it: bool = True, **sweep: Any) -> dict[Side, Sight]:
    """Kore's list was read from 12:01:40 to 12:02:40, unless said otherwise."""
    times = {"started_at": at(100), "completed_at": at(160), **sweep}
    return {KORE: Sight(sweep=Sweep(side=KORE, id=1, **times), was_in_it=was_in_it)}


# --- what they are called ------------------------------------------------------------------------


def test_a_task_is_told_with_its_names_and_its_times() -> None:
    pair = a_pair(
        kore={"created_at": at(1), "changed_at": at(2), "written_at": at(3)},
        v2={"title": text("Boiler"), "description": ...},
    )
    kore, v2 = tasks_of(pair)
    assert (kore.side, kore.id, kore.ref, kore.title) == (KORE, "ti-1", "TS000102", "Broken boiler")
    assert (kore.created_at, kore.changed_at, kore.written_at) == (at(1), at(2), at(3))
    assert (v2.side, v2.id, v2.ref, v2.title) == (V2, "65f0", "REC-1234", "Boiler")
    assert (kore.hidden, v2.hidden) == ((), (Field.DESCRIPTION,))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (Case(id="ci-1", ref="CS000108", name="Cold"), "CS000108 Cold"),
        (Case(id="ci-1", ref="CS000108"), "CS000108"),
        (Case(id="ci-1", name="Cold"), "ci-1 Cold"),
        (Case(id="ci-1"), "ci-1"),
        (None, ""),
    ],
)
def test_its_case_is_told_by_reference_else_by_id(case: Case | None, words: str) -> None:
    assert kore_of(a_pair(kore={"container": case})).case == words


def test_a_task_without_a_counterpart_is_told_alone() -> None:
    (only,) = tasks_of(a_lone(V2))
    assert (only.side, only.id) == (V2, "65f0")


@pytest.mark.parametrize(
    ("task_id", "seen"), [("ti-1", "It was never read."), (None, "There is none.")]
)
def test_a_task_of_which_nothing_is_known_says_so(task_id: str | None, seen: str) -> None:
    link = a_link(kore_id=task_id, state=LinkState.CREATING)
    sights = {KORE: Sight(list_hides=(Field.DUE,))}
    told = kore_of(replace(a_pair(link=link), kore=None), sights=sights)
    assert told == TaskTold(
        side=KORE, id=TaskId(task_id) if task_id else None, seen=seen, list_hides=(Field.DUE,)
    )  # fmt: skip
    assert (told.title, told.case, told.is_forgotten) == ("", "", False)


def test_a_task_whose_texts_were_forgotten_says_so() -> None:
    sights = {V2: Sight(is_forgotten=True, list_hides=(Field.DUE,))}
    kore, v2 = tasks_of(a_pair(), sights=sights)
    assert (kore.is_forgotten, v2.is_forgotten) == (False, True)
    assert (kore.list_hides, v2.list_hides) == ((), (Field.DUE,))


# --- when they were there ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sights", "seen_at"),
    [
        ({}, {}, None),
        ({"written_at": at(50)}, {}, at(50)),
        ({}, a_sight(), at(100)),
        ({"written_at": at(50)}, a_sight(), at(100)),
        ({"written_at": at(150)}, a_sight(), at(150)),
        ({"written_at": at(50)}, a_sight(was_in_it=False), at(50)),
    ],
)
def test_a_task_was_surely_there_at_the_later_of_a_reading_and_a_write(
    given: dict[str, Any], sights: dict[Side, Sight], seen_at: datetime | None
) -> None:
    assert kore_of(a_pair(kore=given), sights=sights).seen_at == seen_at


NOT_READ = "Its side has not been read to its end yet."
SHOWN = "The last reading of everything, which ended {}, or a poll since showed it."
NEWER = "A poll showed it; it is newer than the last reading of everything, {}."
NOT_SHOWN = "The last reading of everything, which ended {}, did not show it."


@pytest.mark.parametrize(
    ("created_at", "sights", "sentence"),
    [
        (at(0), {}, NOT_READ),
        (at(0), {KORE: Sight(was_in_it=True)}, NOT_READ),
        (at(0), a_sight(started_at=None), NOT_READ),
        (at(0), a_sight(), SHOWN.format("12:02:40")),
        (at(0), a_sight(completed_at=None), SHOWN.format("12:01:40")),
        (None, a_sight(), SHOWN.format("12:02:40")),
        (at(0), a_sight(was_in_it=False), NOT_SHOWN.format("12:02:40")),
        (at(99), a_sight(was_in_it=False), NOT_SHOWN.format("12:02:40")),
        (at(100), a_sight(was_in_it=False), NEWER.format("12:02:40")),
        (at(101), a_sight(), NEWER.format("12:02:40")),
    ],
)
def test_when_it_was_seen_is_a_sentence_with_the_end_of_the_reading(
    created_at: datetime | None, sights: dict[Side, Sight], sentence: str
) -> None:
    assert kore_of(a_pair(kore={"created_at": created_at}), sights=sights).seen == sentence


def test_a_task_that_was_found_to_be_gone_says_when() -> None:
    pair = a_pair()
    assert pair.kore is not None
    gone = replace(pair, kore=replace(pair.kore, gone_at=at(200)))
    told = kore_of(gone, sights=a_sight())
    assert told.seen == "It was found to be gone at 12:03:20."


# --- their fields --------------------------------------------------------------------------------


def fields_of(about: Joined | Lone, **given: Any) -> dict[Field, FieldTold]:
    world = given.pop("world", None) or a_world()
    return {one.name: one for one in tell_fields(Life(world=world, about=about, **given))}


def test_every_field_is_told_as_each_side_shows_it_with_its_base() -> None:
    base = FieldBase(kore=text("Old"), v2=text("Older"))
    pair = a_pair(
        kore={"title": text("Boiler")},
        v2={"title": text("Pump")},
        link=a_link(bases={Field.TITLE: base}),
    )
    told = fields_of(pair)
    assert list(told) == list(Field)
    title = told[Field.TITLE]
    assert (title.kore, title.v2, title.base) == (text("Boiler"), text("Pump"), base)
    assert title.notes == ()


@pytest.mark.parametrize("side", [KORE, V2])
def test_of_a_task_alone_the_other_side_shows_nothing_that_was_seen(side: Side) -> None:
    told = fields_of(a_lone(side))[Field.TITLE]
    shown = {KORE: told.kore, V2: told.v2}
    assert shown == {side: text("Broken boiler"), side.other: UNSEEN}
    assert shown_by(a_lone(side), side.other, Field.TITLE) is UNSEEN
    assert shown_by(Lone(side=side, task_id=TaskId("x")), side, Field.TITLE) is UNSEEN


def test_a_field_that_no_table_carries_says_so() -> None:
    world = a_world(agreement=an_agreement())
    told = fields_of(a_pair(kore={"assignee": person_value("a-1", "Ada")}), world=world)
    notes = {name: one.notes for name, one in told.items() if one.notes}
    assert notes == {
        Field.ASSIGNEE: ("It is not carried: no table of people says who is who.",)
    }  # fmt: skip


@pytest.mark.parametrize(("side", "label"), [(KORE, "Kore"), (V2, "v2")])
def test_a_hidden_field_is_told_of_the_side_that_hides_it(side: Side, label: str) -> None:
    pair = a_pair(**{side.value: {"due": ...}})
    told = fields_of(pair)
    assert told[Field.DUE].notes == (f"What {label} shows now is hidden by its list.",)
    assert told[Field.TITLE].notes == ()


def test_of_a_task_that_was_never_read_no_field_is_told_as_hidden() -> None:
    assert fields_of(replace(a_pair(), kore=None))[Field.DUE].notes == ()


def test_a_base_remembers_what_is_to_be_carried_and_what_was_only_agreed() -> None:
    bases = {Field.DUE: FieldBase(carry=V2, absorbed=KORE)}
    told = fields_of(a_pair(link=a_link(bases=bases)))
    assert told[Field.DUE].notes == (
        "After the create v2's value is still to be carried.",
        "Kore changed it to a value that agrees, so nothing was written.",
    )


def test_the_title_tells_what_kore_calls_a_task_without_one() -> None:
    link = a_link(stand_in="REC-1234")
    told = fields_of(a_pair(v2={"title": None}, link=link))
    notes = {name: one.notes for name, one in told.items() if one.notes}
    assert notes == {Field.TITLE: ("Kore calls it “REC-1234”, since v2 has no title.",)}
