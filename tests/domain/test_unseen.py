"""What nobody can see is told: in step is not said of fields that are hidden and not asked for."""

from collections.abc import Collection

import pytest

from bridge.domain.judge_pair import judge_pair
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.reconciled import State
from bridge.domain.side import Field, Side
from bridge.domain.unseen import unseen_note
from tests.domain.lives import told
from tests.domain.making import KORE, NOON, V2
from tests.domain.worlds import a_pair, a_world

HIDDEN: dict[Side, Collection[Field]] = {KORE: (Field.DUE, Field.DESCRIPTION), V2: ()}
NOT_PROBED = [Unobserved.HOLD, Unobserved.WRITE]


def note(
    hidden: dict[Side, Collection[Field]] = HIDDEN,
    wanted: Unobserved = Unobserved.HOLD,
    *,
    takes_probes: bool = True,
    carried: Collection[Field] = tuple(Field),
) -> str:
    return " ".join(unseen_note(hidden, carried, wanted, takes_probes=takes_probes))


@pytest.mark.parametrize("wanted", NOT_PROBED)
def test_it_names_the_fields_what_in_step_means_and_what_would_show_them(
    wanted: Unobserved,
) -> None:
    text = note(wanted=wanted)
    assert "description, due of Kore" in text
    assert "In step means that all fields that can be seen agree." in text
    assert 'kore.unobserved = "probe"' in text
    assert "rows of Kore that carry them" in text


def test_what_probes_ask_for_is_not_told_as_unseen() -> None:
    assert note(wanted=Unobserved.PROBE) == ""


def test_where_kore_refuses_probes_nobody_is_advised_to_send_them() -> None:
    text = note(wanted=Unobserved.PROBE, takes_probes=False)
    assert "description, due of Kore" in text
    assert "it refuses probes" in text
    assert "kore.unobserved" not in text


def test_what_v2_hides_is_told_whatever_is_asked_of_kore() -> None:
    hidden: dict[Side, Collection[Field]] = {**HIDDEN, V2: (Field.PRIORITY,)}
    text = note(hidden, Unobserved.PROBE)
    assert ("priority of v2" in text, "of Kore" in text) == (True, False)
    both = note(hidden)
    assert "description, due of Kore; priority of v2" in both


def test_a_field_that_is_not_carried_is_not_missed() -> None:
    assert note(carried=(Field.TITLE,)) == ""
    assert "description of Kore" in note(carried=(Field.DESCRIPTION,))
    assert note({KORE: (), V2: ()}) == ""


# --- of one pair ---------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", NOT_PROBED)
def test_a_pair_in_step_names_the_fields_that_are_not_seen(wanted: Unobserved) -> None:
    pair = a_pair(kore={"description": ..., "due": ...})
    world = a_world(policy=MergePolicy(unobserved=wanted))
    row = judge_pair(pair, world)
    assert (row.state, row.fields, row.next) == (State.IN_STEP, (), "")
    assert row.reason == ("All fields that can be seen agree; not seen: description, due of Kore.")
    assert told(pair, world=world).reason == row.reason


def test_a_pair_whose_hidden_fields_are_asked_for_says_nothing_of_them() -> None:
    pair = a_pair(kore={"description": ..., "own_changed_at": NOON})
    assert judge_pair(pair, a_world()).reason == ""


def test_a_pair_that_shows_everything_says_nothing() -> None:
    world = a_world(policy=MergePolicy(unobserved=Unobserved.HOLD))
    assert judge_pair(a_pair(), world).reason == ""
