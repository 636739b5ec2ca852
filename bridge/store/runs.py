"""The runs: each cycle, backfill or report that did something.

Runs in which nothing happened are folded: the newest of them stands for all before it that
followed one upon the other, and says how many they are and since when.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bridge.domain.records import Run
from bridge.store.scope import Scope
from bridge.store.tables import runs


class RunRows(Scope):
    """The part of a unit that holds runs."""

    def start_run(self, kind: str, at: datetime) -> int:
        stored = insert(runs).values(pair=self._pair, kind=kind, started_at=at, first_started_at=at)
        return int(self._connection.execute(stored.returning(runs.c.id)).scalar_one())

    def finish_run(
        self, run_id: int, summary: Mapping[str, Any], totals: Mapping[str, int], at: datetime
    ) -> None:
        is_idle = bool(summary.get("is_idle"))
        columns = {"ended_at": at, "summary": {**summary}, "totals": {**totals}, "is_idle": is_idle}
        named = (self._mine(runs), runs.c.id == run_id)
        self._connection.execute(update(runs).where(*named).values(columns))
        if is_idle:
            self._fold_run(run_id)

    def last_run(self, kind: str | None = None) -> Run | None:
        wanted = select(runs).where(self._mine(runs), runs.c.ended_at.is_not(None))
        if kind is not None:
            wanted = wanted.where(runs.c.kind == kind)
        row = self._connection.execute(wanted.order_by(runs.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else run_of(row)

    def totals_since(self, since: datetime) -> Sequence[tuple[datetime, Mapping[str, int]]]:
        wanted = (
            select(runs.c.ended_at, runs.c.totals)
            .where(self._mine(runs), runs.c.ended_at >= since)
            .order_by(runs.c.id)
        )
        rows = self._connection.execute(wanted)
        return [(row.ended_at, row.totals) for row in rows if row.totals]

    def _fold_run(self, run_id: int) -> None:
        """Let this run stand for the idle one of its kind just before it."""
        kind = select(runs.c.kind).where(self._mine(runs), runs.c.id == run_id).scalar_subquery()
        earlier = (
            select(runs)
            .where(self._mine(runs), runs.c.kind == kind, runs.c.id < run_id)
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        before = self._connection.execute(earlier).one_or_none()
        if before is None or not before.is_idle:
            return
        self._connection.execute(delete(runs).where(runs.c.id == before.id))
        grown = {"times": runs.c.times + before.times, "first_started_at": before.first_started_at}
        self._connection.execute(update(runs).where(runs.c.id == run_id).values(grown))


def run_of(row: Row[*tuple[object, ...]]) -> Run:
    """A run, from its row."""
    return Run(
        id=row.id,
        kind=row.kind,
        started_at=row.started_at,
        ended_at=row.ended_at,
        summary=row.summary or {},
        totals=row.totals or {},
        times=row.times,
        first_started_at=row.first_started_at,
    )
