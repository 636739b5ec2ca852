"""What a poll costs: one call where one is enough, whatever was read before."""

import pytest

from bridge.domain.side import Side
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def polls(bench: Bench, side: Side) -> int:
    service = bench.service(side)
    service.forget_calls()
    bench.sync(sweeps=False)
    return service.calls.count("page:poll")


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
    for number in range(6):
        service.add(f"Task {number}", status="Closed" if side is Side.KORE else "completed")
    bench.sync()
    bench.clock.pass_time(90)  # beyond the first deep one
    bench.sync()
    service.page_size = 2
    service.edit("k0001" if side is Side.KORE else "v0001", text="new")
    assert polls(bench, side) == 2
    assert polls(bench, side) == 1


def test_a_page_that_says_it_is_the_last_ends_the_poll_whatever_is_new_on_it(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.sync()
    bench.kore.add("Pump")
    assert polls(bench, Side.KORE) == 1
