"""What was confirmed as missing stays so until it is there again; only then does it count anew."""

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.policy import Limits
from bridge.domain.side import Side, TaskId
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import Record
from tests.sync.memory.test_guards import confirm, paired, remove, standing, sweeps

__all__ = ["paired"]  # fixture

both_sides = pytest.mark.parametrize("side", list(Side))


def confirmed_items(bench: Bench) -> set[object]:
    with bench.store.begin() as unit:
        found = [one for one in unit.guards() if one.kind is GuardKind.MISSING]
    return {item for one in found for item in one.confirmed_items}


def lost_for_good(bench: Bench, side: Side, count: int) -> dict[str, Record]:
    """So many tasks are removed, are found to be gone, and a person says that they are."""
    kept = dict(bench.service(side).records)
    gone = remove(bench, side, count)
    sweeps(bench, 2)
    confirm(bench, standing(bench))
    bench.sync()
    assert standing(bench) == []
    return {one: kept[one] for one in gone}


def comes_back(bench: Bench, side: Side, records: dict[str, Record], *ids: str) -> None:
    for one in ids:
        bench.service(side).records[TaskId(one)] = records[one]


@both_sides
def test_only_what_came_back_counts_anew(paired: Bench, side: Side) -> None:
    records = lost_for_good(paired, side, 3)
    first = next(iter(records))
    assert len(confirmed_items(paired)) == 3
    comes_back(paired, side, records, first)
    sweeps(paired)
    assert len(confirmed_items(paired)) == 2
    remove(paired, side, 1)
    sweeps(paired, 2)
    assert standing(paired) == []  # one that counts, and two that were confirmed
    paired.set_rules(limits=Limits(percent=0, count=0))
    paired.sync()
    (guard,) = standing(paired)
    assert len(guard.items) == 1
    assert not {*guard.items} & confirmed_items(paired)


def test_what_came_back_still_counts_as_confirmed_until_both_sides_were_read(
    paired: Bench,
) -> None:
    records = lost_for_good(paired, Side.V2, 3)
    comes_back(paired, Side.V2, records, *records)
    paired.kore.total = lambda: 99  # its readings prove nothing
    sweeps(paired)
    assert len(confirmed_items(paired)) == 3
    paired.kore.total = lambda: None
    sweeps(paired)
    assert confirmed_items(paired) == set()
    with paired.store.begin() as unit:
        assert not unit.guards()  # nothing is left to tell of


def test_what_is_lost_once_more_before_a_reading_told_that_it_was_back_is_still_confirmed(
    paired: Bench,
) -> None:
    lost_for_good(paired, Side.V2, 3)
    sweeps(paired, 3)
    assert len(confirmed_items(paired)) == 3
    assert standing(paired) == []


def test_a_guard_that_stands_for_others_goes_on_when_what_was_confirmed_comes_back(
    paired: Bench,
) -> None:
    records = lost_for_good(paired, Side.V2, 3)
    again = remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    before: list[Guard] = standing(paired)
    assert len(before[0].items) == len(again)
    comes_back(paired, Side.V2, records, *records)
    sweeps(paired)
    (guard,) = standing(paired)
    assert (guard.items, guard.since) == (before[0].items, before[0].since)
    assert len(paired.heard.of("guard_over")) == 1  # when the first ones were confirmed
    assert confirmed_items(paired) == set()


def test_a_side_that_is_confirmed_as_empty_is_so_although_the_other_was_never_read_whole(
    bench: Bench,
) -> None:
    bench.v2.total = lambda: 99  # its readings prove nothing
    for number in range(3):
        bench.kore.add(f"Task {number}")
    bench.backfill()
    assert len(bench.links()) == 3
    bench.kore.records = {}
    bench.sync()
    confirm(bench, standing(bench))
    sweeps(bench, 2)
    assert standing(bench) == []
    assert len(confirmed_items(bench)) == 3
