"""The first sight of a created side: what people set there is written over, and kept."""

from dataclasses import replace

import pytest

from bridge.domain.merge import BOTH_CHANGED, NEVER_AGREED, NOTHING, Act, Decision, merge
from bridge.domain.policy import ConflictRule, Direction, MergePolicy
from bridge.domain.values import UNSEEN
from tests.domain.making import KORE, V2
from tests.domain.merging import TEXT, a_base, a_view, texts, told


def first(is_edited: bool, policy: MergePolicy | None = None, touched: bool = False) -> Decision:
    """v2's task was created from Kore's and is seen now."""
    base = replace(a_base(texts("ours", "?"), TEXT, carry=KORE), is_edited=is_edited)
    assert base.v2 is UNSEEN
    view = a_view(base, texts("ours", "theirs"), TEXT, policy)
    return merge(replace(view, touched=frozenset({V2}) if touched else frozenset()))


@pytest.mark.parametrize(
    ("is_edited", "touched"), [(True, False), (False, True), (True, True)]
)  # fmt: skip
def test_what_people_may_have_set_is_the_value_that_lost_to_the_origin(
    is_edited: bool, touched: bool
) -> None:
    decision = first(is_edited, touched=touched)
    assert told(decision) == "v2 := ours, lost theirs"
    assert decision.conflict is not None
    assert (decision.conflict.rule, decision.conflict.winner) == ("origin first", KORE)
    assert decision.base.is_edited


def test_what_nobody_set_is_no_loss() -> None:
    decision = first(is_edited=False)
    assert (told(decision), decision.base.is_edited) == ("v2 := ours", False)


def test_what_is_not_written_takes_nothing_from_anybody() -> None:
    decision = first(is_edited=True, policy=MergePolicy(direction=Direction.V2_TO_KORE))
    assert (decision.act, decision.conflict) == (Act.DRIFT, None)


def test_what_nobody_changed_has_nothing_to_say() -> None:
    assert Decision(act=Act.NOTHING) == NOTHING
    assert NOTHING.reason == ""


@pytest.mark.parametrize(
    ("base", "reason"), [(("a", "a"), BOTH_CHANGED), (("?", "?"), NEVER_AGREED)]
)
def test_a_conflict_says_whether_the_two_ever_agreed(base: tuple[str, str], reason: str) -> None:
    policy = MergePolicy(conflict=ConflictRule.MANUAL)
    view = a_view(a_base(texts(*base), TEXT), texts("b", "c"), TEXT, policy)
    assert merge(view).reason == reason
