"""A cycle forgets what is old: once an hour, a little at a time, and never in a dry run."""

from datetime import timedelta

import pytest

from bridge.domain.records import Happening
from bridge.domain.side import Side
from bridge.sync import prune
from bridge.sync.desk import Desk
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove

DAY = 86_400.0


@pytest.fixture
def bench() -> Bench:
    """A pair in step, whose history grew a hundred days ago."""
    bench = Bench()
    bench.sync()
    bench.pair()
    remember(bench, 30)
    bench.clock.pass_time(100 * DAY)
    return bench


def remember(bench: Bench, count: int) -> None:
    with bench.store.begin() as unit:
        unit.remember([Happening(what="old")] * count, 1, bench.clock.at)


def lines(bench: Bench) -> int:
    return sum("'old'" in row for row in bench.rows()["history"])


def test_what_is_older_than_the_settings_keep_is_forgotten(bench: Bench) -> None:
    bench.set_rules(keep_days=101)
    bench.sync()
    assert lines(bench) == 30
    bench.clock.pass_time(3600)
    bench.set_rules(keep_days=90)
    bench.sync()
    assert lines(bench) == 0


def test_it_is_done_once_an_hour(bench: Bench) -> None:
    bench.sync()
    assert lines(bench) == 0
    with bench.store.begin() as unit:
        old = bench.clock.at.replace(year=2020)
        unit.remember([Happening(what="old", at=old)], 1, old)
    bench.sync()
    assert lines(bench) == 1
    bench.clock.pass_time(3600)
    bench.sync()
    assert lines(bench) == 0


def test_a_cycle_does_a_little_and_the_next_one_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(prune, "MOST_BATCHES", 4)
    left = []
    for _ in range(4):
        bench.sync()
        left.append(lines(bench))
    assert left == [20, 8, 0, 0]  # two lines of the pair itself went first


def test_a_dry_run_forgets_nothing(bench: Bench) -> None:
    bench.sync(is_dry=True)
    assert lines(bench) == 30


def test_a_clock_that_was_set_back_does_not_keep_it_from_happening(bench: Bench) -> None:
    bench.sync()
    remember(bench, 5)
    bench.clock.pass_time(-2 * DAY)
    bench.set_rules(keep_days=-3)
    bench.sync()
    assert lines(bench) == 0


def test_a_pair_is_kept_in_step_after_its_past_is_forgotten(bench: Bench) -> None:
    bench.sync()
    kore_id = next(iter(bench.kore.records))
    bench.kore.edit(kore_id, title="Cold house")
    bench.settle()
    assert bench.v2.records[bench.across(Side.KORE, kore_id)].fields
    assert bench.reports == []


def forget_old(desk: Desk) -> None:
    """The end of a cycle, as far as forgetting goes."""
    with desk.store.begin() as unit:
        pair = unit.pair_state()
    prune.prune(desk, pair)


def test_it_is_done_to_the_second_after_an_hour(bench: Bench) -> None:
    desk = bench.new_desk()
    forget_old(desk)
    with bench.store.begin() as unit:
        pruned_at = unit.pair_state().pruned_at
        unit.remember([Happening(what="old")], 1, bench.clock.at - timedelta(days=200))
    assert pruned_at is not None
    bench.clock.at = pruned_at + timedelta(seconds=3600, milliseconds=-2)
    forget_old(desk)
    assert lines(bench) == 1
    forget_old(desk)
    assert lines(bench) == 0


def test_one_cycle_is_held_up_by_two_thousand_lines_at_most(bench: Bench) -> None:
    forget_old(bench.new_desk())
    old = bench.clock.at - timedelta(days=200)
    with bench.store.begin() as unit:
        unit.remember([Happening(what="old")] * 2600, 1, old)
    bench.clock.pass_time(3600)
    forget_old(bench.new_desk())
    assert lines(bench) == 600


def wiped(bench: Bench, monkeypatch: pytest.MonkeyPatch, *answers: bool) -> list[bool]:
    """What the store answers when it is to be wiped; fills as it is asked."""
    asked: list[bool] = []

    def wipe(_: object) -> bool:
        asked.append(answers[len(asked)] if len(asked) < len(answers) else True)
        return asked[-1]

    monkeypatch.setattr(type(bench.store), "wipe", wipe)
    return asked


def test_the_files_are_wiped_once_after_what_is_old_is_gone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wiped(bench, monkeypatch)
    for _ in range(3):
        bench.sync()
    assert asked == [True]


def test_a_wipe_that_a_reader_held_up_is_tried_again_by_the_next_cycle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wiped(bench, monkeypatch, False, False)
    for _ in range(5):
        bench.sync()
    assert asked == [False, False, True]


def test_a_dry_run_wipes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = wiped(bench, monkeypatch)
    bench.sync(is_dry=True)
    assert asked == []


def test_the_files_are_wiped_as_soon_as_texts_are_forgotten_else_by_the_next_cycle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sync()
    asked = wiped(bench, monkeypatch, True, False)
    remove(bench, "k0001", forget=True)
    assert asked == [True]
    remove(bench, "k0001", forget=True)
    assert asked == [True, False]
    bench.sync()
    bench.sync()
    assert asked == [True, False, True]


def test_what_people_say_otherwise_wipes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sync()
    asked = wiped(bench, monkeypatch)
    remove(bench, "k0001")
    bench.sync()
    assert asked == []
