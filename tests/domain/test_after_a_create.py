"""A created task seen first: what may be a person's, and what base the create leaves."""

from typing import Any

import pytest

from bridge.domain.agreement import Agreement
from bridge.domain.create import (
    FirstSight,
    bases_after_create,
    first_sight,
    is_as_created,
    is_untouched,
    tells,
    values_for_create,
)
from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.side import Field, Side
from bridge.domain.task import Task
from bridge.domain.values import UNSEEN, Shown, person_value, priority_value, status_value
from tests.domain.making import KORE, OWN, V2, a_link, a_task, an_agreement, at, text

PEOPLE = an_agreement(twins={"A1": "u1"})
EVERYTHING = frozenset(Field)
EXACT = at(0.25)


def a_base(
    name: Field, origin: Task, created: Task, edited: bool = False, **given: Any
) -> FieldBase:
    """The base of one field after the create."""
    seen = FirstSight(task=created, edited=EVERYTHING if edited else frozenset())
    agreement: Agreement = given.pop("agreement", PEOPLE)
    link = a_link(origin=origin.side)
    return bases_after_create(origin, seen, link, agreement, **given).get(name, NO_BASE)


# ---- by its times ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("created", "changed", "untouched", "as_created"),
    [
        (EXACT, EXACT, True, True),
        (at(0), at(0), True, False),
        (EXACT, at(1.25), False, False),
        (None, None, False, False),
        (None, EXACT, False, False),
        (EXACT, None, False, False),
    ],
    ids=["the same", "whole seconds", "changed", "no times", "not when made", "not when changed"],
)
def test_nobody_was_at_a_task_only_if_both_its_times_say_so(
    created: Any, changed: Any, untouched: bool, as_created: bool
) -> None:
    task = a_task(KORE, created_at=created, changed_at=changed)
    assert is_untouched(task) is untouched
    assert is_as_created(task) is as_created
    assert bool(first_sight(task, frozenset()).edited) is not as_created


def test_a_probe_of_ours_may_hide_people_where_no_time_is_told() -> None:
    task = a_task(KORE, created_at=None, changed_at=None, last_author="bridge")
    assert first_sight(task, OWN).edited == {Field.TITLE, Field.DESCRIPTION, Field.DUE}


@pytest.mark.parametrize(
    ("side", "name", "shown", "expected"),
    [
        (KORE, Field.TITLE, UNSEEN, False),
        (V2, Field.PRIORITY, UNSEEN, False),
        (KORE, Field.DUE, None, False),
        (V2, Field.STATUS, None, False),
        (KORE, Field.DESCRIPTION, None, True),
        (V2, Field.DUE, None, True),
        (KORE, Field.DUE, text("x"), True),
    ],
)
def test_a_field_tells_what_people_did_if_it_is_seen_and_filled_or_was_sent(
    side: Side, name: Field, shown: Shown, expected: bool
) -> None:
    assert tells(side, name, shown) is expected


# ---- what is sent ---------------------------------------------------------------------------


def test_what_has_no_counterpart_is_not_sent() -> None:
    odd = {"status": status_value("Odd"), "priority": priority_value("Odd")}
    stranger = person_value("A9", "Stranger")
    for side in Side:
        values = values_for_create(a_task(side, **odd, assignee=stranger), PEOPLE)
        assert set(values) == {Field.TITLE, Field.DESCRIPTION, Field.DUE}


# ---- the base of a text ---------------------------------------------------------------------

NAME = Field.DESCRIPTION


def test_a_text_that_was_changed_while_it_was_sent_is_still_to_be_carried() -> None:
    origin, created = a_task(KORE, description=text("New")), a_task(V2, description=text("Old"))
    assert a_base(NAME, origin, created, is_known_sent=False).carry is KORE
    assert a_base(NAME, origin, created).carry is None


def test_a_text_that_agrees_is_to_be_carried_nowhere_whatever_was_sent() -> None:
    assert a_base(NAME, a_task(KORE), a_task(V2), is_known_sent=False).carry is None


def test_what_a_person_may_have_written_does_not_tell_what_the_origin_hides() -> None:
    base = a_base(NAME, a_task(KORE, description=...), a_task(V2), edited=True)
    assert (base.of(KORE), base.of(V2)) == (UNSEEN, text("No hot water"))


def test_an_empty_text_does_not_tell_what_the_origin_hides() -> None:
    base = a_base(NAME, a_task(KORE, description=...), a_task(V2, description=None))
    assert (base.of(KORE), base.of(V2)) == (UNSEEN, None)


def test_what_was_sent_and_is_not_seen_may_be_a_persons_by_now() -> None:
    base = a_base(NAME, a_task(V2), a_task(KORE, description=...), edited=True)
    assert (base.carry, base.is_edited) == (V2, True)


# ---- the base of what is no text ------------------------------------------------------------


@pytest.mark.parametrize("name", [Field.STATUS, Field.PRIORITY])
def test_a_word_of_the_created_task_tells_nothing_of_what_the_origin_hides(name: Field) -> None:
    base = a_base(name, a_task(KORE, **{str(name): ...}), a_task(V2))
    assert base.of(KORE) is UNSEEN


def test_a_person_whom_a_template_fills_in_flows_to_the_origin_whatever_was_sent() -> None:
    created = a_task(KORE, assignee=person_value("A1", "Ann"))
    for is_known in (True, False):
        base = a_base(Field.ASSIGNEE, a_task(V2, assignee=None), created, is_known_sent=is_known)
        assert base.carry is KORE
