"""The history: what was done to a task, when and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, insert, select

from bridge.domain.records import Happening
from bridge.domain.side import SIDES, Field, LinkId, Side
from bridge.store.codec import loose_json, loose_of, side_of, task_id_of
from bridge.store.scope import Scope, id_column
from bridge.store.tables import history, links

_ADD = insert(history)


class HistoryRows(Scope):
    """The part of a unit that holds the history."""

    def remember(self, happenings: Iterable[Happening], run_id: int, at: datetime) -> None:
        rows = [self._history_columns(happening, run_id, at) for happening in happenings]
        if rows:
            self._connection.execute(_ADD, rows)

    def history(self, link_id: LinkId) -> Sequence[Happening]:
        """What happened to the link, and to its tasks before they had it."""
        parts = [self._lines(history.c.link_id == link_id)]
        for side in SIDES:
            task = (history.c.side == str(side), history.c.task_id == self._task_id(link_id, side))
            parts.append(self._lines(*task, history.c.link_id.is_(None)))
        return [happening_of(row) for row in sorted(chain(*parts), key=_number)]

    def _task_id(self, link_id: LinkId, side: Side) -> Any:
        wanted = select(id_column(side)).where(self._mine(links), links.c.id == link_id)
        return wanted.scalar_subquery()

    def _lines(self, *which: ColumnElement[bool]) -> Sequence[RowMapping]:
        wanted = select(history).where(self._mine(history), *which)
        return self._connection.execute(wanted).mappings().all()

    def _history_columns(self, happening: Happening, run_id: int, at: datetime) -> dict[str, Any]:
        return {
            "pair": self._pair,
            "run_id": run_id,
            "at": happening.at or at,
            "what": happening.what,
            "why": happening.why,
            "link_id": happening.link_id,
            "side": str(happening.side) if happening.side else None,
            "task_id": happening.task_id,
            "field": str(happening.field) if happening.field else None,
            "details": loose_json(happening.details),
        }


def happening_of(row: RowMapping) -> Happening:
    """A line of the history, from its row."""
    return Happening(
        what=row["what"],
        why=row["why"],
        link_id=row["link_id"],
        side=side_of(row["side"]),
        task_id=task_id_of(row["task_id"]),
        details=loose_of(row["details"]) or {},
        at=row["at"],
        field=Field(row["field"]) if row["field"] else None,
    )


def _number(row: RowMapping) -> int:
    return int(row["id"])
