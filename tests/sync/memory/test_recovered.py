"""What the crash sweep found: ends that a kill or a lost answer or database must not change."""

import pytest

from bridge.domain.operation import WriteRequest
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import ServiceError, Unreachable
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def lost(side: Side) -> ServiceError:
    return Unreachable(side, "no answer", is_outcome_unknown=True)


def lose_the_database(bench: Bench) -> None:
    bench.begin_anew()


@both_sides
def test_where_we_are_not_known_a_surplus_task_with_another_title_is_a_duplicate_all_the_same(
    bench: Bench, side: Side
) -> None:
    target = bench.service(side)
    target.create_answer, target.shows_author = "nothing", False
    bench.v2.words = []
    late: list[WriteRequest] = []
    mine = bench.service(side.other).add("Boiler", "It leaks.")
    target.on_send = late.append
    target.fail("create", lost(side))
    bench.sync()
    target.on_send = None
    for _ in range(4):
        bench.sync()
    first = bench.across(side.other, mine)
    surplus = target.send(late[0]).task_id or max(target.records)
    target.edit(surplus, title="Another title")
    bench.settle()
    assert bench.across(side.other, mine) == first
    assert bench.known(side, surplus).standing is Standing.DUPLICATE
    assert len(bench.service(side.other).records) == 1


def test_after_a_lost_database_a_task_whose_title_was_edited_is_linked_and_not_doubled(
    bench: Bench,
) -> None:
    bench.kore.shows_author = False
    v2_id = bench.v2.add("Ladder")
    bench.sync()
    kore_id = bench.across(Side.V2, v2_id)
    bench.kore.edit(kore_id, title="Longer ladder")
    lose_the_database(bench)
    bench.backfill()
    assert bench.across(Side.V2, v2_id) == kore_id
    assert (len(bench.kore.records), len(bench.v2.records)) == (1, 1)


@both_sides
def test_a_create_from_a_finished_task_is_sent_again_by_whatever_run_comes_next(
    bench: Bench, side: Side
) -> None:
    finished = "Resolved" if side is Side.V2 else "completed"
    bench.sync()
    mine = bench.service(side.other).add("Boiler", status=finished)
    bench.service(side).fail("create", lost(side))
    bench.backfill(includes_finished=True)
    for _ in range(5):
        bench.sync()
    assert bench.is_linked(side.other, mine)
    across = bench.across(side.other, mine)
    wanted = "completed" if side is Side.V2 else "Resolved"
    assert bench.service(side).value(across, Field.STATUS) == wanted


@both_sides
def test_a_created_task_that_nobody_touched_takes_over_what_its_origin_shows(
    bench: Bench, side: Side
) -> None:
    """After a lost database its first values are no edits, however young they are."""
    origin, target = bench.service(side.other), bench.service(side)
    status = "In Progress" if side is Side.V2 else "in_progress"
    mine = origin.add("Boiler", status=status)
    target.on_send = lambda request: None
    target.fail("create", lost(side), applied=True)
    bench.sync()
    lose_the_database(bench)
    bench.backfill()
    bench.settle()
    assert origin.value(mine, Field.STATUS) == status
    wanted = "in_progress" if side is Side.V2 else "In Progress"
    assert target.value(bench.across(side.other, mine), Field.STATUS) == wanted


@pytest.mark.parametrize("applied", [True, False])
def test_a_backlink_is_written_whatever_became_of_the_answer(bench: Bench, applied: bool) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder")
    bench.kore.fail("create", lost(Side.KORE), applied=applied)
    for _ in range(5):
        bench.sync()
    kore_id = bench.across(Side.V2, v2_id)
    assert bench.v2.records[v2_id].facts.tags == (f"kore:{kore_id}",)
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


@pytest.mark.parametrize("applied", [True, False])
def test_a_backlink_whose_own_answer_is_lost_is_written_by_the_next_cycle(
    bench: Bench, applied: bool
) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder")
    bench.v2.fail("update", lost(Side.V2), applied=applied)
    bench.sync()
    assert bench.desk.faults == {}
    bench.sync()
    kore_id = bench.across(Side.V2, v2_id)
    assert bench.v2.records[v2_id].facts.tags == (f"kore:{kore_id}",)
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


def test_a_backlink_whose_side_fails_is_written_later(bench: Bench) -> None:
    bench.set_rules(tags_origin=True)
    v2_id = bench.v2.add("Ladder")
    bench.sync(is_dry=True)
    bench.v2.fail("read", Unreachable(Side.V2, "gone"))
    bench.v2.fail("page:ask", Unreachable(Side.V2, "gone"))
    bench.sync()
    assert bench.v2.records[v2_id].facts.tags == ()
    assert "uncertain" not in bench.sync().summary
    kore_id = bench.across(Side.V2, v2_id)
    assert bench.v2.records[v2_id].facts.tags == (f"kore:{kore_id}",)


@both_sides
@pytest.mark.parametrize("shows_author", [True, False])
def test_what_people_set_on_a_created_task_before_we_found_it_is_kept_and_can_be_restored(
    bench: Bench, side: Side, shows_author: bool
) -> None:
    target = bench.service(side)
    target.create_answer, target.shows_author = "nothing", shows_author
    status = {Side.KORE: "completed", Side.V2: "Resolved"}[side]
    mine = bench.service(side.other).add("Boiler", text="It leaks.", status=status)

    def create_and_lose(request: WriteRequest) -> None:
        target.on_send = None
        target.send(request)
        (found,) = target.records
        target.edit(found, **{"status": {Side.KORE: "On Hold", Side.V2: "in_progress"}[side]})
        target.edit(found, title="Boiler, urgent")
        raise lost(side)

    target.on_send = create_and_lose
    bench.backfill(includes_finished=True)
    for _ in range(5):
        bench.sync()
    across = bench.across(side.other, mine)
    assert len(target.records) == 1
    assert target.value(across, Field.TITLE) == "Boiler"
    kept = {row["field"]: row[str(side)] for row in bench.conflicts()}
    assert kept[Field.TITLE].text == "Boiler, urgent"
    assert kept[Field.STATUS].text == {Side.KORE: "On Hold", Side.V2: "in_progress"}[side]


@both_sides
def test_a_created_task_that_was_found_as_it_was_made_is_no_conflict(
    bench: Bench, side: Side
) -> None:
    status = {Side.KORE: "completed", Side.V2: "Resolved"}[side]
    bench.service(side.other).add("Boiler", text="It leaks.", status=status)
    bench.service(side).create_answer = "nothing"
    bench.backfill(includes_finished=True)
    for _ in range(3):
        bench.sync()
    assert bench.conflicts() == []
    assert bench.waits() == []
