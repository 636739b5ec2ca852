"""How many pages a poll reads when k tasks of a large world have changed.

Both sides are paused, so that nothing is written and no own write comes back. Deep polls are kept
out, as in all that uses `Stage.current`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from benchmarks.daemon import Daemon
from benchmarks.figures import Figure, at_most
from benchmarks.floor import KORE_PAGE, V2_PAGE
from benchmarks.setup import opened
from benchmarks.stage import QUICK_PAIRS, Stage
from benchmarks.world import Spec, rename
from bridge.bootstrap import Bridge
from bridge.domain.side import SIDES, Side

CHANGES = {"kore": (1, 49, 500), "v2": (1, 900, 5_000)}
QUICK_CHANGES = {"kore": (1, 49, 200), "v2": (1, 300)}
LONG_SECONDS = 3600.0
PAGES = {"kore": KORE_PAGE, "v2": V2_PAGE}


def measure(stage: Stage) -> Iterator[Figure]:
    """Change k tasks, poll once, count the pages."""
    spec = Spec(pairs=stage.size(100_000, QUICK_PAIRS))
    world, config = stage.current(spec)
    changes = QUICK_CHANGES if stage.is_quick else CHANGES
    with opened(config) as bridge:
        _pause(bridge, SIDES)
        # What takes long to merge is polled again for a fresh plan: that is not what is counted.
        bridge.rules = replace(bridge.rules, fresh_seconds=dict.fromkeys(SIDES, LONG_SECONDS))
        daemon = Daemon(bridge)
        daemon.count_as_swept()
        daemon.settle()
        for side, numbers in changes.items():
            for count in numbers:
                count = min(count, spec.pairs // 2)  # noqa: PLW2901 - a world scaled down has fewer
                world.do(rename, side, 0, count, f"Changed with {count} others")
                daemon.tick()
                least = pages_that_hold(count, PAGES[side])
                yield Figure(
                    what=f"poll of {side}, {count:,} of {spec.pairs:,} changed: pages",
                    floor=least,
                    ours=daemon.asked.polls(side),
                    unit="calls",
                    target=at_most(least + 1),
                )
        _pause(bridge, ())
        daemon.end()


def pages_that_hold(count: int, page: int) -> int:
    """How many pages hold so many rows: each page begins with the last row of the one before."""
    return 1 + max(0, -(-(count - page) // (page - 1)))


def _pause(bridge: Bridge, sides: Iterable[Side]) -> None:
    """These sides are paused, and no other."""
    paused = dict.fromkeys(sides, bridge.clock.now())
    with bridge.store.begin() as unit:
        unit.save_pair_state(replace(unit.pair_state(), paused=paused))
