"""Decisions of the merge, whole: their reasons stand in histories and reports."""

from dataclasses import replace

import pytest

from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.merge import NOTHING, Act, Conflict, Decision, Times, base_after_create, merge
from bridge.domain.policy import ConflictRule, MergePolicy, Unobserved
from bridge.domain.relation import SameRelation, Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, Observed, Shown, person_value, priority_value, queue_value
from tests.domain.making import KORE, V2, a_person, an_agreement, at, kore_status, text, v2_status
from tests.domain.merging import STATUS, TEXT, TO_KORE, TO_V2, a_base, a_view, statuses, texts

A, B = text("a"), text("b")
FULL = a_base(texts("a", "a"), TEXT)
ON_HOLD = a_base(statuses("on hold", "open"), absorbed=KORE)
PRIORITY = an_agreement().of(Field.PRIORITY)


class Strange(SameRelation):
    """Texts that agree, of which `odd` has no counterpart in v2 and `strange` none in Kore."""

    def gap(self, side: Side, value: Observed) -> Unmapped | None:
        is_odd = value == text("odd" if side is KORE else "strange")
        return Unmapped("It is odd.", "a:b:c") if is_odd else None


# --- what a change becomes -----------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_a_change_is_written_across_and_says_who_made_it(side: Side) -> None:
    values = (B, A) if side is KORE else (A, B)
    assert merge(a_view(FULL, values, TEXT)) == Decision(
        act=Act.WRITE, side=side.other, value=B, reason=f"{side.label} changed"
    )


@pytest.mark.parametrize("side", Side)
def test_an_empty_side_without_a_base_is_said_to_be_empty(side: Side) -> None:
    values = texts("-", "a") if side is KORE else texts("a", "-")
    assert merge(a_view(NO_BASE, values, TEXT)) == Decision(
        act=Act.WRITE, side=side, value=A, reason=f"empty in {side.label}"
    )


@pytest.mark.parametrize(
    ("policy", "side"), [(MergePolicy(direction=TO_V2), V2), (MergePolicy(direction=TO_KORE), KORE)]
)
def test_a_change_against_the_direction_is_drift_also_of_a_field_that_is_hidden(
    policy: MergePolicy, side: Side
) -> None:
    drift = Decision(
        act=Act.DRIFT,
        side=side.other,
        reason=f"{side.label} changed alone; the direction carries nothing from there.",
    )
    seen = (B, A) if side is KORE else (A, B)
    hidden = (B, UNSEEN) if side is KORE else (UNSEEN, B)
    assert merge(a_view(FULL, seen, TEXT, policy)) == drift
    assert merge(a_view(FULL, hidden, TEXT, policy)) == drift


def test_a_change_that_agrees_moves_the_base_under_the_table_of_now() -> None:
    older = replace(FULL, table="older")
    assert merge(a_view(older, (B, B), TEXT)) == Decision(
        act=Act.REBASE, base=FieldBase(kore=B, v2=B, table="same"), reason="agree"
    )


def test_a_field_that_one_side_alone_shows_is_remembered_under_the_table_of_now() -> None:
    assert merge(a_view(NO_BASE, texts("a", "?"), TEXT)) == Decision(
        act=Act.REBASE, base=FieldBase(kore=A, v2=UNSEEN, table="same"), reason="seen"
    )
    half = FieldBase(kore=UNSEEN, v2=UNSEEN, table="same").moved(KORE, A)
    assert merge(a_view(half, texts("a", "?"), TEXT)) == NOTHING


def test_what_kore_hides_is_looked_at_and_what_v2_hides_is_held() -> None:
    assert merge(a_view(FULL, texts("?", "b"), TEXT)) == Decision(
        act=Act.READ, side=KORE, reason="Kore's list hides it"
    )
    assert merge(a_view(FULL, texts("b", "?"), TEXT)) == Decision(
        act=Act.HOLD, side=V2, reason="v2's list hides what it would replace."
    )


def test_a_queue_that_is_not_to_be_taken_from_holds_the_change() -> None:
    people = an_agreement(twins={"a-1": "u-1"}, takes_from_queue=False).of(Field.ASSIGNEE)
    base = a_base((queue_value("First"), None), people)
    view = a_view(base, (queue_value("First"), person_value("u-1", "Ada")), people)
    assert merge(view) == Decision(
        act=Act.HOLD,
        side=KORE,
        reason="The task is in the queue 'First'; people.take_from_queue is off.",
    )


