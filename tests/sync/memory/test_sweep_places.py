"""Where a sweep reads on, how far back it goes, when it is over, and what it then proves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.exchange import Order, Page
from bridge.domain.reading import Sweep
from bridge.domain.side import Side, TaskId
from bridge.errors import OtherAccount
from bridge.sync.lease import offer_lease, take_lease
from bridge.sync.sweep import is_sweep_due, odd_ids, sweep_side
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import MemoryService
from tests.sync.memory.test_page_by_page import due, seen, sweep

KORE, V2 = Side.KORE, Side.V2


def filled(bench: Bench, count: int, *, page_size: int, knows_last: bool = False) -> list[TaskId]:
    bench.kore.page_size, bench.kore.knows_last = page_size, knows_last
    return [bench.kore.add(f"Task {number}") for number in range(count)]


def places(service: MemoryService, and_then: Callable[[int], None] | None = None) -> list[int]:
    """Where the pages of a sweep begin, from now on; what happens after each."""
    found: list[int] = []

    def note(order: Order, offset: int) -> None:
        if order is Order.STABLE:
            found.append(offset)
            if and_then is not None:
                and_then(offset)

    service.on_page = note
    return found


def never_tells_the_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that says of no page whether it is the last, not even of an empty one."""
    page = bench.kore.page

    def shown(*given: Any, **more: Any) -> Page:
        return replace(page(*given, **more), is_last=None)

    monkeypatch.setattr(bench.kore, "page", shown)


# --- going on, and back --------------------------------------------------------------------------


def test_a_sweep_ends_at_the_page_with_nothing_beyond_what_it_shares(bench: Bench) -> None:
    filled(bench, 9, page_size=4)
    found = places(bench.kore)
    assert sweep(bench).is_complete
    assert found == [0, 3, 6, 8]


@pytest.mark.parametrize("count", [9, 10, 11, 12, 13])
def test_no_page_is_asked_for_twice_or_behind_the_end_where_the_total_is_told(
    bench: Bench, count: int
) -> None:
    filled(bench, count, page_size=4, knows_last=True)
    bench.kore.total = lambda: count
    found = places(bench.kore)
    done = sweep(bench)
    assert done.is_complete
    assert done.rows == count
    # Two may be under way at once: which of them comes first is not told.
    assert sorted(found) == [*range(0, count - 1, 3)]


def test_a_sweep_that_may_not_go_on_takes_in_what_was_asked_for_and_nothing_is_asked_for_twice(
    bench: Bench,
) -> None:
    ids = filled(bench, 20, page_size=4, knows_last=True)
    bench.kore.total = lambda: 20
    found = places(bench.kore)
    begun = sweep_side(bench.new_desk(), KORE, lambda: False)
    assert sorted(found) == [0, 3, 6]
    assert begun.offset == 9
    assert seen(bench, begun.id) == {*ids[:10]}
    assert sweep(bench).is_complete
    assert sorted(found) == [*range(0, 19, 3)]


def test_where_a_budget_limits_the_calls_no_two_of_them_are_under_way(bench: Bench) -> None:
    filled(bench, 20, page_size=4, knows_last=True)
    bench.kore.total = lambda: 20
    bench.rules = replace(bench.rules, limited=frozenset({KORE}))
    found = places(bench.kore)
    assert sweep_side(bench.new_desk(), KORE, lambda: False).offset == 6
    assert found == [0, 3]
    assert sweep(bench).is_complete
    assert found == [*range(0, 19, 3)]


def test_the_first_sweep_of_a_list_that_tells_no_total_asks_for_one_page_at_a_time(
    bench: Bench,
) -> None:
    filled(bench, 20, page_size=4)
    found = places(bench.kore)
    begun = sweep_side(bench.new_desk(), KORE, lambda: False)
    assert found == [0]
    assert begun.offset == 3


@pytest.mark.parametrize("count", [9, 10, 11, 12, 13])
def test_where_the_total_is_not_told_no_more_pages_are_asked_for_than_there_were_last(
    bench: Bench, count: int
) -> None:
    filled(bench, count, page_size=4)
    found = places(bench.kore)
    sweep(bench)
    first = sorted(found)
    found.clear()
    done = sweep(bench)
    assert done.is_complete
    assert done.rows == count
    assert sorted(found) == first


def test_pages_share_a_row_more_for_each_that_cannot_be_read(bench: Bench) -> None:
    ids = filled(bench, 10, page_size=4)
    bench.kore.rotten = {ids[1], ids[5]}
    found = places(bench.kore)
    done = sweep(bench)
    assert found[:4] == [0, 2, 4, 6]
    assert done.is_complete
    assert odd_ids(done) == frozenset(bench.kore.rotten)


def test_what_a_sweep_could_not_read_is_counted_over_all_pages(bench: Bench) -> None:
    ids = filled(bench, 9, page_size=4)
    bench.kore.rotten = {ids[4]}
    bench.kore.nameless = 1
    done = sweep(bench)
    assert done.counts["nameless"] == 1
    assert done.counts["unreadable"] >= 2
    assert odd_ids(done) == frozenset({ids[4]})


