"""Whose tasks a side shows, whom a task is for, and small values that others are made of."""

import pytest

from bridge.domain.identity import Identity
from bridge.domain.link import FieldBase
from bridge.domain.operation import WaitKind
from bridge.domain.plan import Pair
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.side import Field
from bridge.domain.task import Contact, whole_contact
from bridge.domain.values import QUEUE, queue_value
from tests.domain.making import KORE, V2, a_known, a_link
from tests.domain.worlds import a_wait

KEPT = Identity("https://kore/1", "acme")


def test_an_identity_is_kept_as_one_text() -> None:
    assert str(KEPT) == "https://kore/1 acme"
    assert str(Identity("https://kore/1")) == "https://kore/1"
    assert Identity.of(str(KEPT)) == KEPT
    assert Identity.of("https://kore/1") == Identity("https://kore/1", "")


@pytest.mark.parametrize(
    ("now", "is_other"),
    [
        (KEPT, False),
        (Identity("https://kore/2", "acme"), False),
        (Identity("https://kore/1", "other"), True),
        (Identity("https://kore/1"), False),
        (Identity("https://kore/2"), True),
    ],
)
def test_the_account_decides_where_both_know_it_else_the_place(
    now: Identity, is_other: bool
) -> None:
    assert now.is_other_than(KEPT) is is_other
    assert KEPT.is_other_than(now) is is_other


def test_an_account_that_is_not_told_now_is_remembered() -> None:
    assert Identity("https://kore/2").joined(KEPT) == Identity("https://kore/2", "acme")
    assert Identity("https://kore/2", "b").joined(KEPT) == Identity("https://kore/2", "b")


SHOWN = Contact(name="Ada Winter", email="ada@example.com")
OF_CASE = Contact(name="ada  winter", email="old@example.com", phone="+41 1")


def test_a_contact_is_completed_by_its_cases_where_both_are_one_person() -> None:
    whole = Contact(name="Ada Winter", email="ada@example.com", phone="+41 1")
    assert whole_contact(SHOWN, OF_CASE) == whole
    mail = Contact(name="Ada Winter", email="old@example.com", phone="+41 2")
    assert whole_contact(Contact(name="Ada Winter", phone="+41 2"), OF_CASE) == mail
    assert whole_contact(Contact(phone="+41 2"), SHOWN) == Contact(
        name="Ada Winter", email="ada@example.com", phone="+41 2"
    )
    assert whole_contact(SHOWN, Contact(phone="+41 3")) == Contact(
        name="Ada Winter", email="ada@example.com", phone="+41 3"
    )


def test_a_contact_is_not_mixed_with_another_persons() -> None:
    other = Contact(name="Bo", phone="+41 3")
    assert whole_contact(SHOWN, other) == SHOWN


def test_the_only_contact_that_is_known_is_it() -> None:
    assert whole_contact(None, OF_CASE) == OF_CASE
    assert whole_contact(SHOWN, None) == SHOWN
    assert whole_contact(None, None) is None


@pytest.mark.parametrize(
    ("unobserved", "takes_probes", "then"),
    [
        (Unobserved.PROBE, True, Unobserved.PROBE),
        (Unobserved.PROBE, False, Unobserved.HOLD),
        (Unobserved.WRITE, False, Unobserved.WRITE),
        (Unobserved.WRITE, True, Unobserved.WRITE),
    ],
)
def test_where_probes_are_refused_hidden_fields_are_on_hold(
    unobserved: Unobserved, takes_probes: bool, then: Unobserved
) -> None:
    policy = MergePolicy(unobserved=unobserved).in_force(takes_probes=takes_probes)
    assert policy.unobserved is then


def test_failures_take_the_place_of_those_that_their_fields_had() -> None:
    old = a_wait(WaitKind.FAILED, field=Field.TITLE, reason="old")
    other = a_wait(WaitKind.FAILED, field=Field.DUE)
    conflict = a_wait(WaitKind.CONFLICT, field=Field.TITLE)
    new = a_wait(WaitKind.FAILED, field=Field.TITLE, reason="new")
    pair = Pair(link=a_link(), kore=a_known(KORE), v2=a_known(V2), waits=(old, other, conflict))
    assert pair.with_failures([new]).waits == (other, conflict, new)


def test_a_queue_is_a_value_that_is_no_person() -> None:
    queue = queue_value("Desk")
    assert (queue.key, queue.text, queue.kind) == (f"{QUEUE}:Desk", "Desk", QUEUE)
    assert QUEUE


def test_a_base_is_known_once_both_sides_have_a_value() -> None:
    assert FieldBase(kore=None, v2=None).is_known
    assert not FieldBase(kore=None).is_known
    assert not FieldBase(v2=None).is_known
