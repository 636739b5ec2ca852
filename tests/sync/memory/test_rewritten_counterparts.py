"""Counterparts whose text people rewrote, marker and all; then the database is lost or put back."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.instruction import InstructionKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures
from tests.sync.memory.test_adding_links import add
from tests.sync.memory.test_hidden_counterparts import counts
from tests.sync.memory.test_importing_links import lose_database
from tests.sync.memory.test_rebuilding import left, rebuild

both_sides = pytest.mark.parametrize("origin", list(Side))
HIDDEN = frozenset({Field.DESCRIPTION})


@pytest.fixture(params=[False, True], ids=["shown", "probed"])
def world(bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """A pair of either origin, whose markers stand; Kore shows its texts, or has to be probed."""
    if request.param:
        bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.PROBE)
    bench.pair("Old", Side.KORE)
    bench.pair("Older", Side.V2)
    return bench


def a_rewritten_pair(bench: Bench, origin: Side, **edit: Any) -> dict[Side, str]:
    """A pair whose counterpart has a text that people wrote, and the origin too."""
    kore_id, v2_id = bench.pair("Boiler", origin)
    ids: dict[Side, str] = {Side.KORE: kore_id, Side.V2: v2_id}
    bench.service(origin.other).edit(ids[origin.other], text="Bring a ladder.", **edit)
    bench.settle()
    return ids


@both_sides
@pytest.mark.parametrize("rebuilds", [True, False], ids=["rebuilt", "not rebuilt"])
def test_after_a_lost_database_it_is_told_and_not_made_again(
    world: Bench, origin: Side, rebuilds: bool
) -> None:
    ids = a_rewritten_pair(world, origin)
    lose_database(world)
    if rebuilds:
        rebuild(world)
        assert {one.task.id for one in left(world).ambiguous} == {*ids.values()}
    world.backfill()
    world.settle()
    assert counts(world) == (3, 3)
    assert len(world.links()) == 2
    waits = {one.task_id: one.candidates for one in world.waits()}
    assert waits == {ids[side]: (ids[side.other],) for side in Side}
    assert all("rewritten, marker and all" in one.reason for one in world.waits())
    add(world, ids[Side.KORE], ids[Side.V2])
    world.settle()
    assert (counts(world), world.waits()) == ((3, 3), [])


@both_sides
def test_where_an_old_database_was_put_back_a_cycle_does_not_make_it_again(
    world: Bench, origin: Side
) -> None:
    world.settle()
    kept = world.store.scratch()
    ids = a_rewritten_pair(world, origin)
    world.store = kept
    world.sync(is_full=True)
    world.sync()
    assert counts(world) == (3, 3)
    assert {one.task_id for one in world.waits()} == {*ids.values()}


@both_sides
def test_where_the_bridge_never_was_namesakes_are_two_tasks_whoever_made_them(
    bench: Bench, origin: Side
) -> None:
    bench.service(origin).add("Boiler")
    bench.clock.pass_time(60)
    mine = bench.service(origin.other).add("Boiler", author="app")
    bench.clock.pass_time(60)
    bench.service(origin.other).edit(mine, text="Bring a ladder.", author="app")
    for _ in range(2):
        bench.backfill()
    assert counts(bench) == (2, 2)


@both_sides
def test_what_somebody_else_made_is_a_task_of_its_own(world: Bench, origin: Side) -> None:
    world.settle()
    world.service(origin).add("Boiler")
    world.clock.pass_time(60)
    mine = world.service(origin.other).add("Boiler")
    world.service(origin.other).edit(mine, text="Bring a ladder.")
    world.sync(is_full=True)
    world.settle()
    assert counts(world) == (4, 4)


@both_sides
def test_what_nobody_touched_since_it_was_made_has_lost_no_marker(
    world: Bench, origin: Side
) -> None:
    world.settle()
    world.service(origin).add("Boiler")
    world.clock.pass_time(60)
    world.service(origin.other).add("Boiler", author="app")
    world.settle()
    assert counts(world) == (4, 4)


@both_sides
def test_what_is_older_than_its_namesake_was_not_made_from_it(world: Bench, origin: Side) -> None:
    world.settle()
    mine = world.service(origin.other).add("Boiler", author="app")
    world.clock.pass_time(timedelta(hours=1).total_seconds())
    world.service(origin).add("Boiler")
    world.service(origin.other).edit(mine, text="Bring a ladder.")
    world.settle()
    assert counts(world) == (4, 4)


@both_sides
def test_a_person_may_say_that_they_are_two(world: Bench, origin: Side) -> None:
    a_rewritten_pair(world, origin)
    lose_database(world)
    world.backfill()
    about_failures(world, InstructionKind.RETRY)
    world.settle()
    assert counts(world) == (4, 4)


@pytest.mark.parametrize("edit", [{}, {"title": "Door"}], ids=["its text", "its title too"])
def test_a_tag_tells_whose_counterpart_it_is(world: Bench, edit: dict[str, str]) -> None:
    world.set_rules(tags_origin=True)
    ids = a_rewritten_pair(world, Side.V2)
    lose_database(world)
    world.kore.edit(ids[Side.KORE], **edit)
    rebuild(world)
    assert world.across(Side.V2, ids[Side.V2]) == ids[Side.KORE]
    world.settle()
    assert (counts(world), world.waits()) == ((3, 3), [])


def test_where_an_old_database_was_put_back_a_tag_tells_in_a_cycle(world: Bench) -> None:
    world.set_rules(tags_origin=True)
    world.settle()
    kept = world.store.scratch()
    ids = a_rewritten_pair(world, Side.V2)
    world.store = kept
    world.kore.edit(ids[Side.KORE], title="Door")
    world.sync(is_full=True)
    world.sync()
    assert world.across(Side.V2, ids[Side.V2]) == ids[Side.KORE]
    assert counts(world) == (3, 3)


def test_where_several_have_its_tag_and_its_name_a_person_is_asked(world: Bench) -> None:
    world.set_rules(tags_origin=True)
    ids = a_rewritten_pair(world, Side.V2)
    lose_database(world)
    tagged = world.v2.records[ids[Side.V2]]
    copy = world.v2.add("Boiler", facts=tagged.facts)
    rebuild(world)
    found = {one.task.id for one in left(world).ambiguous}
    assert found == {*ids.values(), copy}
    assert world.known(Side.V2, copy).standing is Standing.AMBIGUOUS


@both_sides
@pytest.mark.parametrize("skew", [100, -100])
def test_clocks_that_are_apart_hide_nothing(world: Bench, origin: Side, skew: int) -> None:
    world.v2.skew = timedelta(seconds=skew)
    world.settle()
    ids = a_rewritten_pair(world, origin)
    lose_database(world)
    world.backfill()
    assert counts(world) == (3, 3)
    assert {one.task_id for one in world.waits()} == {*ids.values()}


@both_sides
def test_what_is_finished_or_left_by_a_person_holds_no_namesake_up(
    world: Bench, origin: Side
) -> None:
    ids = a_rewritten_pair(world, origin)
    lose_database(world)
    world.backfill()
    about_failures(world, InstructionKind.DISCARD)
    later = world.service(origin).add("Boiler")
    world.settle()
    assert world.is_linked(origin, later)
    assert {world.known(side, one).standing for side, one in ids.items()} == {Standing.LEFT}


@both_sides
def test_a_backfill_that_takes_up_what_a_person_left_asks_again_and_makes_none(
    world: Bench, origin: Side
) -> None:
    ids = a_rewritten_pair(world, origin)
    lose_database(world)
    world.backfill()
    about_failures(world, InstructionKind.DISCARD)
    world.settle()
    world.backfill()
    world.settle()
    assert counts(world) == (3, 3)
    assert {one.task_id for one in world.waits()} == {*ids.values()}


@both_sides
def test_a_finished_namesake_was_another_task(world: Bench, origin: Side) -> None:
    ids = a_rewritten_pair(world, origin)
    lose_database(world)
    done = "Resolved" if origin is Side.KORE else "completed"
    world.service(origin).edit(ids[origin], status=done)
    world.backfill()
    assert world.is_linked(origin.other, ids[origin.other])
    assert world.waits() == []