def test_a_list_that_ends_before_the_place_of_a_sweep_is_searched_backwards_by_halves(
    bench: Bench,
) -> None:
    ids = filled(bench, 20, page_size=5)

    def shrink(offset: int) -> None:
        if offset == 8:
            for task_id in ids[3:]:
                bench.kore.records.pop(task_id, None)

    found = places(bench.kore, shrink)
    done = sweep(bench)
    assert found[:8] == [0, 4, 8, 12, 6, 3, 1, 0]
    assert done.is_complete
    assert {*ids[:3]} <= seen(bench, done.id)


def test_a_sweep_goes_back_by_as_many_rows_as_the_page_that_missed_its_place(bench: Bench) -> None:
    ids = filled(bench, 16, page_size=5)

    def shift(offset: int) -> None:
        if offset == 8:
            for task_id in ids[:2]:
                bench.kore.records.pop(task_id, None)

    found = places(bench.kore, shift)
    done = sweep(bench)
    assert found[:5] == [0, 4, 8, 12, 10]
    assert done.is_complete
    assert seen(bench, done.id) == {*ids}


def test_two_pages_of_one_row_prove_nothing(bench: Bench) -> None:
    filled(bench, 2, page_size=1)
    assert not sweep(bench).is_complete


def test_a_list_that_never_tells_its_end_is_over_where_nothing_comes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_tells_the_end(bench, monkeypatch)
    bench.kore.page_size = 3
    assert sweep(bench).is_complete
    filled(bench, 3, page_size=1)
    done = sweep(bench)
    assert done.completed_at is not None
    assert done.rows == 3


# --- no stable order -----------------------------------------------------------------------------


