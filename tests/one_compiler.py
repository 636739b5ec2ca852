"""Statements are compiled once for all engines of a test process, and not once for each.

Every world opens a database of its own, and compiling what a cycle asks takes longer than the
cycle. All engines share one dialect, and with it what was compiled; forks inherit it.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

_compiled: dict[Any, Any] = {}
_dialects: list[Any] = []


def share_statements() -> None:
    """From now on every engine of this process and its forks uses what is compiled."""
    if not event.contains(Engine, "engine_connect", _share):
        event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    if not _dialects:
        _dialects.append(connection.engine.dialect)
    engine: Any = connection.engine
    if engine._compiled_cache is not _compiled:  # for all connections of the engine that follow
        engine._compiled_cache = _compiled
        engine.dialect = connection.dialect = _dialects[0]
