"""A Kore task that cannot be seen whole holds up itself and its namesake, and nothing else."""

from pathlib import Path

from bridge.domain.side import Side
from bridge.domain.task import Standing
from bridge.sandbox import KoreSwitches
from tests.sync.world import CUSTOMER, World, a_world


def standings(world: World) -> dict[str, Standing]:
    """How every task without a counterpart stands, by its title."""
    with world.bridge.store.begin() as unit:
        return {one.task.title: one.standing for side in Side for one in unit.unlinked(side)}


def a_task_in_a_closed_case(world: World, title: str) -> str:
    case_id: str = world.kore.add_case(name="Old case", customer=CUSTOMER)
    world.kore.add_task(case_id=case_id, name=title, desc="a")
    world.kore.close_case(case_id)
    return case_id


def test_a_task_in_a_closed_case_does_not_keep_first_contact_open(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = a_task_in_a_closed_case(world, "Same title")
        world.v2.add_task(title="Same title")
        world.v2.add_task(title="Other")
        assert not world.backfill().is_first_contact
        assert standings(world) == {"Same title": Standing.HELD}
        assert [view.kore.task.title for view in world.links() if view.kore] == ["Other"]
        probes = [call for call in world.kore.calls if call.operation == "updateTask"]
        assert len([call for call in probes if call.status == 400]) == 1
        world.kore.reopen_case(case_id)
        world.sync(is_full=True)
        world.sync(is_full=True)
        assert standings(world) == {}
        assert len(world.links()) == 3


def test_a_backfill_ends_although_the_sort_is_never_proved(tmp_path: Path) -> None:
    limits = '[{"calls": 6, "seconds": 60}]'
    switches = KoreSwitches(limits=(), page_cap=2, updated_sort="ignored")
    with a_world(tmp_path, kore=switches, kore__limits=limits) as world:
        case_id = next(iter(world.kore.cases))
        for number in range(24):
            world.kore.add_task(case_id=case_id, name=f"Task {number}", desc="x")
        outcome = world.backfill()
        assert outcome.faults == {}
        assert len(world.links()) == 24
