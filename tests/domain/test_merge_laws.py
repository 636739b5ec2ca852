"""What holds for every merge, whatever the table, the base, the direction and the rule."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.merge import Act, FieldView, Times, merge
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.relation import Relation, TitleRelation
from bridge.domain.side import Field, Side
from bridge.domain.status import CATEGORIES, V2_STATUSES
from bridge.domain.values import (
    UNSEEN,
    Observed,
    Shown,
    Unseen,
    person_value,
    priority_value,
    queue_value,
)
from tests.domain.making import KORE, V2, an_agreement, at, kore_status, text, v2_status
from tests.domain.merging import TEXT, a_base, a_view, applied, is_agreed, told

ALL = an_agreement(twins={"A1": "u1", "A2": "u2"})
STATUS, PRIORITY = ALL.of(Field.STATUS), ALL.of(Field.PRIORITY)
KORE_STATUSES = [kore_status(category) for category in CATEGORIES]
V2_STATUS_VALUES = [v2_status(word) for word in V2_STATUSES]

Words = tuple[Relation, list[Observed], list[Observed]]
FIELDS: list[Words] = [
    (TEXT, [text("a"), text("b"), None], [text("a"), text("b"), None]),
    (TitleRelation(stand_in="a"), [text("a"), text("b")], [text("a"), text("b"), None]),
    (STATUS, [*KORE_STATUSES, kore_status("x", "X")], V2_STATUS_VALUES),
    (
        PRIORITY,
        [priority_value(name) for name in ("Low", "High", "Emergency", None)],
        [priority_value(name) for name in ("low", "high", "urgent", None)],
    ),
    (
        ALL.of(Field.ASSIGNEE),
        [person_value("A1", "Ann"), person_value("A2", "Bob"), queue_value("Q"), None],
        [person_value("u1", "Ann"), person_value("u2", "Bob"), person_value("u9", "?"), None],
    ),
]
TIMES = st.builds(
    Times,
    kore=st.one_of(st.none(), st.sampled_from([at(0), at(100)])),
    v2=st.one_of(st.none(), st.sampled_from([at(0), at(100)])),
)
POLICIES = st.builds(
    MergePolicy,
    direction=st.sampled_from(Direction),
    conflict=st.sampled_from(ConflictRule),
    tie=st.sampled_from(Side),
    unobserved=st.sampled_from(Unobserved),
)


@st.composite
def views(draw: st.DrawFn, sees_all: bool = False) -> FieldView:
    """Any lawful view of a field: a base that was once agreed, or is half, or is to be carried."""
    relation, kore_words, v2_words = draw(st.sampled_from(FIELDS))
    hidden: list[Shown] = [] if sees_all else [UNSEEN]
    kore, v2 = (draw(st.sampled_from([*words, *hidden])) for words in (kore_words, v2_words))
    last = draw(st.sampled_from(kore_words)), draw(st.sampled_from(v2_words))
    base = draw(
        st.sampled_from(
            [
                NO_BASE,
                a_base((last[0], UNSEEN), relation),
                a_base((UNSEEN, last[1]), relation),
                *(a_base(last, relation, absorbed=side) for side in (None, KORE, V2)),
                *(a_base(last, relation, carry=side) for side in (KORE, V2)),
                a_base((last[0], UNSEEN), relation, carry=KORE),
                a_base((UNSEEN, last[1]), relation, carry=V2),
            ]
        )
    )
    return a_view(base, (kore, v2), relation, draw(POLICIES), draw(TIMES))


@settings(max_examples=250)
@given(views())
def test_merging_twice_changes_nothing(view: FieldView) -> None:
    decision = merge(view)
    after = applied(view, decision)
    again = merge(after)
    if decision.act in {Act.WRITE, Act.REBASE, Act.NOTHING}:
        assert again.act is Act.NOTHING
    else:
        assert told(again) == told(decision)
    assert applied(after, again) == after


@settings(max_examples=150)
@given(views())
def test_nothing_is_written_where_both_agree_but_a_priority_that_v2_lacks(view: FieldView) -> None:
    decision = merge(view)
    if is_agreed(view) and decision.act is Act.WRITE:
        assert view.relation is PRIORITY
        assert (decision.side, view.v2) == (V2, None)


@settings(max_examples=150)
@given(views())
def test_in_one_direction_the_source_is_never_written(view: FieldView) -> None:
    decision = merge(view)
    if decision.act in {Act.WRITE, Act.READ}:
        assert decision.side is not view.policy.direction.source


def _was_first_sight(view: FieldView, side: Side) -> bool:
    return view.base.carry is side.other and view.base.of(side) is UNSEEN


@settings(max_examples=250)
@given(views())
def test_a_value_that_no_base_knows_is_never_written_over_without_being_kept(
    view: FieldView,
) -> None:
    decision = merge(view)
    if decision.act is not Act.WRITE or decision.side is None:
        return
    side, now = decision.side, view.shown(decision.side)
    is_empty = now is None or isinstance(now, Unseen) or now.is_queue
    is_known = now == view.base.of(side) and side not in (view.base.absorbed, view.base.carry)
    if is_empty or is_known or _was_first_sight(view, side):
        return
    assert decision.conflict is not None
    assert decision.conflict.lost == now
    assert decision.conflict.winner is side.other


@settings(max_examples=250)
@given(views())
def test_what_is_written_is_the_translation_of_what_the_other_side_has(view: FieldView) -> None:
    decision = merge(view)
    if decision.act is not Act.WRITE or decision.side is None:
        return
    source: Shown = view.shown(decision.side.other)
    if isinstance(source, Unseen):
        assert view.policy.unobserved is Unobserved.WRITE
        source = view.base.of(decision.side.other)
    assert not isinstance(source, Unseen)
    assert decision.value == view.relation.translate(source, decision.side)
    if decision.value is None:
        assert source is None or source.is_queue or view.relation == TitleRelation(stand_in="a")
    after = (source, decision.value) if decision.side is V2 else (decision.value, source)
    assert view.relation.agrees(*after)


@settings(max_examples=150)
@given(views())
def test_a_base_is_only_what_agrees_or_what_one_side_alone_was_seen_to_show(
    view: FieldView,
) -> None:
    decision = merge(view)
    base = decision.base
    if decision.act is not Act.REBASE or base == NO_BASE:
        return
    kore, v2 = base.kore, base.v2
    if isinstance(kore, Unseen) or isinstance(v2, Unseen):
        assert UNSEEN in (view.kore, view.v2)
        return
    assert view.relation.agrees(kore, v2)
    assert base.carry is None


@settings(max_examples=100)
@given(views(sees_all=True))
def test_a_converged_pair_plans_nothing(view: FieldView) -> None:
    if not is_agreed(view):
        return
    base = FieldBase(kore=view.kore, v2=view.v2, table=view.relation.table)
    assert merge(replace(view, base=base)).act is Act.NOTHING


@given(views(), st.sampled_from(Side))
def test_a_value_that_was_not_observed_is_neither_empty_nor_a_change(
    view: FieldView, side: Side
) -> None:
    base = FieldBase(kore=view.kore, v2=view.v2, table=view.relation.table)
    view = replace(view, base=base)
    hidden = replace(view, kore=UNSEEN) if side is KORE else replace(view, v2=UNSEEN)
    assert merge(hidden).act is Act.NOTHING


# ---- rounds ---------------------------------------------------------------------------------


def settled(view: FieldView) -> tuple[FieldView, int]:
    """The field after merging and applying until nothing is left, and how often was written."""
    writes = 0
    for _ in range(6):
        decision = merge(view)
        if decision.act is Act.NOTHING:
            return view, writes
        assert decision.act in {Act.WRITE, Act.REBASE}, told(decision)
        is_write = decision.act is Act.WRITE
        assert not (is_write and is_agreed(view)), "a needless write"
        writes += is_write
        view = applied(view, decision)
    raise AssertionError("six rounds were not enough")


STARTS = list(itertools.product(KORE_STATUSES, V2_STATUS_VALUES))


@pytest.mark.parametrize("rule", [ConflictRule.NEWEST, ConflictRule.KORE, ConflictRule.V2])
@pytest.mark.parametrize("carry", [None, KORE, V2])
@pytest.mark.parametrize("has_base", [False, True])
def test_from_every_start_statuses_agree_after_at_most_one_write_and_stay_so(
    has_base: bool, carry: Side | None, rule: ConflictRule
) -> None:
    policy = MergePolicy(conflict=rule)
    for values in STARTS:
        agrees = STATUS.agrees(*values)
        if has_base and carry is None and not agrees:
            continue  # no base holds values that never agreed
        base = a_base(values, carry=carry) if has_base else NO_BASE
        after, writes = settled(a_view(base, values, policy=policy))
        assert is_agreed(after)
        assert writes == (0 if agrees else 1)


@pytest.mark.parametrize("edited", Side)
@pytest.mark.parametrize("has_base", [False, True])
def test_after_an_edit_on_either_side_statuses_agree_and_the_edit_stands(
    has_base: bool, edited: Side
) -> None:
    for start in STARTS:
        base = a_base(start) if has_base and STATUS.agrees(*start) else NO_BASE
        before, _ = settled(a_view(base, start))
        for value in KORE_STATUSES if edited is KORE else V2_STATUS_VALUES:
            view = replace(before, kore=value) if edited is KORE else replace(before, v2=value)
            agreed = is_agreed(view)
            after, writes = settled(view)
            assert is_agreed(after)
            assert after.shown(edited) == value
            assert writes == (0 if agreed else 1)


@settings(max_examples=80)
@given(st.data())
def test_however_people_edit_both_sides_each_merge_ends_in_agreement(data: st.DataObject) -> None:
    view = a_view(NO_BASE, data.draw(st.sampled_from(STARTS)))
    for _ in range(data.draw(st.integers(1, 6))):
        kore, v2 = view.kore, view.v2
        if data.draw(st.booleans()):
            kore = data.draw(st.sampled_from(KORE_STATUSES))
        if data.draw(st.booleans()):
            v2 = data.draw(st.sampled_from(V2_STATUS_VALUES))
        times = Times(kore=at(data.draw(st.integers(0, 20))), v2=at(10))
        after, writes = settled(replace(view, kore=kore, v2=v2, times=times))
        assert is_agreed(after)
        assert writes <= 1
        view = after


def test_the_first_value_that_a_created_side_shows_is_remembered_at_once() -> None:
    """Else a person's later change there would pass for the first value and be written over."""
    base = a_base((UNSEEN, v2_status("in_progress")), carry=V2)
    view = a_view(base, (kore_status("open"), v2_status("in_progress")), times=Times(kore=at(9)))
    decision = merge(view)
    assert told(decision) == "kore := in progress"
    assert decision.base == base.moved(KORE, kore_status("open"))
    kept = replace(view, base=decision.base, kore=kore_status("resolved"))
    assert merge(kept).conflict is not None
    hidden = merge(replace(view, v2=UNSEEN))
    assert (hidden.act, hidden.base) == (Act.NOTHING, decision.base)
