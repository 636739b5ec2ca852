"""What the grids of the merge do not show: why a conflict waits, which rule decided it, tables that
change, values without a counterpart, and the exceptions of single fields.
"""

import pytest

from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.merge import Times, merge
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.relation import Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.values import person_value, priority_value, queue_value
from tests.domain.making import KORE, V2, an_agreement, at
from tests.domain.merging import (
    KORE_NEWER,
    TEXT,
    V2_NEWER,
    a_base,
    a_view,
    statuses,
    texts,
    told,
)
from tests.domain.merging import TO_KORE as ONLY_TO_KORE
from tests.domain.merging import TO_V2 as ONLY_TO_V2

FULL = a_base(statuses("open", "open"))


@pytest.mark.parametrize("rule", ConflictRule)
@pytest.mark.parametrize("decided", Side)
def test_what_a_person_decides_keeps_the_losing_value(rule: ConflictRule, decided: Side) -> None:
    policy = MergePolicy(conflict=rule)
    values = statuses("resolved", "in_progress")
    decision = merge(a_view(FULL, values, policy=policy, decided=decided))
    assert decision.conflict is not None
    assert (decision.conflict.rule, decision.conflict.winner) == ("manual", decided)
    assert decision.conflict.lost == values[0 if decided is V2 else 1]


def test_one_field_may_wait_for_a_person_while_the_rule_decides_the_others() -> None:
    policy = MergePolicy(
        conflict=ConflictRule.KORE, conflict_fields={Field.TITLE: ConflictRule.MANUAL}
    )
    base, values = a_base(texts("a", "a"), TEXT), texts("b", "c")
    waits = a_view(base, values, TEXT, policy, name=Field.TITLE)
    assert told(merge(waits)) == "conflict"
    flows = a_view(base, values, TEXT, policy, name=Field.DESCRIPTION)
    assert told(merge(flows)) == "v2 := b, lost c"


@pytest.mark.parametrize(
    ("base", "why"),
    [(a_base(texts("a", "a"), TEXT), "Both sides changed it."), (NO_BASE, "The two differ")],
    ids=["agreed once", "never agreed"],
)
def test_a_conflict_that_waits_says_how_it_came_about(base: FieldBase, why: str) -> None:
    policy = MergePolicy(conflict=ConflictRule.MANUAL)
    decision = merge(a_view(base, texts("b", "c"), TEXT, policy))
    assert decision.reason.startswith(why)


def test_a_last_known_value_without_counterpart_stays_unmapped() -> None:
    base = a_base((priority_value("Emergency"), priority_value("low")))
    relation = an_agreement().of(Field.PRIORITY)
    values = statuses("?", "?")[0], priority_value("high")
    policy = MergePolicy(unobserved=Unobserved.WRITE)
    assert told(merge(a_view(base, values, relation, policy))) == "unmapped v2"


# ---- conflicts ------------------------------------------------------------------------------

KORE_WINS, V2_WINS = "v2 := completed, lost in_progress", "kore := in progress, lost resolved"


@pytest.mark.parametrize(
    ("rule", "times", "tie", "decision", "named"),
    [
        (ConflictRule.NEWEST, KORE_NEWER, V2, KORE_WINS, "newest"),
        (ConflictRule.NEWEST, V2_NEWER, KORE, V2_WINS, "newest"),
        (ConflictRule.NEWEST, Times(kore=at(5), v2=at(0)), V2, V2_WINS, "tie: v2"),
        (ConflictRule.NEWEST, Times(kore=at(6), v2=at(0)), V2, KORE_WINS, "newest"),
        (ConflictRule.NEWEST, Times(kore=at(0), v2=at(5)), KORE, KORE_WINS, "tie: kore"),
        (ConflictRule.NEWEST, Times(kore=at(0)), V2, V2_WINS, "tie: v2"),
        (ConflictRule.NEWEST, Times(v2=at(0)), KORE, KORE_WINS, "tie: kore"),
        (ConflictRule.KORE, V2_NEWER, V2, KORE_WINS, "kore"),
        (ConflictRule.V2, KORE_NEWER, KORE, V2_WINS, "v2"),
    ],
)
def test_a_conflict_is_decided_by_the_rule_and_keeps_the_losing_value(
    rule: ConflictRule, times: Times, tie: Side, decision: str, named: str
) -> None:
    policy = MergePolicy(conflict=rule, tie=tie, tolerance_seconds=5)
    view = a_view(FULL, statuses("resolved", "in_progress"), policy=policy, times=times)
    decided = merge(view)
    assert told(decided) == decision
    assert decided.conflict is not None
    assert decided.conflict.rule == named
    assert decided.conflict.winner is not decided.side


def test_a_field_may_have_a_conflict_rule_of_its_own() -> None:
    policy = MergePolicy(
        conflict=ConflictRule.KORE, conflict_fields={Field.STATUS: ConflictRule.V2}
    )
    values = statuses("resolved", "in_progress")
    assert told(merge(a_view(FULL, values, policy=policy))) == V2_WINS
    other = a_view(FULL, values, policy=policy, name=Field.TITLE)
    assert told(merge(other)) == KORE_WINS


