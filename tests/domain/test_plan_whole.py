"""Operations and waits of a plan, whole: they stand in the journal and in what people read."""

from dataclasses import replace

import pytest

from bridge.domain.link import FieldBase
from bridge.domain.merge import Act, Decision
from bridge.domain.operation import Operation, OperationKind, Wait, WaitKind
from bridge.domain.plan import Pair, field_wait, plan_pair
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.domain.values import UNSEEN, person_value, priority_value
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
    text,
    v2_status,
)
from tests.domain.merging import a_base, statuses
from tests.domain.test_plan import a_pair, planned

IDS = {"kore_id": TaskId("ti-1"), "v2_id": TaskId("65f0"), "link_id": LinkId(7)}
OTHER = {"description": text("Other")}


def a_wait(kind: WaitKind = WaitKind.FAILED, side: Side = V2, **given: object) -> Wait:
    return Wait(kind=kind, side=side, reason="Because.", **given)  # type: ignore[arg-type]


# --- operations ----------------------------------------------------------------------------------


def test_an_update_remembers_what_the_origin_showed_of_each_field() -> None:
    plan = planned(a_pair({"title": text("New"), "due": None}))
    assert plan.operations == (
        Operation(
            side=V2,
            kind=OperationKind.UPDATE,
            reason="Kore changed",
            fields=(Field.TITLE, Field.DUE),
            values={Field.TITLE: text("New"), Field.DUE: None},
            origin={Field.TITLE: text("New"), Field.DUE: None},
            **IDS,  # type: ignore[arg-type]
        ),
    )


def test_what_the_origin_hides_is_not_remembered_as_if_it_had_been_seen() -> None:
    base = a_base(statuses("on hold", "open"), absorbed=KORE)
    pair = a_pair({"status": ...}, {"status": v2_status("completed")})
    pair = replace(pair, link=pair.link.with_bases({Field.STATUS: base}))
    policy = MergePolicy(unobserved=Unobserved.WRITE)
    (update,) = planned(pair, policy).operations
    assert (update.side, update.fields, update.origin) == (V2, (Field.STATUS,), {})


def test_two_reasons_of_an_update_are_told_once_each() -> None:
    link = a_pair().link
    bare: dict[Field, FieldBase] = {
        name: base for name, base in link.bases.items() if name is not Field.DUE
    }
    pair = a_pair({"title": text("New")}, {"due": None}, link=replace(link, bases=bare))
    assert [one.reason for one in planned(pair).operations] == ["Kore changed; empty in v2"]


def test_a_probe_says_what_it_is_to_show_and_why() -> None:
    hides = a_pair({"description": ..., "due": ...}, OTHER)
    probe, update = planned(hides).operations
    reason = "v2 changed what Kore's list hides"
    hidden = (Field.DESCRIPTION, Field.DUE)
    assert probe == Operation(
        side=KORE,
        kind=OperationKind.PROBE,
        reason=reason,
        fields=hidden,
        after_read=hidden,
        **IDS,  # type: ignore[arg-type]
    )
    assert update == Operation(
        side=KORE,
        kind=OperationKind.UPDATE,
        reason=reason,
        fields=(Field.DESCRIPTION,),
        after_read=(Field.DESCRIPTION,),
        **IDS,  # type: ignore[arg-type]
    )


def test_a_probe_of_a_task_that_changed_says_so() -> None:
    kore = {"due": ..., "changed_at": at(5), "own_changed_at": NOON}
    (probe,) = planned(a_pair(kore)).operations
    assert (probe.kind, probe.reason) == (
        OperationKind.PROBE,
        "it changed and its row hides fields",
    )


# --- failures that stand -------------------------------------------------------------------------

NEW = {"title": text("New")}
STANDS = a_wait(field=Field.TITLE, value=text("New"))


def test_a_failure_stands_while_the_same_value_would_be_written_again() -> None:
    plan = planned(a_pair(NEW, waits=(STANDS,)))
    assert (plan.operations, plan.waits) == ((), (STANDS,))


@pytest.mark.parametrize(
    "wait",
    [
        a_wait(field=Field.TITLE, value=text("Another")),
        a_wait(field=Field.TITLE, value=UNSEEN),
        a_wait(side=KORE, field=Field.TITLE, value=text("New")),
        a_wait(WaitKind.HELD, field=Field.TITLE, value=text("New")),
        a_wait(value=text("New")),
        a_wait(field=Field.STATUS, value=text("New")),
    ],
)
def test_a_failure_of_something_else_does_not_stand(wait: Wait) -> None:
    plan = planned(a_pair(NEW, waits=(wait,)))
    assert (len(plan.operations), plan.waits) == (1, ())


