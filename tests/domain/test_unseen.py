"""What nobody can see is told: in step is not said of fields that are hidden and not asked for."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.advise_task import NEXT_CYCLE, advise_wait
from bridge.domain.judge_pair import judge_pair
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import State
from bridge.domain.side import Field, Side
from bridge.domain.unseen import unseen_note
from bridge.domain.values import UNSEEN, as_text, queue_value
from tests.domain.lives import told
from tests.domain.making import KORE, NOON, V2, at, text
from tests.domain.worlds import a_pair, a_wait, a_world

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
    said = note(wanted=wanted)
    assert "description, due of Kore" in said
    assert "In step means that all fields that can be seen agree." in said
    assert 'kore.unobserved = "probe"' in said
    assert "rows of Kore that carry them" in said


def test_what_probes_ask_for_is_not_told_as_unseen() -> None:
    assert note(wanted=Unobserved.PROBE) == ""


def test_where_kore_refuses_probes_nobody_is_advised_to_send_them() -> None:
    said = note(wanted=Unobserved.PROBE, takes_probes=False)
    assert "description, due of Kore" in said
    assert "it refuses probes" in said
    assert "kore.unobserved" not in said


def test_what_v2_hides_is_told_whatever_is_asked_of_kore() -> None:
    hidden: dict[Side, Collection[Field]] = {**HIDDEN, V2: (Field.PRIORITY,)}
    said = note(hidden, Unobserved.PROBE)
    assert ("priority of v2" in said, "of Kore" in said) == (True, False)
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


# --- what a probe did not show -------------------------------------------------------------------

UNSEEN_PAIR = {"kore": {"description": ..., "own_changed_at": NOON}}
HOLD = MergePolicy(unobserved=Unobserved.HOLD)


def a_probe(kind: WaitKind = WaitKind.HELD, **given: Any) -> Wait:
    return a_wait(kind, operation=OperationKind.PROBE, side=KORE, **given)


def advice_of(probe: Wait | None) -> str:
    """What can be done about what v2 changed and Kore's list hides, once that probe was tried."""
    pair = a_pair(
        **UNSEEN_PAIR,
        v2={"description": text("No water at all")},
        waits=(a_wait(WaitKind.HELD, side=KORE, field=Field.DESCRIPTION), *filter(None, [probe])),
    )
    (only,) = told(pair, world=a_world(policy=HOLD)).waits
    return only.advice.do


def test_where_its_case_is_closed_it_waits_for_that_and_not_for_a_setting() -> None:
    assert 'kore.unobserved = "probe"' in advice_of(None)
    said = advice_of(a_probe(WaitKind.CASE_CLOSED))
    assert "kore.unobserved" not in said
    assert "Open its case" in said


def test_where_a_probe_of_it_was_refused_nobody_is_told_to_have_it_probed() -> None:
    said = advice_of(a_probe())
    assert said
    assert "kore.unobserved" not in said


def test_where_a_probe_is_tried_again_by_itself_nothing_is_advised() -> None:
    assert advice_of(a_probe(waits_for=NEXT_CYCLE)) == ""


def test_who_has_to_leave_a_queue_is_told_so_whatever_became_of_a_probe() -> None:
    wait = a_wait(WaitKind.HELD, field=Field.ASSIGNEE, kore=queue_value("Desk"))
    assert "queue" in advise_wait(wait, None, a_probe(waits_for=NEXT_CYCLE)).do


# Changed in Kore since it was seen whole, and no probe shows it.
HIDDEN_EDIT = {"description": ..., "changed_at": at(5), "own_changed_at": NOON}


