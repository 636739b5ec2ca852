"""How far a poll reads, one page after the other, and what it leaves for the next one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.domain.exchange import Order
from bridge.domain.reading import SideState
from bridge.domain.side import Field, Side
from bridge.domain.values import text_value
from bridge.errors import Stopped, Unreachable
from bridge.sync.poll import go_deeper, is_deep_due, is_poll_due, poll_side
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import START

KORE = Side.KORE


@pytest.fixture
def listed(bench: Bench) -> Bench:
    """Eight tasks of Kore, half a minute apart, all read; three fit on a page."""
    for number in range(8):
        bench.kore.add(f"Task {number}")
        bench.clock.pass_time(30)
    poll(bench)
    bench.kore.page_size = 3
    return bench


def poll(bench: Bench, pages: int = 9) -> int:
    """Poll Kore, which shows no more pages than so many; how many it was asked for."""
    bench.kore.forget_calls()

    def count(order: Order, offset: int) -> None:
        assert bench.kore.pages_of_polls() <= pages, "it does not end"

    bench.kore.on_page = count
    desk = bench.new_desk()
    assert poll_side(desk, KORE)
    go_deeper(desk, KORE, 10.0)
    return bench.kore.pages_of_polls()


def cut(bench: Bench, pages: int) -> None:
    """Kore is gone after so many pages of a poll."""

    def die(order: Order, offset: int) -> None:
        if bench.kore.pages_of_polls() == pages:
            bench.kore.fail("page", Unreachable("kore", "gone"))

    bench.kore.forget_calls()
    bench.kore.on_page = die
    with pytest.raises(Unreachable):
        poll_side(bench.new_desk(), KORE)
    bench.kore.on_page = None


def state(bench: Bench) -> SideState:
    with bench.store.begin() as unit:
        return unit.side_state(KORE)


def changed_at(bench: Bench, number: int) -> datetime | None:
    return bench.kore.records[f"k{number:04d}"].changed_at


def test_the_first_poll_reads_one_page_however_much_there_is(bench: Bench) -> None:
    bench.kore.page_size = 2
    for number in range(5):
        bench.kore.add(f"Task {number}")
    assert poll(bench) == 1
    assert state(bench).deep_found_new
    assert state(bench).cursor_at == changed_at(bench, 5)


def test_where_nothing_is_new_one_page_is_read_and_none_if_it_ends_at_the_cursor(
    listed: Bench,
) -> None:
    assert poll(listed) == 1
    listed.kore.page_size = 1
    assert poll(listed) == 1


def test_a_page_with_news_is_followed_by_another_though_it_reaches_below_the_cursor(
    listed: Bench,
) -> None:
    listed.kore.edit("k0001", title="Edited")
    assert poll(listed) == 2
    listed.kore.page_size = 1
    listed.kore.edit("k0002", title="Edited")
    listed.kore.edit("k0003", title="Edited")
    assert poll(listed) == 3
    assert listed.known(KORE, "k0002").task.title == "Edited"


def test_the_last_page_ends_a_poll_whatever_it_shows(listed: Bench) -> None:
    listed.kore.page_size = 50
    listed.kore.edit("k0001", title="Edited")
    assert poll(listed) == 1


def test_a_page_of_nothing_ends_a_poll_though_nobody_says_that_it_is_the_last(
    listed: Bench,
) -> None:
    page = listed.kore.page

    def untold(*args: object, **given: object) -> object:
        return replace(page(*args, **given), is_last=None)  # type: ignore[arg-type]

    listed.kore.page = untold  # type: ignore[method-assign,assignment]
    listed.kore.records = {}
    assert poll(listed) == 1


def test_one_poll_in_every_overlap_reads_that_far_below_the_last_one_that_did(
    listed: Bench,
) -> None:
    listed.clock.pass_time(130)
    before = state(listed)
    assert poll(listed) == 2  # half a minute apart, two minutes deep, a row on both pages
    after = state(listed)
    assert before.deep_at is not None
    assert after.deep_at is not None
    assert after.deep_at > before.deep_at
    assert not after.deep_found_new
    assert after.deep_newest_at == changed_at(listed, 8)
    listed.kore.edit("k0001", title="Edited")
    poll(listed)
    assert state(listed).deep_at == after.deep_at
    assert state(listed).deep_newest_at == after.deep_newest_at
    assert (state(listed).new_row_at or after.deep_at) > after.deep_at


def test_the_first_poll_of_an_empty_list_is_followed_by_one_that_goes_deeper(bench: Bench) -> None:
    poll(bench)
    bench.clock.pass_time(130)
    assert is_deep_due(state(bench), bench.clock.now(), bench.rules.overlap_seconds)
    poll(bench)
    bench.clock.pass_time(130)
    assert not is_deep_due(state(bench), bench.clock.now(), bench.rules.overlap_seconds)


def test_a_poll_goes_deeper_once_the_overlap_has_passed_and_no_moment_later(listed: Bench) -> None:
    was = state(listed)
    overlap = listed.rules.overlap_seconds
    assert was.deep_at is not None
    for seconds, is_due in ((overlap - 1, False), (overlap, True)):
        now = replace(was, deep_at=listed.clock.at)
        listed.clock.pass_time(seconds)
        assert is_deep_due(now, listed.clock.at, overlap) is is_due


# --- cut short -----------------------------------------------------------------------------------


@pytest.fixture
def broken(listed: Bench) -> Bench:
    """A poll that was cut short after two pages of news."""
    for number in range(1, 8):
        listed.kore.edit(f"k{number:04d}", title=f"Edited {number}")
    cut(listed, 2)
    return listed


def test_what_a_poll_read_until_it_was_cut_short_is_kept_for_the_next(broken: Bench) -> None:
    assert state(broken).cursor_at == changed_at(broken, 8)
    assert (state(broken).poll_offset, state(broken).poll_newest_at) == (4, changed_at(broken, 7))
    cut(broken, 2)  # the rest is read, and what stands above it by now is not
    assert state(broken).cursor_at == changed_at(broken, 7)
    assert (state(broken).poll_offset, state(broken).poll_newest_at) == (0, None)
    assert broken.known(KORE, "k0001").task.title == "Edited 1"


def test_after_the_rest_what_changed_meanwhile_is_read(broken: Bench) -> None:
    broken.kore.edit("k0008", title="Meanwhile")
    poll(broken)
    assert broken.known(KORE, "k0008").task.title == "Meanwhile"
    assert broken.known(KORE, "k0001").task.title == "Edited 1"


def test_a_list_that_is_out_of_order_above_the_rest_is_not_sorted(broken: Bench) -> None:
    def mix(order: Order, offset: int) -> None:
        if offset:
            broken.kore.sorts = False

    broken.kore.on_page = mix
    broken.kore.page_size = 50
    assert not poll_side(broken.new_desk(), KORE)
    assert state(broken).is_sorted is False


def test_a_list_that_is_out_of_order_is_read_from_its_beginning_next_time(broken: Bench) -> None:
    broken.kore.takes_sort = False
    assert not poll_side(broken.new_desk(), KORE)
    was = state(broken)
    assert (was.poll_offset, was.poll_newest_at, was.is_sorted) == (0, None, False)
    assert broken.heard.of("sort_not_proved") == [{"side": KORE}]


# --- deep polls in slices, and polls between ------------------------------------------------------


@pytest.fixture
def deep(listed: Bench) -> Bench:
    """A deep poll of two pages is under way, of which one was read."""
    listed.clock.pass_time(130)
    assert poll_side(listed.new_desk(), KORE)
    assert state(listed).deep_offset == 2
    return listed


def deepen(bench: Bench, seconds: float = 10.0) -> int:
    """Go on with it; how many pages were asked for."""
    bench.kore.forget_calls()
    go_deeper(bench.new_desk(), KORE, seconds)
    assert bench.kore.calls.count("page:poll") == 0
    return bench.kore.pages_of_polls()


def test_a_regular_poll_is_over_before_the_deep_one_that_it_begins(deep: Bench) -> None:
    begun = state(deep)
    assert begun.deep_begun_at is not None
    assert begun.deep_begun_at <= (begun.polled_at or START)
    assert begun.deep_at is not None
    assert begun.deep_at < begun.deep_begun_at
    assert begun.deep_top_at == changed_at(deep, 8)
    assert deepen(deep) == 1
    ended = state(deep)
    assert (ended.deep_at, ended.deep_newest_at) == (begun.deep_begun_at, begun.deep_top_at)
    assert (ended.deep_offset, ended.deep_begun_at, ended.deep_top_at) == (0, None, None)
    assert (ended.deep_found_new, ended.deep_has_new) == (False, False)
    assert deepen(deep) == 0


def test_a_deep_poll_goes_on_where_its_slice_ended(deep: Bench) -> None:
    deep.kore.page_size = 2
    assert [deepen(deep, 0.0), state(deep).deep_offset] == [1, 3]
    assert [deepen(deep, 0.0), state(deep).deep_offset] == [1, 0]


def test_polls_meanwhile_are_short_and_begin_no_other_deep_one(deep: Bench) -> None:
    begun = state(deep)
    deep.clock.pass_time(300)
    deep.kore.forget_calls()
    assert poll_side(deep.new_desk(), KORE)
    assert deep.kore.calls == ["page:poll"]
    after = state(deep)
    assert (after.deep_offset, after.deep_begun_at) == (begun.deep_offset, begun.deep_begun_at)


def test_what_only_a_deep_poll_shows_is_new_and_has_another_one_follow(deep: Bench) -> None:
    last = state(deep).new_row_at
    hidden = deep.kore.records["k0005"]
    told = {**hidden.fields, Field.TITLE: text_value("Shown late")}
    deep.kore.records["k0005"] = replace(hidden, fields=told)
    deepen(deep)
    assert deep.known(KORE, "k0005").task.title == "Shown late"
    found = state(deep)
    assert found.deep_found_new
    assert last is not None
    assert (found.new_row_at or last) > last


def test_a_deep_poll_that_meets_a_list_out_of_order_is_given_up(deep: Bench) -> None:
    deep.kore.takes_sort = False
    deepen(deep)
    assert (state(deep).is_sorted, state(deep).deep_offset) == (False, 0)


def test_a_poll_between_is_short_and_takes_nothing_of_what_is_kept_for_polls(
    listed: Bench,
) -> None:
    listed.clock.pass_time(130)
    listed.kore.forget_calls()
    assert poll_side(listed.new_desk(), KORE, is_regular=False)
    assert listed.kore.calls == ["page:follow"]
    assert state(listed).deep_offset == 0


def test_of_a_regular_poll_only_the_first_page_takes_of_what_is_kept_for_polls(
    listed: Bench,
) -> None:
    for number in range(1, 6):
        listed.kore.edit(f"k{number:04d}", title="Edited")
    listed.kore.forget_calls()
    assert poll_side(listed.new_desk(), KORE)
    assert listed.kore.calls == ["page:poll", "page:follow", "page:follow"]


def test_a_regular_poll_is_due_an_interval_after_the_last_one_whoever_made_it(
    listed: Bench,
) -> None:
    seconds = listed.rules.poll_seconds
    desk = listed.new_desk()
    assert poll_side(listed.new_desk(), KORE)
    last = state(listed).polled_at
    assert last is not None
    for passed, is_due in ((seconds - 1, False), (seconds, True)):
        listed.clock.at = last + timedelta(seconds=passed)
        assert is_poll_due(desk, KORE) is is_due
    desk.asked_at[KORE] = listed.clock.at  # of which no answer came
    listed.clock.pass_time(seconds - 1)
    assert not is_poll_due(desk, KORE)
    listed.clock.pass_time(1)
    assert is_poll_due(desk, KORE)
    assert is_poll_due(desk, Side.V2)


def test_a_deep_poll_reads_page_after_page_until_its_time_is_over(deep: Bench) -> None:
    deep.kore.page_size = 2
    assert deepen(deep) == 2
    assert state(deep).deep_offset == 0


def test_a_stop_ends_a_deep_poll_before_the_next_page(deep: Bench) -> None:
    deep.clock.is_stopped = True
    with pytest.raises(Stopped):
        deepen(deep)
    assert deep.kore.pages_of_polls() == 0
    assert state(deep).deep_offset == 2


def test_a_page_that_reaches_far_enough_is_the_whole_of_a_deep_poll(listed: Bench) -> None:
    listed.kore.page_size = 7
    listed.clock.pass_time(130)
    before = state(listed).deep_at
    assert poll(listed) == 1
    after = state(listed)
    assert before is not None
    assert after.deep_at is not None
    assert after.deep_at > before
    assert after.deep_offset == 0


def test_a_run_knows_when_it_made_a_regular_poll_though_no_answer_came(listed: Bench) -> None:
    desk = listed.new_desk()
    poll_side(desk, KORE, is_regular=False)
    assert KORE not in desk.asked_at
    poll_side(desk, KORE)
    assert desk.asked_at[KORE] == desk.polled_at[KORE]
    listed.clock.pass_time(60)
    listed.kore.fail("page", Unreachable("kore", "gone"))
    with pytest.raises(Unreachable):
        poll_side(desk, KORE)
    assert desk.asked_at[KORE] > desk.polled_at[KORE]


def test_what_follows_the_rest_of_a_poll_is_no_second_regular_one(listed: Bench) -> None:
    for number in range(1, 6):
        listed.kore.edit(f"k{number:04d}", title="Edited")
    cut(listed, 1)
    listed.clock.pass_time(200)
    listed.kore.forget_calls()
    assert poll_side(listed.new_desk(), KORE)
    assert listed.kore.calls.count("page:poll") == 1
    assert listed.kore.calls[0] == "page:poll"
