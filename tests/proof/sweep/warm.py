"""A harness made warm, so that its forks need not: modules, and SQLAlchemy's statements."""

import gc
import threading
from collections.abc import Callable

import alembic.command  # noqa: F401 - so that forks do not pay for it

from bridge.domain.side import Side
from tests.one_compiler import share_statements
from tests.proof.sweep.scenario import CYCLE, FULL, SYNC, Scenario, add, backfill, edit

WARM = Scenario(
    name="warm",
    phases=(
        add(Side.KORE, "A", name="A pump", desc="leaks", status="In Progress", priority="High"),
        add(Side.V2, "B", title="A boiler", description="is cold"),
        backfill(),
        SYNC,
        edit("A", name="The pump", status="Resolved"),
        edit("B", title="The boiler", priority="high"),
        SYNC,
        edit("A", name="One pump"),
        edit("A'", title="Another pump"),
        CYCLE,
        FULL,
    ),
)


def warmed(play: Callable[[], None]) -> None:
    """Play something in this very process, once; no thread of it may be left."""
    share_statements()
    play()
    left = [thread.name for thread in threading.enumerate() if thread.name != "MainThread"]
    if left:
        raise RuntimeError(f"threads are left, so forks are not safe: {left}")
    gc.collect()
    gc.freeze()
