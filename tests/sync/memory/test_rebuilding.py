"""A lost database: links by marker again, or by tag where that is hidden; nothing is doubled."""

from datetime import timedelta

import pytest

from bridge.domain.marker import kore_marker
from bridge.domain.policy import Scope, Unobserved
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Facts, Standing
from bridge.domain.values import status_value
from bridge.errors import NotYet
from bridge.sync.backfill import TooManyProbes
from bridge.sync.cycle import Outcome
from bridge.sync.rebuild import Remains, remains, run_rebuild
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import add, link_of, remove
from tests.sync.memory.test_end_of_first_contact import held as hold
from tests.sync.memory.test_importing_links import lose_database
from tests.sync.memory.test_page_by_page import poll

HIDDEN = frozenset({Field.DESCRIPTION})


def rebuild(bench: Bench, gives_up_seconds: float = 30.0) -> Outcome:
    bench.clock.pass_time(30)
    bench.desk = bench.new_desk()
    bench.forget_calls()
    return bench.court.over(bench.desk, run_rebuild(bench.desk, gives_up_seconds))


def left(bench: Bench) -> Remains:
    with bench.store.begin() as unit:
        return remains(unit)


@pytest.fixture
def world(bench: Bench) -> Bench:
    """Two pairs, one from each side, in step, tagged; a database that is lost."""
    bench.set_rules(tags_origin=True)
    bench.pair("Boiler", text="words")
    bench.pair("Ladder", Side.V2, text="rungs")
    bench.settle()
    assert bench.v2.records["v0002"].facts.tags == ("kore:k0002",)
    lose_database(bench)
    return bench


def is_whole(bench: Bench) -> bool:
    pairs = [(one.link.kore_id, one.link.v2_id) for one in bench.links()]
    return sorted(pairs) == [("k0001", "v0001"), ("k0002", "v0002")]


def test_every_pair_is_linked_again_by_its_marker_and_nothing_written(world: Bench) -> None:
    outcome = rebuild(world)
    assert outcome.summary["linked"] == 2
    assert outcome.summary["kind"] == "rebuild"
    assert is_whole(world)
    assert world.kore.writes == world.v2.writes == []
    assert link_of(world, Side.KORE, "k0001").origin is Side.KORE


def test_what_agrees_sets_the_base_with_the_next_cycle(world: Bench) -> None:
    rebuild(world)
    world.forget_calls()
    world.sync()
    assert world.kore.writes == world.v2.writes == []
    world.kore.edit("k0001", title="New")
    world.settle()
    assert world.v2.value("v0001", Field.TITLE) == "New"


def test_what_differs_is_not_touched_by_the_rebuild_itself(world: Bench) -> None:
    world.kore.edit("k0001", title="Older")
    world.clock.pass_time(60)
    world.v2.edit("v0001", title="Newer", author="app")
    rebuild(world)
    assert world.values(Field.TITLE, "k0001", "v0001") == ("Older", "Newer")
    assert is_whole(world)


def test_nothing_is_created_and_first_contact_lasts(world: Bench) -> None:
    world.kore.add("Only here")
    world.v2.add("Only there")
    outcome = rebuild(world)
    assert outcome.is_first_contact
    assert len(world.kore.records) == len(world.v2.records) == 3
    assert left(world).unlinked == {Side.KORE: 1, Side.V2: 1}
    world.backfill()
    assert len(world.links()) == 4


def test_a_second_rebuild_finds_nothing_new(world: Bench) -> None:
    rebuild(world)
    before = world.links()
    assert rebuild(world).summary["linked"] == 0
    assert world.links() == before


def test_bearers_without_an_origin_and_surplus_ones_are_told(world: Bench) -> None:
    lost = kore_marker(TaskId("k0099"), "TS99", None, None).line
    orphan = world.v2.add("Alone", lost, author="app")
    line = world.v2.records["v0001"].text.splitlines()[-1]
    surplus = world.v2.add("Boiler", line, author="app")
    rebuild(world)
    found = left(world)
    assert [known.task.id for known in found.orphans] == [orphan]
    (one,) = found.surplus
    assert (one.origin_side, one.origin_id, one.origin_ref) == (Side.KORE, "k0001", "TS1")
    assert (one.counterpart, [known.task.id for known in one.surplus]) == ("v0001", [surplus])


