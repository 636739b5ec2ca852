"""One run at a time: the lease is offered to who waits for it, and lost by who slept over it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bridge.domain.exchange import Order
from bridge.domain.operation import WriteRequest
from bridge.errors import LeaseTaken
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.lease import keep_or_offer, kept_lease, offer_lease, renew, take_lease
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
    assert bench.desk.token == 3
    assert len(bench.heard.of("lease_offered")) == 1
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


# --- how long it is held -------------------------------------------------------------------------


def expiry(bench: Bench) -> tuple[str, datetime] | None:
    """Who holds the lease, and until when."""
    with bench.store.begin() as unit:
        lease = unit.lease()
    return None if lease is None else (lease.owner, lease.expires_at)


def ask_for(bench: Bench) -> None:
    """Another one wants the lease, in vain, and says so."""
    with pytest.raises(LeaseTaken):
        take_lease(another(bench))


def test_a_run_that_is_over_holds_no_lease(bench: Bench) -> None:
    bench.sync()
    desk = another(bench)
    take_lease(desk)
    assert (expiry(bench) or ("nobody",))[0] == desk.rules.owner


def test_a_dry_run_needs_no_lease_and_takes_none(bench: Bench) -> None:
    bench.set_rules(lease_seconds=300.0)
    take_lease(another(bench))
    before = expiry(bench)
    bench.sync(is_dry=True)
    assert expiry(bench) == before


@pytest.mark.parametrize(
    ("held", "wish", "is_offered"),
    [(10.5, 4.5, True), (9.5, 4.5, False), (10.5, 5.5, False)],
)
def test_it_is_offered_after_ten_seconds_to_who_asked_for_it_in_the_last_five(
    bench: Bench, held: float, wish: float, is_offered: bool
) -> None:
    desk = bench.new_desk()
    take_lease(desk)
    bench.clock.pass_time(held - wish)
    ask_for(bench)
    bench.clock.pass_time(wish)
    desk.polled_at = dict.fromkeys(bench.desk.services, bench.clock.now())
    keep_or_offer(desk)
    assert bool(bench.heard.of("lease_offered")) is is_offered
    assert bench.clock.slept == ([1.0] if is_offered else [])
    assert (expiry(bench) or ("nobody",))[0] == "bench"
    assert [desk.is_fresh(side) for side in desk.polled_at] == [not is_offered] * 2
    keep_or_offer(desk)
    assert len(bench.clock.slept) == int(is_offered), "it is held anew"


def test_between_two_batches_it_is_renewed(bench: Bench) -> None:
    desk = bench.new_desk()
    take_lease(desk)
    for _ in range(3):
        bench.clock.pass_time(20)
        keep_or_offer(desk)
    ask_for(bench)
    assert (expiry(bench) or ("nobody",))[0] == desk.rules.owner


def test_it_is_kept_fresh_however_long_one_request_takes(bench: Bench) -> None:
    bench.set_rules(lease_seconds=0.003)
    desk = bench.new_desk()
    take_lease(desk)
    looked, now = threading.Event(), desk.clock.now

    def tell_time() -> datetime:
        if threading.current_thread().name == "lease":
            looked.set()
        return now()

    desk.clock.now = tell_time  # type: ignore[method-assign]
    before = expiry(bench)
    with kept_lease(desk):
        assert looked.wait(10), "nobody renews it"
    assert expiry(bench) != before


def test_only_who_holds_it_renews_it(bench: Bench) -> None:
    desk, later = bench.new_desk(), bench.new_desk()
    renew(desk)
    assert expiry(bench) is None
    take_lease(desk)
    bench.clock.pass_time(31)
    take_lease(another(bench))
    offer_lease(another(bench))
    before = expiry(bench)
    renew(desk)
    assert expiry(bench) == before
    take_lease(later)
    before = expiry(bench)
    renew(desk)
    assert expiry(bench) == before
    renew(later)
    assert expiry(bench) != before


def test_it_is_renewed_at_least_three_times_in_its_life(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Spy(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if threading.current_thread().name != "lease":
                return super().wait(timeout)
            waits.append(timeout or 0.0)
            return True

    monkeypatch.setattr("bridge.sync.lease.threading.Event", Spy)
    with kept_lease(bench.new_desk()):
        pass
    assert waits
    assert max(waits) * 3 <= bench.rules.lease_seconds


def test_nobody_keeps_a_lease_for_a_dry_run_or_for_one_that_is_over(bench: Bench) -> None:
    with kept_lease(bench.new_desk(is_dry=True)):
        assert "lease" not in [one.name for one in threading.enumerate()]
    with kept_lease(bench.new_desk()):
        assert "lease" in [one.name for one in threading.enumerate()]
    assert "lease" not in [one.name for one in threading.enumerate()]