@pytest.mark.parametrize(
    ("direction", "decision", "named"),
    [(ONLY_TO_V2, KORE_WINS, "kore-to-v2"), (ONLY_TO_KORE, V2_WINS, "v2-to-kore")],
)
def test_in_one_direction_the_source_wins_whatever_the_rule_and_the_times(
    direction: Direction, decision: str, named: str
) -> None:
    for rule in ConflictRule:
        for times in (KORE_NEWER, V2_NEWER):
            policy = MergePolicy(direction=direction, conflict=rule)
            values = statuses("resolved", "in_progress")
            decided = merge(a_view(FULL, values, policy=policy, times=times))
            assert told(decided) == decision
            assert decided.conflict is not None
            assert decided.conflict.rule == named


# ---- a changed table ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kore", "v2", "decision"),
    [
        ("open", "open", "base open|open"),
        ("on hold", "completed", "v2 := open, lost completed"),
    ],
    ids=["agree as before", "agree no more"],
)
def test_under_a_changed_table_a_field_that_no_longer_agrees_has_no_base(
    kore: str, v2: str, decision: str
) -> None:
    kore_value, v2_value = statuses(kore, v2)
    base = FieldBase(kore=kore_value, v2=v2_value, table="an older table")
    assert told(merge(a_view(base, (kore_value, v2_value)))) == decision


# ---- values without a counterpart -----------------------------------------------------------


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("rule", ConflictRule)
@pytest.mark.parametrize("base", [NO_BASE, a_base((None, None)), FULL])
def test_while_a_value_has_no_counterpart_no_rule_writes_the_field(
    base: FieldBase, rule: ConflictRule, direction: Direction
) -> None:
    relation = an_agreement().of(Field.PRIORITY)
    policy = MergePolicy(conflict=rule, direction=direction)
    for values, side in (
        ((priority_value("Emergency"), priority_value("low")), "v2"),
        ((priority_value("Low"), priority_value("asap")), "kore"),
    ):
        decided = merge(a_view(base, values, relation, policy))
        assert told(decided) == f"unmapped {side}"
        assert decided.waits_for
        assert decided.reason


# ---- the exceptions of single fields --------------------------------------------------------

PRIORITY = an_agreement().of(Field.PRIORITY)


@pytest.mark.parametrize(
    ("base", "kore", "v2", "decision"),
    [
        (None, "High", None, "base high|-"),
        (("High", None), "High", None, "nothing"),
        (("Low", None), "High", None, "v2 := high"),
        (("Low", "low"), "Low", None, "base low|-, absorbed v2"),
        (("Low", "low"), "High", None, "base high|-"),
        (("Low", None), None, None, "base -|-, absorbed kore"),
        (("Low", "low"), None, "low", "v2 := -"),
        (("Low", None), "Low", "high", "kore := High"),
    ],
)
def test_an_empty_v2_priority_agrees_as_found_but_a_later_change_in_kore_is_written(
    base: tuple[str, str | None] | None, kore: str | None, v2: str | None, decision: str
) -> None:
    before = NO_BASE
    if base is not None:
        before = a_base((priority_value(base[0]), priority_value(base[1])), PRIORITY)
    values = priority_value(kore), priority_value(v2)
    assert told(merge(a_view(before, values, PRIORITY))).lower() == decision.lower()


@pytest.mark.parametrize(("takes", "decision"), [(True, "kore := ann"), (False, "hold kore")])
def test_a_person_whom_v2_assigns_takes_the_task_from_the_queue_or_waits(
    takes: bool, decision: str
) -> None:
    agreement = an_agreement(twins={"A1": "u1"}, takes_from_queue=takes)
    relation = agreement.of(Field.ASSIGNEE)
    queue, ann = queue_value("Field"), relation.translate(person_value("A1", "Ann"), V2)
    assert not isinstance(ann, Unmapped)
    for base in (NO_BASE, a_base((queue, None), relation)):
        decided = merge(a_view(base, (queue, ann), relation))
        assert told(decided) == decision
        assert decided.reason


def test_a_conflict_whose_winner_may_not_be_written_waits_and_settles_nothing() -> None:
    agreement = an_agreement(twins={"A1": "u1", "A2": "u2"}, takes_from_queue=False)
    relation = agreement.of(Field.ASSIGNEE)
    base = a_base((person_value("A1", "Ann"), person_value("u1", "Ann")), relation)
    values = queue_value("Field"), person_value("u2", "Bob")
    decided = merge(a_view(base, values, relation, times=V2_NEWER))
    assert told(decided) == "hold kore"
    assert decided.conflict is None


def test_a_title_taken_out_in_v2_without_a_stand_in_is_never_emptied_in_kore() -> None:
    relation = an_agreement().of(Field.TITLE)
    base = a_base(texts("a", "a"), relation)
    assert told(merge(a_view(base, texts("a", "-"), relation))) == "unmapped kore"
