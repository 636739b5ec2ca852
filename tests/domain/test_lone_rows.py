"""The row of a task without a link, whole, and how the rows of a report come and count."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.held import MAY_BE_RESULT, PROBE_FAILED
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import (
    STATES,
    Joined,
    Lone,
    Reconciliation,
    Row,
    State,
    Totals,
    World,
)
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Standing
from tests.domain.making import KORE, NOON, V2, a_link, at
from tests.domain.worlds import BOTH, a_lone, a_pair, a_wait, a_world, row_of

NOBODY_CREATES = (
    "Nothing creates it while no daemon runs: task-bridge run, or task-bridge sync once."
)
IDS = {"kore_id": "ti-1", "kore_ref": "TS000102", "v2_id": "65f0", "v2_ref": "REC-1234"}


@pytest.mark.parametrize("side", SIDES)
def test_a_task_without_a_counterpart_says_where_and_since_when(side: Side) -> None:
    mine = {f"{side}_id": IDS[f"{side}_id"], f"{side}_ref": IDS[f"{side}_ref"]}
    assert row_of(a_lone(side)) == Row(
        state=State.ONLY_KORE if side is KORE else State.ONLY_V2,
        sides=(side,),
        reason=f"It has no counterpart in {side.other.label}.",
        next=NOBODY_CREATES,
        title="Broken boiler",
        since=NOON,
        **mine,  # type: ignore[arg-type]
    )


def test_first_contact_is_told_to_be_ended_by_a_backfill() -> None:
    row = row_of(a_lone(), is_first_contact=True, is_carried_soon=True)
    assert row.next == (
        "First contact: task-bridge backfill --dry-run shows what would be done about it."
    )


def test_a_bearer_that_nobody_links_yet_says_why_it_will_be() -> None:
    lone = a_lone(V2, Standing.LINKED, why="its marker names TS000102")
    row = row_of(lone, is_first_contact=True)
    assert (row.state, row.reason, row.next) == (
        State.ONLY_V2,
        "Its marker names TS000102.",
        "First contact: task-bridge backfill --dry-run shows what would be done about it.",
    )


@pytest.mark.parametrize(
    ("standing", "advice"),
    [
        (
            Standing.DUPLICATE,
            "It is kept out of the sync. Delete it, or take the marker's line out of its "
            "description to make it a task of its own.",
        ),
        (Standing.ORPHAN, "Nothing is created from it."),
        (
            Standing.AMBIGUOUS,
            "A person has to say which one it is; nothing is created meanwhile.",
        ),
        (Standing.HELD, "It is decided as soon as that can be seen."),
        (
            Standing.UNCERTAIN,
            "The next cycle looks for its counterpart; it is never created twice.",
        ),
        (Standing.UNROUTABLE, "It is created in Kore as soon as it has a place there."),
        (Standing.FAILED, "Nothing is created from it until a person has looked at it."),
        (Standing.UNREADABLE, "Nothing is created from it until a person has looked at it."),
    ],
)
def test_every_standing_has_its_next_step(standing: Standing, advice: str) -> None:
    assert row_of(a_lone(standing=standing, why="because")).next == advice


@pytest.mark.parametrize(
    ("why", "next_", "is_on_its_way"),
    [
        ("Kore refuses the probe: 400: The case is closed.", "Open its case in Kore", False),
        ("TS1 has its name: Kore refuses the probe: no.", "task-bridge links add", False),
        (f"{PROBE_FAILED}: gone", "The next cycle tries it again.", True),
        (f"TS1 has its name: {PROBE_FAILED}: gone", "The next cycle tries it again.", True),
        (
            MAY_BE_RESULT,
            "It is decided with that create; where a person is asked about it, task-bridge "
            "failures list says so.",
            True,
        ),
        ("Kore's list hides its status", "It is decided as soon as that can be seen.", False),
    ],
)
def test_a_held_task_says_what_a_person_can_do_and_counts_unless_it_goes_on_by_itself(
    why: str, next_: str, is_on_its_way: bool
) -> None:
    lone = a_lone(standing=Standing.HELD, why=why)
    row = row_of(lone)
    assert row.state is State.WAITING
    assert next_ in row.next
    assert row.is_on_its_way is is_on_its_way
    assert reconcile(a_world(lone=(lone,))).is_fine is is_on_its_way


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("because", "Because."),
        ("  because of it ", "Because of it."),
        ("Is it?", "Is it?"),
        ("No!", "No!"),
        ("Done.", "Done."),
        ("v2 said no", "v2 said no."),
        ("ti-17 bears it", "ti-17 bears it."),
        ("", ""),
    ],
)
def test_a_reason_is_told_as_a_sentence_of_its_own(why: str, sentence: str) -> None:
    assert row_of(a_lone(standing=Standing.HELD, why=why)).reason == sentence


def test_a_refused_create_waits_for_a_person_since_it_was_refused() -> None:
    waits = (
        a_wait(operation=OperationKind.CREATE, reason="kore refused it", since=at(90)),
        a_wait(WaitKind.HELD, since=at(70)),
    )
    row = row_of(a_lone(V2, waits=waits))
    assert (row.state, row.reason, row.next, row.since) == (
        State.FAILED,
        "Kore refused it.",
        "Nothing is created from it until a person has looked at it.",
        at(70),
    )


@pytest.mark.parametrize("standing", [Standing.DUPLICATE, Standing.LEFT, Standing.OUT_OF_SCOPE])
def test_a_refused_create_says_nothing_of_a_task_that_gets_no_counterpart(
    standing: Standing,
) -> None:
    waits = (a_wait(operation=OperationKind.CREATE),)
    assert row_of(a_lone(standing=standing, waits=waits)).state is not State.FAILED


def test_a_wait_that_is_no_failure_leaves_a_new_task_new() -> None:
    assert row_of(a_lone(waits=(a_wait(WaitKind.HELD),))).state is State.ONLY_KORE
    held_read = a_wait(WaitKind.HELD, operation=OperationKind.READ)
    assert row_of(a_lone(waits=(held_read,))).state is State.ONLY_KORE


@pytest.mark.parametrize("side", SIDES)
def test_a_record_that_cannot_be_read_is_read_again_with_every_cycle(side: Side) -> None:
    wait = a_wait(operation=OperationKind.READ, reason="The record is odd.", since=at(8))
    row = row_of(Lone(side=side, task_id=TaskId("x"), waits=(wait,)), is_whole=dict.fromkeys(SIDES))
    assert row == Row(
        state=State.FAILED,
        sides=(side,),
        reason="The record is odd.",
        next="It is read again with every cycle.",
        since=at(8),
        **{f"{side}_id": "x"},  # type: ignore[arg-type]
    )


def test_a_task_that_was_read_before_is_failed_while_its_record_cannot_be_read() -> None:
    wait = a_wait(operation=OperationKind.READ, reason="The record is odd.")
    row = row_of(a_lone(waits=(wait,)))
    assert (row.state, row.reason, row.title) == (
        State.FAILED,
        "The record is odd.",
        "Broken boiler",
    )


def test_a_task_of_which_nothing_is_known_says_that_its_record_cannot_be_read() -> None:
    row = row_of(Lone(side=KORE, task_id=TaskId("ti-1")))
    assert (row.state, row.reason) == (State.FAILED, "Its record cannot be read.")


# --- the whole report ----------------------------------------------------------------------------


def lone(number: int, side: Side = KORE, **given: Any) -> Lone:
    made = a_lone(side)
    assert made.known is not None
    task = replace(made.known.task, id=TaskId(f"x-{number}"), **given)
    return replace(made, task_id=task.id, known=replace(made.known, task=task))


def test_rows_come_by_state_then_by_kore_reference_then_by_v2_reference() -> None:
    unread = {KORE: False, V2: False}
    alone = (
        lone(1, V2, ref="R-2"),
        lone(2, V2, ref=None),
        lone(3, ref="TS-9"),
        lone(4, ref="TS-1"),
        lone(5, ref=None),
    )
    report = reconcile(a_world(joined=(a_pair(),), lone=alone, is_whole=unread))
    assert [row.kore_id or row.v2_id for row in report.rows] == [
        "x-4",
        "x-3",
        "x-5",
        "x-1",
        "x-2",
        "ti-1",
    ]
    assert [row.state for row in report.rows] == sorted(
        (row.state for row in report.rows), key=STATES.index
    )


def test_the_totals_count_each_state_in_all_and_by_side() -> None:
    report = reconcile(
        a_world(joined=(a_pair(),), lone=(lone(1), lone(2, V2)), is_whole={KORE: False, V2: False})
    )
    none = dict.fromkeys(STATES, 0)
    assert report.totals == Totals(
        links=1,
        states={**none, State.ONLY_KORE: 1, State.ONLY_V2: 1, State.IN_STEP: 1},
        by_side={
            KORE: {**none, State.ONLY_KORE: 1, State.IN_STEP: 1},
            V2: {**none, State.ONLY_V2: 1, State.IN_STEP: 1},
        },
    )
    assert report.at == at(3600)


def test_what_waits_for_a_cycle_is_fine_and_told_all_the_same() -> None:
    def of(state: State) -> Reconciliation:
        report = reconcile(a_world())
        return replace(report, rows=(Row(state=state, sides=SIDES),))

    assert [state for state in STATES if of(state).is_fine] == [
        State.OUT_OF_SCOPE,
        State.WAITING,
        State.IN_STEP,
    ]
    assert [state for state in STATES if not of(state).told] == [
        State.OUT_OF_SCOPE,
        State.IN_STEP,
    ]


def test_a_world_is_read_by_no_daemon_and_long_after_first_contact_unless_told() -> None:
    world = World(at=NOON, agreement=a_world().agreement, shown=BOTH, is_whole={})
    assert (world.is_first_contact, world.is_carried_soon, world.skew_seconds) == (
        False,
        False,
        0.0,
    )
    assert Joined(link=a_link()).is_case_closed is False
    assert Row(state=State.IN_STEP, sides=()) == Row(
        state=State.IN_STEP, sides=(), reason="", next="", title=""
    )


def test_a_link_has_no_task_where_it_names_none() -> None:
    world = a_world()
    assert not world.has(a_link(v2_id=None), V2)
    assert not world.is_absent(V2, None)
    unsorted = a_world(is_whole={KORE: False, V2: False}, shown={KORE: frozenset(), V2: BOTH[V2]})
    assert unsorted.has(a_link(), KORE)
    assert not unsorted.has(a_link(state=LinkState.MISSING), KORE)
    assert unsorted.has(a_link(state=LinkState.MISSING), V2)


def test_a_task_that_may_have_its_counterpart_already_is_not_said_to_be_created() -> None:
    may_be = "TS2 of Kore has its name, and only a probe shows whether that is its counterpart."
    lone = replace(a_lone(V2), may_be=may_be)
    row = row_of(lone)
    assert (row.state, row.reason, row.next) == (State.ONLY_V2, may_be, NOBODY_CREATES)
    row = row_of(lone, is_carried_soon=True)
    assert (row.state, row.reason) == (State.WAITING, may_be)
    assert row.next == "The next cycle asks Kore by a probe; nothing is created before."
    row = row_of(lone, is_carried_soon=True, paused=frozenset({KORE}))
    assert "what its list hides only a probe shows" in row.next
