"""Tasks that are gone and guards, over real HTTP against the simulated services."""

from pathlib import Path

import pytest

from bridge.domain.guard import GuardKind
from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.side import SIDES, Side
from bridge.sandbox import Fault, KoreSwitches, V2Switches
from tests.sync.world import World, a_world

TITLES = [f"Task {number}" for number in range(4)]


def filled(world: World) -> dict[str, dict[Side, str]]:
    """Four linked pairs; gives the ids of each by its title."""
    case_id = next(iter(world.kore.cases))
    for title in TITLES:
        world.kore.add_task(case_id=case_id, name=title, desc="x")
    world.backfill()
    world.sync(is_full=True)
    found = {}
    for view in world.links():
        assert view.kore is not None
        found[view.kore.task.title] = {side: str(view.link.task_id(side)) for side in SIDES}
    return found


def lose(world: World, side: Side, task_id: str) -> None:
    service = world.kore if side is Side.KORE else world.v2
    service.remove_task(task_id)
    world.sync(is_full=True)
    world.sync(is_full=True)


def states(world: World) -> dict[str, LinkState]:
    return {view.kore.task.title: view.link.state for view in world.links() if view.kore}


@pytest.mark.parametrize("side", SIDES)
def test_a_task_that_is_removed_makes_its_link_missing_and_nothing_else(
    tmp_path: Path, side: Side
) -> None:
    with a_world(tmp_path) as world:
        ids = filled(world)["Task 1"]
        lose(world, side, ids[side])
        wanted = dict.fromkeys(TITLES, LinkState.LINKED)
        assert states(world) == {**wanted, "Task 1": LinkState.MISSING}
        assert world.written() == []


@pytest.mark.parametrize("side", SIDES)
def test_what_is_left_is_closed_where_the_settings_say_so(tmp_path: Path, side: Side) -> None:
    with a_world(tmp_path, sync__on_missing="close") as world:
        world.kore.add_task(
            case_id=next(iter(world.kore.cases)), name="Done", status="Closed", desc="x"
        )
        ids = filled(world)["Task 1"]
        lose(world, side, ids[side])
        if side is Side.KORE:
            assert world.v2.tasks[ids[Side.V2]]["taskStatus"] == "completed"
        else:
            status = world.kore.tasks[ids[Side.KORE]]["status"]
            assert status["statusCategory"].lower() == "closed"
        assert len(world.written()) == 1
        world.sync(is_full=True)
        assert world.written() == []


def test_a_close_that_misses_the_id_of_a_status_goes_out_once_a_record_has_told_it(
    tmp_path: Path,
) -> None:
    with a_world(tmp_path, sync__on_missing="close") as world:
        ids = filled(world)["Task 1"]
        lose(world, Side.V2, ids[Side.V2])
        (wait,) = world.waits(WaitKind.FAILED)
        assert "kore.status_ids" in wait.reason
        other = world.kore.add_task(
            case_id=next(iter(world.kore.cases)), name="Done", status="Closed", desc="x"
        )
        world.backfill()
        world.kore.edit_task(other, desc="so that it is seen whole")
        world.sync(is_full=True)
        world.sync()
        assert world.kore.tasks[ids[Side.KORE]]["status"]["statusCategory"].lower() == "closed"
        assert world.waits(WaitKind.FAILED) == []


def test_a_task_that_is_restored_is_linked_again(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        ids = filled(world)["Task 1"]
        lose(world, Side.V2, ids[Side.V2])
        world.v2.restore_task(ids[Side.V2])
        world.sync(is_full=True)
        assert set(states(world).values()) == {LinkState.LINKED}
        assert world.mismatches() == []


def test_a_deleted_task_that_stays_readable_by_its_id_is_not_gone(tmp_path: Path) -> None:
    with a_world(tmp_path, v2=V2Switches(deleted_task="readable")) as world:
        ids = filled(world)["Task 1"]
        lose(world, Side.V2, ids[Side.V2])
        assert states(world)["Task 1"] is LinkState.LINKED


def test_a_fault_in_the_middle_of_a_reading_or_a_question_loses_nothing(tmp_path: Path) -> None:
    with a_world(tmp_path, kore=KoreSwitches(limits=(), page_cap=2)) as world:
        ids = filled(world)["Task 1"]
        world.v2.faults.add("getTask", Fault.FAIL_BEFORE, times=20)
        lose(world, Side.V2, ids[Side.V2])
        assert states(world)["Task 1"] is LinkState.LINKED
        world.v2.faults.clear()
        world.sync()
        assert states(world)["Task 1"] is LinkState.MISSING


def test_a_side_that_loses_all_its_tasks_stops_every_write(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        for ids in filled(world).values():
            world.v2.remove_task(ids[Side.V2])
        world.kore.add_task(case_id=next(iter(world.kore.cases)), name="New", desc="x")
        outcome = world.sync(is_full=True)
        assert [one.kind for one in outcome.guards] == [GuardKind.EMPTY]
        assert world.v2.tasks == {}


def test_the_company_of_the_records_tells_one_key_from_another(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        filled(world)
        with world.bridge.store.begin() as unit:
            kept = unit.side_state(Side.V2).identity
        assert kept.endswith(world.v2.company_id)
        world.v2.world.company_id = "0000000000000000000000ff"
        outcome = world.sync()
        assert [(one.kind, one.side) for one in outcome.guards] == [(GuardKind.IDENTITY, Side.V2)]
