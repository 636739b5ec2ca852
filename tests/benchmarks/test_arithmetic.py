"""What figures, targets and windows say is what they mean."""

import json
from dataclasses import replace

import pytest

from benchmarks.__main__ import wanted_of
from benchmarks.catalogue import MEASUREMENTS, QUICK
from benchmarks.figures import Figure, at_least, at_most, times_at_least, times_at_most
from benchmarks.large import SCAN
from benchmarks.machine import machine
from benchmarks.page import page_of
from benchmarks.polls import pages_that_hold
from benchmarks.windows import ideal_times, most_within

TIME = Figure(what="a sweep", floor=2.0, ours=3.0, unit="s", target=times_at_most(1.5))


def test_a_ratio_is_held_against_the_floor_and_a_value_against_its_bound() -> None:
    assert TIME.is_met
    assert not replace(TIME, ours=3.1).is_met
    assert not replace(TIME, target=at_most(2.9)).is_met
    assert replace(TIME, target=at_least(3)).is_met
    assert replace(TIME, target=times_at_least(1.5)).is_met


def test_without_a_target_or_a_floor_nothing_is_met_or_missed() -> None:
    assert replace(TIME, target=None).is_met is None
    assert replace(TIME, floor=None).is_met is None


def test_under_two_windows_the_tighter_one_rules() -> None:
    assert ideal_times(5, [(2, 10.0), (4, 100.0)]) == [0, 0, 10, 10, 100]


def test_a_window_that_slides_finds_the_fullest_moment() -> None:
    assert most_within([0, 9, 11, 12], 10) == 3
    assert most_within([0, 10, 20], 10) == 1


@pytest.mark.parametrize(("rows", "pages"), [(1, 1), (50, 1), (51, 2), (99, 2), (100, 3)])
def test_pages_overlap_by_a_row(rows: int, pages: int) -> None:
    assert pages_that_hold(rows, 50) == pages


@pytest.mark.parametrize("plan", ["SCAN links", "SCAN waits USING INDEX ix_waits_kind"])
def test_a_scan_of_a_table_that_grows_is_seen(plan: str) -> None:
    assert SCAN.search(plan)
    assert not SCAN.search(plan.replace("SCAN", "SEARCH"))


def test_the_page_needs_nothing_else_and_shows_every_figure_as_text() -> None:
    odd = replace(TIME, what="<b>odd</b>", note="a & b")
    found = {
        "machine": machine(), "size": "quick", "seconds": 1.0, "failed": {"dlt": "no <index>"},
        "figures": [TIME.told(), odd.told()],
    }  # fmt: skip
    page = page_of(json.loads(json.dumps(found)))
    assert "a sweep" in page
    assert "&lt;b&gt;odd" in page
    assert "no &lt;index&gt;" in page
    assert "<script" not in page
    assert "http" not in page


def test_a_quick_run_is_part_of_the_whole_one() -> None:
    assert set(QUICK) <= set(MEASUREMENTS)
    assert wanted_of(["--quick"]).only == QUICK
    assert wanted_of([]).only == tuple(MEASUREMENTS)
    assert wanted_of(["--only", "dlt", "sweeps"]).only == ("sweeps", "dlt")