@pytest.mark.parametrize("is_carried_soon", [True, False])
def test_a_row_promises_no_probe_that_was_refused(is_carried_soon: bool) -> None:
    closed = a_probe(WaitKind.CASE_CLOSED, reason="Kore refuses the probe: The case is closed.")
    pair = a_pair(kore=HIDDEN_EDIT, waits=(closed,), is_case_closed=True)
    row = judge_pair(pair, a_world(is_carried_soon=is_carried_soon))
    assert (row.state, row.next) == (
        State.WAITING,
        "It is asked for by a probe when the case is open again.",
    )
    assert "The case is closed." in row.reason
    opened = judge_pair(replace(pair, is_case_closed=False), a_world(is_carried_soon=True))
    assert opened.next == "The next cycle asks for it by a probe and carries what changed."


def test_a_probe_that_was_refused_of_the_task_as_it_is_comes_again_when_it_changes() -> None:
    refused = a_probe(reason="Kore refuses the probe: No.", value=text(as_text(at(5))))
    row = judge_pair(a_pair(kore=HIDDEN_EDIT, waits=(refused,)), a_world(is_carried_soon=True))
    assert row.state is State.WAITING
    assert row.next == "It is asked for by a probe when the task changes in Kore."
    beside = judge_pair(
        a_pair(kore={**HIDDEN_EDIT, "title": text("New")}, waits=(refused,)),
        a_world(is_carried_soon=True, paused=frozenset({KORE})),
    )
    assert beside.next == "The next cycle writes it to v2."
    over = a_pair(kore=HIDDEN_EDIT, v2={"description": text("Other")}, waits=(refused,))
    row = judge_pair(over, a_world(is_carried_soon=True))
    assert row.next == "It waits; nothing is written over what cannot be seen."
    later = a_pair(kore={**HIDDEN_EDIT, "changed_at": at(6)}, waits=(refused,))
    row = judge_pair(later, a_world(is_carried_soon=True))
    assert row.next == "The next cycle asks for it by a probe and carries what changed."


# --- what is on hold for good ---------------------------------------------------------------------

HELD_BY_SETTING = a_pair(**UNSEEN_PAIR, v2={"description": text("No water at all")})


@pytest.mark.parametrize("is_carried_soon", [True, False])
def test_what_no_cycle_can_see_is_not_fine_and_its_row_says_what_a_person_can_do(
    is_carried_soon: bool,
) -> None:
    world = a_world(policy=HOLD, is_carried_soon=is_carried_soon, joined=(HELD_BY_SETTING,))
    report = reconcile(world)
    (row,) = report.rows
    assert row.state is State.WAITING
    assert not report.is_fine
    assert row.next.startswith("It waits; nothing is written over what cannot be seen.")
    assert "kore.unobserved" in row.next
    assert '"write"' in row.next


def test_what_v2_hides_is_on_hold_for_good_whatever_is_asked_of_kore() -> None:
    pair = a_pair(kore={"priority": None}, v2={"priority": ...})
    report = reconcile(a_world(joined=(pair,), is_carried_soon=True))
    (row,) = report.rows
    assert (row.state, report.is_fine) == (State.WAITING, False)
    assert '"probe"' not in row.next
    assert '"write"' in row.next


def test_what_was_never_seen_is_not_said_to_be_written_over() -> None:
    pair = a_pair(kore={"description": ...}, v2={"description": text("No water at all")})
    seen = {
        **pair.link.bases,
        Field.DESCRIPTION: replace(pair.link.base(Field.DESCRIPTION), kore=UNSEEN),
    }
    pair = replace(pair, link=replace(pair.link, bases=seen))
    row = judge_pair(pair, a_world(policy=MergePolicy(unobserved=Unobserved.WRITE)))
    assert (row.state, row.is_on_its_way) == (State.WAITING, False)
    assert '"probe"' in row.next
    assert '"write"' not in row.next


def test_what_waits_for_its_case_or_for_a_change_is_on_its_way() -> None:
    for probe in (a_probe(WaitKind.CASE_CLOSED), a_probe(value=text(as_text(at(0))))):
        pair = replace(HELD_BY_SETTING, waits=(probe,), is_case_closed=True)
        assert reconcile(a_world(joined=(pair,), is_carried_soon=True)).is_fine
