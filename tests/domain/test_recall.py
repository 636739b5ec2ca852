"""What became of an update whose answer never came is read off the task as it is now."""

from typing import Any

import pytest

from bridge.domain.link import FieldBase, Link
from bridge.domain.recall import Fate, LostUpdate, Recalled, is_decided, recall
from bridge.domain.side import Field, OperationId, Side
from bridge.domain.task import Known
from bridge.domain.values import UNSEEN, Shown
from tests.domain.making import (
    KORE,
    NOON,
    OWN,
    V2,
    a_known,
    a_link,
    at,
    kore_status,
    text,
    v2_status,
)

SENT, OLD, OTHER = text("New title"), text("Old"), text("Somebody else's")
NUMBER = OperationId(5)
BASE = FieldBase(kore=OLD, v2=OLD, table="same")


def a_lost(side: Side = V2, **given: Any) -> LostUpdate:
    usual = {
        "id": NUMBER,
        "side": side,
        "values": {Field.TITLE: SENT},
        "sent_at": NOON,
        "settles_at": at(60),
    }
    return LostUpdate(**{**usual, **given})


def looked(
    shown: Any,
    *lost: LostUpdate,
    side: Side = V2,
    base: FieldBase = BASE,
    name: Field = Field.TITLE,
    skew: float = 0.0,
    own: frozenset[str] = OWN,
    **given: Any,
) -> Recalled:
    """What the lost updates came to, the task of `side` showing this."""
    task = {"last_author": "a person", "changed_at": at(10), **given, str(name): shown}
    known: dict[Side, Known] = {side.other: a_known(side.other), side: a_known(side, **task)}
    link = a_link(bases={name: base})
    ids = {side: own, side.other: frozenset({"nobody"})}
    return recall(link, known, lost or (a_lost(side),), ids, {side: skew})


def fate_of(found: Recalled, name: Field = Field.TITLE) -> Fate:
    return found.fates[NUMBER][name]


def base_of(found: Recalled, name: Field = Field.TITLE) -> FieldBase:
    return found.link.base(name)


# --- updates that are open -----------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_the_value_that_was_sent_has_arrived_whoever_is_said_to_have_written_it(
    side: Side,
) -> None:
    lost = a_lost(side, origin={Field.TITLE: text("The origin's then")})
    found = looked(SENT, lost, side=side)
    assert fate_of(found) is Fate.ARRIVED
    assert base_of(found) == FieldBase(table="same").moved(side, SENT).moved(
        side.other, text("The origin's then")
    )


def test_where_nobody_noted_the_origin_its_base_stays() -> None:
    assert base_of(looked(SENT)) == FieldBase(kore=OLD, v2=SENT, table="same")


def test_what_had_been_carried_or_absorbed_before_is_over_once_an_update_arrived() -> None:
    before = FieldBase(kore=OLD, v2=OLD, carry=KORE, absorbed=V2, table="same")
    after = base_of(looked(SENT, base=before))
    assert (after.carry, after.absorbed) == (None, None)


def test_the_old_value_says_nothing_and_leaves_the_base() -> None:
    found = looked(OLD)
    assert (fate_of(found), base_of(found)) == (Fate.NOTHING, BASE)


def test_another_value_by_somebody_else_says_nothing() -> None:
    found = looked(OTHER)
    assert (fate_of(found), base_of(found)) == (Fate.NOTHING, BASE)


def test_another_value_by_the_bridges_own_user_is_what_the_service_made_of_it() -> None:
    found = looked(OTHER, last_author="bridge")
    assert fate_of(found) is Fate.ALTERED
    assert base_of(found) == FieldBase(kore=OLD, v2=OTHER, table="same")


def test_what_an_answered_write_of_ours_moved_says_nothing_of_who_wrote_before() -> None:
    assert fate_of(looked(OTHER, last_author="bridge", own_changed_at=at(10))) is Fate.NOTHING
    assert fate_of(looked(OTHER, last_author="bridge", own_changed_at=at(9))) is Fate.ALTERED


def test_where_the_time_or_the_author_is_not_told_nobody_knows_whose_it_is() -> None:
    assert fate_of(looked(OTHER, last_author=None)) is Fate.NOTHING
    assert fate_of(looked(OTHER, last_author="bridge", own=frozenset())) is Fate.NOTHING
    timeless = looked(OTHER, last_author="bridge", changed_at=None, own_changed_at=None)
    assert fate_of(timeless) is Fate.ALTERED


@pytest.mark.parametrize("name", [Field.TITLE, Field.DESCRIPTION])
def test_a_beginning_of_the_text_is_what_the_service_made_of_it(name: Field) -> None:
    lost = a_lost(values={name: SENT})
    assert fate_of(looked(text("New"), lost, name=name), name) is Fate.ALTERED


