"""The main job: a world of unlinked tasks is backfilled, synced and then idle."""

from pathlib import Path

import pytest

from bridge.domain.operation import OperationKind
from bridge.domain.side import Side
from bridge.sandbox import KoreSwitches, V2Switches
from tests.sync.world import World, a_world


def in_scope(world: World) -> tuple[set[str], set[str]]:
    """The tasks that are not finished, on either side."""
    kore = {
        task["_id"]
        for task in world.kore.tasks.values()
        if task["status"]["statusCategory"] not in ("resolved", "closed")
    }
    v2 = {
        task["_id"]
        for task in world.v2.tasks.values()
        if task.get("taskStatus") not in ("completed", "cancelled")
    }
    return kore, v2


@pytest.mark.slow
def test_a_world_of_200_and_150_tasks_is_linked_in_step_and_then_idle(tmp_path: Path) -> None:
    with a_world(tmp_path, seeds=(200, 150)) as world:
        kore, v2 = in_scope(world)
        world.backfill()
        world.sync()
        linked = {view.link.kore_id for view in world.links()}
        assert kore <= linked
        assert v2 <= {view.link.v2_id for view in world.links()}
        assert len(world.links()) == len(kore) + len(v2)
        assert world.doubles() == []
        assert world.mismatches() == []
        case_id = next(iter(world.kore.tasks.values()))["caseId"]
        mine = world.kore.add_task(case_id=case_id, name="Added by an agent", desc="Please look.")
        theirs = world.v2.add_task(title="Added in the field", description="Bring a ladder.")
        world.sync()
        assert world.counterpart(Side.KORE, mine)["title"] == "Added by an agent"
        assert world.counterpart(Side.V2, theirs)["name"] == "Added in the field"
        world.kore.clear_calls()
        world.v2.clear_calls()
        world.sync()
        assert world.reports == []
        assert len(world.kore.calls) <= 2
        assert len(world.v2.calls) <= 2


def test_first_contact_with_tasks_on_both_sides_waits_for_a_backfill(tmp_path: Path) -> None:
    with a_world(tmp_path, seeds=(5, 4)) as world:
        outcome = world.sync()
        assert outcome.is_first_contact
        assert world.links() == []
        assert not any(one.operation.kind is OperationKind.CREATE for one in world.reports)
        world.backfill()
        assert not world.sync().is_first_contact


def test_first_contact_with_tasks_on_one_side_only_needs_no_backfill(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = next(iter(world.kore.cases))
        mine = world.kore.add_task(case_id=case_id, name="Only here", desc="x")
        outcome = world.sync()
        assert not outcome.is_first_contact
        assert world.counterpart(Side.KORE, mine)["title"] == "Only here"


def test_a_list_that_was_empty_at_the_first_poll_is_then_read_to_its_end(tmp_path: Path) -> None:
    with a_world(tmp_path, v2=V2Switches(page_cap=2)) as world:
        world.sync()
        for number in range(7):
            world.v2.add_task(title=f"Ladder {number}", description="Bring it")
        world.sync()
        assert len(world.links()) == 7


def test_a_backfill_stays_within_the_calls_that_kore_allows(tmp_path: Path) -> None:
    limits = '[{"calls": 60, "seconds": 60}, {"calls": 1800, "seconds": 3600}]'
    with a_world(tmp_path, kore=KoreSwitches(), seeds=(60, 30), kore__limits=limits) as world:
        outcome = world.backfill()
        assert outcome.faults == {}
        assert not outcome.is_first_contact
        assert {call.status for call in world.kore.calls} == {200}
        assert len(world.kore.calls) > 60
        assert world.mismatches() == []
        assert world.doubles() == []


def test_a_run_that_ends_a_sweep_keeps_the_totals_per_state(tmp_path: Path) -> None:
    with a_world(tmp_path, seeds=(6, 4)) as world:
        world.backfill()
        world.sync(is_full=True)
        with world.bridge.store.begin() as unit:
            run = unit.last_run()
        assert run is not None
        links = len(world.links())
        assert run.totals["links"] == links
        assert run.totals["in_step"] == links
        assert run.totals["only_kore"] == run.totals["only_v2"] == 0
        world.sync()
        with world.bridge.store.begin() as unit:
            assert unit.last_run("sync") is not None