def test_without_an_order_a_second_pass_that_finds_nothing_new_is_the_last(bench: Bench) -> None:
    filled(bench, 7, page_size=3)
    bench.kore.is_stable = False
    found = places(bench.kore)
    done = sweep(bench)
    assert not done.is_complete
    assert found.count(0) == 2
    assert found[: len(found) // 2] == found[len(found) // 2 :]
    assert done.rows == 7


def test_even_a_single_task_is_read_twice_where_the_sort_is_not_taken(bench: Bench) -> None:
    filled(bench, 1, page_size=3, knows_last=True)
    bench.kore.takes_sort = False
    found = places(bench.kore)
    assert not sweep(bench).is_complete
    assert found == [0, 0]


def test_an_unordered_list_that_always_grows_is_read_five_times(bench: Bench) -> None:
    filled(bench, 6, page_size=3, knows_last=True)
    bench.kore.is_stable = False

    def grow(offset: int) -> None:
        if offset == 0:
            assert len(bench.kore.records) < 60
            for number in range(4):
                bench.kore.add(f"One more {number}")

    found = places(bench.kore, grow)
    done = sweep(bench)
    assert found.count(0) == 5
    assert (done.is_complete, done.counts["passes"]) == (False, 5)


def test_a_page_in_order_does_not_mend_one_that_was_not(bench: Bench) -> None:
    filled(bench, 9, page_size=3)
    bench.kore.is_stable = False  # until the first page was shown

    def mend(offset: int) -> None:
        bench.kore.is_stable = True

    found = places(bench.kore, mend)
    done = sweep(bench)
    assert not done.is_complete
    assert found[:3] == [0, 2, 4], "it has no place that a page could miss"


# --- what it proves ------------------------------------------------------------------------------


def test_a_task_that_slips_in_before_the_place_of_a_sweep_takes_its_proof(bench: Bench) -> None:
    ids = filled(bench, 7, page_size=4)
    oldest = bench.kore.records[ids[0]].created_at

    def slip_in(offset: int) -> None:
        if len(bench.kore.records) == 7:
            bench.kore.add("Slipped in", created_at=oldest - timedelta(days=1))

    bench.kore.total = lambda: len(bench.kore.records)
    places(bench.kore, slip_in)
    done = sweep(bench)
    assert (done.rows, done.total, done.is_complete) == (7, 8, False)


def test_a_total_that_only_the_first_page_announces_counts_to_the_end(bench: Bench) -> None:
    filled(bench, 7, page_size=4)
    bench.kore.total = lambda: 9

    def fall_silent(offset: int) -> None:
        bench.kore.total = lambda: None

    places(bench.kore, fall_silent)
    done = sweep(bench)
    assert (done.total, done.is_complete) == (9, False)


def test_a_sweep_that_is_cut_short_between_two_passes_has_seen_what_it_saw(bench: Bench) -> None:
    whole = [sweep(bench), sweep(bench)]
    ids = filled(bench, 5, page_size=3, knows_last=True)
    bench.kore.is_stable = False
    passes = 0

    def may_go_on() -> bool:
        nonlocal passes
        with bench.store.begin() as unit:
            under_way = unit.open_sweep(KORE)
        passes = under_way.counts.get("passes", 0) if under_way else 9
        return passes == 0

    begun = sweep_side(bench.new_desk(), KORE, may_go_on)
    assert (begun.completed_at, passes) == (None, 1)
    assert seen(bench, whole[1].id) == set(), "it is under way, and told by its own marks"
    done = sweep(bench)
    assert (done.id, done.is_complete) == (begun.id, False)
    assert seen(bench, whole[1].id) == {*ids}, "since the last whole reading began"
    assert seen(bench, whole[0].id) == set()


def test_what_a_whole_reading_saw_was_not_seen_by_the_one_before(bench: Bench) -> None:
    before = sweep(bench)
    task_id = bench.kore.add("Boiler")
    after = sweep(bench)
    assert (seen(bench, before.id), seen(bench, after.id)) == (set(), {task_id})


def test_a_sweep_takes_in_no_page_of_another_account(bench: Bench) -> None:
    bench.set_rules(identities={KORE: "https://kore", V2: "https://v2"})
    bench.kore.account = "ours"
    bench.pair()
    bench.kore.account = "theirs"
    strange = bench.kore.add("Of others")
    with pytest.raises(OtherAccount):
        sweep(bench)
    with bench.store.begin() as unit:
        assert unit.known(KORE, [strange]) == {}


def test_as_many_records_that_cannot_be_read_as_may_be_kept_are_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.sweep.MOST_ODD", 2)
    ids = filled(bench, 7, page_size=3)
    bench.kore.rotten, bench.kore.nameless = {*ids[:2]}, 1
    assert odd_ids(sweep(bench)) == frozenset(ids[:2])
    bench.kore.rotten, bench.kore.nameless = set(), 0
    bench.kore.unreadable = {*ids}
    done = sweep(bench)
    assert odd_ids(done) is None
    assert not any(one in name for one in ids for name in done.counts)


# --- when it is due ------------------------------------------------------------------------------


def test_a_sweep_is_due_as_soon_as_the_last_one_is_as_old_as_the_settings_say(
    bench: Bench,
) -> None:
    done: Sweep = sweep(bench)
    assert done.completed_at is not None
    moment = done.completed_at + timedelta(seconds=bench.rules.sweep_seconds)
    look = timedelta(milliseconds=1)
    bench.clock.at = moment - 2 * look
    assert not is_sweep_due(bench.new_desk(), KORE)
    bench.clock.at = moment - look
    assert is_sweep_due(bench.new_desk(), KORE)


def test_a_reading_wakes_nothing_that_others_need_not_do_anything_for(bench: Bench) -> None:
    bench.pair()
    bench.settle()
    sweep_side(bench.new_desk(), KORE, lambda: False)
    assert (due(bench), due(bench, V2)) == (set(), set())


@pytest.mark.parametrize("is_dry", [False, True])
def test_a_sweep_is_refused_a_page_that_is_of_another_account_than_those_before(
    bench: Bench, is_dry: bool
) -> None:
    bench.set_rules(identities={KORE: "https://kore", V2: "https://v2"})
    bench.kore.account = "ours"
    bench.pair()
    filled(bench, 9, page_size=3)

    def change(offset: int) -> None:
        bench.kore.account = "theirs" if offset == 4 else "ours"

    found = places(bench.kore, change)
    with pytest.raises(OtherAccount):
        sweep_side(bench.new_desk(is_dry=is_dry), KORE, lambda: True)
    assert found[:3] == [0, 2, 4]


# --- another has the lease meanwhile -------------------------------------------------------------


def another_sweeps(bench: Bench, may_go_on: Callable[[], bool]) -> None:
    """Another process takes the lease, goes on with the sweep, and gives the lease back."""
    offer_lease(bench.desk)
    bench.set_rules(owner="another")
    another = bench.new_desk()
    take_lease(another)
    sweep_side(another, KORE, may_go_on)
    offer_lease(another)
    take_lease(bench.desk)


def swept_beside(bench: Bench, may_go_on: Callable[[], bool]) -> Sweep:
    """A sweep of nine tasks during whose first page's taking in another gets the lease."""
    filled(bench, 9, page_size=4)
    take_lease(bench.desk)
    turns = iter([lambda: another_sweeps(bench, may_go_on)])

    def give_way() -> bool:
        next(turns, lambda: None)()
        return True

    return sweep_side(bench.desk, KORE, give_way)


def test_a_sweep_that_another_brought_to_its_end_is_over(bench: Bench) -> None:
    found = places(bench.kore)
    ended = swept_beside(bench, lambda: True)
    assert found == [0, 3, 6, 8]
    with bench.store.begin() as unit:
        assert unit.open_sweep(KORE) is None
        assert unit.last_sweep(KORE) == ended
    assert ended.is_complete
    assert ended.rows == 9


def test_a_sweep_goes_on_where_another_left_it(bench: Bench) -> None:
    found = places(bench.kore)
    ended = swept_beside(bench, lambda: False)
    assert ended.is_complete
    assert found == [0, 3, 6, 8]
