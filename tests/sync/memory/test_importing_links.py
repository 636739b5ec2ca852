"""Links from a file: all of them or none, known tasks or not, and nothing written over blindly."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.instruction import Instruction, InstructionKind, InstructionOutcome
from bridge.domain.link import LinkState
from bridge.domain.links_csv import read_links
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from bridge.sync.import_links import details_of
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import link_of, remove, tell
from tests.sync.memory.test_gone import lose

DONE, REFUSED = InstructionOutcome.DONE, InstructionOutcome.REFUSED
HEADER = "kore_id,v2_id,state,origin,created_at"


def take_in(bench: Bench, *lines: str) -> Instruction:
    rows, flaws = read_links("\n".join((HEADER, *lines)))
    assert flaws == ()
    return tell(bench, InstructionKind.IMPORT_LINKS, **details_of(rows))


def lose_database(bench: Bench) -> list[str]:
    """The database is lost; what an export of it said before."""
    lines = [
        f"{one.link.kore_id or ''},{one.link.v2_id or ''},{one.link.state},{one.link.origin or ''}"
        for one in bench.links()
    ]
    bench.begin_anew()
    return lines


@pytest.fixture
def world(bench: Bench) -> Bench:
    """Two pairs, one from each side, in step."""
    bench.pair("Boiler", text="words")
    bench.pair("Ladder", Side.V2, text="rungs")
    bench.settle()
    return bench


def test_after_a_lost_database_an_import_before_anything_was_read_brings_all_in_step(
    world: Bench,
) -> None:
    lines = lose_database(world)
    done = take_in(world, *lines)
    assert done.outcome is DONE
    assert done.note.startswith("2 links imported. 4 of their tasks have not been read yet")
    world.forget_calls()
    world.sync(is_full=True)
    assert world.kore.writes == world.v2.writes == []
    assert len(world.kore.records) == len(world.v2.records) == 2
    assert not world.sync().is_first_contact
    world.kore.edit("k0001", title="New")
    world.v2.edit("v0002", title="Longer ladder")
    world.settle()
    assert world.v2.value("v0001", Field.TITLE) == "New"
    assert world.kore.value("k0002", Field.TITLE) == "Longer ladder"


def test_an_imported_link_learns_its_marker_and_keeps_it_on_the_created_side(world: Bench) -> None:
    before = {str(view.link.kore_id): view.link for view in world.links()}
    take_in(world, *lose_database(world))
    world.sync(is_full=True)
    for view in world.links():
        old = before[str(view.link.kore_id)]
        assert (view.link.origin, view.link.marker) == (old.origin, old.marker)
    world.kore.edit("k0001", text="other words")
    world.settle()
    assert world.v2.records["v0001"].text == f"other words\n\n{before['k0001'].marker}"


def test_what_differs_after_it_goes_by_the_conflict_rule(world: Bench) -> None:
    lines = lose_database(world)
    world.kore.edit("k0001", title="Older")
    world.clock.pass_time(60)
    world.v2.edit("v0001", title="Newer")
    take_in(world, *lines)
    world.sync(is_full=True)
    assert world.kore.value("k0001", Field.TITLE) == "Newer"
    assert [one["kore"].text for one in world.conflicts()] == ["Older"]


def test_a_link_of_which_one_task_was_seen_waits_for_the_other(bench: Bench) -> None:
    bench.set_rules(routes=())
    bench.kore.add("Boiler")
    bench.v2.add("Another one")
    bench.sync()
    assert take_in(bench, "k0001,v0002").note.startswith("1 link imported. 1 of their tasks has")
    bench.backfill()
    assert link_of(bench, Side.KORE, "k0001").state is LinkState.MISSING
    assert len(bench.v2.records) == 1
    bench.v2.add("Boiler, found")
    bench.settle()
    bench.kore.edit("k0001", title="New")
    bench.settle()
    assert bench.v2.value("v0002", Field.TITLE) == "New"
    assert len(bench.v2.records) == 2


def test_a_removed_link_is_imported_as_removed(world: Bench) -> None:
    remove(world, "k0001")
    lines = lose_database(world)
    assert take_in(world, *lines).note.startswith("1 link imported, 1 taken in as removed.")
    world.backfill()
    assert link_of(world, Side.KORE, "k0001").state is LinkState.REMOVED
    assert world.known(Side.V2, "v0001").standing is Standing.LEFT
    assert len(world.kore.records) == len(world.v2.records) == 2


def test_a_removed_half_is_imported_alone(world: Bench) -> None:
    lose_database(world)
    take_in(world, "k0001,,removed", ",v0001,removed", "k0002,v0002")
    world.backfill()
    assert len(world.kore.records) == len(world.v2.records) == 2
    assert link_of(world, Side.KORE, "k0001").v2_id is None


def test_an_open_create_is_left_to_its_marker(world: Bench) -> None:
    lose_database(world)
    done = take_in(world, "k0001,,creating", "k0002,v0002")
    assert "1 left out, whose create was open" in done.note
    world.backfill()
    assert world.across(Side.KORE, "k0001") == "v0001"


def test_importing_the_same_file_again_changes_nothing(world: Bench) -> None:
    remove(world, "k0002")
    before = world.links()
    lines = ["k0001,v0001,linked,kore", "k0002,v0002,removed,v2"]
    assert take_in(world, *lines).note == "0 links imported, 2 there already."
    assert world.links() == before


@pytest.mark.parametrize("state", ["linked", "missing"])
def test_a_file_neither_takes_a_link_apart_nor_links_what_a_person_took_apart(
    world: Bench, state: str
) -> None:
    remove(world, "k0002")
    world.kore.add("Third")
    world.settle()
    before = world.links()
    refused = take_in(
        world,
        "k0009,v0009,linked",
        "k0001,v0001,removed",
        f"k0002,v0002,{state}",
        "k0003,,removed",
    )
    assert refused.outcome is REFUSED
    assert refused.note.splitlines() == [
        "Nothing was imported.",
        "line 3: Kore's k0001 and v2's v0001 are linked, and the file says removed. Take the link "
        "apart with task-bridge links remove k0001, or take the line out.",
        f"line 4: The link of Kore's k0002 was removed, and the file says {state}. Link it again "
        "with task-bridge links add k0002 v0002, or take the line out.",
        "line 5: Kore's k0003 has another link already: Kore k0003 and v2 v0003, linked. Take it "
        "apart first with task-bridge links remove, or take the line out.",
    ]
    assert world.links() == before


def test_a_removed_task_is_linked_to_no_other_by_a_file_either(world: Bench) -> None:
    remove(world, "k0002")
    refused = take_in(world, "k0002,v0009", "k0009,v0002")
    assert refused.outcome is REFUSED
    assert "line 2: The link of Kore's k0002 was removed" in refused.note
    assert "line 3: The link of v2's v0002 was removed" in refused.note


def test_what_is_kept_apart_already_stays_as_it_is(world: Bench) -> None:
    remove(world, "k0002")
    before = world.links()
    lines = ("k0002,,removed", ",v0002,removed")
    assert take_in(world, *lines).note == "0 links imported, 2 there already."
    assert world.links() == before


@pytest.mark.parametrize("state", ["linked", "removed", "creating"])
def test_ids_that_only_the_other_side_knows_are_swapped_columns(world: Bench, state: str) -> None:
    world.kore.add("Third")
    world.settle()
    before = world.links()
    refused = take_in(world, f"v0001,k0001,{state}", "k0009,k0003,linked")
    assert refused.outcome is REFUSED
    swapped = "the columns are swapped. Put the ids of Kore's tasks under kore_id, those of v2's"
    assert [line.split(" Put")[0] for line in refused.note.splitlines()[1:]] == [
        "line 2: kore_id v0001 is a task of v2: the columns are swapped.",
        "line 2: v2_id k0001 is a task of Kore: the columns are swapped.",
        "line 3: v2_id k0003 is a task of Kore: the columns are swapped.",
    ]
    assert refused.note.count(swapped) == 3
    assert world.links() == before


def test_an_id_that_both_sides_have_is_no_swapped_column(bench: Bench) -> None:
    bench.set_rules(routes=())
    for service in (bench.kore, bench.v2):
        task = service.records.pop(service.add("Boiler"))
        service.records[TaskId("same")] = replace(task, id=TaskId("same"))
    bench.sync()
    assert take_in(bench, "same,same").outcome is DONE


def test_one_row_that_does_not_fit_leaves_everything_as_it_was(world: Bench) -> None:
    before = world.links()
    refused = take_in(world, "k0003,v0003", "k0001,v0009", "k0008,v0002,removed")
    assert refused.outcome is REFUSED
    assert refused.note.splitlines() == [
        "Nothing was imported.",
        "line 3: Kore's k0001 has another link already: Kore k0001 and v2 v0001, linked. Take it "
        "apart first with task-bridge links remove, or take the line out.",
        "line 4: v2's v0002 has another link already: Kore k0002 and v2 v0002, linked. Take it "
        "apart first with task-bridge links remove, or take the line out.",
    ]
    assert world.links() == before


def test_when_a_link_was_made_and_from_which_side_is_kept(bench: Bench) -> None:
    take_in(bench, "k1,v1,linked,v2,2026-01-02T03:04:05Z")
    link = link_of(bench, Side.KORE, "k1")
    assert link.created_at is not None
    assert (link.origin, link.created_at.isoformat()) == (Side.V2, "2026-01-02T03:04:05+00:00")


def test_many_links_are_taken_in_at_once(bench: Bench) -> None:
    lines = [f"k{number},v{number}" for number in range(400)]
    done: Any = take_in(bench, *lines)
    assert done.note.startswith("400 links imported.")
    assert len(bench.links()) == 400


@pytest.mark.parametrize("side", list(Side))
def test_a_task_that_no_reading_ever_shows_is_missing(world: Bench, side: Side) -> None:
    lines = lose_database(world)
    world.service(side).remove({Side.KORE: "k0001", Side.V2: "v0001"}[side])
    take_in(world, *lines)
    world.sync(is_full=True)
    assert link_of(world, Side.KORE, "k0001").state is LinkState.LINKED
    world.forget_calls()
    world.set_policy(tolerance_seconds=9.0)  # a setting that makes everything due
    for _ in range(3):
        world.clock.pass_time(120)
        world.sync(is_full=True)
    link = link_of(world, Side.KORE, "k0001")
    assert (link.state, link.gone_side) == (LinkState.MISSING, side)
    assert link_of(world, Side.KORE, "k0002").state is LinkState.LINKED
    assert world.kore.writes == world.v2.writes == []
    assert len(world.service(side.other).records) == 2


def test_who_is_known_by_its_id_alone_was_read_by_no_side(bench: Bench) -> None:
    take_in(bench, "k0001,v0001")
    done = take_in(bench, "v0001,k0001")
    assert "swapped" not in done.note
    assert done.outcome is DONE


def test_a_swapped_column_is_told_once_whatever_else_its_line_has(world: Bench) -> None:
    refused = take_in(world, "v0001,v0002")
    assert len(refused.note.splitlines()) == 2
    assert "line 2: kore_id v0001 is a task of v2" in refused.note


def test_what_was_being_created_when_the_file_was_made_may_be_linked_by_now(world: Bench) -> None:
    before = world.links()
    done = take_in(world, "k0001,,creating", ",v0002,creating")
    assert done.outcome is DONE
    assert "2 left out, whose create was open" in done.note
    assert world.links() == before


def test_a_task_that_a_file_keeps_apart_is_waited_for_no_longer(bench: Bench) -> None:
    bench.sync()
    lost = Unreachable("v2", "It hung up.", is_outcome_unknown=True)
    bench.v2.fail("create", lost, applied=True)
    bench.v2.search_finds = False
    kore_id = bench.kore.add("Boiler")
    bench.sync()
    assert link_of(bench, Side.KORE, kore_id).state is LinkState.CREATING
    assert "1 taken in as removed" in take_in(bench, f"{kore_id},,removed").note
    assert link_of(bench, Side.KORE, kore_id).state is LinkState.REMOVED
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


def test_a_pair_of_which_one_is_lost_is_a_pair_for_a_file_too(world: Bench) -> None:
    lose(world, Side.V2, {Side.KORE: TaskId("k0001"), Side.V2: TaskId("v0001")})
    before = world.links()
    assert take_in(world, "k0001,v0001").note.startswith("0 links imported, 1 there already.")
    refused = take_in(world, "k0001,v0009")
    assert (refused.outcome, "v2 v0001, missing" in refused.note) == (REFUSED, True)
    assert world.links() == before
    note = take_in(world, "k0008,v0008,missing").note
    assert note.startswith("1 link imported. 2 of their tasks have not been read yet")
