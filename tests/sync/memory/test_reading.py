"""Polls, the proof of the sort, sweeps, and old pictures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.exchange import Order, Page
from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.reading import SideState, Sweep
from bridge.domain.side import Field, Side
from bridge.errors import OverBudget, Unreachable
from bridge.sync.poll import is_deep_due
from bridge.sync.prove import judge_sort
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import START, Clock, MemoryService, v2_service

both_sides = pytest.mark.parametrize("side", list(Side))


def polls(service: MemoryService) -> int:
    return service.pages_of_polls()


def quiet(bench: Bench) -> None:
    """Cycles until deep polls and sweeps are over and nothing is new."""
    for _ in range(3):
        bench.clock.pass_time(150)
        bench.sync()
    bench.forget_calls()


def state(bench: Bench, side: Side) -> SideState:
    with bench.store.begin() as unit:
        return unit.side_state(side)


def last_sweep(bench: Bench, side: Side) -> Sweep:
    with bench.store.begin() as unit:
        found = unit.last_sweep(side)
    assert found is not None
    return found


# --- polls ---------------------------------------------------------------------------------------


def test_an_idle_cycle_costs_one_request_a_side_and_writes_nothing_down(bench: Bench) -> None:
    for number in range(30):
        bench.kore.add(f"Task {number}")
    bench.settle()
    quiet(bench)
    before = bench.dump()
    bench.sync()
    assert (bench.kore.calls, bench.v2.calls) == (["page:poll"], ["page:poll"])
    assert bench.dump() == before


def test_after_a_burst_of_own_writes_the_second_cycle_costs_one_request_a_side(
    bench: Bench,
) -> None:
    bench.v2.page_size = bench.kore.page_size = 5
    pairs = [bench.kore.add(f"Task {number}") for number in range(20)]
    bench.settle()
    quiet(bench)
    for kore_id in pairs:
        bench.kore.edit(kore_id, text="edited")
    bench.sync()
    bench.sync()
    bench.forget_calls()
    bench.sync()
    assert (bench.kore.calls, bench.v2.calls) == (["page:poll"], ["page:poll"])


@both_sides
def test_a_poll_reads_on_until_a_page_is_known_and_not_newer_than_the_cursor(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    service.page_size = 4
    for number in range(20):
        service.add(f"Task {number}")
    bench.settle()
    quiet(bench)
    ids = list(service.records)
    for task_id in ids[:7]:
        service.edit(task_id, text="edited")
    bench.forget_calls()
    bench.sync(sweeps=False)
    # Rows 0-3, 3-6 are new; 6-9 holds nothing new below the edited ones.
    assert polls(service) == 3
    other = bench.service(side.other)
    found = [other.value(bench.across(side, one), Field.DESCRIPTION) for one in ids[:7]]
    assert found == ["edited"] * 7


def test_the_first_poll_reads_one_page_and_the_sweep_the_rest(bench: Bench) -> None:
    bench.kore.page_size = 3
    for number in range(10):
        bench.kore.add(f"Task {number}")
    bench.sync()
    assert polls(bench.kore) == 1
    assert len(bench.links()) == 10


def test_a_poll_that_was_cut_off_does_not_move_the_cursor(bench: Bench) -> None:
    bench.kore.page_size = 3
    ids = [bench.kore.add(f"Task {number}") for number in range(12)]
    bench.settle()
    quiet(bench)
    cursor = state(bench, Side.KORE).cursor_at
    for kore_id in ids[:8]:
        bench.kore.edit(kore_id, text="edited")

    def cut(order: Order, offset: int) -> None:
        if offset == 0:
            bench.kore.fail("page", Unreachable("kore", "gone"))

    bench.kore.on_page = cut
    bench.sync()
    assert state(bench, Side.KORE).cursor_at == cursor
    bench.kore.on_page = None
    bench.kore.faults.clear()
    bench.sync()
    assert state(bench, Side.KORE).cursor_at != cursor
    assert all(bench.kore.value(one, Field.DESCRIPTION) == "edited" for one in ids[:8])
    assert all(bench.v2.value(bench.across(Side.KORE, one), Field.DESCRIPTION) for one in ids[:8])


def test_own_writes_and_sweeps_do_not_move_the_cursor(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    quiet(bench)
    cursor = state(bench, Side.V2).cursor_at
    bench.kore.edit(kore_id, text="edited")
    bench.sync()
    changed_at = bench.v2.records[v2_id].changed_at
    assert changed_at is not None
    assert cursor == state(bench, Side.V2).cursor_at
    bench.sync()
    assert state(bench, Side.V2).cursor_at == changed_at


def test_a_row_in_the_service_s_future_is_carried_and_does_not_move_the_cursor(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    quiet(bench)
    record = bench.kore.records[kore_id]
    bench.kore.edit(kore_id, title="From the future")
    future = bench.clock.at + timedelta(days=400)
    bench.kore.records[kore_id] = replace(bench.kore.records[kore_id], changed_at=future)
    bench.sync()
    assert bench.v2.value(v2_id, Field.TITLE) == "From the future"
    cursor = state(bench, Side.KORE).cursor_at
    assert cursor is not None
    assert cursor < future
    assert record.changed_at is not None


def test_a_page_full_of_future_rows_hides_no_change_behind_it(bench: Bench) -> None:
    bench.kore.page_size = 3
    ids = [bench.kore.add(f"Task {number}") for number in range(9)]
    bench.settle()
    for number, kore_id in enumerate(ids[:5]):
        record = bench.kore.records[kore_id]
        future = bench.clock.at + timedelta(days=400 + number)
        bench.kore.records[kore_id] = replace(record, changed_at=future)
    bench.settle()
    quiet(bench)
    bench.kore.edit(ids[8], title="Edited behind the future")
    bench.sync(sweeps=False)
    assert bench.v2.value(bench.across(Side.KORE, ids[8]), Field.TITLE) == (
        "Edited behind the future"
    )


def test_one_poll_in_every_overlap_goes_deeper_and_finds_what_came_late(bench: Bench) -> None:
    bench.kore.page_size = 2
    ids = [bench.kore.add(f"Task {number}") for number in range(6)]
    bench.settle()
    quiet(bench)
    late = bench.kore.records[ids[0]]
    bench.kore.edit(ids[0], title="Late")
    bench.kore.late[ids[0]] = late
    for kore_id in ids[1:5]:
        bench.kore.edit(kore_id, text="on time")
    bench.sync(sweeps=False)
    assert bench.v2.value(bench.across(Side.KORE, ids[0]), Field.TITLE) == "Task 0"
    bench.kore.late.clear()
    bench.clock.pass_time(120)
    bench.sync(sweeps=False)
    assert bench.v2.value(bench.across(Side.KORE, ids[0]), Field.TITLE) == "Late"


def test_deep_polls_are_left_out_once_one_found_nothing_long_after_the_last_new_row() -> None:
    now = START
    overlap = timedelta(seconds=120)
    quiet_state = SideState(
        side=Side.KORE, deep_at=now, new_row_at=now - overlap, deep_found_new=False
    )
    later = now + timedelta(hours=1)
    assert not is_deep_due(quiet_state, later, 120)
    assert not is_deep_due(replace(quiet_state, deep_found_new=True), now, 120)
    assert is_deep_due(replace(quiet_state, deep_found_new=True), later, 120)
    assert is_deep_due(replace(quiet_state, new_row_at=now), later, 120)
    assert not is_deep_due(replace(quiet_state, new_row_at=None), later, 120)
    assert is_deep_due(replace(quiet_state, deep_at=None), now, 120)


def test_the_skew_of_the_clocks_is_measured_from_the_services_dates(bench: Bench) -> None:
    bench.v2.skew = timedelta(seconds=40)
    bench.sync()
    skew = state(bench, Side.V2).skew_seconds
    assert skew == pytest.approx(40, abs=1)


# --- the proof -----------------------------------------------------------------------------------


def a_page(order: Order, change: Callable[[MemoryService], None] | None = None) -> Page:
    service = v2_service(Clock())
    service.page_size = 3
    for number in range(9):
        service.add(f"Task {number}")
        service.clock.pass_time(60)
    if change:
        change(service)
    from bridge.domain.exchange import Purpose

    return service.page(order, 0, purpose=Purpose.ASK)


def test_two_orders_that_turn_round_prove_the_sort() -> None:
    assert judge_sort(a_page(Order.NEWEST_FIRST), a_page(Order.OLDEST_FIRST), 5) is True


def test_a_sort_that_is_not_taken_is_disproved() -> None:
    refused = replace(a_page(Order.NEWEST_FIRST), is_sort_taken=False)
    assert judge_sort(refused, a_page(Order.OLDEST_FIRST), 5) is False


def test_a_page_out_of_order_disproves_the_sort() -> None:
    page = a_page(Order.NEWEST_FIRST)
    mixed = replace(page, rows=(page.rows[1], page.rows[0], page.rows[2]))
    assert judge_sort(mixed, a_page(Order.OLDEST_FIRST), 5) is False


def test_the_same_order_both_ways_disproves_the_sort() -> None:
    oldest = a_page(Order.OLDEST_FIRST)
    alone = replace(oldest, rows=oldest.rows[:1])
    newer = replace(oldest, rows=oldest.rows[1:2])
    assert judge_sort(alone, newer, 5) is False


def test_equal_times_prove_nothing_and_one_page_needs_no_proof() -> None:
    def same(service: MemoryService) -> None:
        for task_id, record in service.records.items():
            service.records[task_id] = replace(record, changed_at=START)

    newest, oldest = a_page(Order.NEWEST_FIRST, same), a_page(Order.OLDEST_FIRST, same)
    assert judge_sort(newest, oldest, 5) is None
    assert judge_sort(newest, newest, 5) is True


@both_sides
def test_polls_are_sweeps_where_the_sort_is_ignored(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.sorts, service.page_size = False, 4
    ids = [service.add(f"Task {number}") for number in range(10)]
    bench.settle()
    assert len(bench.links()) == 10
    service.edit(ids[0], title="Edited")
    bench.forget_calls()
    bench.sync()
    assert polls(service) == 0
    other = bench.service(side.other)
    assert other.value(bench.across(side, ids[0]), Field.TITLE) == "Edited"
    assert state(bench, side).is_sorted is False


def test_a_list_whose_times_are_all_equal_is_proved_anew_by_every_poll(bench: Bench) -> None:
    bench.kore.page_size = 2
    for number in range(6):
        bench.kore.add(f"Task {number}")
    for task_id, record in bench.kore.records.items():
        bench.kore.records[task_id] = replace(record, changed_at=START)
    bench.sync()
    assert state(bench, Side.KORE).is_sorted is None
    bench.kore.edit("k0001", title="Moved")
    bench.sync()
    assert bench.v2.value(bench.across(Side.KORE, "k0001"), Field.TITLE) == "Moved"
    assert state(bench, Side.KORE).is_sorted is True


def test_a_page_out_of_order_takes_the_proof_back_and_a_sweep_follows(bench: Bench) -> None:
    bench.kore.page_size = 4
    ids = [bench.kore.add(f"Task {number}") for number in range(10)]
    bench.settle()
    quiet(bench)
    bench.kore.sorts = False
    bench.kore.edit(ids[5], title="Edited")
    bench.kore.edit(ids[1], title="Edited too")
    bench.sync()
    assert state(bench, Side.KORE).is_sorted is False
    assert bench.v2.value(bench.across(Side.KORE, ids[5]), Field.TITLE) == "Edited"
    assert bench.heard.of("sort_not_proved")


def test_a_change_that_polls_should_have_shown_takes_the_proof_back(bench: Bench) -> None:
    bench.kore.page_size = 3
    ids = [bench.kore.add(f"Task {number}") for number in range(8)]
    bench.settle()
    quiet(bench)
    old = bench.kore.records[ids[0]]
    bench.kore.edit(ids[0], title="Never shown by a poll")
    edited = bench.kore.records[ids[0]]
    assert old.changed_at is not None
    # Its own change time lies behind the cursor when it shows at last.
    shown = replace(edited, changed_at=old.changed_at + timedelta(microseconds=10))
    bench.kore.records[ids[0]] = old
    for _ in range(3):
        bench.clock.pass_time(300)
        bench.kore.edit(ids[1], text=f"at {bench.clock.at}")
        bench.sync(sweeps=False)
    bench.kore.records[ids[0]] = shown
    bench.sync(is_full=True)
    assert state(bench, Side.KORE).is_sorted is False
    assert bench.v2.value(bench.across(Side.KORE, ids[0]), Field.TITLE) == "Never shown by a poll"


def test_an_unsorted_list_that_takes_longer_than_a_plan_is_good_is_written_all_the_same(
    bench: Bench,
) -> None:
    bench.kore.sorts, bench.kore.page_size = False, 2
    for number in range(20):
        bench.kore.add(f"Task {number}")
    bench.settle()
    v2_id = bench.across(Side.KORE, "k0001")
    bench.kore.seconds_a_call = 1.0
    bench.v2.edit(v2_id, title="From the field")
    bench.sync()
    assert bench.kore.value("k0001", Field.TITLE) == "From the field"


# --- sweeps --------------------------------------------------------------------------------------


@both_sides
def test_a_sweep_reads_every_page_with_a_row_of_overlap(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.page_size = 4
    for number in range(9):
        service.add(f"Task {number}")
    offsets: list[int] = []
    service.on_page = lambda order, offset: (
        offsets.append(offset) if order is Order.STABLE else None
    )
    bench.sync()
    assert offsets[:3] == [0, 3, 6]
    assert last_sweep(bench, side).is_complete
    assert len(bench.links()) == 9


@pytest.mark.parametrize("gone", [1, 6])
def test_rows_that_shift_while_a_sweep_reads_are_not_missed(bench: Bench, gone: int) -> None:
    bench.kore.page_size, bench.kore.knows_last = 5, False
    ids = [bench.kore.add(f"Task {number}") for number in range(16)]
    removed: list[str] = []

    def shift(order: Order, offset: int) -> None:
        if order is Order.STABLE and offset == 4 and not removed:
            removed.extend(ids[:gone])
            for task_id in removed:
                bench.kore.remove(task_id)

    bench.kore.on_page = shift
    bench.sync()
    assert {view.link.kore_id for view in bench.links()} >= set(ids[gone:])


def test_a_list_that_shrinks_below_the_place_of_a_sweep_is_read_again(bench: Bench) -> None:
    bench.kore.page_size, bench.kore.knows_last = 5, False
    ids = [bench.kore.add(f"Task {number}") for number in range(20)]

    def shrink(order: Order, offset: int) -> None:
        if order is Order.STABLE and offset == 4 and len(bench.kore.records) == 20:
            for task_id in ids[:14]:
                bench.kore.remove(task_id)

    bench.kore.on_page = shrink
    bench.backfill()
    assert {view.link.kore_id for view in bench.links()} >= set(ids[14:])
    sweep = last_sweep(bench, Side.KORE)
    with bench.store.begin() as unit:
        assert set(ids[14:]) <= {*unit.seen_ids(sweep.id, Side.KORE)}


def test_a_sweep_goes_on_where_it_was_after_a_fault(bench: Bench) -> None:
    bench.kore.page_size = 3
    for number in range(12):
        bench.kore.add(f"Task {number}")

    def fail_once(order: Order, offset: int) -> None:
        if order is Order.STABLE and offset == 4:
            bench.kore.on_page = None
            bench.kore.fail("page", Unreachable("kore", "gone"))

    bench.kore.on_page = fail_once
    bench.sync()
    assert bench.desk.faults.keys() == {Side.KORE}
    offsets: list[int] = []
    bench.kore.on_page = lambda order, offset: (
        offsets.append(offset) if order is Order.STABLE else None
    )
    bench.sync()
    assert offsets[0] == 6
    assert len(bench.links()) == 12


def test_a_sweep_stops_at_its_limit_and_goes_on_in_the_next_cycle(bench: Bench) -> None:
    bench.kore.page_size = 2
    for number in range(12):
        bench.kore.add(f"Task {number}")
    bench.kore.seconds_a_call = 30.0
    bench.sync()
    with bench.store.begin() as unit:
        sweep = unit.open_sweep(Side.KORE)
    assert sweep is not None
    assert 0 < sweep.offset < 11
    bench.kore.seconds_a_call = 0.0
    bench.sync()
    assert last_sweep(bench, Side.KORE).is_complete
    assert bench.heard.of("progress")


def test_a_sweep_is_made_every_so_often_and_not_between(bench: Bench) -> None:
    bench.pair()
    quiet(bench)
    bench.sync()
    assert "page:sweep" not in bench.kore.calls
    bench.clock.pass_time(3600)
    bench.sync()
    assert "page:sweep" in bench.kore.calls


def test_a_cycle_that_is_given_no_time_for_a_sweep_makes_none(bench: Bench) -> None:
    bench.kore.add("Task")
    bench.sync(sweeps=False)
    assert bench.kore.calls.count("page:sweep") == 2  # the proof of the sort alone
    assert "learn" not in bench.kore.calls


def test_a_list_without_a_stable_order_is_read_until_nothing_is_new_and_is_never_complete(
    bench: Bench,
) -> None:
    bench.kore.is_stable, bench.kore.page_size = False, 3
    ids = [bench.kore.add(f"Task {number}") for number in range(10)]
    bench.backfill()
    assert {view.link.kore_id for view in bench.links()} == set(ids)
    sweep = last_sweep(bench, Side.KORE)
    assert not sweep.is_complete
    assert sweep.counts["passes"] >= 2


def test_a_sweep_that_saw_less_than_was_announced_is_not_complete(bench: Bench) -> None:
    bench.kore.add("Task")
    bench.kore.total = lambda: 5
    bench.sync()
    assert not last_sweep(bench, Side.KORE).is_complete


@both_sides
@pytest.mark.parametrize("rotten", [[3], [3, 4], [0, 3, 6, 9], [9]])
def test_rows_that_cannot_be_read_take_no_proof_from_a_sweep(
    bench: Bench, side: Side, rotten: list[int]
) -> None:
    service = bench.service(side)
    service.page_size, service.knows_last = 4, False
    ids = [service.add(f"Task {number}") for number in range(10)]
    service.total = lambda: 10
    service.rotten = {ids[number] for number in rotten}
    bench.sync()
    assert last_sweep(bench, side).is_complete
    service.total = lambda: 11
    bench.sync(is_full=True)
    assert not last_sweep(bench, side).is_complete


def test_a_linked_task_whose_row_cannot_be_read_any_more_is_there(bench: Bench) -> None:
    pairs = [bench.pair(f"Task {number}") for number in range(3)]
    bench.kore.rotten = {pairs[1][0]}
    for _ in range(3):
        bench.sync(is_full=True)
    assert "search" not in bench.kore.calls
    assert {view.link.state for view in bench.links()} == {LinkState.LINKED}


@both_sides
def test_pages_that_share_no_row_prove_nothing(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.page_size, service.knows_last = 3, False
    ids = [service.add(f"Task {number}") for number in range(9)]
    service.rotten = {*ids[3:6]}
    bench.sync()
    assert not last_sweep(bench, side).is_complete
    service.rotten = set()
    service.page_size = 1
    bench.sync(is_full=True)
    assert not last_sweep(bench, side).is_complete


@both_sides
def test_a_list_of_one_task_is_read_whole(bench: Bench, side: Side) -> None:
    bench.service(side).knows_last = False
    bench.service(side).add("Task")
    bench.sync()
    assert last_sweep(bench, side).is_complete


@both_sides
def test_pages_whose_rows_show_no_order_prove_nothing(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.shows_order = False
    service.add("Task")
    bench.sync()
    assert last_sweep(bench, side).is_complete
    service.page_size = 2
    for number in range(5):
        service.add(f"Task {number}")
    bench.sync(is_full=True)
    assert not last_sweep(bench, side).is_complete


def test_what_a_sweep_that_proves_nothing_saw_was_seen(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.pair("Other")
    bench.sync(is_full=True)
    bench.kore.total = lambda: 9
    bench.sync(is_full=True)
    bench.kore.total = lambda: None
    bench.kore.left_out = {kore_id}
    bench.kore.forget_calls()
    bench.sync(is_full=True)
    assert "search" not in bench.kore.calls
    bench.sync(is_full=True)
    assert "search" in bench.kore.calls


def test_first_contact_does_not_end_with_a_reading_that_proves_nothing(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.total = lambda: 4
    assert bench.sync(is_full=True).is_first_contact
    bench.v2.total = lambda: None
    assert not bench.sync(is_full=True).is_first_contact


def test_first_contact_does_not_end_while_a_record_of_the_other_side_cannot_be_read(
    bench: Bench,
) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Long done", status="completed")
    bench.v2.rotten = {bench.v2.add("Ladder")}
    assert bench.sync(is_full=True).is_first_contact
    bench.v2.remove("v0002")
    assert not bench.sync(is_full=True).is_first_contact
    assert bench.waits(WaitKind.FAILED) == []


def test_a_record_that_cannot_be_read_waits_until_a_whole_reading_shows_it_no_more(
    bench: Bench,
) -> None:
    bench.pair()
    kept, gone = bench.kore.add("Kept"), bench.kore.add("Gone")
    bench.kore.rotten = {kept, gone}
    bench.sync(is_full=True)
    assert {wait.task_id for wait in bench.waits(WaitKind.FAILED)} == {kept, gone}
    bench.kore.remove(gone)
    bench.sync(sweeps=False)
    assert len(bench.waits(WaitKind.FAILED)) == 2
    bench.sync(is_full=True)
    assert [wait.task_id for wait in bench.waits(WaitKind.FAILED)] == [kept]


def test_where_too_many_records_cannot_be_read_each_waits_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.sweep.MOST_ODD", 2)
    ids = [bench.kore.add(f"Task {number}") for number in range(4)]
    bench.kore.rotten = {*ids}
    bench.sync(is_full=True)
    bench.kore.remove(ids[0])
    bench.sync(is_full=True)
    assert len(bench.waits(WaitKind.FAILED)) == 4
    assert not any(ids[1] in name for name in last_sweep(bench, Side.KORE).counts)


def test_of_too_many_odd_records_none_is_kept_however_many_pages_they_fill(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.sweep.MOST_ODD", 3)
    bench.kore.page_size = 3
    bench.kore.unreadable = {bench.kore.add(f"Task {number}") for number in range(9)}
    bench.sync(is_full=True)
    assert not any(name.startswith("odd ") for name in last_sweep(bench, Side.KORE).counts)
    assert len(bench.waits(WaitKind.FAILED)) == 9


def test_pages_of_one_row_are_swept_to_the_end(bench: Bench) -> None:
    bench.v2.page_size = 1
    for number in range(4):
        bench.v2.add(f"Task {number}")
    bench.backfill()
    assert len(bench.links()) == 4


def test_a_sweep_that_has_to_wait_holds_up_neither_polls_nor_writes(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    quiet(bench)
    bench.clock.pass_time(3600)
    bench.v2.edit(v2_id, title="From the field")

    bench.kore.fail("page:sweep", OverBudget("kore", "The budget is spent.", seconds=600))
    bench.sync()
    assert bench.kore.value(kore_id, Field.TITLE) == "From the field"
    assert bench.desk.faults == {}
    assert state(bench, Side.KORE).not_before is None
    bench.kore.faults.clear()


# --- old pictures --------------------------------------------------------------------------------


@both_sides
def test_an_older_picture_is_set_aside(bench: Bench, side: Side) -> None:
    kore_id, v2_id = bench.pair()
    task_id = kore_id if side is Side.KORE else v2_id
    service = bench.service(side)
    old = service.records[task_id]
    service.edit(task_id, title="New")
    bench.sync()
    service.late[task_id] = old
    bench.sync(is_full=True)
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("New", "New")
    assert bench.reports == []


@both_sides
def test_an_older_picture_is_believed_when_a_later_sweep_shows_it_again(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    task_id = kore_id if side is Side.KORE else v2_id
    service = bench.service(side)
    old = service.records[task_id]
    service.edit(task_id, title="New")
    bench.sync()
    service.records[task_id] = old  # restored from a backup
    bench.sync(is_full=True)
    bench.clock.pass_time(61)
    bench.sync(is_full=True)
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Boiler", "Boiler")


def test_how_long_a_write_may_take_to_show_is_a_setting(bench: Bench) -> None:
    bench.set_rules(settle_seconds=600.0)
    kore_id, v2_id = bench.pair()
    old = bench.kore.records[kore_id]
    bench.kore.edit(kore_id, title="New")
    bench.sync()
    bench.kore.records[kore_id] = old  # not shown yet, or restored from a backup
    bench.sync(is_full=True)
    bench.clock.pass_time(300)
    bench.sync(is_full=True)
    assert bench.v2.value(v2_id, Field.TITLE) == "New"
    bench.clock.pass_time(600)
    bench.sync(is_full=True)
    assert bench.v2.value(v2_id, Field.TITLE) == "Boiler"


def test_an_old_picture_that_stays_costs_no_further_page(bench: Bench) -> None:
    bench.kore.page_size = 2
    ids = [bench.kore.add(f"Task {number}") for number in range(6)]
    bench.settle()
    quiet(bench)
    bench.kore.edit(ids[5], title="New")
    bench.sync()
    late = replace(bench.kore.records[ids[5]], text="older")
    assert late.changed_at is not None
    bench.kore.late[ids[5]] = replace(late, changed_at=late.changed_at - timedelta(seconds=1))
    bench.sync(sweeps=False)
    bench.sync(sweeps=False)
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert polls(bench.kore) == 1


def test_a_picture_asked_for_before_the_last_write_was_answered_does_not_count(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    before = bench.kore.records[kore_id]
    bench.v2.edit(v2_id, title="From the field")
    bench.sync()
    moved = bench.kore.records[kore_id].changed_at
    assert moved is not None
    # The list shows the old title under the new time for a moment.
    bench.kore.late[kore_id] = replace(before, changed_at=moved)
    known = bench.known(Side.KORE, kore_id)
    assert known.written_at is not None
    bench.kore.late.clear()
    bench.sync()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("From the field", "From the field")
    assert bench.waits(WaitKind.CONFLICT) == []
