"""What a report looks at: pairs that are in step are counted, and nothing is asked of their fields.

Every reading that is made here is told in two ways, read now and from the database alone.
"""

from collections.abc import Callable

import pytest

from bridge.domain.overview import COUNTED
from bridge.domain.reconciled import Settled, World
from bridge.domain.side import SIDES, Field, Side
from bridge.sync.remembered import remembered
from bridge.sync.survey import FOR_THE_PAGE, Wanted, survey
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_importing_links import take_in

Look = Callable[[Bench, Wanted], World]
both_sides = pytest.mark.parametrize("side", SIDES)


def read_now(bench: Bench, wanted: Wanted) -> World:
    return survey(bench.new_desk(is_dry=True), 30.0, lambda *_: False, wanted).world


def recalled(bench: Bench, wanted: Wanted) -> World:
    desk = bench.new_desk(is_dry=True)
    desk.services = {}
    return remembered(desk, lambda *_: False, wanted).world


both_ways = pytest.mark.parametrize("look", [read_now, recalled])


def two_pairs(bench: Bench) -> dict[Side, str]:
    """Two pairs in step that were read whole; the tasks of the first."""
    kore_id, v2_id = bench.pair("Boiler", priority="High")
    bench.pair("Ladder", priority="Low")
    bench.sync(is_full=True)
    return {Side.KORE: kore_id, Side.V2: v2_id}


@both_ways
def test_pairs_in_step_are_counted_with_what_a_chart_shows_of_them(
    bench: Bench, look: Look
) -> None:
    two_pairs(bench)
    world = look(bench, Wanted())
    assert (world.joined, world.settled.pairs) == ((), 2)
    assert world.settled.texts.keys() == {(side, name) for side in SIDES for name in COUNTED}
    assert world.settled.texts[Side.KORE, Field.PRIORITY] == {"High": 1, "Low": 1}


@both_ways
def test_where_no_chart_is_drawn_they_are_counted_alone(bench: Bench, look: Look) -> None:
    two_pairs(bench)
    assert look(bench, Wanted(charts=False)).settled == Settled(pairs=2)


@both_ways
def test_where_every_row_is_wanted_every_pair_is_looked_at(bench: Bench, look: Look) -> None:
    two_pairs(bench)
    world = look(bench, Wanted(every_row=True))
    assert (len(world.joined), world.settled) == (2, Settled())


@both_ways
@both_sides
def test_a_pair_of_which_a_whole_reading_did_not_show_a_task_is_looked_at(
    bench: Bench, look: Look, side: Side
) -> None:
    ids = two_pairs(bench)
    bench.service(side).remove(ids[side])
    bench.sync(is_full=True)
    world = look(bench, FOR_THE_PAGE)
    assert [one.link.task_id(side) for one in world.joined] == [ids[side]]
    assert world.settled.pairs == 1


@both_sides
def test_what_a_list_without_an_end_did_not_show_may_be_there(bench: Bench, side: Side) -> None:
    ids = two_pairs(bench)
    bench.service(side).remove(ids[side])
    bench.service(side).total = lambda: 99
    world = read_now(bench, FOR_THE_PAGE)
    assert (world.joined, world.settled.pairs) == ((), 2)


@both_sides
def test_pairs_are_counted_although_a_side_was_never_read_whole(bench: Bench, side: Side) -> None:
    two_pairs(bench)
    kore, v2 = sorted(bench.kore.records), sorted(bench.v2.records)
    bench.begin_anew()
    bench.service(side).total = lambda: 99
    bench.sync()
    take_in(bench, *(f"{one},{other},linked," for one, other in zip(kore, v2, strict=True)))
    bench.settle()
    world = recalled(bench, FOR_THE_PAGE)
    assert world.is_whole == {side: False, side.other: True}
    assert (world.joined, world.settled.pairs) == ((), 2)
