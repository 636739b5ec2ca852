"""The runs: each cycle, backfill or report that did something.

Runs in which nothing happened are folded: the newest of them stands for all before it that
followed one upon the other, and says how many they are and since when.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bridge.domain.records import Run
from bridge.store.scope import ID, Scope, of_pair
from bridge.store.tables import runs

_THIS = (of_pair(runs), runs.c.id == ID)
_KIND = select(runs.c.kind).where(*_THIS).scalar_subquery()
# The run of its kind just before this one.
_BEFORE = (
    select(runs)
    .where(of_pair(runs), runs.c.kind == _KIND, runs.c.id < ID)
    .order_by(runs.c.id.desc())
    .limit(1)
)
_START = insert(runs).returning(runs.c.id)
_CHANGE = update(runs).where(*_THIS)
_DROP = delete(runs).where(*_THIS)
_GROW = _CHANGE.values(
    times=runs.c.times + bindparam("more"), first_started_at=bindparam("begun_at")
)


class RunRows(Scope):
    """The part of a unit that holds runs."""

    def start_run(self, kind: str, at: datetime) -> int:
        begun = {"pair": self._pair, "kind": kind, "started_at": at, "first_started_at": at}
        return int(self._connection.execute(_START, begun).scalar_one())

    def finish_run(
        self, run_id: int, summary: Mapping[str, Any], totals: Mapping[str, int], at: datetime
    ) -> None:
        is_idle = bool(summary.get("is_idle"))
        columns = {"ended_at": at, "summary": {**summary}, "totals": {**totals}, "is_idle": is_idle}
        self._run(_CHANGE, this_id=run_id, **columns)
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
        before = self._run(_BEFORE, this_id=run_id).one_or_none()
        if before is None or not before.is_idle:
            return
        self._run(_DROP, this_id=before.id)
        self._run(_GROW, this_id=run_id, more=before.times, begun_at=before.first_started_at)


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
