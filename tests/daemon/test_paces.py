"""A service that allows fewer calls than anybody said: the daemon learns it, and says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bridge.daemon.course import pace
from bridge.daemon.status import Look, facts_of
from bridge.domain.pace import Learnt
from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.daemon.bench import Bench
from tests.daemon.web.opened import BEARER, Opened, Visitor

ALLOWED = 10
TICKS = 8
TICK_SECONDS = 61.0


@pytest.fixture
def slowed(bench: Bench) -> Iterator[Bench]:
    """Kore has refused a call."""
    bench.sandbox.kore.faults.add("*", Fault.TOO_MANY_SECONDS, seconds=60)
    bench.tick()
    yield bench
    bench.clock.pass_time(4_000)


def refused(bench: Bench) -> int:
    return sum(call.status == 429 for call in bench.sandbox.kore.calls)


@pytest.mark.slow
def test_a_limit_that_nobody_told_is_kept_to_in_the_end_and_used(fresh: Bench) -> None:
    fresh.backfill()
    kore = fresh.sandbox.kore
    kore.switches = replace(kore.switches, limits=((ALLOWED, 60.0),))
    for number in range(160):
        fresh.sandbox.v2.add_task(title=f"Task {number}")
    fresh.tick(TICKS, after=TICK_SECONDS)
    kore.clear_calls()
    began_at = fresh.clock.now()
    fresh.tick(TICKS, after=TICK_SECONDS)
    passed = len(kore.calls) - refused(fresh)
    minutes = (fresh.clock.now() - began_at).total_seconds() / 60
    assert 0.5 * ALLOWED * minutes <= passed <= ALLOWED * (minutes + 1)
    assert refused(fresh) <= 0.05 * passed
    assert fresh.log.count("slowed down") >= 2


def test_status_console_and_metrics_tell_the_pace_and_what_is_left_of_it(slowed: Bench) -> None:
    with slowed.bridge.store.look() as unit:
        bridge = slowed.bridge
        now = slowed.clock.now()
        look = Look(
            unit=unit, store=bridge.store, settings=bridge.settings, clock=slowed.clock, now=now
        )
        facts = facts_of(look)["sides"]["kore"]
    assert facts["budget"] == {"30/60s": 30}
    assert facts["pace"]["calls_a_minute"] == 30
    with Opened(slowed) as web:
        told = web.get("/metrics", headers=BEARER).text
        assert 'task_bridge_pace{pair="default",side="kore"} 30.0' in told
        assert 'side="v2"} ' not in "".join(
            line for line in told.splitlines() if line.startswith("task_bridge_pace")
        )
        shown = overview(web)
    assert "30 of 30 in 60s" in shown
    assert "30 calls a minute: Kore refused more" in shown


def overview(web: httpx.Client) -> str:
    visitor = Visitor(web.base_url)
    assert visitor.log_in().status_code == 303
    page = visitor.read("/")
    visitor.close()
    return " ".join(page.split())


def test_where_the_pace_is_low_polls_are_expected_more_rarely(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pace(bench.bridge, 30.0, 1.0) == 30.0
    low = Learnt(2, bench.clock.now() - timedelta(seconds=1))
    monkeypatch.setattr(bench.bridge.budgets[Side.V2], "learnt", lambda: low)
    assert pace(bench.bridge, 30.0, 1.0) == 60.0
    assert pace(bench.bridge, 90.0, 1.0) == 90.0
