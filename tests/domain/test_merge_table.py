"""The truth table of the merge, row by row.

Bases: `full` is open|open, absorbed kore is on hold|open (Kore's change was taken as agreeing),
absorbed v2 is open|new, carry kore is resolved|new (Kore's value still to be written to the
created v2 task), carry v2 is open|completed. The columns are the decision in both directions
(Kore's change is the newer one), with kore-to-v2, with v2-to-kore.
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
    BOTH,
    KORE_NEWER,
    TEXT,
    TO_KORE,
    TO_V2,
    V2_NEWER,
    a_base,
    a_view,
    statuses,
    texts,
    told,
)

BASES = {
    "none": NO_BASE,
    "half kore": a_base(statuses("open", "?")),
    "half v2": a_base(statuses("?", "open")),
    "full": a_base(statuses("open", "open")),
    "absorbed kore": a_base(statuses("on hold", "open"), absorbed=KORE),
    "absorbed v2": a_base(statuses("open", "new"), absorbed=V2),
    "carry kore": a_base(statuses("resolved", "new"), carry=KORE),
    "carry v2": a_base(statuses("open", "completed"), carry=V2),
    "carry kore, unseen v2": a_base(statuses("resolved", "?"), carry=KORE),
}

STATUS_ROWS = """
base          | Kore shows  | v2 shows    | both                                | kore-to-v2                          | v2-to-kore
none          | open        | open        | base open|open                      | base open|open                      | base open|open
none          | resolved    | open        | v2 := completed, lost open          | v2 := completed, lost open          | kore := open, lost resolved
none          | ?           | open        | base ?|open                         | base ?|open                         | base ?|open
none          | open        | ?           | base open|?                         | base open|?                         | base open|?
none          | ?           | ?           | nothing                             | nothing                             | nothing
half kore     | open        | new         | base open|new                       | base open|new                       | base open|new
half kore     | open        | completed   | v2 := open, lost completed          | v2 := open, lost completed          | kore := resolved, lost open
half kore     | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
half kore     | resolved    | open        | v2 := completed, lost open          | v2 := completed, lost open          | kore := open, lost resolved
half kore     | open        | ?           | nothing                             | nothing                             | nothing
half kore     | resolved    | ?           | hold v2                             | hold v2                             | drift v2
half kore     | ?           | ?           | nothing                             | nothing                             | nothing
half kore     | ?           | completed   | read kore                           | drift kore                          | read kore
half v2       | on hold     | open        | base on hold|open                   | base on hold|open                   | base on hold|open
half v2       | resolved    | open        | v2 := completed, lost open          | v2 := completed, lost open          | kore := open, lost resolved
half v2       | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
half v2       | ?           | open        | nothing                             | nothing                             | nothing
half v2       | ?           | completed   | read kore                           | drift kore                          | read kore
half v2       | resolved    | ?           | hold v2                             | hold v2                             | drift v2
full          | open        | open        | nothing                             | nothing                             | nothing
full          | on hold     | open        | base on hold|open, absorbed kore    | base on hold|open, absorbed kore    | base on hold|open, absorbed kore
full          | resolved    | open        | v2 := completed                     | v2 := completed                     | drift v2
full          | open        | new         | base open|new, absorbed v2          | base open|new, absorbed v2          | base open|new, absorbed v2
full          | open        | completed   | kore := resolved                    | drift kore                          | kore := resolved
full          | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
full          | on hold     | completed   | v2 := open, lost completed          | v2 := open, lost completed          | kore := resolved, lost on hold
full          | ?           | open        | nothing                             | nothing                             | nothing
full          | ?           | completed   | read kore                           | drift kore                          | read kore
full          | open        | ?           | nothing                             | nothing                             | nothing
full          | resolved    | ?           | hold v2                             | hold v2                             | drift v2
full          | ?           | ?           | nothing                             | nothing                             | nothing
absorbed kore | on hold     | open        | nothing                             | nothing                             | nothing
absorbed kore | open        | open        | base open|open, absorbed kore       | base open|open, absorbed kore       | base open|open, absorbed kore
absorbed kore | resolved    | open        | v2 := completed                     | v2 := completed                     | drift v2
absorbed kore | on hold     | in_progress | base on hold|in_progress            | base on hold|in_progress            | base on hold|in_progress
absorbed kore | on hold     | completed   | v2 := open, lost completed          | v2 := open, lost completed          | kore := resolved, lost on hold
absorbed kore | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
absorbed kore | resolved    | in_progress | v2 := completed, lost in_progress   | v2 := completed, lost in_progress   | kore := in progress, lost resolved
absorbed kore | ?           | completed   | read kore                           | drift kore                          | read kore
absorbed v2   | open        | new         | nothing                             | nothing                             | nothing
absorbed v2   | open        | open        | base open|open, absorbed v2         | base open|open, absorbed v2         | base open|open, absorbed v2
absorbed v2   | open        | completed   | kore := resolved                    | drift kore                          | kore := resolved
absorbed v2   | resolved    | new         | v2 := completed, lost new           | v2 := completed, lost new           | kore := open, lost resolved
absorbed v2   | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
absorbed v2   | on hold     | completed   | v2 := open, lost completed          | v2 := open, lost completed          | kore := resolved, lost on hold
carry kore    | resolved    | new         | v2 := completed                     | v2 := completed                     | drift v2
carry kore    | open        | new         | base open|new, absorbed kore        | base open|new, absorbed kore        | base open|new, absorbed kore
carry kore    | on hold     | new         | v2 := open                          | v2 := open                          | drift v2
carry kore    | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
carry kore    | resolved    | in_progress | v2 := completed, lost in_progress   | v2 := completed, lost in_progress   | kore := in progress, lost resolved
carry kore    | ?           | new         | nothing                             | nothing                             | nothing
carry kore    | ?           | completed   | read kore                           | drift kore                          | read kore
carry kore    | resolved    | ?           | hold v2                             | hold v2                             | drift v2
carry v2      | open        | completed   | kore := resolved                    | drift kore                          | kore := resolved
carry v2      | open        | in_progress | kore := in progress                 | drift kore                          | kore := in progress
carry v2      | open        | new         | base open|new, absorbed v2          | base open|new, absorbed v2          | base open|new, absorbed v2
carry v2      | resolved    | completed   | base resolved|completed             | base resolved|completed             | base resolved|completed
carry v2      | in progress | completed   | v2 := in_progress, lost completed   | v2 := in_progress, lost completed   | kore := resolved, lost in progress
carry v2      | ?           | completed   | read kore                           | drift kore                          | read kore
carry v2      | open        | ?           | nothing                             | nothing                             | nothing
carry kore, unseen v2 | resolved | new      | v2 := completed                     | v2 := completed                     | drift v2
carry kore, unseen v2 | resolved | ?        | hold v2                             | hold v2                             | drift v2
"""  # noqa: E501

TEXT_BASES = {
    "none": NO_BASE,
    "half kore": a_base(texts("a", "?"), TEXT),
    "half v2": a_base(texts("?", "a"), TEXT),
    "full": a_base(texts("a", "a"), TEXT),
    "empty": a_base(texts("-", "-"), TEXT),
    "filled in by Kore": a_base(texts("a", "-"), TEXT, carry=KORE),
}

TEXT_ROWS = """
base      | Kore | v2 | both              | kore-to-v2      | v2-to-kore
none      | -    | -  | base -|-          | base -|-        | base -|-
none      | a    | -  | v2 := a           | v2 := a         | drift v2
none      | -    | a  | kore := a         | drift kore      | kore := a
none      | a    | b  | v2 := a, lost b   | v2 := a, lost b | kore := b, lost a
none      | -    | ?  | base -|?          | base -|?        | base -|?
half kore | -    | b  | v2 := -, lost b   | v2 := -, lost b | kore := b, lost -
half kore | b    | -  | v2 := b           | v2 := b         | drift v2
half kore | a    | -  | v2 := a           | v2 := a         | drift v2
half v2   | b    | -  | v2 := b, lost -   | v2 := b, lost - | kore := -, lost b
half v2   | -    | b  | kore := b         | drift kore      | kore := b
full      | -    | a  | v2 := -           | v2 := -         | drift v2
full      | a    | -  | kore := -         | drift kore      | kore := -
full      | -    | -  | base -|-          | base -|-        | base -|-
full      | b    | -  | v2 := b, lost -   | v2 := b, lost - | kore := -, lost b
full      | -    | b  | v2 := -, lost b   | v2 := -, lost b | kore := b, lost -
full      | b    | b  | base b|b          | base b|b        | base b|b
full      | ?    | -  | read kore         | drift kore      | read kore
full      | -    | ?  | hold v2           | hold v2         | drift v2
empty     | a    | -  | v2 := a           | v2 := a         | drift v2
empty     | -    | a  | kore := a         | drift kore      | kore := a
empty     | ?    | -  | nothing           | nothing         | nothing
filled in by Kore | a | - | v2 := a       | v2 := a         | drift v2
"""


def rows_of(table: str) -> list[tuple[str, ...]]:
    """The rows of a table; cells stand between ` | `, so that values may hold a bare `|`."""
    lines = table.strip().splitlines()[1:]
    return [tuple(cell.strip() for cell in line.split(" | ")) for line in lines]


DIRECTIONS = {BOTH: 3, TO_V2: 4, TO_KORE: 5}


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("row", rows_of(STATUS_ROWS), ids=" ".join)
def test_a_status_is_decided_as_its_row_says(row: tuple[str, ...], direction: Direction) -> None:
    view = a_view(BASES[row[0]], statuses(row[1], row[2]), policy=MergePolicy(direction=direction))
    assert told(merge(view)) == row[DIRECTIONS[direction]]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("row", rows_of(TEXT_ROWS), ids=" ".join)
def test_a_text_is_decided_as_its_row_says(row: tuple[str, ...], direction: Direction) -> None:
    policy = MergePolicy(direction=direction)
    view = a_view(TEXT_BASES[row[0]], texts(row[1], row[2]), TEXT, policy)
    assert told(merge(view)) == row[DIRECTIONS[direction]]


# ---- a person decides -----------------------------------------------------------------------

MANUAL_ROWS = """
base          | Kore shows  | v2 shows    | undecided                | Kore is taken                     | v2 is taken
none          | open        | open        | base open|open           | base open|open                    | base open|open
none          | resolved    | open        | conflict                 | v2 := completed, lost open        | kore := open, lost resolved
none          | ?           | open        | base ?|open              | base ?|open                       | base ?|open
half kore     | open        | completed   | conflict                 | v2 := open, lost completed        | kore := resolved, lost open
half kore     | resolved    | open        | conflict                 | v2 := completed, lost open        | kore := open, lost resolved
half kore     | ?           | completed   | read kore                | read kore                         | read kore
half v2       | resolved    | open        | conflict                 | v2 := completed, lost open        | kore := open, lost resolved
half v2       | resolved    | ?           | hold v2                  | hold v2                           | hold v2
full          | open        | open        | nothing                  | nothing                           | nothing
full          | resolved    | open        | v2 := completed          | v2 := completed                   | v2 := completed
full          | open        | completed   | kore := resolved         | kore := resolved                  | kore := resolved
full          | resolved    | completed   | base resolved|completed  | base resolved|completed           | base resolved|completed
full          | on hold     | completed   | conflict                 | v2 := open, lost completed        | kore := resolved, lost on hold
full          | ?           | completed   | read kore                | read kore                         | read kore
full          | resolved    | ?           | hold v2                  | hold v2                           | hold v2
full          | ?           | ?           | nothing                  | nothing                           | nothing
absorbed kore | on hold     | completed   | conflict                 | v2 := open, lost completed        | kore := resolved, lost on hold
absorbed kore | resolved    | open        | v2 := completed          | v2 := completed                   | v2 := completed
absorbed kore | resolved    | in_progress | conflict                 | v2 := completed, lost in_progress | kore := in progress, lost resolved
absorbed v2   | resolved    | new         | conflict                 | v2 := completed, lost new         | kore := open, lost resolved
absorbed v2   | open        | completed   | kore := resolved         | kore := resolved                  | kore := resolved
carry kore    | resolved    | new         | v2 := completed          | v2 := completed                   | v2 := completed
carry kore    | resolved    | in_progress | conflict                 | v2 := completed, lost in_progress | kore := in progress, lost resolved
carry v2      | open        | completed   | kore := resolved         | kore := resolved                  | kore := resolved
carry v2      | in progress | completed   | conflict                 | v2 := in_progress, lost completed | kore := resolved, lost in progress
"""  # noqa: E501

CHOICES = {None: 3, KORE: 4, V2: 5}


@pytest.mark.parametrize("decided", CHOICES)
@pytest.mark.parametrize("row", rows_of(MANUAL_ROWS), ids=" ".join)
def test_under_manual_only_a_conflict_waits_and_a_person_decides_it(
    row: tuple[str, ...], decided: Side | None
) -> None:
    policy = MergePolicy(conflict=ConflictRule.MANUAL)
    view = a_view(BASES[row[0]], statuses(row[1], row[2]), policy=policy, decided=decided)
    assert told(merge(view)) == row[CHOICES[decided]]


@pytest.mark.parametrize("rule", ConflictRule)
@pytest.mark.parametrize("decided", Side)
def test_what_a_person_decides_beats_every_rule_and_keeps_the_losing_value(
    rule: ConflictRule, decided: Side
) -> None:
    policy = MergePolicy(conflict=rule)
    values = statuses("resolved", "in_progress")
    decision = merge(a_view(BASES["full"], values, policy=policy, decided=decided))
    assert decision.conflict is not None
    assert (decision.conflict.rule, decision.conflict.winner) == ("manual", decided)
    assert decision.conflict.lost == values[0 if decided is V2 else 1]


@pytest.mark.parametrize("direction", [TO_V2, TO_KORE])
@pytest.mark.parametrize("decided", [None, *Side])
@pytest.mark.parametrize("row", rows_of(STATUS_ROWS), ids=" ".join)
def test_in_one_direction_manual_and_a_person_change_nothing(
    row: tuple[str, ...], direction: Direction, decided: Side | None
) -> None:
    policy = MergePolicy(direction=direction, conflict=ConflictRule.MANUAL)
    view = a_view(BASES[row[0]], statuses(row[1], row[2]), policy=policy, decided=decided)
    assert told(merge(view)) == row[DIRECTIONS[direction]]


def test_one_field_may_wait_for_a_person_while_the_rule_decides_the_others() -> None:
    policy = MergePolicy(
        conflict=ConflictRule.KORE, conflict_fields={Field.TITLE: ConflictRule.MANUAL}
    )
    values = texts("b", "c")
    waits = a_view(TEXT_BASES["full"], values, TEXT, policy, name=Field.TITLE)
    assert told(merge(waits)) == "conflict"
    flows = a_view(TEXT_BASES["full"], values, TEXT, policy, name=Field.DESCRIPTION)
    assert told(merge(flows)) == "v2 := b, lost c"


@pytest.mark.parametrize(
    ("base", "why"), [("full", "Both sides changed it."), ("none", "The two differ")]
)
def test_a_conflict_that_waits_says_how_it_came_about(base: str, why: str) -> None:
    policy = MergePolicy(conflict=ConflictRule.MANUAL)
    decision = merge(a_view(TEXT_BASES[base], texts("b", "c"), TEXT, policy))
    assert decision.reason.startswith(why)


# ---- hidden fields --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unobserved", "base", "v2", "decision"),
    [
        (Unobserved.PROBE, "full", "completed", "read kore"),
        (Unobserved.HOLD, "full", "completed", "hold kore"),
        (Unobserved.WRITE, "full", "completed", "kore := resolved"),
        (Unobserved.WRITE, "full", "new", "base open|new, absorbed v2"),
        (Unobserved.WRITE, "absorbed kore", "completed", "v2 := open, lost completed"),
        (Unobserved.WRITE, "half v2", "completed", "hold kore"),
        (Unobserved.WRITE, "half kore", "completed", "v2 := open, lost completed"),
        (Unobserved.WRITE, "half kore", "new", "base open|new"),
        (Unobserved.HOLD, "full", "open", "nothing"),
    ],
)
def test_a_change_from_v2_to_what_kore_hides_looks_waits_or_takes_the_last_known_value(
    unobserved: Unobserved, base: str, v2: str, decision: str
) -> None:
    policy = MergePolicy(unobserved=unobserved)
    assert told(merge(a_view(BASES[base], statuses("?", v2), policy=policy))) == decision


@pytest.mark.parametrize(
    ("unobserved", "decision"),
    [
        (Unobserved.PROBE, "hold v2"),
        (Unobserved.HOLD, "hold v2"),
        (Unobserved.WRITE, "v2 := completed"),
    ],
)
def test_no_probe_of_kore_is_asked_for_what_v2_hides(unobserved: Unobserved, decision: str) -> None:
    policy = MergePolicy(unobserved=unobserved)
    assert told(merge(a_view(BASES["full"], statuses("resolved", "?"), policy=policy))) == decision


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
    view = a_view(BASES["full"], statuses("resolved", "in_progress"), policy=policy, times=times)
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
    assert told(merge(a_view(BASES["full"], values, policy=policy))) == V2_WINS
    other = a_view(BASES["full"], values, policy=policy, name=Field.TITLE)
    assert told(merge(other)) == KORE_WINS


@pytest.mark.parametrize(
    ("direction", "decision", "named"),
    [(TO_V2, KORE_WINS, "kore-to-v2"), (TO_KORE, V2_WINS, "v2-to-kore")],
)
def test_in_one_direction_the_source_wins_whatever_the_rule_and_the_times(
    direction: Direction, decision: str, named: str
) -> None:
    for rule in ConflictRule:
        for times in (KORE_NEWER, V2_NEWER):
            policy = MergePolicy(direction=direction, conflict=rule)
            values = statuses("resolved", "in_progress")
            decided = merge(a_view(BASES["full"], values, policy=policy, times=times))
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
@pytest.mark.parametrize("base", [NO_BASE, a_base((None, None)), BASES["full"]])
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
