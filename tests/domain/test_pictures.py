"""Two pictures of one task made into one: the newer tells, the older fills in what it hides."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.observe import Sight, filled, has_news, is_hidden_anew, observe, observe_own
from bridge.domain.side import Field
from bridge.domain.task import Case, Contact, Facts
from bridge.domain.values import UNSEEN
from tests.domain.making import KORE, V2, a_known, a_task, at, text

CASE = Case(id="ci-1", ref="CS1", name="Boiler")
NEW = {
    "ref": "TS2",
    "created_at": at(1),
    "first_author": "cid",
    "last_author": "dan",
    "container": CASE,
}
BARE = {**dict.fromkeys(NEW), "container": None}
ANN = Contact(name="Ann", email="ann@example.com")
FACTS = Facts(queues=("Q",), task_type_id="t", tags=("x",), customers=("c",), contact=ANN)


# ---- what names a task ----------------------------------------------------------------------


@pytest.mark.parametrize("name", NEW)
def test_what_a_newer_picture_tells_is_believed_whether_the_older_told_it_or_not(name: str) -> None:
    older = {"ref": "TS1", "created_at": at(0), "first_author": "ann", "last_author": "bob",
             "container": Case(id="ci-1", ref="CS0", name="Pump")}  # fmt: skip
    newer = a_task(KORE, **NEW)
    assert getattr(filled(newer, a_task(KORE, **older)), name) == NEW[name]
    assert getattr(filled(newer, a_task(KORE, **BARE)), name) == NEW[name]
    assert getattr(filled(a_task(KORE, **BARE), newer), name) == NEW[name]
    assert getattr(filled(a_task(KORE, **BARE), a_task(KORE, **BARE)), name) is None


def test_a_case_of_which_a_row_tells_the_id_alone_keeps_its_reference_and_name() -> None:
    bare = a_task(KORE, container=Case(id="ci-1"))
    assert filled(bare, a_task(KORE, container=CASE)).container == CASE
    assert filled(bare, a_task(KORE)).container == Case(id="ci-1")
    named = a_task(KORE, container=Case(id="ci-1", ref="CS1"))
    assert filled(named, a_task(KORE, container=Case(id="ci-1", name="Boiler"))).container == CASE


@pytest.mark.parametrize("name", ["queues", "task_type_id", "tags", "customers", "contact"])
def test_a_fact_is_taken_from_the_picture_that_tells_it(name: str) -> None:
    whole, bare = a_task(V2, facts=FACTS), a_task(V2)
    expected = getattr(FACTS, name)
    assert getattr(filled(whole, bare).facts, name) == expected
    assert getattr(filled(bare, whole).facts, name) == expected
    other = Facts(
        queues=("R",), task_type_id="u", tags=("y",), customers=("d",), contact=Contact(name="Bob")
    )
    assert getattr(filled(whole, a_task(V2, facts=other)).facts, name) == expected


# ---- the answer to an own write -------------------------------------------------------------


def test_the_answer_to_an_own_write_is_the_newer_picture_and_hides_nothing_that_stands() -> None:
    before = a_known(KORE, title=text("Before"), due=None)
    answer = a_task(KORE, title=text("After"), due=...)
    after = observe_own(before, answer, at(11)).task
    assert (after.title, after.shown(Field.DUE)) == ("After", None)
    moved = observe_own(before, replace(answer, changed_at=at(10)), at(11)).task
    assert moved.shown(Field.DUE) is UNSEEN


def test_a_task_that_answers_a_write_is_there_and_no_older_picture_of_it_is_set_aside() -> None:
    gone = replace(a_known(KORE, aside="old", aside_at=at(1)), gone_at=at(2))
    after = observe_own(gone, a_task(KORE, changed_at=at(10)), at(11))
    assert (after.aside, after.aside_at, after.gone_at) == (None, None, None)


# ---- a task that was gone -------------------------------------------------------------------


def test_a_task_that_is_seen_is_there_even_by_a_picture_that_tells_nothing_else() -> None:
    gone = replace(a_known(KORE, written_at=at(10)), gone_at=at(5))
    after = observe(gone, a_task(KORE, title=text("Stale")), Sight(sent_at=at(9)))
    assert after == replace(gone, gone_at=None)
    assert has_news(gone, after)


# ---- change times ---------------------------------------------------------------------------


@pytest.mark.parametrize("known_at", [None, 10], ids=["no time known", "the same time"])
def test_a_picture_that_is_not_older_is_believed(known_at: float | None) -> None:
    known = a_known(KORE, changed_at=None if known_at is None else at(known_at))
    picture = a_task(KORE, changed_at=at(10), title=text("Now"), digest="now")
    after = observe(known, picture, Sight(sent_at=at(20)))
    assert after is not None
    assert (after.task.title, after.aside) == ("Now", None)


def test_of_a_task_without_a_change_time_nobody_knows_when_a_person_changed_it() -> None:
    known = a_known(KORE, person_changed_at=at(0))
    after = observe(known, a_task(KORE, changed_at=None), Sight(sent_at=at(20)))
    assert after is not None
    assert after.person_changed_at is None


@pytest.mark.parametrize("given", [{}, {"changed_at": None}])
def test_a_task_that_shows_every_field_hides_nothing(given: dict[str, Any]) -> None:
    assert not is_hidden_anew(a_known(KORE, **given))
