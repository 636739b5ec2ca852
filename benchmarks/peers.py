"""Others at the same work: dlt that reads both lists into SQLite, and a script that creates.

dlt is installed from the package index into .cache/bench/dlt when it is first asked for; a quick
run leaves it out.
"""

import json
import subprocess
import tomllib
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.creates import DELAY_SECONDS
from benchmarks.daemon import Asked
from benchmarks.figures import Figure, at_most
from benchmarks.floor import KORE_PAGE, V2_PAGE, kore_headers, v2_headers
from benchmarks.peer_script import Done, run_script
from benchmarks.programs import told_by
from benchmarks.setup import opened, write_configuration
from benchmarks.stage import Stage
from benchmarks.world import Spec, World, calls
from bridge.sandbox import Fault, Sandbox
from bridge.sandbox.faults import FaultPlan, Planned
from bridge.sync.backfill import Backfill, run_backfill

DLT = "dlt[sqlalchemy]>=1.31,<2"
PLACE = Path(".cache/bench/dlt")
DELAY = DELAY_SECONDS / 5
ONE_LOST_OF = 20


def measure_dlt(stage: Stage) -> Iterator[Figure]:
    """Both read the same new world into a new file."""
    if stage.is_quick:
        return
    python = _environment()
    pairs = stage.size(10_000, 0)
    with World(Spec(pairs=pairs)) as world:
        config = write_configuration(stage.at("first-sweep"), world.block)
        ours = told_by("benchmarks.reading", str(config), "first")
        told = _dlt(python, tomllib.loads(world.block), stage.at("dlt"))
        floor = told_by("benchmarks.floor", str(config))
    yield Figure(
        what=f"first sweep of {pairs:,} + {pairs:,} into SQLite, beside dlt {told['version']}",
        floor=told["seconds"], ours=ours["seconds"], unit="s",
        note=f"the same pages by httpx alone: {floor['seconds']:.1f} s; "
        f"dlt loaded {told['rows']['kore_tasks'] + told['rows']['v2_tasks']:,} rows",
    )  # fmt: skip


def _environment() -> Path:
    python = PLACE / "bin" / "python"
    if not python.exists():
        venv.create(PLACE, with_pip=True)
        words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", DLT]
        subprocess.run([python, *words], check=True)  # noqa: S603 - our own words
    return python


def _dlt(python: Path, config: dict[str, Any], folder: Path) -> dict[str, Any]:
    kore, v2 = config["kore"], config["v2"]
    wanted = {
        "kore": {
            "url": kore["base_url"], "headers": kore_headers(kore), "page": KORE_PAGE,
            "path": f"/caseManagement/api/public/analytics/{kore['stream_id']}/getTasks",
        },
        "v2": {
            "url": v2["base_url"], "headers": v2_headers(v2), "page": V2_PAGE, "path": "/tasks/",
            "sort": json.dumps({"by": "_id", "direction": 1}, separators=(",", ":")),
        },
        "folder": str(folder), "database": str(folder / "dlt.db"),
    }  # fmt: skip
    program = Path(__file__).with_name("peer_dlt.py")
    environment = {"RUNTIME__DLTHUB_TELEMETRY": "false", "HOME": str(folder), "PATH": "/usr/bin"}
    ended = subprocess.run(  # noqa: S603 - our own words
        [python.absolute(), program], input=json.dumps(wanted), capture_output=True, text=True,
        check=False, env=environment, cwd=folder,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(ended.stderr[-2000:])
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def measure_script(stage: Stage) -> Iterator[Figure]:
    """The same creates, first undisturbed, then with answers that are lost."""
    spec = Spec(pairs=stage.size(300, 60), only="kore", delay_seconds=DELAY)
    for nth in (ONE_LOST_OF,) if stage.is_quick else (0, ONE_LOST_OF):
        with World(spec) as world:
            world.do(lose_answers, nth)
            script = run_script(tomllib.loads(world.block))
            surplus = world.do(doubled)
        with World(spec) as world:
            world.do(lose_answers, nth)
            created, ours = _backfilled(stage, world)
            ours_surplus = world.do(doubled)
        what = f"{created:,} creates, {f'one answer of {nth} lost' if nth else 'none disturbed'}"
        yield from _beside(what, script, ours, created)
        yield Figure(
            what=f"{what}: duplicates", unit="tasks",
            floor=surplus or None, ours=ours_surplus, target=at_most(0),
            note=f"the script made {surplus}",
        )  # fmt: skip


def _beside(what: str, script: Done, ours: Done, created: int) -> Iterator[Figure]:
    yield Figure(
        what=f"{what}: calls a create, beside a script", floor=script.calls / created,
        ours=ours.calls / created, unit="calls",
    )  # fmt: skip
    yield Figure(
        what=f"{what}: time, beside a script", floor=script.seconds, ours=ours.seconds, unit="s"
    )


def _backfilled(stage: Stage, world: World) -> tuple[int, Done]:
    config = write_configuration(stage.at("beside-script"), world.block)
    world.do(calls)
    with opened(config) as bridge:
        asked = Asked()
        bridge.listeners.all.append(asked)
        outcome = run_backfill(bridge.desk(), Backfill())
    made = sum(outcome.summary["created"].values())
    return made, Done(asked.counts.total(), float(outcome.summary["seconds"]))


# ---- in the process of the world -----------------------------------------------------------------


class EveryNth(FaultPlan):
    """Of so many creates one is carried out and answered with 500."""

    def __init__(self, nth: int) -> None:
        super().__init__()
        self._nth, self._creates = nth, 0

    def take(self, operation: str) -> Planned | None:
        if operation != "createTask":
            return None
        self._creates += 1
        if self._creates % self._nth:
            return None
        return Planned(operation=operation, fault=Fault.FAIL_AFTER, seconds=0)


def lose_answers(sandbox: Sandbox, nth: int) -> None:
    """Of so many creates the answer of one is lost; 0 is of none."""
    if nth:
        sandbox.v2.faults = EveryNth(nth)


def doubled(sandbox: Sandbox) -> int:
    """How many tasks of v2 are there beside another one of their title."""
    titles = Counter(task.title for task in sandbox.v2.world.tasks.rows.values())
    return sum(count - 1 for count in titles.values())
