"""A row of a report, whole: every word and every moment that a person reads in it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.reconciled import (
    Difference,
    Joined,
    Row,
    State,
)
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import UNSEEN, person_value
from tests.domain.making import KORE, NOON, V2, a_known, a_link, at, text
from tests.domain.worlds import BOTH, a_pair, a_wait, row_of

NO_DAEMON = "Nothing carries it while no daemon runs: task-bridge run, or task-bridge sync once."
IDS = {"kore_id": "ti-1", "kore_ref": "TS000102", "v2_id": "65f0", "v2_ref": "REC-1234"}


def a_row(state: State, **given: Any) -> Row:
    """A row of the pair that `a_pair` makes."""
    return Row(**{"state": state, "sides": SIDES, "title": "Broken boiler", **IDS, **given})


def difference(name: Field, kore: Any, v2: Any, base: Any) -> Difference:
    return Difference(name=name, kore=kore, v2=v2, base=base)


# --- pairs: what a cycle carries -----------------------------------------------------------------


@pytest.mark.parametrize("side", SIDES)
def test_a_change_says_where_it_was_made_since_when_and_who_carries_it(side: Side) -> None:
    old, new = text("Broken boiler"), text("Broken pump")
    changed = {"title": new, "changed_at": at(30)}
    pair = a_pair(kore=changed) if side is KORE else a_pair(v2=changed)
    kore, v2 = (new, old) if side is KORE else (old, new)
    expected = a_row(
        State.DRIFTED,
        reason=f"Title: changed in {side.label}, not in {side.other.label} yet.",
        next=NO_DAEMON,
        title="Broken pump" if side is KORE else "Broken boiler",
        fields=(difference(Field.TITLE, kore, v2, (old, old)),),
        since=at(30),
    )
    assert row_of(pair) == expected
    soon = f"The next cycle writes it to {side.other.label}."
    assert row_of(pair, is_carried_soon=True) == replace(expected, state=State.WAITING, next=soon)


def test_two_changes_of_a_pair_are_two_sentences_and_one_next_step() -> None:
    pair = a_pair(
        kore={"title": text("New"), "changed_at": at(30)},
        v2={"description": text("Longer"), "changed_at": at(20)},
    )
    row = row_of(pair)
    assert row.reason == (
        "Title: changed in Kore, not in v2 yet. Description: changed in v2, not in Kore yet."
    )
    assert (row.next, row.since) == (NO_DAEMON, at(20))
    assert [one.name for one in row.fields] == [Field.TITLE, Field.DESCRIPTION]


@pytest.mark.parametrize("rule", [ConflictRule.KORE, ConflictRule.V2])
def test_a_conflict_that_a_rule_decides_names_the_rule_and_the_winner(rule: ConflictRule) -> None:
    pair = a_pair(kore={"title": text("One")}, v2={"title": text("Two")})
    row = row_of(pair, policy=MergePolicy(conflict=rule))
    winner = "Kore" if rule is ConflictRule.KORE else "v2"
    assert row.reason == f"Title: changed on both sides; {winner}'s value wins ({rule})."


def test_an_empty_side_of_an_adopted_link_is_filled_in_from_the_other() -> None:
    pair = a_pair(v2={"description": None}, link=a_link(), kore={"due": None})
    row = row_of(pair, is_carried_soon=True)
    assert row.reason == (
        "Description: empty in v2, filled in in Kore. Due: empty in Kore, filled in in v2."
    )
    assert row.next == "The next cycle writes it to v2. The next cycle writes it to Kore."
    assert [one.base for one in row.fields] == [None, None]


def test_the_skew_between_the_clocks_is_taken_off_before_the_newest_wins() -> None:
    kore = {"title": text("One"), "person_changed_at": at(100)}
    v2 = {"title": text("Two"), "person_changed_at": at(140)}
    pair = a_pair(kore=kore, v2=v2)
    assert "v2's value wins (newest)" in row_of(pair).reason
    assert "Kore's value wins (newest)" in row_of(pair, skew_seconds=90.0).reason


def test_a_half_known_base_is_shown_as_far_as_it_is_known() -> None:
    pair = a_pair(kore={"title": text("New")})
    half = replace(pair.link.base(Field.TITLE), v2=UNSEEN)
    pair = replace(pair, link=pair.link.with_bases({Field.TITLE: half}))
    (only,) = row_of(pair).fields
    assert only.base == (text("Broken boiler"), UNSEEN)
    other = replace(half, kore=UNSEEN, v2=text("Broken boiler"))
    pair = replace(pair, link=pair.link.with_bases({Field.TITLE: other}))
    (only,) = row_of(pair).fields
    assert only.base == (UNSEEN, text("Broken boiler"))


# --- pairs: what waits ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state", "advice"),
    [
        (
            WaitKind.FAILED,
            State.FAILED,
            "It is tried again when the value changes. Until then a person has to look at it.",
        ),
        (
            WaitKind.CASE_CLOSED,
            State.WAITING,
            "It goes out by itself when the case is open again.",
        ),
    ],
)
def test_a_write_that_did_not_go_through_waits_since_then(
    kind: WaitKind, state: State, advice: str
) -> None:
    wait = a_wait(kind, side=KORE, field=Field.TITLE, value=text("Two"), reason="Because.")
    pair = a_pair(v2={"title": text("Two")}, waits=(wait,), is_case_closed=True)
    row = row_of(pair, is_carried_soon=True)
    assert (row.state, row.reason, row.next, row.since) == (
        state,
        "Title: Because.",
        advice,
        at(60),
    )
    assert [one.name for one in row.fields] == [Field.TITLE]


def test_a_value_without_a_counterpart_waits_for_a_rule_since_it_was_noted() -> None:
    noted = a_wait(WaitKind.UNMAPPED, field=Field.ASSIGNEE, since=at(77))
    nobody = {"assignee": person_value("a-9", "Nobody Known")}
    row = row_of(a_pair(kore=nobody, waits=(noted,)))
    assert row.next == (
        "The field waits until a rule names the value; the other fields are carried."
    )
    assert row.since == at(77)
    assert row.reason.startswith("Assignee: 'Nobody Known' (a-9)")


def test_a_hidden_field_on_hold_says_that_nothing_is_written_over_it() -> None:
    pair = a_pair(kore={"description": ...}, v2={"description": text("Other")})
    row = row_of(pair, policy=MergePolicy(unobserved=Unobserved.HOLD))
    assert row.reason == "Description: Kore's list hides what it would replace."
    assert row.next.startswith("It waits; nothing is written over what cannot be seen. To have it")


def test_drift_says_that_the_direction_is_off() -> None:
    row = row_of(
        a_pair(v2={"title": text("Two")}), policy=MergePolicy(direction=Direction.KORE_TO_V2)
    )
    assert row.reason == "Title: v2 changed alone; the direction carries nothing from there."
    assert row.next == (
        "Nothing: that direction is off. Change it back by hand, or set sync.direction."
    )


def test_a_conflict_that_waits_says_who_has_to_decide() -> None:
    wait = a_wait(WaitKind.CONFLICT, field=Field.TITLE, reason="Both changed.")
    pair = a_pair(kore={"title": text("1")}, v2={"title": text("2")}, waits=(wait,))
    row = row_of(pair)
    assert (row.reason, row.next, row.since) == (
        "Title: Both changed.",
        "A person has to say which value is right: task-bridge conflicts list.",
        at(60),
    )


def test_a_conflict_of_one_field_covers_up_no_other_field() -> None:
    wait = a_wait(WaitKind.CONFLICT, field=Field.TITLE, reason="Both changed.")
    kore = {"title": text("1"), "description": text("Longer")}
    row = row_of(a_pair(kore=kore, v2={"title": text("2")}, waits=(wait,)))
    told = "Title: Both changed. Description: changed in Kore, not in v2 yet."
    assert (row.state, row.reason) == (State.CONFLICT, told)
    assert [one.name for one in row.fields] == [Field.TITLE, Field.DESCRIPTION]


def test_a_change_of_a_field_that_kore_hides_is_asked_for_first() -> None:
    pair = a_pair(kore={"description": ...}, v2={"description": text("Other"), "changed_at": at(9)})
    row = row_of(pair, is_carried_soon=True)
    assert (row.state, row.reason) == (
        State.WAITING,
        "Description: changed in v2; Kore's list hides it.",
    )
    assert row.next == "The next cycle asks Kore for it by a probe, then carries it."
    assert row.since == at(9)


def test_a_probe_that_is_due_names_what_is_hidden_and_when_the_task_changed() -> None:
    kore = {"description": ..., "due": ..., "changed_at": at(5), "own_changed_at": NOON}
    row = row_of(a_pair(kore=kore), is_carried_soon=True)
    assert row == a_row(
        State.WAITING,
        reason="It changed in Kore, whose list hides description, due.",
        next="The next cycle asks for it by a probe and carries what changed.",
        since=at(5),
    )


# --- pairs as a whole ----------------------------------------------------------------------------

AGAIN = "Nothing is written or deleted. If the task comes back, the two are kept in step."


@pytest.mark.parametrize("side", SIDES)
def test_a_missing_task_is_told_by_its_reference_since_it_was_looked_for(side: Side) -> None:
    row = row_of(a_pair(), shown={**BOTH, side: frozenset()})
    name = "TS000102" if side is KORE else "REC-1234"
    assert row == a_row(
        State.MISSING,
        sides=(side.other,),
        reason=f"{side.label} does not show {name}: not seen when the whole list was read.",
        next=AGAIN,
        since=at(3600),
    )


@pytest.mark.parametrize(
    ("given", "since"),
    [
        ({"gone_side": V2, "gone_at": at(11), "changed_at": at(12)}, at(11)),
        ({"gone_side": V2, "changed_at": at(12)}, at(12)),
        ({"gone_side": KORE, "gone_at": at(11)}, at(3600)),
    ],
)
def test_a_link_that_is_known_to_be_missing_has_been_so_since_then(
    given: dict[str, Any], since: datetime
) -> None:
    link = a_link(state=LinkState.MISSING, **given)
    assert row_of(replace(a_pair(), link=link), shown={**BOTH, V2: frozenset()}).since == since


def test_a_task_that_an_earlier_reading_did_not_show_is_missing_since_that_reading() -> None:
    away = {"shown": {KORE: frozenset[str](), V2: BOTH[V2]}}
    assert row_of(a_pair(), **away).since == at(3600)
    assert row_of(a_pair(), **away, whole_at={KORE: at(60), V2: at(9)}).since == at(60)
    missed = {(KORE, "ti-1"): at(30), (V2, "65f0"): at(9)}
    assert row_of(a_pair(), **away, missed_at=missed).since == at(30)
    assert row_of(a_pair(), **away, missed_at=missed, whole_at={KORE: at(60)}).since == at(30)
    nowhere = {"shown": dict.fromkeys(BOTH, frozenset[str]())}
    assert row_of(a_pair(), **nowhere, whole_at={KORE: at(60), V2: at(9)}).since == at(9)


def test_two_missing_tasks_are_one_row_and_count_on_neither_side() -> None:
    pair = replace(a_pair(), v2=None)
    row = row_of(pair, shown={KORE: frozenset(), V2: frozenset()})
    assert row.reason == (
        "Kore does not show TS000102 and v2 does not show 65f0: "
        "not seen when the whole list was read."
    )
    assert (row.sides, row.v2_ref) == ((), None)


def test_an_open_create_waits_since_it_was_begun_and_says_in_which_service() -> None:
    for side in SIDES:
        link = a_link(state=LinkState.CREATING, created_at=at(3), **{f"{side}_id": None})
        there: dict[str, Any] = {str(side.other): a_known(side.other)}
        pair = Joined(link=link, **there)
        row = row_of(pair)
        assert row.reason == (
            f"Its counterpart in {side.label} is being created; the outcome is open."
        )
        assert row.next == ("The next cycle looks for it by its marker; it is never created twice.")
        assert (row.state, row.since, row.sides) == (State.WAITING, at(3), (side.other,))
        assert row.title == "Broken boiler"


@pytest.mark.parametrize("side", SIDES)
def test_a_pair_of_which_one_was_never_read_waits_for_its_list(side: Side) -> None:
    unread: dict[str, Any] = {str(side): None}
    row = row_of(replace(a_pair(), **unread))
    assert (row.state, row.reason, row.next) == (
        State.WAITING,
        "One of the two has not been read yet.",
        "It is compared as soon as its list shows it.",
    )
    assert row.since is None


@pytest.mark.parametrize(
    ("operation", "advice"),
    [
        (OperationKind.READ, "It is read again with every cycle."),
        (OperationKind.CREATE, "A person has to look for it."),
    ],
)
def test_what_failed_as_a_whole_says_what_becomes_of_it(
    operation: OperationKind, advice: str
) -> None:
    wait = a_wait(operation=operation, reason="Odd.")
    row = row_of(a_pair(kore={"title": text("New")}, waits=(wait,)))
    assert row == a_row(State.FAILED, reason="Odd.", next=advice, title="New", since=at(60))


def test_a_wait_of_a_whole_pair_that_is_no_failure_leaves_its_fields_to_be_judged() -> None:
    held = a_wait(WaitKind.HELD, operation=OperationKind.PROBE)
    row = row_of(a_pair(kore={"title": text("New")}, waits=(held,)))
    assert row.state is State.DRIFTED


def test_the_title_is_the_first_that_is_there() -> None:
    pair = a_pair(kore={"title": None})
    assert row_of(pair).title == "Broken boiler"
    assert row_of(a_pair(kore={"title": None}, v2={"title": None})).title == ""


def test_reasons_after_each_other_are_sentences() -> None:
    failed = a_wait(field=Field.TITLE, value=text("1"), reason="It said no")
    row = row_of(a_pair(kore={"title": text("1"), "due": None}, waits=(failed,)))
    assert row.reason == "Title: It said no. Due: changed in Kore, not in v2 yet."


def test_the_worst_state_of_a_pair_is_its_state_and_its_reasons_come_first() -> None:
    failed = a_wait(field=Field.TITLE, value=text("1"), reason="No.", since=at(50))
    kore = {"title": text("1"), "assignee": person_value("a-9", "Nobody"), "due": None}
    row = row_of(a_pair(kore=kore, waits=(failed,)))
    assert (row.state, row.since) == (State.FAILED, at(50))
    first, *others = row.reason.replace("Assignee:", "|").replace("Due:", "|").split("|")
    assert first == "Title: No. "
    assert [one.strip() for one in others] == [
        "'Nobody' (a-9) of Kore has no one counterpart in v2; add a row to people.table.",
        "changed in Kore, not in v2 yet.",
    ]
    assert [one.name for one in row.fields] == [Field.TITLE, Field.ASSIGNEE, Field.DUE]
