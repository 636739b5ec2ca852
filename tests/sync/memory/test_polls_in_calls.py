"""What a poll costs: one call where one is enough, whatever was read before."""

import pytest

from bridge.domain.side import Side
from bridge.sync.poll import poll_side
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def polls(bench: Bench, side: Side) -> int:
    """Poll that side, which shows nine pages at most; how many it was asked for."""
    service = bench.service(side)
    service.forget_calls()

    def count(order: object, offset: int) -> None:
        assert len(service.calls) <= 9, "it does not end"

    service.on_page = count
    assert poll_side(bench.new_desk(), side)
    return sum(call.startswith("page:") for call in service.calls)


@both_sides
def test_the_first_poll_of_all_reads_one_page(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.page_size = 2
    for number in range(5):
        service.add(f"Task {number}")
    assert polls(bench, side) == 1


@both_sides
def test_a_poll_that_goes_no_deeper_ends_at_what_was_read_before(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    ids = [service.add(f"Task {number}") for number in range(6)]
    polls(bench, side)
    bench.clock.pass_time(150)
    polls(bench, side)  # a deep one
    service.page_size = 2
    service.edit(ids[0], text="new")
    assert polls(bench, side) == 2
    assert polls(bench, side) == 1


@both_sides
def test_a_side_without_a_task_is_polled_with_one_call(bench: Bench, side: Side) -> None:
    assert polls(bench, side) == 1
    assert polls(bench, side) == 1


def test_a_page_that_says_it_is_the_last_ends_the_poll_whatever_is_new_on_it(bench: Bench) -> None:
    bench.kore.add("Boiler")
    polls(bench, Side.KORE)
    bench.kore.add("Pump")
    assert polls(bench, Side.KORE) == 1