def test_a_value_without_a_counterpart_names_the_word_that_would_settle_it() -> None:
    view = a_view(NO_BASE, (text("odd"), A), Strange())
    assert merge(view) == Decision(
        act=Act.UNMAPPED, side=V2, reason="It is odd.", waits_for="a:b:c"
    )
    view = a_view(NO_BASE, (A, text("strange")), Strange())
    assert merge(view).side is KORE


def test_a_title_that_v2_loses_leaves_none_to_be_written_to_kore() -> None:
    title = an_agreement().of(Field.TITLE)
    view = a_view(a_base(texts("a", "a"), title), texts("a", "-"), title)
    assert merge(view) == Decision(
        act=Act.UNMAPPED, side=KORE, reason="Kore takes no task without a title."
    )


# --- conflicts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "name"), [(ConflictRule.NEWEST, "newest"), (ConflictRule.KORE, "kore")]
)
def test_a_conflict_tells_its_rule_its_winner_and_the_value_that_lost(
    rule: ConflictRule, name: str
) -> None:
    times = Times(kore=at(100), v2=at(0))
    view = a_view(FULL, texts("b", "c"), TEXT, MergePolicy(conflict=rule), times)
    assert merge(view) == Decision(
        act=Act.WRITE,
        side=V2,
        value=B,
        reason=f"conflict, Kore wins ({name})",
        conflict=Conflict(rule=name, winner=KORE, lost=text("c")),
    )


def test_a_conflict_whose_winner_has_no_counterpart_is_no_conflict_yet() -> None:
    title = an_agreement().of(Field.TITLE)
    policy = MergePolicy(conflict=ConflictRule.V2)
    decided = merge(a_view(a_base(texts("a", "a"), title), texts("b", "-"), title, policy))
    assert (decided.act, decided.conflict) == (Act.UNMAPPED, None)


def test_a_tie_is_named_with_the_side_that_it_favours() -> None:
    view = a_view(FULL, texts("b", "c"), TEXT, MergePolicy(tie=V2), Times())
    assert merge(view).reason == "conflict, v2 wins (tie: v2)"


def test_with_no_tolerance_the_same_instant_is_still_a_tie() -> None:
    policy = MergePolicy(tie=V2, tolerance_seconds=0)
    view = a_view(FULL, texts("b", "c"), TEXT, policy, Times(kore=at(1), v2=at(1)))
    assert merge(view).reason == "conflict, v2 wins (tie: v2)"


# --- changes that agree --------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_a_change_that_agrees_is_absorbed_once_and_forgotten_when_both_changed(side: Side) -> None:
    base = a_base(statuses("open", "open"))
    alone = statuses("on hold", "open") if side is KORE else statuses("open", "new")
    decided = merge(a_view(base, alone))
    assert decided.base.absorbed is side
    assert merge(a_view(decided.base, alone)) == NOTHING
    moved = merge(a_view(decided.base, statuses("in progress", "in_progress")))
    assert moved.base.absorbed is None


def test_an_absorbed_change_stays_so_while_nobody_changes_anything() -> None:
    base = replace(ON_HOLD, table="older")
    decided = merge(a_view(base, statuses("on hold", "open")))
    assert (decided.act, decided.base.absorbed) == (Act.REBASE, KORE)
    assert decided.base.table == STATUS.table


def test_after_an_absorbed_change_the_other_sides_change_absorbs_nothing() -> None:
    base = ON_HOLD
    decided = merge(a_view(base, statuses("on hold", "in_progress")))
    assert (decided.act, decided.base.absorbed) == (Act.REBASE, None)


def test_a_priority_that_v2_lacks_is_written_when_kore_changes_it() -> None:
    base = a_base((priority_value("Low"), None), PRIORITY)
    view = a_view(base, (priority_value("High"), None), PRIORITY)
    assert merge(view) == Decision(
        act=Act.WRITE, side=V2, value=priority_value("high"), reason="Kore changed"
    )
    assert merge(a_view(base, (priority_value("Low"), None), PRIORITY)) == NOTHING


