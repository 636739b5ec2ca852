"""Promises kept over real sockets: agreement, closed cases, faults, markers, dry runs, idleness."""

import sqlite3
from pathlib import Path

import pytest

from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import Side
from bridge.domain.task import Standing
from bridge.sandbox import Fault, KoreSwitches, V2Switches
from bridge.sync.backfill import Backfill, run_backfill
from tests.sync.world import AGREE, World, a_world

KORE = ("Open", "In Progress", "On Hold", "Resolved", "Closed")
V2 = ("new", "open", "in_progress", "in_review", "completed", "cancelled")
# What a cycle without news may touch: that it ran, what it called, how far a side was read.
BOOKKEEPING = {"runs", "calls", "leases", "sides", "sqlite_sequence"}


def case_of(world: World) -> str:
    return str(next(iter(world.kore.cases)))


def dump(file: Path) -> dict[str, list[str]]:
    """Every row of every table that an idle cycle must leave alone."""
    with sqlite3.connect(file) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {
            name: sorted(map(repr, connection.execute(f"select * from {name}")))
            for (name,) in names
            if name not in BOOKKEEPING
        }


def quiet(world: World) -> None:
    for _ in range(3):
        world.clock.pass_time(150)
        world.sync()
    world.kore.clear_calls()
    world.v2.clear_calls()


