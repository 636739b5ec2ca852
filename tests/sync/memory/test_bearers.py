"""A task that bears a marker is linked to the one it names: what that settles, what it tells."""

import pytest

from bridge.domain.link import LinkState
from bridge.domain.marker import kore_marker
from bridge.domain.operation import OperationKind, Outcome
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.domain.values import text_value
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import link_of
from tests.sync.memory.test_only import sync_only

both_sides = pytest.mark.parametrize("side", list(Side))


def bear(bench: Bench, kore_id: str, title: str = "Boiler", author: str = "app") -> str:
    """A task of v2 that says that it was created from that one; gives its id."""
    line = kore_marker(TaskId(kore_id), "TS1", "CS-ci-1", "Cold house").line
    return bench.v2.add(title, f"words\n\n{line}", author=author)


def linked_because(bench: Bench, side: Side, task_id: str) -> list[str]:
    link = link_of(bench, side, task_id)
    with bench.store.begin() as unit:
        return [one.why for one in unit.history(link.id) if one.what == "linked"]


@both_sides
def test_a_bearer_that_a_list_shows_ends_the_create_whose_outcome_was_open(
    bench: Bench, side: Side
) -> None:
    bench.sync()
    service = bench.service(side)
    lost = Unreachable(str(side), "gone", is_outcome_unknown=True)
    service.fail("create", lost, times=2, applied=True)
    service.left_out, service.search_finds = {"k0001", "v0001", "k0002", "v0002"}, False
    origins = [bench.service(side.other).add(title) for title in ("Boiler", "Ladder")]
    bench.sync()
    before = link_of(bench, side.other, origins[0])
    assert before.state is LinkState.CREATING
    bearer = next(one.id for one in service.records.values() if one.fields[Field.TITLE] == BOILER)
    service.left_out -= {bearer}
    service.edit(bearer, author="app")
    bench.sync(sweeps=False)
    after = link_of(bench, side.other, origins[0])
    assert (after.id, after.state, after.task_id(side)) == (before.id, LinkState.LINKED, bearer)
    assert (after.changed_at or bench.clock.at) > (before.changed_at or bench.clock.at)
    names = [bench.known(at, one).task.name for at, one in after_ids(side, bearer, origins[0])]
    assert linked_because(bench, side, bearer) == [f"the marker of {names[0]} names {names[1]}"]
    with bench.store.begin() as unit:
        (create,) = [
            one
            for one in unit.operations_about([after.id])
            if one.operation.kind is OperationKind.CREATE
        ]
        still_open = [one.operation.task_id(side.other) for one in unit.open_operations()]
    assert (create.outcome, create.note) == (Outcome.DONE, "found by its marker")
    assert still_open == [origins[1]]


BOILER = text_value("Boiler")


def after_ids(side: Side, bearer: str, origin: str) -> list[tuple[Side, str]]:
    return [(side, bearer), (side.other, origin)]


def test_a_bearer_that_people_have_changed_since_is_merged_without_a_base(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler", text="words")
    bench.clock.pass_time(60)
    v2_id = bear(bench, kore_id)
    bench.clock.pass_time(60)
    bench.v2.edit(v2_id, title="Boiler, wet", author="person")
    bench.v2.edit(v2_id, text=bench.v2.records[v2_id].text, author="app")
    bench.backfill()
    bench.settle()
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Boiler, wet", "Boiler, wet")
    assert len(bench.kore.records) == len(bench.v2.records) == 1


def test_while_first_contact_lasts_a_marker_waits_for_a_backfill(bench: Bench) -> None:
    kore_id = bench.kore.add("Boiler")
    v2_id = bear(bench, kore_id)
    for _ in range(2):
        bench.sync()
    for side, one in ((Side.KORE, kore_id), (Side.V2, v2_id)):
        known = bench.known(side, one)
        assert (known.standing, "only a backfill links" in known.why) == (Standing.NEW, True)
    assert bench.links() == []
    bench.backfill()
    assert bench.across(Side.KORE, kore_id) == v2_id


def test_a_bearer_that_came_before_its_origin_is_linked_once_that_is_read(bench: Bench) -> None:
    bench.pair("Other")
    v2_id = bear(bench, "k0002")
    bench.sync()
    assert bench.known(Side.V2, v2_id).standing is Standing.ORPHAN
    kore_id = bench.kore.add("Boiler")
    bench.sync()
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert linked_because(bench, Side.V2, v2_id) == ["the marker of REC-2 names TS2"]
    assert len(bench.v2.records) == len(bench.kore.records) == 2


def test_what_a_run_does_not_come_to_is_left_to_the_next_cycle(bench: Bench) -> None:
    bench.pair("Other")
    kore_id = bench.kore.add("Boiler")
    bench.backfill(sides=(Side.V2,))
    assert bench.known(Side.KORE, kore_id).standing is Standing.NEW
    sync_only(bench, "k0001")
    assert not bench.is_linked(Side.KORE, kore_id)
    bench.sync()
    assert bench.is_linked(Side.KORE, kore_id)


def test_a_marker_of_its_own_side_makes_a_task_nobodys_counterpart(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    line = kore_marker(kore_id, "TS1", "CS-ci-1", "Cold house").line
    copy = bench.kore.add("Copy", f"words\n\n{line}")
    bench.settle()
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert bench.across(Side.KORE, copy) == "v0002"