@pytest.mark.parametrize(
    "first",
    [
        a_wait(),
        a_wait(WaitKind.CONFLICT, field=Field.DUE),
        a_wait(field=Field.STATUS, value=text("x")),
        a_wait(field=Field.DUE, waits_for="kore:priority:high"),
    ],
)
def test_a_failure_that_fell_away_takes_no_other_with_it(first: Wait) -> None:
    agreement = an_agreement(a_word(KORE, WordKind.PRIORITY, "High", id="pr-1"))
    plan = plan_pair(a_pair(NEW, waits=(first, STANDS)), agreement, MergePolicy())
    assert plan.waits == (STANDS,)


def test_a_field_that_agrees_by_now_has_no_failure_left() -> None:
    wait = a_wait(field=Field.TITLE, value=None)
    assert planned(a_pair(waits=(wait,))).waits == ()


def test_a_failure_of_a_field_that_is_hidden_now_stands_until_it_is_seen() -> None:
    wait = a_wait(side=KORE, field=Field.DESCRIPTION)
    assert planned(a_pair({"description": ...}, OTHER, waits=(wait,))).waits == (wait,)


def test_a_field_that_is_not_carried_any_more_has_no_failure() -> None:
    wait = a_wait(field=Field.ASSIGNEE, value=None)
    kore = {"assignee": person_value("a-1", "Ada")}
    assert planned(a_pair(kore, waits=(wait,))).waits == ()


# --- what waits ----------------------------------------------------------------------------------


def test_a_change_waits_for_its_case_and_no_other_change_does() -> None:
    waits = (
        a_wait(WaitKind.CASE_CLOSED, KORE, field=Field.TITLE),
        a_wait(WaitKind.CASE_CLOSED, KORE, field=Field.STATUS),
        a_wait(WaitKind.CASE_CLOSED, KORE),
        a_wait(WaitKind.HELD, KORE, field=Field.DUE),
    )
    v2 = {"title": text("New"), "due": None}
    plan = planned(a_pair(v2=v2, waits=waits, is_case_closed=True))
    assert plan.waits == (waits[0],)
    assert [one.fields for one in plan.operations] == [(Field.DUE,)]
    opened = planned(a_pair(v2=v2, waits=waits))
    assert (opened.waits, len(opened.operations)) == ((), 1)


def test_a_closed_case_holds_up_nothing_that_goes_to_v2() -> None:
    wait = a_wait(WaitKind.CASE_CLOSED, KORE, field=Field.TITLE)
    plan = planned(a_pair(NEW, waits=(wait,), is_case_closed=True))
    assert (plan.waits, len(plan.operations)) == ((), 1)


def test_a_case_that_closed_holds_up_only_what_was_found_to_wait_for_it() -> None:
    plan = planned(a_pair(v2=NEW, is_case_closed=True))
    assert (plan.waits, len(plan.operations)) == ((), 1)


def test_a_field_waits_with_both_values_and_what_would_have_been_written() -> None:
    pair = a_pair({"priority": priority_value("Odd")})
    decided = Decision(
        act=Act.HOLD, side=KORE, value=text("x"), reason="ignored", waits_for="a:b:c"
    )
    wait = field_wait(pair, Field.PRIORITY, WaitKind.HELD, "Because.", decided)
    assert wait == Wait(
        kind=WaitKind.HELD,
        reason="Because.",
        side=KORE,
        link_id=LinkId(7),
        field=Field.PRIORITY,
        kore=priority_value("Odd"),
        v2=priority_value("High"),
        value=text("x"),
        waits_for="a:b:c",
    )
    assert field_wait(pair, Field.DUE, WaitKind.HELD, "", replace(decided, side=None)).side is V2


@pytest.mark.parametrize(
    ("kind", "policy", "kore", "v2"),
    [
        (WaitKind.UNMAPPED, MergePolicy(), {"priority": priority_value("Odd")}, {}),
        (
            WaitKind.HELD,
            MergePolicy(unobserved=Unobserved.HOLD),
            {"description": ...},
            OTHER,
        ),
    ],
)
def test_what_cannot_be_written_waits_under_its_kind(
    kind: WaitKind, policy: MergePolicy, kore: dict[str, object], v2: dict[str, object]
) -> None:
    (wait,) = planned(a_pair(kore, v2), policy).waits
    assert (wait.kind, wait.link_id) == (kind, 7)
    assert wait.reason


def test_a_pair_is_planned_as_of_one_clock_and_an_open_case_unless_told() -> None:
    pair = Pair(link=a_link(), kore=a_known(KORE), v2=a_known(V2))
    assert (pair.skew_seconds, pair.is_case_closed, pair.waits) == (0.0, False, ())
    assert (pair.known(KORE), pair.known(V2)) == (pair.kore, pair.v2)
