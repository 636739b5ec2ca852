"""Over HTTP, too, the plan of a dry run is what the real run then does, and it writes nothing."""

import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.side import Side
from bridge.sandbox import KoreSwitches, People
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.tally import Report
from tests.sync.plans import assert_came_true, plan_of
from tests.sync.world import World, a_world

WRITES = {"createTask", "updateTask", "completeTask", "createCase", "updateCase"}
SPARSE = KoreSwitches(limits=())
FULL = KoreSwitches(limits=(), rows="full")
# rows, kore.unobserved, sync.direction, days of the match window, seed
WORLDS = [
    (SPARSE, "probe", "both", None, 1),
    (SPARSE, "write", "both", 1, 2),
    (SPARSE, "hold", "kore-to-v2", None, 3),
    (SPARSE, "probe", "v2-to-kore", 1, 4),
    (FULL, "probe", "both", 1, 5),
    (FULL, "hold", "v2-to-kore", None, 6),
]


def stored(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table but the record of calls."""
    with closing(sqlite3.connect(folder / "bridge.db")) as connection:
        wanted = "select name from sqlite_master where type = 'table' and name != 'calls'"
        names = [name for (name,) in connection.execute(wanted)]
        return {name: sorted(map(repr, connection.execute(f"select * from {name}")))
                for name in names}  # fmt: skip


def writes(world: World) -> int:
    calls = (*world.kore.calls, *world.v2.calls)
    return sum(one.operation in WRITES for one in calls)


def planned_backfill(world: World, window: timedelta | None) -> list[Report]:
    desk = world.bridge.desk(is_dry=True)
    run_backfill(desk, Backfill(match_window=window))
    desk.store.close()
    return desk.tally.reports


def twins(world: World, count: int) -> None:
    """Tasks of v2 that have the title of one in Kore."""
    for task in [*world.kore.tasks.values()][:count]:
        world.v2.add_task(title=task["name"], description="from the field", priority="high")


@pytest.mark.slow
@pytest.mark.parametrize(("kore", "unobserved", "direction", "days", "seed"), WORLDS)
def test_what_is_planned_is_done(
    tmp_path: Path, kore: KoreSwitches, unobserved: str, direction: str, days: int | None, seed: int
) -> None:
    window = timedelta(days=days) if days else None
    settings: dict[str, Any] = {"kore__unobserved": unobserved, "sync__direction": direction}
    with a_world(tmp_path, kore=kore, seeds=(7, 7), **settings) as world:
        twins(world, 2)
        before = stored(tmp_path)
        plan = planned_backfill(world, window)
        assert (stored(tmp_path), writes(world)) == (before, 0)
        world.backfill(match_window=window)
        assert_came_true(plan_of(plan), plan_of(world.reports))
        assert world.links()
        world.sync()
        world.sync()
        people, dice = People(world.sandbox, seed), random.Random(seed)
        for _ in range(4 + dice.randrange(8)):
            people.act()
        world.clock.pass_time(30)
        before, sent = stored(tmp_path), writes(world)
        world.sync(is_dry=True)
        assert (stored(tmp_path), writes(world)) == (before, sent)
        plan = world.reports
        world.sync()
        assert_came_true(plan_of(plan), plan_of(world.reports))
        assert {Side.KORE, Side.V2} >= {one.operation.side for one in plan}
