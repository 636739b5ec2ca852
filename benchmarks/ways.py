"""A change's way, from the edit to the write that brings it to the other side.

`task-bridge run` polls once a second, services answer in 5 ms, 1,000 changes a minute come in, half
on each side. The services note when a person edited and when the write with that title came in.
"""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import mean, quantiles

from benchmarks.figures import Figure, at_most
from benchmarks.linking import link_all
from benchmarks.setup import write_configuration
from benchmarks.stage import Stage
from benchmarks.start import running
from benchmarks.world import Spec, World
from bridge.sandbox import Sandbox

DELAY_SECONDS = 0.005
A_MINUTE = 1_000
POLL_SECONDS = 1.0
SLACK_SECONDS = 0.25
# The daemon's first sweep and its caches are over by then.
SETTLED_SECONDS = 8.0
MOST_WAIT_SECONDS = 15.0


def measure(stage: Stage) -> Iterator[Figure]:
    """A minute of it, or less."""
    changes = stage.size(A_MINUTE, A_MINUTE // 10)
    spec = Spec(pairs=max(changes, 500), delay_seconds=DELAY_SECONDS)
    with World(spec) as world:
        settings = {"sync.poll_seconds": "1", "sync.workers": "4"}
        config = write_configuration(stage.at("ways"), world.block, settings)
        link_all(config, spec.pairs)
        with running(config):
            time.sleep(SETTLED_SECONDS)
            world.do(begin_edits, changes, A_MINUTE / 60)
            time.sleep(changes * 60 / A_MINUTE)
            ways = _wait_for(world, changes)
    lost = changes - len(ways)
    what = f"a change's way, {A_MINUTE:,} a minute, polls every second"
    yield Figure(
        what=f"{what}: on average", ours=mean(ways), unit="s", floor=POLL_SECONDS / 2,
        target=at_most(POLL_SECONDS / 2 + SLACK_SECONDS),
        note=f"{len(ways):,} changes; floor: what waiting for the next poll takes",
    )  # fmt: skip
    yield Figure(
        what=f"{what}: 99 of 100 within", ours=quantiles(ways, n=100)[98], unit="s",
        floor=POLL_SECONDS, target=at_most(POLL_SECONDS + SLACK_SECONDS),
        note=f"{lost} not there {MOST_WAIT_SECONDS:g} s after the last edit",
    )  # fmt: skip


def _wait_for(world: World, changes: int) -> list[float]:
    ends = time.monotonic() + MOST_WAIT_SECONDS
    while True:
        ways = world.do(ways_so_far)
        if len(ways) >= changes or time.monotonic() > ends:
            return ways
        time.sleep(0.5)


# ---- in the process of the world -----------------------------------------------------------------

_EDITED: dict[str, datetime] = {}


def begin_edits(sandbox: Sandbox, count: int, a_second: float) -> None:
    """People edit so many tasks at that pace, on either side in turn, in a thread of its own."""
    sandbox.kore.clear_calls()
    sandbox.v2.clear_calls()
    _EDITED.clear()
    threading.Thread(target=_edit, args=(sandbox, count, a_second), daemon=True).start()


def _edit(sandbox: Sandbox, count: int, a_second: float) -> None:
    ids = list(sandbox.v2.world.tasks.rows)
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / a_second - time.monotonic()))
        title = f"Edit {number} on its way"
        _EDITED[title] = datetime.now(UTC)
        if number % 2:
            sandbox.kore.edit_task(f"ti-{number:08d}", name=title)
        else:
            sandbox.v2.edit_task(ids[number], title=title)


def ways_so_far(sandbox: Sandbox) -> list[float]:
    """The seconds of each edit whose title a write has brought to the other side by now."""
    arrived: dict[str, datetime] = {}
    for service, name in ((sandbox.kore, "name"), (sandbox.v2, "title")):
        for call in service.calls:
            is_write = call.operation == "updateTask" and isinstance(call.body, dict)
            title = call.body.get(name) if is_write else None
            if title in _EDITED:
                arrived.setdefault(title, call.at)
    return [(at - _EDITED[title]).total_seconds() for title, at in arrived.items()]
