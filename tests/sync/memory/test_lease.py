"""One run at a time: the lease is offered to who waits for it, and lost by who slept over it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.domain.exchange import Order
from bridge.domain.operation import WriteRequest
from bridge.errors import LeaseTaken
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.lease import take_lease
from tests.sync.memory.bench import Bench


def another(bench: Bench) -> Desk:
    """The desk of a second process."""
    desk = bench.new_desk()
    desk.rules = replace(bench.rules, owner="another")
    return desk


def during(bench: Bench, call: Callable[[], None], times: int = 1) -> None:
    """Do something in the middle of the reading of everything."""
    left = [times]

    def on_page(order: Order, offset: int) -> None:
        if order is Order.STABLE and left[0]:
            left[0] -= 1
            call()

    bench.kore.on_page = on_page


def test_a_long_run_lets_another_work_in_between_and_goes_on(bench: Bench) -> None:
    bench.kore.page_size = 2
    ids = [bench.kore.add(f"Boiler {number}") for number in range(6)]
    worked: list[str] = []
    sleep = bench.clock.sleep

    def work_meanwhile(seconds: float) -> None:
        sleep(seconds)
        if not worked:
            worked.append("another")
            run_cycle(another(bench), Wish(sweep_seconds=0))

    bench.clock.sleep = work_meanwhile  # type: ignore[method-assign]

    def want() -> None:
        bench.clock.pass_time(11)
        with pytest.raises(LeaseTaken):
            take_lease(another(bench))

    during(bench, want)
    bench.sync(is_full=True)
    assert worked == ["another"]
    assert all(bench.is_linked(bench.kore.side, one) for one in ids)
    assert len(bench.v2.records) == 6


def test_a_lease_that_nobody_waits_for_is_kept(bench: Bench) -> None:
    bench.kore.add("Boiler")
    during(bench, lambda: bench.clock.pass_time(11))
    bench.sync(is_full=True)
    assert bench.heard.of("lease_offered") == []


def test_who_slept_over_its_lease_sends_nothing_more(bench: Bench) -> None:
    bench.kore.add("Boiler")
    draft = bench.v2.draft_create

    def sleep_over(*arguments: object) -> WriteRequest:
        bench.clock.pass_time(31)
        return draft(*arguments)  # type: ignore[arg-type]

    bench.v2.draft_create = sleep_over  # type: ignore[method-assign,assignment]
    with pytest.raises(LeaseTaken):
        bench.sync()
    assert bench.v2.records == {}
    bench.v2.draft_create = draft  # type: ignore[method-assign]
    bench.sync()
    assert len(bench.v2.records) == 1


def test_the_lease_of_a_process_that_is_gone_is_taken_at_once(bench: Bench) -> None:
    take_lease(another(bench))
    desk = bench.new_desk()
    with pytest.raises(LeaseTaken):
        take_lease(desk)
    desk.is_dead = lambda owner: owner == "another"
    take_lease(desk)
    assert desk.token == 2
    assert bench.heard.of("took_over") == [{"owner": "another", "reason": "its process is gone"}]
