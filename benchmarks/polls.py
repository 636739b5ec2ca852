"""How many pages a poll reads when k tasks of a large world have changed.

Both sides are paused, so that nothing is written and no own write comes back. Deep polls are kept
out, as in benchmarks/cycles.py.
"""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.cycles import NO_DEEP_POLLS
from benchmarks.daemon import Daemon
from benchmarks.figures import Figure, at_most
from benchmarks.floor import KORE_PAGE, V2_PAGE
from benchmarks.linking import known_copy
from benchmarks.setup import opened
from benchmarks.stage import QUICK_PAIRS, Stage
from benchmarks.world import Spec, rename
from bridge.bootstrap import Bridge
from bridge.domain.side import SIDES

CHANGES = {"kore": (1, 49, 500), "v2": (1, 900, 5_000)}
QUICK_CHANGES = {"kore": (1, 49, 200), "v2": (1, 300)}
LONG_SECONDS = 3600.0
PAGES = {"kore": KORE_PAGE, "v2": V2_PAGE}


def measure(stage: Stage) -> Iterator[Figure]:
    """Change k tasks, poll once, count the pages."""
    spec = Spec(pairs=stage.size(100_000, QUICK_PAIRS))
    world, linked = stage.linked(spec)
    changes = QUICK_CHANGES if stage.is_quick else CHANGES
    with opened(known_copy(linked, stage.at("polls"), NO_DEEP_POLLS)) as bridge:
        _pause(bridge)
        # What takes long to merge is polled again for a fresh plan: that is not what is counted.
        bridge.rules = replace(bridge.rules, fresh_seconds=dict.fromkeys(SIDES, LONG_SECONDS))
        daemon = Daemon(bridge)
        daemon.count_as_swept()
        for _ in range(3):
            daemon.tick()
        for side, numbers in changes.items():
            for count in numbers:
                count = min(count, spec.pairs)  # noqa: PLW2901 - a world scaled down has fewer
                world.do(rename, side, 0, count, f"Changed with {count} others")
                daemon.tick()
                least = pages_that_hold(count, PAGES[side])
                yield Figure(
                    what=f"poll of {side}, {count:,} of {spec.pairs:,} changed: pages",
                    floor=least,
                    ours=daemon.asked.of("poll", side),
                    unit="calls",
                    target=at_most(least + 1),
                )
        daemon.end()


def pages_that_hold(count: int, page: int) -> int:
    """How many pages hold so many rows: each page begins with the last row of the one before."""
    return 1 + max(0, -(-(count - page) // (page - 1)))


def _pause(bridge: Bridge) -> None:
    now = bridge.clock.now()
    with bridge.store.begin() as unit:
        unit.save_pair_state(replace(unit.pair_state(), paused=dict.fromkeys(SIDES, now)))