def test_a_word_that_begins_another_is_another_word() -> None:
    lost = a_lost(values={Field.STATUS: v2_status("open")})
    base = FieldBase(kore=kore_status("open"), v2=v2_status("new"), table="x")
    found = looked(text("op"), lost, name=Field.STATUS, base=base)
    assert fate_of(found, Field.STATUS) is Fate.NOTHING


def test_what_is_hidden_now_cannot_be_looked_at() -> None:
    found = looked(...)
    assert (fate_of(found), base_of(found)) == (Fate.HIDDEN, BASE)


def test_an_empty_text_was_sent_and_has_arrived() -> None:
    lost = a_lost(values={Field.DESCRIPTION: None})
    found = looked(None, lost, name=Field.DESCRIPTION)
    assert fate_of(found, Field.DESCRIPTION) is Fate.ARRIVED


# --- updates that were given up ------------------------------------------------------------------

GIVEN_UP = a_lost(is_open=False)


@pytest.mark.parametrize(
    ("given", "is_echo"),
    [
        ({"last_author": "bridge"}, True),
        ({"last_author": "a person"}, False),
        ({"last_author": None, "changed_at": at(60)}, True),
        ({"last_author": None, "changed_at": at(61)}, False),
        ({"last_author": None, "changed_at": at(70), "skew": 10.0}, True),
        ({"last_author": None, "changed_at": at(51), "skew": -10.0}, False),
        ({"last_author": None, "changed_at": None}, False),
    ],
)
def test_a_value_that_was_replaced_since_and_comes_back_late_is_written_over(
    given: dict[str, Any], is_echo: bool
) -> None:
    found = looked(SENT, GIVEN_UP, **given)
    assert found.fates == {}
    assert base_of(found).carry is (KORE if is_echo else None)
    assert base_of(found).v2 == (SENT if is_echo else OLD)


def test_a_late_echo_keeps_what_the_origin_was_last_agreed_to_show() -> None:
    assert base_of(looked(SENT, GIVEN_UP, last_author="bridge")) == FieldBase(
        kore=OLD, v2=SENT, carry=KORE, table="same"
    )


@pytest.mark.parametrize("is_agreed", [True, False])
def test_a_late_echo_of_what_the_origin_shows_has_arrived_unless_that_was_agreed_with_another(
    is_agreed: bool,
) -> None:
    kore = a_known(KORE).task.shown(Field.TITLE)
    base = FieldBase(kore=kore if is_agreed else OLD, v2=OTHER, table="same")
    lost = a_lost(is_open=False, origin={Field.TITLE: kore})
    found = base_of(looked(SENT, lost, base=base, last_author="bridge"))
    assert found.v2 == SENT
    assert found.carry is (KORE if is_agreed else None)


def test_without_a_time_by_which_it_shows_an_echo_is_not_told_from_a_person() -> None:
    lost = a_lost(is_open=False, settles_at=None)
    assert base_of(looked(SENT, lost, last_author=None)) == BASE


def test_another_value_is_no_echo() -> None:
    assert base_of(looked(OTHER, GIVEN_UP, last_author="bridge")) == BASE


def test_on_a_link_that_was_made_anew_nothing_is_an_echo() -> None:
    base = FieldBase(kore=OLD, v2=UNSEEN, table="same")
    assert base_of(looked(SENT, GIVEN_UP, base=base, last_author="bridge")) == base


# --- several -------------------------------------------------------------------------------------


def test_every_open_update_has_the_fate_of_each_of_its_fields() -> None:
    values: dict[Field, Shown] = {Field.TITLE: SENT, Field.DUE: text("x")}
    both = looked(SENT, a_lost(values=values), a_lost(id=OperationId(6)), due=...)
    assert both.fates == {
        5: {Field.TITLE: Fate.ARRIVED, Field.DUE: Fate.HIDDEN},
        6: {Field.TITLE: Fate.NOTHING},
    }


def test_an_update_is_decided_once_every_field_of_it_could_be_seen() -> None:
    assert is_decided([Fate.ARRIVED, Fate.NOTHING])
    assert not is_decided([Fate.ARRIVED, Fate.HIDDEN])
    assert is_decided([])


def test_an_update_of_one_side_is_looked_for_on_that_side() -> None:
    known = {KORE: a_known(KORE, title=SENT), V2: a_known(V2, title=OLD)}
    link: Link = a_link(bases={Field.TITLE: BASE})
    lost = (a_lost(V2), a_lost(KORE, id=OperationId(6)))
    found = recall(link, known, lost, {KORE: OWN, V2: OWN}, {})
    assert found.fates == {5: {Field.TITLE: Fate.NOTHING}, 6: {Field.TITLE: Fate.ARRIVED}}
    assert found.link.base(Field.TITLE) == FieldBase(kore=SENT, v2=OLD, table="same")


def test_a_lost_update_is_open_until_it_is_given_up() -> None:
    assert LostUpdate(id=NUMBER, side=V2, values={}).is_open
