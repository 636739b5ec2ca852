"""The first world again, while every so many calls of either service go wrong, at any call.

One fault a world (`make test-long`), and all of them in one smaller world. Each ends with one
counterpart for each task, nothing lost and nothing doubled.
"""

import random
from pathlib import Path

import pytest

from bridge.domain.operation import WaitKind
from bridge.domain.side import Side
from bridge.sandbox import Fault, KoreSwitches
from bridge.sandbox.faults import Planned
from tests.sync.test_every_fault import (
    HANGS,
    LATE_SECONDS,
    PACE_SECONDS,
    REFUSED_SECONDS,
    SETTLE_SECONDS,
    TIME_LIMIT_SECONDS,
    retry_all,
)
from tests.sync.test_first_world import in_scope
from tests.sync.world import World, a_world

FEW_CYCLES = 6
# The service holds the call for real time: few of these.
RATES = {Fault.HANG: 0.01, Fault.HANG_AFTER: 0.01}
MOST = 40


def spoil(world: World, faults: list[Fault], seed: int) -> list[Planned]:
    """A share of the calls, drawn by the seed, goes wrong; gives a list that those come into."""
    spoiled: list[Planned] = []
    for side, service in ((Side.KORE, world.kore), (Side.V2, world.v2)):
        chance, left = random.Random(f"{seed}{side}"), [MOST]

        def take(
            operation: str, chance: random.Random = chance, left: list[int] = left
        ) -> Planned | None:
            fault = chance.choice(faults)
            if chance.random() >= RATES.get(fault, 0.06) or not left[0]:
                return None
            left[0] -= 1
            seconds = TIME_LIMIT_SECONDS + 0.5 if fault in HANGS else LATE_SECONDS
            spoiled.append(Planned(operation=operation, fault=fault, seconds=seconds))
            return spoiled[-1]

        service.faults.take = take
    return spoiled


def mend(world: World) -> None:
    """From here on all goes well."""
    for service in (world.kore, world.v2):
        del service.faults.take


def work(world: World) -> dict[str, str]:
    """Backfills and cycles at the daemon's pace, and people who edit and add; gives the titles."""
    titles: dict[str, str] = {}
    for number in range(FEW_CYCLES):
        world.backfill()
        titles |= edit(world, number)
        world.clock.pass_time(PACE_SECONDS)
        world.sync()
    return titles


def edit(world: World, number: int) -> dict[str, str]:
    links, titles = world.links(), {}
    for view in links[number :: max(1, len(links) // 4)]:
        if view.link.kore_id and view.link.v2_id:
            titles[str(view.link.v2_id)] = f"Of the desk, {number}"
            world.kore.edit_task(view.link.kore_id, name=f"Of the desk, {number}")
            world.v2.edit_task(view.link.v2_id, description=f"Of the field, {number}")
    case_id = next(iter(world.kore.tasks.values()))["caseId"]
    world.kore.add_task(case_id=case_id, name=f"Added by an agent {number}")
    world.v2.add_task(title=f"Added in the field {number}")
    return titles


def calm(world: World) -> None:
    """The settle time, the time that a refused key is left alone, a few cycles, and a person."""
    for _ in range((REFUSED_SECONDS + SETTLE_SECONDS) // PACE_SECONDS + FEW_CYCLES):
        world.clock.pass_time(PACE_SECONDS)
        world.sync()
    for _ in range(3):
        retry_all(world)
        world.sync(is_full=True)
        touch_what_is_held(world)
        world.backfill()
        world.sync()


def touch_what_is_held(world: World) -> None:
    """A refused probe is tried again once its task has changed."""
    for wait in world.waits(WaitKind.HELD):
        links = [view.link for view in world.links() if view.link.id == wait.link_id]
        kore_id = links[0].kore_id if links else wait.task_id
        if kore_id in world.kore.tasks:
            world.kore.edit_task(str(kore_id), desc="Seen to.")


def assert_one_counterpart_each(world: World, expected: int) -> None:
    assert world.doubles() == []
    assert len(world.links()) == expected
    assert world.mismatches() == []
    assert [wait.reason for wait in world.waits()] == []
    world.sync()
    assert world.reports == []


def play(folder: Path, faults: list[Fault], seeds: tuple[int, int], seed: int) -> None:
    limit = str(TIME_LIMIT_SECONDS)
    with a_world(
        folder,
        kore=KoreSwitches(limits=(), rows="full" if seed % 2 else "sparse"),
        seeds=seeds,
        kore__timeout_seconds=limit,
        v2__timeout_seconds=limit,
    ) as world:
        # Every one is linked in the end, and each run adds a task on either side.
        expected = sum(map(len, in_scope(world))) + 2 * FEW_CYCLES
        spoiled = spoil(world, faults, seed)
        titles = work(world)
        mend(world)
        calm(world)
        assert len(spoiled) > 5
        assert {key: world.v2.tasks[key]["title"] for key in titles} == titles
        assert_one_counterpart_each(world, expected)


@pytest.mark.long
@pytest.mark.parametrize("fault", list(Fault))
def test_a_world_of_200_and_150_tasks_with_one_kind_of_fault(tmp_path: Path, fault: Fault) -> None:
    play(tmp_path, [fault], (200, 150), list(Fault).index(fault))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_small_world_with_every_fault_by_turns(tmp_path: Path, seed: int) -> None:
    play(tmp_path, list(Fault), (16, 12), seed)