def test_a_bearer_that_was_linked_with_another_task_does_not_count(world: Bench) -> None:
    rebuild(world)
    world.set_rules(scope=Scope(created_since=world.clock.at + timedelta(days=1)))
    other = world.kore.add("Other")
    remove(world, "k0001")
    world.sync()
    add(world, other, "v0001")
    line = world.v2.records["v0001"].text.splitlines()[-1]
    lone = world.v2.add("Boiler", line, author="app")
    world.sync()
    assert world.known(Side.V2, lone).standing is Standing.LEFT
    add(world, "k0001", lone)
    assert world.across(Side.KORE, other) == "v0001"


def test_while_first_contact_lasts_surplus_bearers_are_told_before_one_is_linked(
    world: Bench,
) -> None:
    line = world.v2.records["v0001"].text.splitlines()[-1]
    surplus = world.v2.add("Boiler", line, author="app")
    world.sync()
    (one,) = left(world).surplus
    assert (one.origin_id, one.counterpart) == ("k0001", None)
    assert [known.task.id for known in one.surplus] == [surplus]


def test_a_surplus_task_whose_line_a_person_took_away_is_none_any_more(world: Bench) -> None:
    line = world.v2.records["v0001"].text.splitlines()[-1]
    surplus = world.v2.add("Boiler", line, author="app")
    rebuild(world)
    world.v2.edit(surplus, text="a task of its own")
    poll(world, Side.V2)  # read, and not decided yet
    assert left(world).surplus == ()


def test_what_a_backfill_would_take_up_is_counted_whatever_keeps_it(bench: Bench) -> None:
    hold(bench)
    bench.kore.add("Boiler")
    bench.set_rules(routes=())
    bench.backfill()
    standings = {bench.known(Side.KORE, "k0001").standing, bench.known(Side.V2, "v0001").standing}
    assert standings == {Standing.HELD, Standing.UNROUTABLE}
    assert left(bench).unlinked == {Side.KORE: 1, Side.V2: 1}


def test_a_rebuild_gives_up_on_a_service_that_stays_away_for_as_long_as_it_was_told(
    world: Bench,
) -> None:
    world.kore.is_down = True
    assert rebuild(world, 7.0).faults.keys() == {Side.KORE}
    assert sum(world.clock.slept) == 8.0
    world.kore.is_down = False
    rebuild(world)
    assert is_whole(world)


# --- hidden descriptions -------------------------------------------------------------------------


def test_hidden_descriptions_are_probed_and_nothing_else_is_sent(world: Bench) -> None:
    world.kore.hides = HIDDEN
    rebuild(world)
    assert is_whole(world)
    assert {write.call for write in world.kore.writes} == {"probe"}
    assert world.v2.writes == []


