"""`backfill --match exact`: what is there twice is linked, what fits several is parked."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.policy import ConflictRule, Direction, Scope, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.sync.tally import Report
from tests.sync.memory.bench import Bench

A_DAY = timedelta(days=1)
HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})
both_sides = pytest.mark.parametrize("side", list(Side))


def created(bench: Bench) -> int:
    return sum(write.call == "create" for write in (*bench.kore.writes, *bench.v2.writes))


def updates(bench: Bench) -> list[tuple[Side, tuple[Field, ...]]]:
    return [
        (one.operation.side, one.operation.fields)
        for one in bench.done()
        if one.operation.kind is OperationKind.UPDATE
    ]


def of_kind(reports: list[Report], kind: OperationKind) -> list[Report]:
    return [one for one in reports if one.operation.kind is kind]


def test_without_match_two_of_one_title_are_two_tasks(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    bench.backfill()
    assert created(bench) == 2
    assert len(bench.links()) == 2
    assert bench.waits() == []


def test_one_of_each_side_with_one_title_are_linked_and_nothing_is_created(bench: Bench) -> None:
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    lone = bench.v2.add("Ladder")
    outcome = bench.backfill(match_window=A_DAY)
    assert outcome.summary["linked"] == 1
    assert outcome.summary["created"] == {"kore": 1, "v2": 0}
    assert len(outcome.summary["operations"]) == 1
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert bench.is_linked(Side.V2, lone)
    (view,) = [view for view in bench.links() if view.link.kore_id == kore_id]
    assert (view.link.state, view.link.origin) == (LinkState.LINKED, None)
    assert not outcome.is_first_contact
    bench.settle()
    assert (len(bench.kore.records), len(bench.v2.records)) == (2, 2)


def test_an_adopted_pair_is_merged_without_a_base(bench: Bench) -> None:
    """What agrees sets the base, an empty side takes over, the rest goes by the conflict rule."""
    bench.set_policy(conflict=ConflictRule.V2)
    due = "2027-01-01T00:00:00.000Z"
    kore_id = bench.kore.add("Boiler", "by an agent", due=due, status="Open")
    v2_id = bench.v2.add("Boiler", "from the field", status="open", assignee="Robin")
    bench.backfill(match_window=A_DAY)
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("from the field", "from the field")
    assert bench.values(Field.DUE, kore_id, v2_id) == (due, due)
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("Open", "open")
    (conflict,) = bench.conflicts()
    assert (conflict["field"], conflict["winner"]) == (Field.DESCRIPTION, Side.V2)
    bench.settle()


def test_in_one_direction_only_the_target_takes_over(bench: Bench) -> None:
    bench.set_policy(direction=Direction.KORE_TO_V2)
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler", "from the field")
    bench.backfill(match_window=A_DAY)
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert bench.kore.writes == []
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == (None, "from the field")


def test_finished_tasks_are_linked_and_not_created(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler", status="Resolved")
    v2_id = bench.v2.add("Boiler", status="completed")
    bench.kore.add("Long done", status="Closed")
    outcome = bench.backfill(match_window=A_DAY)
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert outcome.summary["created"] == {"kore": 0, "v2": 0}
    assert len(bench.links()) == 1


def test_scope_and_side_narrow_what_is_created_not_what_is_linked(bench: Bench) -> None:
    bench.set_rules(scope=Scope(created_since=bench.clock.at + timedelta(days=1)))
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    bench.backfill(match_window=A_DAY, sides=(Side.KORE,))
    assert bench.across(Side.KORE, kore_id) == v2_id


def test_the_window_is_measured_on_one_clock(bench: Bench) -> None:
    bench.v2.skew = timedelta(hours=5)
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    bench.kore.add("Ladder")
    bench.v2.add("Ladder", created_at=bench.clock.at)
    bench.backfill(match_window=timedelta(hours=1))
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert created(bench) == 2


def test_the_window_is_measured_on_one_clock_whichever_is_wrong(bench: Bench) -> None:
    bench.kore.skew = timedelta(hours=5)
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    bench.backfill(match_window=timedelta(hours=1))
    assert bench.across(Side.KORE, kore_id) == v2_id


def test_a_clock_that_is_not_told_counts_as_right(bench: Bench) -> None:
    bench.kore.tells_date = False
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    bench.backfill(match_window=timedelta(milliseconds=500))
    assert bench.across(Side.KORE, kore_id) == v2_id


def test_a_task_without_a_title_is_like_nobody(bench: Bench) -> None:
    bench.kore.add("Boiler")
    lone = bench.v2.add(None)
    bench.backfill(match_window=A_DAY)
    assert created(bench) == 2
    assert bench.is_linked(Side.V2, lone)


def test_a_task_as_old_as_can_be_is_matched_as_any_other(bench: Bench) -> None:
    long_ago = datetime.min.replace(tzinfo=UTC)
    kore_id = bench.kore.add("Boiler", created_at=long_ago)
    v2_id = bench.v2.add("Boiler", created_at=long_ago)
    bench.backfill(match_window=A_DAY)
    assert bench.across(Side.KORE, kore_id) == v2_id


def test_what_does_not_tell_when_it_was_created_is_parked_with_what_it_may_be(
    bench: Bench,
) -> None:
    bench.kore.undated.add(bench.kore.add("Boiler"))
    bench.v2.add("Boiler")
    bench.backfill(match_window=A_DAY)
    assert {one.task_id for one in bench.waits(WaitKind.FAILED)} == {"k0001", "v0001"}


# --- ambiguous -----------------------------------------------------------------------------------


@pytest.fixture
def parked(bench: Bench) -> Bench:
    """Two of one side fit one of the other, and a task beside them fits nobody."""
    bench.kore.add("Boiler")
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    bench.v2.add("Ladder")
    bench.backfill(match_window=A_DAY)
    return bench


def test_what_fits_several_is_parked_with_its_candidates(parked: Bench) -> None:
    waits = parked.waits(WaitKind.FAILED)
    assert {one.task_id: one.candidates for one in waits} == {
        "k0001": ("v0001",),
        "k0002": ("v0001",),
        "v0001": ("k0001", "k0002"),
    }
    for one in waits:
        assert one.operation is OperationKind.CREATE
        side = Side.V2 if str(one.task_id).startswith("k") else Side.KORE
        assert one.side is side
        assert one.task_id is not None
        assert parked.known(side.other, one.task_id).standing is Standing.AMBIGUOUS
    assert "2 tasks of Kore fit it: TS1, TS2." in {one.reason for one in waits}
    assert created(parked) == 1
    assert parked.desk.tally.waiting["failures"] == 3


def test_parked_counts_as_decided_and_first_contact_ends(parked: Bench) -> None:
    with parked.store.begin() as unit:
        assert unit.pair_state().first_contact_ended_at is not None


@pytest.mark.parametrize("window", [None, A_DAY])
def test_nothing_is_created_from_a_parked_task_by_any_later_run(
    parked: Bench, window: timedelta | None
) -> None:
    parked.forget_calls()
    parked.kore.edit("k0001", text="edited meanwhile")
    parked.v2.edit("v0001", priority="high")
    parked.settle()
    parked.sync(is_full=True)
    parked.backfill(match_window=window)
    assert created(parked) == 0
    assert {one.task_id for one in parked.waits(WaitKind.FAILED)} == {"k0001", "k0002", "v0001"}


def test_a_later_match_links_what_became_plain_and_takes_it_off_the_list(parked: Bench) -> None:
    parked.kore.edit("k0002", title="Another boiler")
    parked.backfill(match_window=A_DAY)
    assert parked.across(Side.KORE, "k0001") == "v0001"
    (left,) = parked.waits(WaitKind.FAILED)
    assert left.task_id == "k0002"
    assert created(parked) == 1


def test_a_parked_task_that_turns_out_to_bear_a_marker_leaves_the_list(parked: Bench) -> None:
    marker = "[task-bridge v2:REC-1 v0001]"
    parked.kore.edit("k0002", text=marker)
    parked.settle()
    assert parked.across(Side.KORE, "k0002") == "v0001"
    assert [one.task_id for one in parked.waits(WaitKind.FAILED)] == ["k0001"]


def test_skip_leaves_what_was_parked(parked: Bench) -> None:
    parked.backfill(skips=True)
    assert parked.waits(WaitKind.FAILED) == []
    assert parked.known(Side.KORE, "k0001").standing is Standing.LEFT
    parked.settle()
    assert created(parked) == 1


def test_a_task_whose_link_was_removed_is_matched_with_nobody(bench: Bench) -> None:
    from dataclasses import replace

    kore_id, v2_id = bench.pair()
    bench.court.excuse("stands as linked", "only the link was made removed, by hand")
    with bench.store.begin() as unit:
        (view,) = unit.all_links()
        unit.save_link(replace(view.link, state=LinkState.REMOVED))
    other = bench.v2.add("Boiler")
    bench.backfill(match_window=A_DAY, only=(other,))
    assert bench.across(Side.V2, other) != kore_id
    assert v2_id != other


# --- markers come first --------------------------------------------------------------------------


@both_sides
def test_a_marker_counts_before_a_title(bench: Bench, side: Side) -> None:
    """One of the same title that was created from a third task is not the counterpart."""
    origin = bench.service(side).add("Boiler")
    twin = bench.service(side).add("Boiler")
    ref = "TS1" if side is Side.KORE else "REC-1"
    bearer = bench.service(side.other).add(
        "Boiler", f"[task-bridge {side}:{ref} {origin}]", author="app"
    )
    bench.backfill(match_window=A_DAY)
    assert bench.across(side, origin) == bearer
    assert bench.is_linked(side, twin)
    assert bench.waits() == []


def test_a_marker_that_kore_s_list_hides_is_seen_before_anything_is_matched(bench: Bench) -> None:
    bench.pair("Ladder", Side.V2)  # so that it is known who we are in Kore
    bench.kore.hides = HIDDEN
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Boiler")
    bearer = bench.kore.add("Renamed", f"[task-bridge v2:REC-2 {v2_id}]", author="app")
    bench.backfill(match_window=A_DAY, only=(kore_id,))
    assert not bench.is_linked(Side.V2, v2_id)
    assert bench.across(Side.KORE, kore_id) not in (None, v2_id)
    bench.backfill(match_window=A_DAY)
    assert bench.across(Side.V2, v2_id) == bearer


def test_hidden_fields_of_a_match_are_seen_by_its_probe_and_merged(bench: Bench) -> None:
    bench.kore.hides = HIDDEN
    bench.set_policy(conflict=ConflictRule.KORE)
    kore_id = bench.kore.add("Boiler", "by an agent")
    v2_id = bench.v2.add("Boiler", "from the field")
    bench.backfill(match_window=A_DAY)
    assert bench.values(Field.DESCRIPTION, kore_id, v2_id) == ("by an agent", "by an agent")
    assert [write.call for write in bench.kore.writes] == ["probe"]


def test_where_hidden_fields_are_on_hold_a_match_is_linked_and_they_wait(bench: Bench) -> None:
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.HOLD)
    kore_id, v2_id = bench.kore.add("Boiler", "by an agent"), bench.v2.add("Boiler", "field")
    bench.backfill(match_window=A_DAY)
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert bench.kore.writes == bench.v2.writes == []
