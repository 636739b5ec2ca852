"""A harness made warm, so that its forks need not: modules, and SQLAlchemy's statements.

SQLAlchemy compiles a statement once an engine; here all engines of all forks share one dialect
and with it what was compiled before the fork.
"""

import gc
import threading
from collections.abc import Callable
from typing import Any

import alembic.command  # noqa: F401 - so that forks do not pay for it
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from bridge.domain.side import Side
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
_compiled: dict[Any, Any] = {}
_dialects: list[Any] = []


def share_statements() -> None:
    """From now on every engine of this process and its forks uses what is compiled."""
    if not event.contains(Engine, "engine_connect", _share):
        event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    if not _dialects:
        _dialects.append(connection.engine.dialect)
    connection.engine.dialect = connection.dialect = _dialects[0]
    connection.execution_options(compiled_cache=_compiled)


def warmed(play: Callable[[], None]) -> None:
    """Play something in this very process, once; no thread of it may be left."""
    share_statements()
    play()
    left = [thread.name for thread in threading.enumerate() if thread.name != "MainThread"]
    if left:
        raise RuntimeError(f"threads are left, so forks are not safe: {left}")
    gc.collect()
    gc.freeze()
