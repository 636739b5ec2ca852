"""A small run of the measurements notices what costs ten times as much as it should.

What is counted (calls, pages, statements) has to be right to one; what is timed is held against a
floor of the same run, with ten times the slack that `make bench` leaves, and never by the clock.
"""

from collections.abc import Iterator

import pytest

from benchmarks import creates, cycles, large, limited, peers, polls, sweeps
from benchmarks.figures import Figure, Measurement
from benchmarks.stage import Stage, set_up

pytestmark = [pytest.mark.slow, pytest.mark.process]
TEN = 10


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with set_up(is_quick=True) as made:
        yield made


def figures(stage: Stage, measure: Measurement) -> dict[str, Figure]:
    return {one.what: one for one in measure(stage)}


def counted(found: dict[str, Figure], *words: str) -> list[Figure]:
    """Those of the figures that are counts and whose name ends so."""
    chosen = [one for one in found.values() if one.what.endswith(words)]
    assert len(chosen) >= len(words)
    return chosen


def test_a_sweep_of_what_has_not_changed_takes_a_few_times_the_floor(stage: Stage) -> None:
    (sweep,) = figures(stage, sweeps.measure).values()
    assert sweep.ratio is not None
    assert sweep.ratio < TEN * 1.5, sweep


def test_a_poll_reads_the_pages_that_hold_changes_and_one_more_at_most(stage: Stage) -> None:
    found = figures(stage, polls.measure)
    assert found
    assert [one for one in found.values() if not one.is_met] == []


def test_idle_cycles_ask_each_side_once_and_a_change_costs_one_write(stage: Stage) -> None:
    found = figures(stage, cycles.measure)
    exact = counted(found, "requests a side", ": writes", "reads beyond polls")
    assert [one for one in exact if not one.is_met] == []
    for one in counted(found, "SQL writes but run, heartbeat, lease, calls"):
        assert one.ours < TEN, one
    for one in counted(found, "work beyond the requests"):
        assert one.ratio is not None
        assert one.ratio < TEN * 2, one


def test_an_idle_cycle_costs_the_same_with_many_links_and_scans_no_table(stage: Stage) -> None:
    work, scans = figures(stage, large.measure).values()
    assert work.ratio is not None
    assert work.ratio < TEN, work
    assert scans.ours == 0, scans.note


def test_creates_keep_a_tenth_of_the_pace_of_threads_that_post(stage: Stage) -> None:
    (one,) = figures(stage, creates.measure).values()
    assert one.ratio is not None
    assert one.ratio > 0.9 / TEN, one


def test_lost_answers_make_no_duplicates_where_a_script_makes_some(stage: Stage) -> None:
    found = figures(stage, peers.measure_script)
    (made,) = counted(found, "duplicates")
    assert made.ours == 0
    assert made.floor


def test_a_sweep_under_limits_takes_what_polls_leave_and_delays_none(stage: Stage) -> None:
    took, polls_kept, refused = figures(stage, limited.measure_sweep).values()
    assert took.ratio is not None
    assert took.ratio < 2, took
    assert polls_kept.ratio is not None
    assert polls_kept.ratio > 0.5, polls_kept
    assert refused.ours == 0
