"""Sweeps go on in slices between polls: they end in time, and delay none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.daemon.course import pace, seconds_left
from bridge.domain.exchange import Purpose
from bridge.domain.reading import Sweep
from bridge.domain.side import Side
from bridge.sandbox import Fault, Sandbox
from bridge.store.budget import SqlBudget
from tests.daemon.bench import Bench, Log, opened, write_configuration
from tests.watched import MovableClock

TASKS = 24


@pytest.fixture
def paged(sandbox: Sandbox, clock: MovableClock, log: Log, folder: Path) -> Iterator[Bench]:
    """A v2 company of several pages, each of which takes three seconds to read.

    First contact lasts, so that nothing is created while they are read.
    """
    sandbox.kore.add_task(case_id=next(iter(sandbox.kore.cases)), name="Only here")
    for number in range(TASKS):
        clock.pass_time(0.01)  # equal times would prove nothing of the sort
        sandbox.v2.add_task(title=f"Task {number}")
    path = write_configuration(sandbox, folder)
    text = path.read_text(encoding="utf-8").replace("[v2]", "[v2]\npage_size = 3")
    path.write_text(text, encoding="utf-8")
    with opened(sandbox, path, clock, log) as found:
        found.tick(1)
        sandbox.v2.on_page = lambda *_: clock.pass_time(3)
        yield found


def open_sweep(bench: Bench) -> Sweep | None:
    with bench.bridge.store.look() as unit:
        return unit.open_sweep(Side.V2)


def begin_sweep(bench: Bench) -> None:
    """Time for the next sweep has come, and its beginning is behind us."""
    with bench.bridge.store.begin() as unit:
        unit.save_sweep(Sweep(side=Side.V2, started_at=bench.clock.now()))


def test_a_sweep_of_many_pages_is_read_in_slices_that_end_before_the_next_tick(
    paged: Bench,
) -> None:
    begin_sweep(paged)
    ticks = 0
    while open_sweep(paged) is not None and ticks < 10:
        began_at = paged.clock.now()
        paged.daemon.run()
        took = (paged.clock.now() - began_at).total_seconds()
        # A page takes 3 s: a poll, ten seconds of a sweep, and the two pages asked for by then.
        assert took < 3 + 12 + 2 * 3 + 1
        assert took < paged.interval
        paged.clock.pass_time(paged.interval - took)
        ticks += 1
    assert 1 < ticks < 10


def test_each_tick_polls_before_it_sweeps(paged: Bench) -> None:
    begin_sweep(paged)
    paged.sandbox.v2.edit_task(next(iter(paged.sandbox.v2.tasks)), title="Edited")
    paged.sandbox.v2.clear_calls()
    paged.tick()
    sorts = [call.query.get("sort", "") for call in paged.sandbox.v2.calls if "sort" in call.query]
    assert sorts[0] != sorts[-1]
    assert open_sweep(paged) is not None


def test_a_sweep_goes_on_where_it_was_after_a_restart(paged: Bench) -> None:
    begin_sweep(paged)
    paged.tick()
    before = open_sweep(paged)
    paged.restart()
    paged.tick()
    after = open_sweep(paged)
    assert before is not None
    assert after is not None
    assert (after.id, after.started_at) == (before.id, before.started_at)
    assert after.offset > before.offset > 0


def test_a_start_begins_a_sweep_and_then_only_their_time_does(bench: Bench) -> None:
    bench.tick(2)
    first = bench.log.count("swept")
    bench.restart()
    bench.tick(3)
    assert bench.log.count("swept") == first + 2
    bench.tick(after=3700)
    assert bench.log.count("swept") == first + 4


def test_a_budget_spent_by_a_sweep_pauses_no_poll(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.restart()
    take = SqlBudget.take

    def take_but_for_sweeps(budget: SqlBudget, purpose: Purpose) -> float:
        return 40.0 if purpose is Purpose.SWEEP else take(budget, purpose)

    monkeypatch.setattr(SqlBudget, "take", take_but_for_sweeps)
    bench.sandbox.v2.clear_calls()
    bench.tick(3, after=5)
    assert len(bench.sandbox.v2.calls) >= 3
    assert not bench.log.lines("side paused")


def test_a_sweep_that_a_service_refuses_is_said_once_while_polls_go_on(bench: Bench) -> None:
    bench.restart()
    bench.sandbox.v2.clear_calls()
    for _ in range(3):
        bench.sandbox.v2.faults.clear()
        bench.sandbox.v2.on_page = lambda *_: bench.sandbox.v2.faults.add("*", Fault.BAD_REQUEST)
        bench.tick()
    assert bench.log.count("sweep cannot go on") == 1
    assert not bench.log.lines("side paused")


def test_where_a_sort_is_not_proved_the_pace_is_that_of_the_sweeps(bench: Bench) -> None:
    assert pace(bench.bridge, 30.0, 50.0) == 30.0
    with bench.bridge.store.begin() as unit:
        unit.save_side_state(replace(unit.side_state(Side.V2), is_sorted=False))
    assert pace(bench.bridge, 30.0, 50.0) == 50.0
    assert pace(bench.bridge, 30.0, 5.0) == 30.0


@pytest.mark.parametrize(
    ("interval", "spent", "left"),
    [(30.0, 0.2, 10.0), (1.0, 0.2, 0.7), (1.0, 5.0, 0.0), (12.0, 8.0, 3.0)],
)
def test_a_slice_ends_shortly_before_the_next_tick(
    interval: float, spent: float, left: float
) -> None:
    assert seconds_left(interval, spent) == pytest.approx(left)
