"""Idle cycles, also after a burst of own writes, and the calls that a change costs.

The world is large, the burst half on each side. Deep polls are kept out of it (counted apart, says
the target) by an overlap that is longer than the measurement.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from benchmarks.daemon import IDLE_TABLES, Daemon, statements, tables_written
from benchmarks.figures import Figure, at_most
from benchmarks.floor import look_at_newest
from benchmarks.setup import opened
from benchmarks.stage import QUICK_PAIRS, Stage
from benchmarks.world import Spec, World, rename

CYCLES = 20
QUICK_CYCLES = 7
MOST_TICKS = 100


def measure(stage: Stage) -> Iterator[Figure]:
    """Idle, busy, idle again."""
    spec = Spec(pairs=stage.size(100_000, QUICK_PAIRS))
    world, config = stage.current(spec)
    with opened(config) as bridge:
        daemon = Daemon(bridge)
        daemon.count_as_swept()
        daemon.settle()
        cycles = QUICK_CYCLES if stage.is_quick else CYCLES
        yield from _idle(daemon, config, f"idle cycle, {spec.pairs:,} pairs", cycles)
        changes = min(stage.size(10_000, 60), spec.pairs)
        yield from _busy(daemon, world, changes, spec)
        daemon.settle()  # the poll that reads the own writes is over
        yield from _idle(daemon, config, f"idle cycle after {changes:,} own writes", cycles)
        daemon.end()


def _idle(daemon: Daemon, config: Path, what: str, cycles: int) -> Iterator[Figure]:
    seconds: list[float] = []
    requests: list[int] = []
    written: Counter[str] = Counter()
    for _ in range(cycles):
        with statements() as found:
            seconds.append(daemon.tick())
        written.update(tables_written(found))
        requests.append(max(daemon.asked.of_side(side) for side in ("kore", "v2")))
    with httpx.Client() as client:
        parsed = tomllib.loads(config.read_text())
        floor = median(look_at_newest(client, parsed) for _ in range(cycles))
    yield Figure(
        what=f"{what}: requests a side", floor=1, ours=max(requests), unit="calls",
        target=at_most(1),
    )  # fmt: skip
    yield Figure(
        what=f"{what}: work beyond the requests", floor=1000 * floor, unit="ms",
        ours=1000 * median(seconds), target=at_most(50),
        note="floor: the two requests by httpx, decoded",
    )  # fmt: skip
    others = {table: count for table, count in written.items() if table not in IDLE_TABLES}
    told = ", ".join(f"{name} {count / cycles:g}" for name, count in sorted(written.items()))
    yield Figure(
        what=f"{what}: SQL writes but run, heartbeat, lease, calls", unit="writes",
        ours=sum(others.values()) / cycles, target=at_most(0), note=told,
    )  # fmt: skip


def _busy(daemon: Daemon, world: World, changes: int, spec: Spec) -> Iterator[Figure]:
    half = changes // 2
    first = spec.pairs - half  # the last ones of the list in v2, the first in Kore
    world.do(rename, "kore", 0, half, "Renamed in Kore")
    world.do(rename, "v2", first, half, "Renamed in v2")
    counts: Counter[tuple[str, str, str]] = Counter()
    late, spent = 0, 0.0
    for _ in range(MOST_TICKS):
        spent += daemon.tick() + daemon.asked.seconds
        counts.update(daemon.asked.counts)
        late += daemon.asked.late_polls
        if not daemon.asked.of("write"):
            break
    writes = sum(count for (_, _, why), count in counts.items() if why == "write")
    to_v2 = sum(count for (side, _, why), count in counts.items() if (side, why) == ("v2", "write"))
    asks = sum(count for (_, _, why), count in counts.items() if why == "ask")
    yield Figure(
        what=f"change carried ({2 * half:,}): writes", floor=1, ours=writes / (2 * half),
        unit="calls", target=at_most(1.0),
    )  # fmt: skip
    beyond = max(0, asks - 2 * to_v2) + late
    yield Figure(
        what=f"change carried ({2 * half:,}): reads beyond polls", ours=beyond / (2 * half),
        unit="calls", target=at_most(0.1),
        note=f"{asks} look-ups less one before and one after each of {to_v2} v2 writes; "
        f"{late} polls for fresh plans",
    )  # fmt: skip
    yield Figure(
        what=f"change carried ({2 * half:,}): time", ours=1000 * spent / (2 * half), unit="ms"
    )
