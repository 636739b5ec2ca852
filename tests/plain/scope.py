"""What every part of a unit stands on: the tables of its pair, and the numbers of the database."""

from typing import Any

from bridge.domain.link import LinkState
from bridge.domain.side import Side
from tests.plain.database import Database, Tables
from tests.plain.rows import Joined

LIVING = frozenset({LinkState.CREATING, LinkState.LINKED, LinkState.MISSING})
JOINED = frozenset({LinkState.LINKED, LinkState.MISSING})
BATCH = 500


class Scope:
    """One transaction of one pair."""

    def __init__(self, database: Database, pair: str) -> None:
        self._database = database
        self._tables: Tables = database.tables(pair)

    def end(self) -> None:
        """Nothing can be read or written through this unit any more."""
        over: Any = _Over()
        self._tables = self._database = over

    def _link_on(self, side: Side, task_id: str | None) -> Joined | None:
        """The link that names a task, in any state; a task has one at most."""
        if task_id is None:
            return None
        links = self._tables.links
        for key in links.keys(str(side), task_id):
            return links.rows[key]
        return None

    def _is_linked(self, side: Side, task_id: str) -> bool:
        """Whether a living link names the task."""
        found = self._link_on(side, task_id)
        return found is not None and found.link.state in LIVING


class _Over:
    """Stands where the tables were."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("This unit of the store is over.")


def first(limit: int) -> int | None:
    """How many rows a limit lets through, as the end of a slice; a negative one lets all."""
    return limit if limit >= 0 else None
