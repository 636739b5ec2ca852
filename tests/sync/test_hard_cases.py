"""What an adversary found, each once a failing test."""

from pathlib import Path
from typing import Any

import pytest

from bridge.domain.reading import ProbeForm
from bridge.domain.side import Side
from bridge.sandbox import Fault, KoreSwitches
from bridge.sync.cycle import Wish, run_cycle
from tests.sync.world import World, a_world


@pytest.mark.parametrize("status", [404, 400])
def test_a_first_probe_of_a_task_that_is_gone_says_nothing_of_the_account(
    tmp_path: Path, status: Any
) -> None:
    switches = KoreSwitches(limits=(), not_found_status=status)
    with a_world(tmp_path, kore=switches) as world:
        case_id = next(iter(world.kore.cases))
        ids = [world.kore.add_task(case_id=case_id, name=f"T{n}", desc="text") for n in range(3)]
        first = min(ids)

        def vanish(operation: str, passed: int) -> None:
            if operation == "listTasks" and first in world.kore.tasks:
                world.kore.remove_task(first)

        world.v2.on_page = vanish
        world.backfill()
        world.v2.on_page = None
        world.sync()
        with world.bridge.store.begin() as unit:
            assert unit.side_state(Side.KORE).probe_form is ProbeForm.EMPTY
        assert len([view for view in world.links() if view.v2 is not None]) == 2


def test_the_first_edit_of_a_created_task_is_carried_even_if_the_create_showed_only_its_id(
    tmp_path: Path,
) -> None:
    switches = KoreSwitches(limits=(), create_answer="id")
    with a_world(tmp_path, kore=switches, sync__conflict="v2") as world:
        theirs = world.v2.add_task(title="Ladder", description="Bring it")
        world.backfill()
        kore = world.counterpart(Side.V2, theirs)
        world.clock.pass_time(10)
        text = kore["desc"].replace("Bring it", "Bring it\nPart ordered")
        world.kore.edit_task(kore["_id"], desc=text)
        world.sync()
        assert world.v2.tasks[theirs]["description"] == "Bring it\nPart ordered"


def poll_only(world: World) -> None:
    """A cycle as the daemon runs it, without a sweep."""
    desk = world.bridge.desk()
    run_cycle(desk, Wish(sweep_seconds=0))


def test_a_newer_edit_is_seen_although_the_poll_goes_on_below_the_top(tmp_path: Path) -> None:
    switches = KoreSwitches(limits=(), rows="full")
    with a_world(tmp_path, kore=switches, kore__page_size="3") as world:
        case_id = next(iter(world.kore.cases))
        ids = []
        for number in range(8):
            world.clock.pass_time(1)
            ids.append(world.kore.add_task(case_id=case_id, name=f"T{number}", desc="d"))
        world.backfill()
        world.sync(is_full=True)
        world.sync()
        for task_id in ids[1:]:
            world.clock.pass_time(1)
            world.kore.edit_task(task_id, desc="new")
        world.clock.pass_time(10)

        def break_the_second_page(operation: str, passed: int) -> None:
            if operation == "getTasks" and passed == 0:
                world.kore.faults.add("getTasks", Fault.FAIL_BEFORE, times=20)

        world.kore.on_page = break_the_second_page
        poll_only(world)
        world.kore.on_page = None
        world.kore.faults.clear()
        world.clock.pass_time(100)
        v2_id = world.counterpart(Side.KORE, ids[0])["_id"]
        world.v2.edit_task(v2_id, title="v2's title")
        world.clock.pass_time(60)
        world.kore.edit_task(ids[0], name="Kore's newer title")
        world.clock.pass_time(30)
        poll_only(world)
        assert world.kore.tasks[ids[0]]["name"] == "Kore's newer title"
        world.sync()
        assert world.v2.tasks[v2_id]["title"] == "Kore's newer title"
        assert world.mismatches() == []


def test_one_task_at_which_the_service_fails_stops_only_itself(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = next(iter(world.kore.cases))
        for number in range(6):
            world.kore.add_task(case_id=case_id, name=f"T{number}", desc="text")
        world.sync()
        pairs = [(view.link.kore_id, str(view.link.v2_id)) for view in world.links()]
        bad = str(pairs[0][1])
        for _, v2_id in pairs:
            world.clock.pass_time(1)
            world.v2.edit_task(v2_id, title=f"New {v2_id}")
        broken = world.kore.perform

        def fail_at_one(asked: Any) -> Any:
            if asked.operation == "updateTask" and f"New {bad}" in str(asked.body):
                raise RuntimeError("a bug of the service")
            return broken(asked)

        world.kore.perform = fail_at_one
        for _ in range(2):
            world.sync()
        titles = {task["name"] for task in world.kore.tasks.values()}
        assert titles >= {f"New {v2_id}" for _, v2_id in pairs if v2_id != bad}
        assert f"New {bad}" not in titles
        assert [wait.link_id for wait in world.waits()] == [world.links()[0].link.id]
        world.kore.perform = broken
        world.sync()
        assert world.mismatches() == []
        assert world.waits() == []
