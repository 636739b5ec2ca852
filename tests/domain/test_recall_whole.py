"""Lost updates: which fields turned out to be written, in whose form, and what is no echo."""

from typing import Any

import pytest

from bridge.domain.link import FieldBase
from bridge.domain.recall import Fate, recall
from bridge.domain.side import Field
from bridge.domain.values import UNSEEN, Observed, due_value, person_value, priority_value
from tests.domain.making import KORE, V2, a_known, a_link, at, text, v2_status
from tests.domain.test_recall import (
    BASE,
    GIVEN_UP,
    OLD,
    OTHER,
    SENT,
    a_lost,
    base_of,
    fate_of,
    looked,
)

NOW = a_known(KORE).task.fields[Field.TITLE]


# --- the form that a service gives a value -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent", "shown", "fate"),
    [
        (Field.TITLE, SENT, OTHER, Fate.ALTERED),
        (Field.DESCRIPTION, SENT, OTHER, Fate.ALTERED),
        (Field.DUE, due_value(at(90)), due_value(at(60)), Fate.ALTERED),
        (Field.STATUS, v2_status("completed"), v2_status("open"), Fate.NOTHING),
        (Field.PRIORITY, priority_value("low"), priority_value("high"), Fate.NOTHING),
        (Field.ASSIGNEE, person_value("u-1", "Ann"), person_value("u-2", "Bob"), Fate.NOTHING),
    ],
)
def test_a_service_has_a_form_of_its_own_for_texts_and_dates_and_for_nothing_else(
    name: Field, sent: Observed, shown: Observed, fate: Fate
) -> None:
    lost = a_lost(values={name: sent})
    found = looked(shown, lost, name=name, last_author="bridge")
    assert fate_of(found, name) is fate
    assert found.arrived == ({name} if fate is Fate.ALTERED else frozenset())


# --- which fields are written --------------------------------------------------------------------


def test_what_arrived_is_told_by_its_field_whether_the_update_was_given_up_or_not() -> None:
    assert looked(SENT).arrived == {Field.TITLE}
    late = a_lost(is_open=False, origin={Field.TITLE: NOW})
    assert looked(SENT, late, last_author="bridge").arrived == {Field.TITLE}


@pytest.mark.parametrize(
    ("shown", "given"),
    [(OLD, {}), (OTHER, {}), (..., {}), (SENT, {"lost": GIVEN_UP, "last_author": "bridge"})],
    ids=["the old value", "another one", "hidden", "an echo"],
)
def test_nothing_else_has_arrived(shown: Any, given: dict[str, Any]) -> None:
    lost = given.pop("lost", a_lost())
    assert looked(shown, lost, **given).arrived == frozenset()


def test_an_update_of_what_was_not_agreed_before_arrives_too() -> None:
    unknown = FieldBase(kore=OLD, v2=UNSEEN, table="same")
    found = looked(SENT, base=unknown)
    assert (fate_of(found), base_of(found).v2) == (Fate.ARRIVED, SENT)


# --- whose it is ---------------------------------------------------------------------------------


def test_while_nobody_knows_who_we_are_the_time_tells_an_echo() -> None:
    nobody: dict[str, Any] = {"own": frozenset(), "last_author": "somebody"}
    assert base_of(looked(SENT, GIVEN_UP, changed_at=at(60), **nobody)).carry is KORE
    assert base_of(looked(SENT, GIVEN_UP, changed_at=at(61), **nobody)) == BASE


@pytest.mark.parametrize(("changed", "is_echo"), [(60, True), (60.5, False)])
def test_clocks_that_were_never_compared_are_taken_to_agree(changed: float, is_echo: bool) -> None:
    task = {"title": SENT, "last_author": None, "changed_at": at(changed)}
    known = {KORE: a_known(KORE), V2: a_known(V2, **task)}
    ids = {KORE: frozenset[str](), V2: frozenset[str]()}
    found = recall(a_link(bases={Field.TITLE: BASE}), known, [GIVEN_UP], ids, {})
    assert found.link.base(Field.TITLE).carry is (KORE if is_echo else None)


# --- what the other side shows -------------------------------------------------------------------


def test_a_persons_value_is_nothing_of_ours_though_the_origin_stands_to_this_day() -> None:
    found = looked(OTHER, a_lost(origin={Field.TITLE: NOW}))
    assert (fate_of(found), base_of(found), found.arrived) == (Fate.NOTHING, BASE, frozenset())


def test_an_echo_of_what_the_origin_shows_no_more_is_written_over() -> None:
    lost = a_lost(is_open=False, origin={Field.TITLE: text("Then")})
    found = looked(SENT, lost, last_author="bridge")
    assert (base_of(found).carry, base_of(found).kore) == (KORE, OLD)
    assert found.arrived == frozenset()