def test_a_carry_that_agrees_by_now_is_over_without_being_absorbed() -> None:
    base = a_base(statuses("resolved", "new"), carry=KORE)
    decided = merge(a_view(base, statuses("open", "new")))
    assert (decided.act, decided.base.carry) == (Act.REBASE, None)
    still = a_base(statuses("open", "new"), carry=KORE)
    assert merge(a_view(still, statuses("open", "new"))).base.absorbed is None


# --- another table -------------------------------------------------------------------------------


def test_under_another_table_a_value_that_has_lost_its_counterpart_has_no_base_either() -> None:
    older = FieldBase(kore=text("odd"), v2=A, table="older")
    decided = merge(a_view(older, (text("odd"), A), Strange()))
    assert decided.act is Act.UNMAPPED


def test_under_another_table_two_values_that_no_longer_agree_are_a_conflict() -> None:
    base = replace(a_base(statuses("open", "open")), table="older")
    view = a_view(base, statuses("open", "open"))
    assert merge(view) == Decision(
        act=Act.REBASE, base=replace(base, table=STATUS.table), reason="agree"
    )
    odd = FieldBase(kore=kore_status("open"), v2=v2_status("completed"), table="older")
    decided = merge(a_view(odd, statuses("open", "completed")))
    assert decided.conflict is not None


# --- the base that a create leaves ---------------------------------------------------------------


def after(origin: Side, value: Shown, created: Shown, *, was_sent: bool = True) -> FieldBase:
    return base_after_create(origin, value, created, Strange(), was_sent=was_sent)


@pytest.mark.parametrize("origin", Side)
def test_what_a_create_carried_whole_is_its_base_in_whichever_form_it_is_shown(
    origin: Side,
) -> None:
    base = after(origin, A, B)
    assert (base.of(origin), base.of(origin.other), base.carry) == (A, B, None)
    assert base.table == "same"


@pytest.mark.parametrize("origin", Side)
def test_what_a_create_did_not_carry_is_carried_later_unless_it_agrees(origin: Side) -> None:
    assert after(origin, A, B, was_sent=False).carry is origin
    assert after(origin, A, A, was_sent=False).carry is None
    assert after(origin, A, UNSEEN, was_sent=False).carry is origin
    assert after(origin, A, UNSEEN).carry is None


@pytest.mark.parametrize("origin", Side)
def test_what_the_created_side_filled_in_by_itself_flows_back(origin: Side) -> None:
    assert after(origin, None, B).carry is origin.other
    assert after(origin, A, None).carry is origin
    assert after(origin, None, None).carry is None


@pytest.mark.parametrize("origin", Side)
def test_values_that_look_alike_are_still_to_be_carried_where_one_has_no_counterpart(
    origin: Side,
) -> None:
    for word in ("odd", "strange"):
        assert after(origin, text(word), text(word), was_sent=False).carry is origin


def test_what_nobody_showed_leaves_no_base() -> None:
    assert after(KORE, UNSEEN, UNSEEN) == NO_BASE
    assert after(KORE, UNSEEN, A).carry is None
    assert after(V2, UNSEEN, A).kore == A


@pytest.mark.parametrize("side", Side)
def test_the_first_sight_of_a_created_side_is_no_change(side: Side) -> None:
    base = FieldBase(table="same", carry=side.other).moved(side.other, A)
    values = (B, A) if side is KORE else (A, B)
    decided = merge(a_view(base, values, TEXT))
    assert (decided.act, decided.side, decided.value) == (Act.WRITE, side, A)
    assert decided.conflict is None
    assert decided.base.of(side) == B


def test_what_stays_hidden_on_the_created_side_is_no_first_sight() -> None:
    base = FieldBase(table="same", carry=KORE).moved(KORE, A)
    decided = merge(a_view(base, texts("a", "?"), TEXT, MergePolicy(unobserved=Unobserved.HOLD)))
    assert decided == Decision(
        act=Act.HOLD, side=V2, reason="v2's list hides what it would replace."
    )


def test_a_person_without_a_counterpart_waits_for_a_person_of_that_name() -> None:
    people = an_agreement(a_person(KORE, "a-9", "Ada W"), matches_names=True).of(Field.ASSIGNEE)
    view = a_view(NO_BASE, (person_value("a-9", "Ada W"), None), people)
    assert merge(view).waits_for == "v2:person:ada w"
