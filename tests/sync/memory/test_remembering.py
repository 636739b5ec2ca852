"""`report --from-last-sweep`: what the database alone tells is what a reading told last."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bridge.domain.reading import LastRead
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import State
from bridge.domain.records import Heartbeat
from bridge.domain.side import SIDES, Side
from bridge.errors import NotYet, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.surveying import (
    recall_of,
    recalled,
    report_of,
    row_of,
    states_of,
    surveyed,
    told,
)
from tests.sync.memory.test_importing_links import take_in
from tests.sync.memory.test_plans_come_true import worlds

both_sides = pytest.mark.parametrize("side", list(Side))


# --- any world -----------------------------------------------------------------------------------


@pytest.mark.slow
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(bench=worlds(), lost=st.sampled_from((None, *SIDES)))
def test_any_world_that_was_just_read_whole_is_told_as_a_reading_tells_it(
    bench: Bench, lost: Side | None
) -> None:
    recalled(bench)  # adds up whatever was read so far
    bench.sync(is_full=True)
    bench.sync(is_full=True)
    if lost and bench.service(lost).records:
        bench.service(lost).remove(min(bench.service(lost).records))
    bench.sync(is_full=True)
    is_still = not (bench.desk.faults or bench.done())
    event("still" if is_still else "written to after it was read")
    found = recall_of(bench)
    if is_still:
        assert told(found) == told(report_of(bench))


# --- one by one ----------------------------------------------------------------------------------


@both_sides
def test_what_changed_since_is_not_known_and_both_services_may_be_down(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair("Boiler")
    bench.sync(is_full=True)
    bench.service(side).edit(ids[side is Side.V2], title="New words")
    bench.service(side).add("Ladder")
    bench.kore.is_down = bench.v2.is_down = True
    assert states_of(recall_of(bench)) == {State.IN_STEP: 1}
    bench.kore.is_down = bench.v2.is_down = False
    bench.sync(sweeps=False)
    assert states_of(recall_of(bench)) == {State.IN_STEP: 2}


def test_how_old_it_is_is_told_for_each_side_by_whole_readings_and_polls(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.sync(sweeps=False)
    polled_at = bench.clock.at
    found = recalled(bench).last_read or {}
    assert {side: found[side].whole_at for side in SIDES} == {Side.KORE: None, Side.V2: None}
    assert all(one.polled_at and polled_at - one.polled_at < timedelta(5) for one in found.values())
    bench.sync(is_full=True)
    swept_at = bench.clock.at
    bench.clock.pass_time(600)
    bench.v2.is_down = True
    bench.sync(sweeps=False)
    after = recalled(bench).last_read or {}
    for one in after.values():
        assert one.whole_at
        assert abs(one.whole_at - swept_at) < timedelta(seconds=5)
    kore, v2 = (after[side].polled_at for side in SIDES)
    assert kore
    assert v2
    assert kore - v2 > timedelta(seconds=600)


def test_where_nothing_was_ever_read_nothing_is_known(bench: Bench) -> None:
    found = recalled(bench)
    assert found.is_blank
    assert found.last_read == dict.fromkeys(SIDES, LastRead())
    bench.sync(sweeps=False)
    assert not recalled(bench).is_blank


@both_sides
def test_a_side_that_was_never_read_whole_takes_nothing_for_missing_and_says_so(
    bench: Bench, side: Side
) -> None:
    for number in range(7):
        bench.pair(f"Task {number}")
    bench.begin_anew()
    service = bench.service(side)
    service.page_size = 3
    service.on_page = lambda order, offset: (
        service.fail("page:sweep", NotYet(str(side), "Wait.", seconds=600)) if offset else None
    )
    bench.sync(is_full=True)
    service.on_page = None
    found = recalled(bench)
    (note,) = [one for one in found.notes if "never read to its end" in one]
    assert note.startswith(f"{side.label}'s list")
    assert found.world.is_whole == {side: False, side.other: True}
    assert State.MISSING not in states_of(recall_of(bench))


@both_sides
def test_a_list_without_an_order_is_said_to_tell_nothing_of_what_is_gone(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    service.is_stable = False
    for number in range(7):
        bench.pair(f"Task {number}")
    service.page_size = 3
    bench.begin_anew()
    bench.sync(is_full=True)
    (note,) = recalled(bench).notes
    assert f"{side.label}'s list has no order" in note


@both_sides
def test_what_the_last_whole_reading_did_not_show_is_missing_since_then(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair("Boiler")
    bench.pair("Ladder")
    bench.sync(is_full=True)
    bench.service(side).remove(ids[side is Side.V2])
    assert states_of(recall_of(bench)) == {State.IN_STEP: 2}
    bench.sync(is_full=True)
    read_at = bench.clock.at
    bench.clock.pass_time(7200)
    row = row_of(recall_of(bench), side, ids[side is Side.V2])
    assert row.state is State.MISSING
    assert row.sides == (side.other,)
    assert row.since
    assert abs(row.since - read_at) < timedelta(seconds=5)


@both_sides
def test_since_when_a_task_is_missing_is_told_alike_by_every_report_where_a_sweep_missed_it(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair("Boiler")
    bench.sync(is_full=True)
    bench.service(side).remove(ids[side is Side.V2])
    mine = ids[side is Side.V2]
    first = row_of(report_of(bench), side, mine).since
    bench.clock.pass_time(600)
    again = row_of(report_of(bench), side, mine).since
    assert first
    assert again
    assert again > first  # no reading that is kept has missed it: only this one tells
    bench.sync(is_full=True)
    told = row_of(recall_of(bench), side, mine).since
    for _ in range(2):
        bench.clock.pass_time(7200)
        assert row_of(report_of(bench), side, mine).since == told
        assert row_of(recall_of(bench), side, mine).since == told


@both_sides
def test_a_task_that_a_poll_or_an_answer_showed_since_the_reading_is_not_missing(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair("Boiler")
    bench.sync(is_full=True)
    bench.service(side).left_out.add(ids[side is Side.V2])
    bench.sync(is_full=True)
    assert State.MISSING in states_of(recall_of(bench))
    bench.service(side).left_out.clear()
    bench.service(side).edit(ids[side is Side.V2], title="New words")
    bench.sync(sweeps=False)
    assert states_of(recall_of(bench)) == {State.IN_STEP: 1}


@both_sides
def test_a_task_that_only_a_person_named_is_not_in_step_before_it_was_read(
    bench: Bench, side: Side
) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Another")
    bench.sync(is_full=True)
    kore, v2 = sorted(bench.kore.records), sorted(bench.v2.records)
    ids = {Side.KORE: kore[0], Side.V2: v2[0], side: f"{side.value[0]}9999"}
    take_in(bench, f"{ids[Side.KORE]},{ids[Side.V2]},linked,")
    row = row_of(recall_of(bench), side, ids[side])
    assert row.state is State.WAITING
    assert "has not been read yet" in row.reason
    bench.sync(is_full=True)
    assert row_of(recall_of(bench), side, ids[side]).state is State.MISSING


def test_a_v2_task_whose_case_was_closed_stays_unroutable_until_its_route_names_another(
    bench: Bench,
) -> None:
    bench.kore.add_case()
    bench.pair("Boiler")
    bench.kore.add_case(is_closed=True)
    mine = bench.v2.add("Ladder")
    bench.sync()
    row = row_of(recall_of(bench), Side.V2, mine)
    assert row.state is State.UNROUTABLE
    assert "ci-1" in row.reason
    bench.set_rules(routes=())
    assert "No row of kore.routes" in row_of(recall_of(bench), Side.V2, mine).reason


def test_what_waits_for_a_closed_case_still_does(bench: Bench) -> None:
    bench.kore.add_case()
    _, v2_id = bench.pair("Boiler")
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="New words")
    bench.sync()
    bench.kore.add_case()
    row = row_of(recall_of(bench), Side.V2, v2_id)
    assert row.state is State.WAITING
    assert "closed" in row.reason


@both_sides
def test_a_record_that_cannot_be_read_is_told_as_long_as_it_is_there(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    odd = bench.service(side).add("Odd")
    bench.service(side).unreadable.add(odd)
    bench.service(side).nameless = 1
    bench.sync(is_full=True)
    assert states_of(recall_of(bench)) == {State.IN_STEP: 1, State.FAILED: 2}
    assert "its title is a number" in row_of(recall_of(bench), side, odd).reason
    bench.service(side).remove(odd)
    bench.service(side).nameless = 0
    bench.sync(is_full=True)
    assert states_of(recall_of(bench)) == {State.IN_STEP: 1}


def test_a_side_that_did_not_answer_last_time_is_named_with_what_it_said(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.v2.fail("page", Unreachable("v2", "Nobody answers at v2."))
    bench.sync()
    assert any("Nobody answers at v2." in note for note in recalled(bench).notes)
    bench.sync()
    assert recalled(bench).notes == ()


def test_a_guard_that_stands_is_told_beside_what_it_is_about(bench: Bench) -> None:
    ids = [bench.pair(f"Task {number}") for number in range(3)]
    bench.sync(is_full=True)
    for kore_id, _ in ids:
        bench.kore.remove(kore_id)
    bench.sync(is_full=True)
    assert any("A guard stands: Kore's list is suddenly empty" in one for one in notes(bench))


def test_while_a_guard_stands_no_report_promises_a_write(bench: Bench) -> None:
    ids = [bench.pair(f"Task {number}") for number in range(3)]
    bench.sync(is_full=True)
    for kore_id, _ in ids:
        bench.kore.remove(kore_id)
    bench.sync(is_full=True)
    bench.v2.add(title="New here")
    bench.sync()
    now = bench.clock.now()
    with bench.store.begin() as unit:
        unit.beat(Heartbeat(owner="daemon", beat_at=now, started_at=now, interval_seconds=30.0))
    live = surveyed(bench, is_alive=True)
    assert any("A guard stands: Kore's list is suddenly empty" in one for one in live.notes)
    for report in (reconcile(live.world), recall_of(bench, is_alive=True)):
        (row,) = [one for one in report.rows if one.title == "New here"]
        assert row.state is State.WAITING
        assert row.next == "Nothing: a guard stands; see task-bridge guard show."


def test_another_account_in_the_configuration_is_told(bench: Bench) -> None:
    bench.set_rules(identities={Side.KORE: "here", Side.V2: "there"})
    bench.pair("Boiler")
    assert notes(bench) == ()
    bench.set_rules(identities={Side.KORE: "elsewhere", Side.V2: "there"})
    (note,) = notes(bench)
    assert "another account than the one that Kore showed" in note


def test_beside_a_live_daemon_what_it_carries_next_waits(bench: Bench) -> None:
    kore_id, _ = bench.pair("Boiler")
    bench.sync(is_full=True)
    bench.kore.edit(kore_id, title="New words")
    with bench.store.begin() as unit:
        now = bench.clock.now()
        unit.save_pair_state(replace(unit.pair_state(), paused={Side.V2: now}))
        unit.beat(Heartbeat(owner="daemon", beat_at=now, started_at=now, interval_seconds=30.0))
    bench.sync()
    assert states_of(recall_of(bench)) == {State.DRIFTED: 1}
    assert states_of(recall_of(bench, is_alive=True)) == {State.WAITING: 1}


def test_it_is_told_from_a_copy_alone(bench: Bench) -> None:
    from bridge.sync.remembered import remembered

    with pytest.raises(ValueError, match="copy"):
        remembered(bench.new_desk(), lambda *_: True)


def notes(bench: Bench) -> tuple[str, ...]:
    return recalled(bench).notes
