"""Polls keep their pace whatever else spends calls: a backfill, plans kept fresh, deep readings."""

import pytest

from bridge.domain.side import Field, Side
from tests.sync.memory.under_limits import POLL_SECONDS, LimitedBench

pytestmark = pytest.mark.slow
# A minute and ten of them, in the proportion of a minute and an hour: the longer one binds.
LIMITS = ((60, 60), (300, 600))

TIGHT = ((20, 60), (100, 600))


def test_a_backfill_beside_a_daemon_uses_what_polls_leave_and_starves_none() -> None:
    bench = LimitedBench(LIMITS)
    for number in range(350):
        bench.v2.add(f"Task {number}")
    bench.backfill_beside_a_daemon()
    created = bench.limited.calls.count("create")
    assert created == 350
    assert bench.above() <= 0
    assert bench.used() >= 0.95
    assert bench.longest_gap() <= 3 * POLL_SECONDS


def test_a_deep_poll_of_more_pages_than_a_window_allows_holds_up_no_other_poll() -> None:
    bench = LimitedBench(TIGHT)
    bench.limited.page_size = 2
    for number in range(110):  # as many pages, of which each shares a row with the next
        bench.kore.add(f"Task {number}")
    bench.work_for(1_300)
    assert bench.above() <= 0
    assert bench.longest_gap() <= POLL_SECONDS + 1
    with bench.store.begin() as unit:
        known = unit.known(Side.KORE, list(bench.kore.records))
        state = unit.side_state(Side.KORE)
    assert len(known) == 110
    assert state.fault == ""


def test_many_pages_of_changes_are_read_though_a_backfill_takes_what_is_left() -> None:
    bench = LimitedBench(LIMITS)
    for number in range(80):
        bench.v2.add(f"Task {number}")
    bench.backfill_beside_a_daemon()
    bench.limited.page_size = 3
    edited = list(bench.kore.records)
    for task_id in edited:
        bench.kore.edit(task_id, text="edited by a person")
    for number in range(80, 160):
        bench.v2.add(f"Task {number}")
    bench.backfill_beside_a_daemon()
    bench.work_for(600)
    assert bench.above() <= 0
    assert bench.longest_gap() <= 3 * POLL_SECONDS
    with bench.store.begin() as unit:
        known = unit.known(Side.KORE, edited)
    told = [known[task_id].task.fields[Field.DESCRIPTION] for task_id in edited]
    assert {value.text if value else "" for value in told} == {"edited by a person"}