@pytest.mark.slow
def test_every_pair_of_statuses_comes_to_rest_without_a_needless_write(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = case_of(world)
        pairs = {
            (kore, v2): world.kore.add_task(case_id=case_id, name=f"{kore} and {v2}")
            for kore in KORE
            for v2 in V2
        }
        world.backfill()
        world.sync()
        ids = {
            one: (kore_id, world.counterpart(Side.KORE, kore_id)["_id"])
            for one, kore_id in pairs.items()
        }
        world.clock.pass_time(10)
        for (kore, v2), (kore_id, v2_id) in ids.items():
            world.kore.edit_task(kore_id, status=kore)
            world.v2.edit_task(v2_id, task_status=v2)
        wrote: dict[str, int] = {}
        for _ in range(6):
            world.sync()
            for one in world.written():
                if one.operation.kind is OperationKind.UPDATE:
                    kore_id = str(one.operation.kore_id)
                    wrote[kore_id] = wrote.get(kore_id, 0) + 1
        assert world.reports == []
        assert world.mismatches() == []
        assert world.waits() == []
        for (kore, v2), (kore_id, _) in ids.items():
            folded = kore.lower().replace(" ", "")
            needed = 0 if v2 in AGREE[folded] else 1
            assert wrote.get(kore_id, 0) == needed, (kore, v2)


@pytest.mark.slow
def test_an_idle_cycle_of_300_linked_tasks_costs_one_request_a_side_and_no_task_state(
    tmp_path: Path,
) -> None:
    with a_world(tmp_path, kore=KoreSwitches(limits=(), rows="full")) as world:
        case_id = case_of(world)
        for number in range(75):
            world.kore.add_task(case_id=case_id, name=f"Boiler {number}")
            world.v2.add_task(title=f"Ladder {number}")
        world.backfill()
        assert len(world.links()) == 150
        quiet(world)
        before = dump(tmp_path / "bridge.db")
        world.sync()
        assert [call.operation for call in world.kore.calls] == ["getTasks"]
        assert len(world.v2.calls) == 1
        assert dump(tmp_path / "bridge.db") == before


def test_a_change_in_a_closed_case_goes_out_when_the_case_is_open_again(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = case_of(world)
        kore_id = world.kore.add_task(case_id=case_id, name="Boiler", desc="old")
        world.sync()
        v2_id = world.counterpart(Side.KORE, kore_id)["_id"]
        world.kore.close_case(case_id)
        world.clock.pass_time(5)
        world.v2.edit_task(v2_id, title="From the field")
        lone = world.v2.add_task(title="Ladder")
        world.sync()
        assert [(one.kind, one.field) for one in world.waits()] == [(WaitKind.CASE_CLOSED, "title")]
        world.sync(is_full=True)
        assert world.written() == []
        world.kore.reopen_case(case_id)
        world.clock.pass_time(5)
        world.sync(is_full=True)
        assert world.kore.tasks[kore_id]["name"] == "From the field"
        assert world.counterpart(Side.V2, lone)["name"] == "Ladder"
        assert world.waits() == []


@pytest.mark.parametrize("fault", [Fault.FAIL_AFTER, Fault.DROP_AFTER, Fault.TRUNCATE])
@pytest.mark.parametrize("side", list(Side))
def test_a_create_whose_answer_is_lost_is_open_and_completed_when_its_bearer_shows(
    tmp_path: Path, side: Side, fault: Fault
) -> None:
    with a_world(tmp_path) as world:
        world.sync()
        if side is Side.V2:
            mine = world.kore.add_task(case_id=case_of(world), name="Boiler", desc="It leaks.")
            world.v2.faults.add("createTask", fault)
        else:
            mine = world.v2.add_task(title="Ladder", description="Bring it.")
            world.kore.faults.add("createTask", fault)
        assert world.sync().summary["uncertain"] == {side: 1, side.other: 0}
        for _ in range(2):
            world.clock.pass_time(30)
            world.sync()
        assert world.waits() == []
        assert world.mismatches() == []
        assert world.doubles() == []
        assert len(world.kore.tasks) == len(world.v2.tasks) == 1
        assert world.counterpart(side.other, mine)


@pytest.mark.parametrize("side", list(Side))
def test_while_one_side_is_down_the_other_goes_on_and_later_it_catches_up(
    tmp_path: Path, side: Side
) -> None:
    with a_world(tmp_path) as world:
        case_id = case_of(world)
        ids = [world.kore.add_task(case_id=case_id, name=f"Boiler {n}") for n in range(2)]
        world.sync()
        across = [world.counterpart(Side.KORE, one)["_id"] for one in ids]
        world.clock.pass_time(5)
        world.kore.edit_task(ids[0], name="By an agent")
        world.v2.edit_task(across[1], title="From the field")
        down = world.kore if side is Side.KORE else world.v2
        down.faults.add("*", Fault.FAIL_BEFORE, times=60)
        assert world.sync().faults.keys() == {side}
        down.faults.clear()
        world.sync()
        world.sync()
        assert world.mismatches() == []
        assert world.kore.tasks[ids[1]]["name"] == "From the field"


def test_after_the_database_is_lost_a_backfill_links_by_markers(tmp_path: Path) -> None:
    kore, v2 = KoreSwitches(limits=()), V2Switches()
    with a_world(tmp_path, kore=kore, v2=v2) as world:
        case_id = case_of(world)
        for number in range(4):
            world.kore.add_task(case_id=case_id, name=f"Boiler {number}", desc="text")
            world.v2.add_task(title=f"Ladder {number}", description="text")
        world.backfill()
        world.sync()
        with sqlite3.connect(tmp_path / "bridge.db") as connection:
            for table in ("waits", "conflicts", "links", "observations", "operations", "history"):
                connection.execute(f"delete from {table}")
            connection.execute("update pairs set first_contact_ended_at = null, settings = ''")
            connection.execute("delete from sides")
            connection.execute("delete from sweeps")
        outcome = world.backfill()
        assert outcome.summary["linked"] == 8
        assert outcome.summary["created"] == {"kore": 0, "v2": 0}
        world.sync()
        assert world.mismatches() == []
        assert len(world.links()) == len(world.kore.tasks) == len(world.v2.tasks) == 8


def test_a_copied_marker_makes_a_duplicate_from_which_nothing_is_created(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        kore_id = world.kore.add_task(case_id=case_of(world), name="Boiler", desc="It leaks.")
        world.sync()
        created = world.counterpart(Side.KORE, kore_id)
        copy = world.v2.add_task(title="Boiler", description=created["description"])
        world.sync()
        with world.bridge.store.begin() as unit:
            assert unit.known(Side.V2, [copy])[copy].standing is Standing.DUPLICATE
        assert len(world.kore.tasks) == 1


@pytest.mark.parametrize("rows", ["full", "sparse"])
def test_a_dry_run_plans_what_the_backfill_then_does(tmp_path: Path, rows: str) -> None:
    kore = KoreSwitches(limits=(), rows="full" if rows == "full" else "sparse")
    with a_world(tmp_path, kore=kore, seeds=(12, 8)) as world:
        planned = world.sync(is_dry=True)
        assert planned.summary["created"] == {"kore": 0, "v2": 0}
        before = dump(tmp_path / "bridge.db")
        world.kore.clear_calls()
        desk = world.bridge.desk(is_dry=True)
        plan = run_backfill(desk, Backfill())
        assert dump(tmp_path / "bridge.db") == before
        assert {call.operation for call in world.kore.calls} <= {"getTasks", "getCases"}
        creates = {
            (one.operation.side, one.operation.task_id(one.operation.side.other))
            for one in desk.tally.reports
            if one.operation.kind is OperationKind.CREATE
        }
        done = world.backfill()
        made = {
            (one.operation.side, one.operation.task_id(one.operation.side.other))
            for one in world.reports
            if one.operation.kind is OperationKind.CREATE and one.outcome is Result.DONE
        }
        assert creates == made
        assert plan.summary["created"] == done.summary["created"]


def test_in_one_direction_nothing_is_written_to_the_source(tmp_path: Path) -> None:
    with a_world(tmp_path, sync__direction="kore-to-v2") as world:
        kore_id = world.kore.add_task(case_id=case_of(world), name="Boiler", desc="old")
        lone = world.v2.add_task(title="Ladder")
        world.backfill()
        v2_id = world.counterpart(Side.KORE, kore_id)["_id"]
        world.clock.pass_time(5)
        world.v2.edit_task(v2_id, title="Of the target")
        world.kore.clear_calls()
        world.sync()
        assert {call.operation for call in world.kore.calls} <= {"getTasks", "getCases"}
        assert world.v2.tasks[v2_id]["title"] == "Of the target"
        assert [one.kind for one in world.waits()] == [WaitKind.DRIFT]
        world.clock.pass_time(5)
        world.kore.edit_task(kore_id, name="Of the source")
        world.sync()
        assert world.v2.tasks[v2_id]["title"] == "Of the source"
        assert len(world.kore.tasks) == 1
        assert lone in world.v2.tasks


def test_a_refused_field_waits_alone_and_the_others_arrive(tmp_path: Path) -> None:
    v2 = V2Switches(refused_fields=frozenset({"priority"}))
    with a_world(tmp_path, v2=v2) as world:
        kore_id = world.kore.add_task(case_id=case_of(world), name="Boiler", priority="Medium")
        world.sync()
        v2_id = world.counterpart(Side.KORE, kore_id)["_id"]
        world.clock.pass_time(5)
        world.kore.edit_task(kore_id, name="New", desc="new", priority="High")
        world.sync()
        assert world.v2.tasks[v2_id]["title"] == "New"
        (wait,) = world.waits()
        assert (wait.kind, wait.field) == (WaitKind.FAILED, "priority")
        world.sync()
        assert world.reports == []


def test_rows_that_shift_while_everything_is_read_are_not_missed(tmp_path: Path) -> None:
    kore = KoreSwitches(limits=(), page_cap=4)
    with a_world(tmp_path, kore=kore) as world:
        case_id = case_of(world)
        ids = [world.kore.add_task(case_id=case_id, name=f"Boiler {n}") for n in range(12)]
        gone: list[str] = []

        def shift(operation: str, passed: int) -> None:
            if operation == "getTasks" and passed == 3 and not gone:
                gone.append(ids[0])
                world.kore.remove_task(ids[0])

        world.kore.on_page = shift
        world.sync(is_full=True)
        linked = {view.link.kore_id for view in world.links()}
        assert linked >= set(ids[1:])
        assert gone
