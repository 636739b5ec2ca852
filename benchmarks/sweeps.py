"""A sweep of linked tasks beside the floor that reads the same pages, and the memory it takes.

Once against the sandbox as shipped, once against pages rendered beforehand. Nothing has changed:
it is the sweep that comes every hour.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_most, times_at_most
from benchmarks.linking import count_as_known
from benchmarks.pairs import Rows
from benchmarks.programs import told_by
from benchmarks.rendered import Rendered
from benchmarks.setup import copied, opened
from benchmarks.stage import QUICK_PAIRS, Stage
from benchmarks.world import Spec, World
from bridge.domain.reading import Sweep
from bridge.domain.side import SIDES
from bridge.sandbox import Sandbox
from bridge.sync.gone import LOOKED

MIB = 1024 * 1024
EITHER: tuple[Rows, ...] = ("full", "sparse")


def measure(stage: Stage) -> Iterator[Figure]:
    """Full rows and sparse ones; the slope of the memory from a tenth of the tasks up."""
    pairs = stage.size(100_000, QUICK_PAIRS)
    small = pairs // 10
    for rows in EITHER:
        spec = Spec(pairs=pairs, rows=rows)
        world, linked = stage.linked(spec)
        what = f"sweep of {pairs:,} + {pairs:,}, {rows} rows"
        ours = _read(stage, linked, pairs)
        floor = told_by("benchmarks.floor", str(linked))
        yield _time(f"{what}, sandbox as shipped", ours, floor, 1.5)
        if stage.is_quick:
            return
        fronted = _fronted(world, linked, stage.at("fronted"))
        ours = _read(stage, fronted, pairs)
        yield _time(f"{what}, rendered", ours, told_by("benchmarks.floor", str(fronted)), 2.2)
        yield from _memory(stage, what, ours, Spec(pairs=small, rows=rows), pairs)
        if rows == "sparse":
            stage.drop(spec)


def render(sandbox: Sandbox) -> dict[str, str]:
    """In the world's process: a server of rendered pages before each service, by its address."""
    upstream = (sandbox.kore_url, sandbox.v2_url.removesuffix("/v2"))
    return {url: Rendered(url).url for url in upstream}


def _read(stage: Stage, linked: Path, pairs: int) -> dict[str, Any]:
    config = copied(linked, stage.at("sweep"))
    _count_as_swept(config, pairs)
    return told_by("benchmarks.reading", str(config))


def _count_as_swept(config: Path, pairs: int) -> None:
    """There was a whole sweep before this one, as there is before all but the first."""
    with opened(config) as bridge, bridge.store.begin() as unit:
        now = bridge.clock.now()
        for side in SIDES:
            unit.save_sweep(
                Sweep(side=side, started_at=now, completed_at=now, rows=pairs, counts={LOOKED: 1})
            )


def _fronted(world: World, linked: Path, folder: Path) -> Path:
    """The same, linked, through servers of pages, each of which is rendered by now."""
    config = copied(linked, folder)
    told = config.read_text(encoding="utf-8")
    for before, after in world.do(render).items():
        told = told.replace(before, after)
    config.write_text(told, encoding="utf-8")
    count_as_known(config)  # another address is another setting
    told_by("benchmarks.floor", str(config))
    return config


def _time(what: str, ours: dict[str, Any], floor: dict[str, Any], bound: float) -> Figure:
    tasks = sum(ours["read"].values())
    beyond = 1e6 * (ours["seconds"] - floor["seconds"]) / tasks
    return Figure(
        what=f"{what}: time",
        floor=floor["seconds"],
        ours=ours["seconds"],
        unit="s",
        target=times_at_most(bound),
        note=f"{beyond:.0f} µs a task beyond the floor; "
        f"{sum(ours['requests'].values())} requests, the floor {floor['requests']}",
    )


def _memory(
    stage: Stage, what: str, ours: dict[str, Any], small: Spec, pairs: int
) -> Iterator[Figure]:
    yield Figure(
        what=f"{what}: peak memory", ours=ours["peak_mib"], unit="MiB", target=at_most(200)
    )
    _, linked = stage.linked(small)
    less = _read(stage, linked, small.pairs)
    stage.drop(small)
    slope = (ours["peak_mib"] - less["peak_mib"]) * MIB / (2 * (pairs - small.pairs))
    yield Figure(
        what=f"{what}: memory a task, from {small.pairs:,} up",
        ours=max(0.0, slope),
        unit="bytes",
        target=at_most(100),
        note=f"{less['peak_mib']:g} MiB at {small.pairs:,}, {ours['peak_mib']:g} at {pairs:,}",
    )
