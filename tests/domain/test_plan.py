"""One pair becomes at most one update a side, a probe where one is needed, and what waits."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.agreement import Agreement
from bridge.domain.link import NO_BASE, FieldBase, Link, LinkState
from bridge.domain.operation import Operation, Wait, WaitKind
from bridge.domain.plan import Pair, PairPlan, plan_pair, wants_probe
from bridge.domain.policy import ConflictRule, Direction, MergePolicy, Unobserved
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known
from bridge.domain.values import UNSEEN, Observed, person_value, priority_value, queue_value
from bridge.domain.vocabulary import WordKind
from tests.domain.making import (
    KORE,
    NOON,
    V2,
    a_known,
    a_link,
    a_word,
    an_agreement,
    at,
    kore_status,
    text,
    v2_status,
)

PLAIN = an_agreement()
AUTOMATIC = MergePolicy()
HOLD = MergePolicy(unobserved=Unobserved.HOLD)


def agreed_link(kore: Known, v2: Known, agreement: Agreement = PLAIN, **given: Any) -> Link:
    """The link of two tasks that agree in all fields."""
    bases = {
        name: FieldBase(
            kore=kore.task.shown(name), v2=v2.task.shown(name), table=agreement.of(name).table
        )
        for name in agreement.fields
    }
    return a_link(bases=bases, **given)


LINK = agreed_link(a_known(KORE), a_known(V2))


def a_pair(
    kore: dict[str, Any] | None = None, v2: dict[str, Any] | None = None, **given: Any
) -> Pair:
    """A pair that was in step when its link was made; `kore` and `v2` are what changed since."""
    return Pair(
        **{
            "link": LINK,
            "kore": a_known(KORE, **(kore or {})),
            "v2": a_known(V2, **(v2 or {})),
            **given,
        }
    )


def planned(pair: Pair, policy: MergePolicy = AUTOMATIC, agreement: Agreement = PLAIN) -> PairPlan:
    return plan_pair(pair, agreement, policy)


def in_short(operations: tuple[Operation, ...]) -> list[str]:
    return [f"{one.kind} {one.side}: {' '.join(one.fields)}".strip() for one in operations]


def test_a_pair_that_nobody_changed_plans_nothing() -> None:
    plan = planned(a_pair())
    assert plan.is_settled
    assert (plan.operations, plan.waits) == ((), ())
    assert not plan.bases
    assert not plan.conflicts


def test_all_changes_of_one_side_go_out_in_one_update() -> None:
    plan = planned(a_pair({"title": text("New"), "status": kore_status("resolved"), "due": None}))
    assert in_short(plan.operations) == ["update v2: title status due"]
    operation = plan.operations[0]
    assert operation.values == {
        Field.TITLE: text("New"),
        Field.STATUS: v2_status("completed"),
        Field.DUE: None,
    }
    assert operation.reason == "Kore changed"
    assert (operation.task_id(KORE), operation.task_id(V2)) == ("ti-1", "65f0")
    assert operation.link_id == 7
    assert not plan.is_settled


def test_changes_of_both_sides_go_out_in_one_update_a_side() -> None:
    plan = planned(a_pair({"title": text("New"), "due": None}, {"status": v2_status("completed")}))
    assert in_short(plan.operations) == ["update kore: status", "update v2: title due"]


def test_planning_twice_plans_the_same() -> None:
    pair = a_pair({"title": text("New"), "due": ...}, {"due": None, "title": text("Newer")})
    assert planned(pair) == planned(pair)


def test_a_change_that_agrees_moves_the_base_and_sends_nothing() -> None:
    plan = planned(a_pair({"status": kore_status("on hold")}))
    assert plan.is_settled
    assert plan.bases[Field.STATUS].absorbed is KORE
    again = a_pair({"status": kore_status("on hold")}, link=LINK.with_bases(plan.bases))
    assert not planned(again).bases


def test_a_first_sight_of_a_created_task_is_kept_beside_the_write() -> None:
    carry = FieldBase(v2=v2_status("in_progress"), carry=V2, table=PLAIN.of(Field.STATUS).table)
    pair = a_pair(
        None, {"status": v2_status("in_progress")}, link=LINK.with_bases({Field.STATUS: carry})
    )
    plan = planned(pair)
    assert in_short(plan.operations) == ["update kore: status"]
    assert plan.bases == {
        Field.STATUS: replace(carry.moved(KORE, kore_status("open")), is_edited=True)
    }
    assert not planned(replace(pair, link=pair.link.with_bases(plan.bases))).bases


# ---- conflicts ------------------------------------------------------------------------------


def test_a_conflict_is_told_with_its_rule_and_the_losing_value() -> None:
    plan = planned(
        a_pair(
            {"title": text("Kore's"), "person_changed_at": at(0)},
            {"title": text("v2's"), "person_changed_at": at(60)},
        )
    )
    assert in_short(plan.operations) == ["update kore: title"]
    conflict = plan.conflicts[Field.TITLE]
    assert (conflict.rule, conflict.winner, conflict.lost) == ("newest", V2, text("Kore's"))
    assert plan.operations[0].reason == "conflict, v2 wins (newest)"


@pytest.mark.parametrize(("skew", "winner"), [(0, V2), (55, KORE), (58, KORE), (120, KORE)])
def test_the_skew_between_the_services_is_taken_off(skew: float, winner: Side) -> None:
    pair = a_pair(
        {"title": text("Kore's"), "person_changed_at": at(0)},
        {"title": text("v2's"), "person_changed_at": at(60)},
        skew_seconds=skew,
    )
    assert planned(pair).conflicts[Field.TITLE].winner is winner


def test_without_a_persons_time_the_tie_rule_decides() -> None:
    pair = a_pair({"title": text("Kore's"), "person_changed_at": at(90)}, {"title": text("v2's")})
    policy = MergePolicy(tie=V2)
    assert planned(pair, policy).conflicts[Field.TITLE].rule == "tie: v2"


# ---- what waits -----------------------------------------------------------------------------


def the_wait(plan: PairPlan) -> Wait:
    (wait,) = plan.waits
    return wait


def test_a_value_without_counterpart_waits_with_both_values_and_the_others_flow() -> None:
    emergency = priority_value("Emergency")
    plan = planned(a_pair({"priority": emergency, "title": text("New")}))
    wait = the_wait(plan)
    assert (wait.kind, wait.field, wait.side) == (WaitKind.UNMAPPED, Field.PRIORITY, V2)
    assert (wait.kore, wait.v2) == (emergency, priority_value("High"))
    assert wait.waits_for == "kore:priority:emergency"
    assert wait.link_id == 7
    assert in_short(plan.operations) == ["update v2: title"]


def test_a_change_of_the_target_alone_waits_as_drift() -> None:
    plan = planned(
        a_pair(None, {"title": text("New")}), MergePolicy(direction=Direction.KORE_TO_V2)
    )
    assert plan.is_settled
    assert (the_wait(plan).kind, the_wait(plan).side) == (WaitKind.DRIFT, KORE)


def test_a_held_change_waits_with_its_reason() -> None:
    plan = planned(a_pair({"title": ...}, {"title": text("New")}), HOLD)
    wait = the_wait(plan)
    assert (wait.kind, wait.kore, wait.v2) == (WaitKind.HELD, UNSEEN, text("New"))
    assert wait.reason
    assert plan.is_settled


def test_a_person_waits_for_a_task_in_a_queue_if_the_bridge_may_not_take_it() -> None:
    agreement = an_agreement(twins={"A1": "u1"}, takes_from_queue=False)
    kore, v2 = a_known(KORE, assignee=queue_value("Field")), a_known(V2)
    link = agreed_link(kore, v2, agreement)
    pair = Pair(link=link, kore=kore, v2=a_known(V2, assignee=person_value("u1", "Ann")))
    assert the_wait(planned(pair, agreement=agreement)).kind is WaitKind.HELD


def a_failure(value: Observed, side: Side = V2, kind: WaitKind = WaitKind.FAILED) -> Wait:
    return Wait(kind=kind, reason="400", side=side, field=Field.TITLE, value=value, link_id=LINK.id)


NEW_TITLE = {"title": text("New"), "due": None}


def test_a_failure_stands_while_the_same_value_would_be_written_and_the_others_flow() -> None:
    failure = a_failure(text("New"))
    plan = planned(a_pair(NEW_TITLE, waits=[failure]))
    assert in_short(plan.operations) == ["update v2: due"]
    assert plan.waits == (failure,)


@pytest.mark.parametrize(
    "failure",
    [
        a_failure(text("Another")),
        a_failure(text("New"), KORE),
        a_failure(text("New"), kind=WaitKind.UNMAPPED),
        replace(a_failure(text("New")), field=None),
        replace(a_failure(text("New")), field=Field.STATUS),
        replace(a_failure(text("New")), field=Field.ASSIGNEE),
        replace(a_failure(text("New")), value=UNSEEN),
    ],
    ids=[
        "another value",
        "another side",
        "no failure",
        "of the whole task",
        "of a field without a write",
        "of a field that is not carried",
        "of an unknown value",
    ],
)
def test_any_other_failure_holds_nothing_up(failure: Wait) -> None:
    plan = planned(a_pair(NEW_TITLE, waits=[failure]))
    assert in_short(plan.operations) == ["update v2: title due"]
    assert plan.waits == ()


def test_a_failed_conflict_is_not_told_again() -> None:
    pair = a_pair({"title": text("New")}, {"title": text("x")}, waits=[a_failure(text("New"))])
    plan = planned(pair, MergePolicy(conflict=ConflictRule.KORE))
    assert not plan.conflicts
    assert plan.is_settled


def test_a_failure_that_only_missed_an_id_is_lifted_once_a_record_has_told_it() -> None:
    failure = replace(a_failure(text("New")), waits_for="kore:status:resolved")
    pair = a_pair(NEW_TITLE, waits=[failure])
    unnumbered = a_word(KORE, WordKind.STATUS, "Resolved")
    assert planned(pair).waits == (failure,)
    assert planned(pair, agreement=an_agreement(unnumbered)).waits == (failure,)
    told = planned(pair, agreement=an_agreement(a_word(KORE, WordKind.STATUS, "Resolved", id="s1")))
    assert told.waits == ()
    assert in_short(told.operations) == ["update v2: title due"]


CLOSED = a_failure(text("New"), KORE, WaitKind.CASE_CLOSED)


def test_a_change_waits_for_its_case_and_goes_out_when_the_case_is_open_again() -> None:
    changed = {"title": text("New")}
    closed = planned(a_pair(None, changed, waits=[CLOSED], is_case_closed=True))
    assert closed.waits == (CLOSED,)
    assert closed.is_settled
    opened = planned(a_pair(None, changed, waits=[CLOSED]))
    assert opened.waits == ()
    assert in_short(opened.operations) == ["update kore: title"]


def test_a_closed_case_holds_up_nothing_but_the_changes_that_wait_for_it() -> None:
    waits = [CLOSED, replace(CLOSED, field=None), replace(CLOSED, field=Field.DUE), a_failure(None)]
    plan = planned(
        a_pair({"title": text("By hand"), "due": None}, waits=waits, is_case_closed=True)
    )
    assert in_short(plan.operations) == ["update v2: title due"]
    assert plan.waits == ()


# ---- probes ---------------------------------------------------------------------------------

HIDES_DUE = {"due": ..., "own_changed_at": NOON}


def test_a_change_from_v2_to_what_kore_hides_asks_for_a_probe_first() -> None:
    plan = planned(a_pair(HIDES_DUE, {"due": None, "title": text("New")}))
    assert in_short(plan.operations) == ["probe kore: due", "update kore: title due"]
    probe, update = plan.operations
    assert probe.after_read == update.after_read == (Field.DUE,)
    assert update.values == {Field.TITLE: text("New")}
    assert "hides" in probe.reason


def test_if_only_a_probe_can_tell_the_update_has_no_value_yet() -> None:
    plan = planned(a_pair(HIDES_DUE, {"due": None}))
    assert in_short(plan.operations) == ["probe kore: due", "update kore: due"]
    assert plan.operations[1].values == {}
    assert plan.operations[1].reason


def test_a_kore_task_that_changed_and_hides_fields_is_probed_once() -> None:
    changed = {"due": ..., "changed_at": at(9), "own_changed_at": NOON}
    assert in_short(planned(a_pair(changed)).operations) == ["probe kore: due"]
    assert planned(a_pair({**changed, "own_changed_at": at(9)})).is_settled
    assert planned(a_pair(changed), HOLD).is_settled


def test_a_field_that_is_not_carried_is_never_probed_for() -> None:
    changed = {"assignee": ..., "changed_at": at(9)}
    assert planned(a_pair(changed)).is_settled
    both = planned(a_pair({**changed, "due": ...})).operations
    assert in_short(both) == ["probe kore: due"]
    agreement = an_agreement(twins={"A1": "u1"})
    plan = planned(a_pair(changed), agreement=agreement)
    assert in_short(plan.operations) == ["probe kore: assignee"]


def test_a_v2_task_is_never_probed_and_kore_never_for_it() -> None:
    assert not wants_probe(a_known(V2, due=...), AUTOMATIC)
    assert wants_probe(a_known(KORE, due=...), AUTOMATIC)
    plan = planned(a_pair({"title": text("New")}, {"title": ...}))
    assert plan.is_settled
    assert the_wait(plan).kind is WaitKind.HELD


# ---- links ----------------------------------------------------------------------------------


def test_two_tasks_found_alike_take_over_what_one_lacks_and_settle_the_rest_by_the_rule() -> None:
    pair = a_pair({"due": None}, {"description": text("Other")}, link=a_link())
    plan = planned(pair, MergePolicy(conflict=ConflictRule.V2))
    assert in_short(plan.operations) == ["update kore: description due"]
    assert set(plan.bases) == {Field.TITLE, Field.STATUS, Field.PRIORITY}
    assert set(plan.conflicts) == {Field.DESCRIPTION}


def test_a_v2_title_that_was_taken_out_is_called_by_its_reference_in_kore() -> None:
    plan = planned(a_pair(None, {"title": None}))
    assert plan.operations[0].values == {Field.TITLE: text("REC-1234")}
    known = planned(a_pair(None, {"title": None}, link=replace(LINK, stand_in="65f0")))
    assert known.operations[0].values == {Field.TITLE: text("65f0")}


def test_every_carried_field_is_decided() -> None:
    assert tuple(planned(a_pair()).decisions) == PLAIN.fields


def test_a_pair_knows_its_sides() -> None:
    pair = a_pair()
    assert [pair.known(side).task.side for side in Side] == [KORE, V2]


def test_a_link_tells_ids_bases_and_who_bears_the_marker() -> None:
    link = a_link(kore_id=None, v2_id=None, state=LinkState.CREATING, origin=V2, marker="[m]")
    for side in Side:
        linked = link.with_task(side, TaskId("x"))
        assert (linked.task_id(side), linked.state) == ("x", LinkState.LINKED)
        assert linked.task_id(side.other) is None
    assert link.carries_marker(KORE)
    assert not link.carries_marker(V2)
    assert not replace(link, marker="").carries_marker(KORE)
    assert link.base(Field.DUE) is NO_BASE
    assert not NO_BASE.is_known