def test_more_than_a_hundred_probes_are_asked_for(
    world: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.backfill.MOST_UNASKED_PROBES", 1)
    world.set_rules(asks_before_probing=True)
    world.kore.hides = HIDDEN
    with pytest.raises(TooManyProbes):
        rebuild(world)
    assert world.kore.writes == []


@pytest.mark.parametrize("way", ["refused", "hold", "write"])
@pytest.mark.parametrize("by", ["rebuild", "backfill"])
def test_where_nothing_may_be_probed_the_tag_of_the_origin_tells(
    world: Bench, way: str, by: str
) -> None:
    world.kore.hides = HIDDEN
    if way == "refused":
        world.kore.probes_taken = frozenset()
    else:
        world.set_policy(unobserved=Unobserved(way))
    rebuild(world) if by == "rebuild" else world.backfill()
    assert is_whole(world)
    link = link_of(world, Side.V2, "v0002")
    assert link.origin is Side.V2
    world.settle()
    assert link_of(world, Side.V2, "v0002").marker == "[task-bridge v2:REC-2 v0002]"
    assert len(world.kore.records) == len(world.v2.records) == 2


def test_a_copied_tag_is_not_guessed_about_and_nothing_is_created_from_it(world: Bench) -> None:
    world.kore.hides = HIDDEN
    world.set_policy(unobserved=Unobserved.HOLD)
    copy = world.v2.add("Ladder", facts=Facts(tags=("kore:k0002",)))
    rebuild(world)
    assert [known.task.id for known in left(world).ambiguous] == ["k0002", "v0002", copy]
    world.backfill()
    assert len(world.kore.records) == 2
    assert len(world.v2.records) == 3
    assert world.sync().summary["failures"] == 3
    add(world, "k0002", "v0002")
    world.settle()
    assert world.across(Side.KORE, "k0002") == "v0002"


def test_a_copied_tag_of_another_title_is_no_hindrance(world: Bench) -> None:
    world.kore.hides = HIDDEN
    world.set_policy(unobserved=Unobserved.HOLD)
    copy = world.v2.add("Another ladder", facts=Facts(tags=("kore:k0002",)))
    world.backfill()
    assert world.across(Side.KORE, "k0002") == "v0002"
    assert world.across(Side.V2, copy) not in ("k0001", "k0002")


def test_a_tag_does_not_count_where_the_description_is_seen(world: Bench) -> None:
    world.kore.edit("k0002", text="rungs")  # a person took the marker out
    rebuild(world)
    assert not world.is_linked(Side.KORE, "k0002")
    assert left(world).ambiguous == ()


def test_a_tag_of_a_task_that_is_linked_or_not_there_is_only_a_tag(world: Bench) -> None:
    rebuild(world)
    world.kore.hides = HIDDEN
    tags = Facts(tags=("kore:k0001", "kore:k0077"), contact=world.v2.records["v0001"].facts.contact)
    world.v2.add("Boiler", facts=tags)
    world.backfill()
    assert len(world.kore.records) == 3
    assert world.across(Side.KORE, "k0001") == "v0001"


def test_what_was_removed_by_people_is_not_linked_by_its_tag(world: Bench) -> None:
    rebuild(world)
    remove(world, "k0002")
    world.kore.hides = HIDDEN
    world.kore.edit("k0002", title="Ladder")
    world.set_policy(unobserved=Unobserved.HOLD)
    world.backfill()
    rebuild(world)
    assert not [one for one in world.links() if one.link.state == "linked"
                and one.link.kore_id == "k0002"]  # fmt: skip


# --- interruptions -------------------------------------------------------------------------------


def test_a_rebuild_waits_for_a_service_that_asks_to(world: Bench) -> None:
    world.kore.fail("page", NotYet("kore", "Too many requests.", seconds=60))
    rebuild(world)
    assert is_whole(world)


def test_a_rebuild_that_was_cut_off_goes_on(world: Bench) -> None:
    from bridge.errors import Stopped

    world.kore.hides = HIDDEN
    world.set_rules(workers=1)

    def stop(_request: object) -> None:
        world.clock.is_stopped = True

    world.kore.on_send = stop
    with pytest.raises(Stopped):
        rebuild(world)
    world.clock.is_stopped, world.kore.on_send = False, None
    rebuild(world)
    assert is_whole(world)


def test_a_dry_backfill_plans_nothing_for_what_a_tag_joins(world: Bench) -> None:
    world.kore.hides = HIDDEN
    world.set_policy(unobserved=Unobserved.HOLD)
    outcome = world.backfill(is_dry=True)
    assert outcome.summary["linked"] == 2
    assert outcome.summary["operations"] == []
    assert world.links() == []


@pytest.mark.parametrize("way", ["hold", "write"])
def test_a_rebuild_lists_those_whose_name_alone_tells_that_they_may_be_one(
    bench: Bench, way: str
) -> None:
    bench.pair("Boiler")
    bench.pair("Ladder", Side.V2)
    bench.settle()
    lose_database(bench)
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved(way))
    outcome = rebuild(bench)
    assert [(one.link.kore_id, one.link.v2_id) for one in bench.links()] == [("k0001", "v0001")]
    assert [known.task.id for known in left(bench).ambiguous] == ["k0002", "v0002"]
    assert outcome.summary["failures"] == 2
    assert bench.kore.writes == bench.v2.writes == []


@pytest.mark.parametrize("standing", ["left", "finished"])
def test_a_rebuild_asks_nobody_about_a_task_that_no_backfill_creates_from(
    bench: Bench, standing: str
) -> None:
    bench.kore.hides = HIDDEN
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.v2.add("Ladder")
    bench.clock.pass_time(60)
    ladder = bench.kore.add("Ladder")
    if standing == "left":
        bench.backfill(skips=True)
    else:
        bench.kore.edit(ladder, status=status_value("Completed", "closed"))
    assert rebuild(bench).summary["failures"] == 0
    assert left(bench).ambiguous == ()


def test_a_rebuild_that_sees_all_markers_lists_nobody_for_a_name(world: Bench) -> None:
    world.kore.add(title="Cellar")
    world.v2.add(title="Cellar")
    rebuild(world)
    assert is_whole(world)
    assert left(world).ambiguous == ()
