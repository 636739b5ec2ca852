"""The sweeps: the one under way, and those that were read to their end."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.reading import Sweep
from bridge.domain.side import Side
from bridge.store.scope import ID, SIDE, Scope, of_pair
from bridge.store.tables import sweep_marks, sweeps

KEPT = 2
IS_COMPLETE: tuple[ColumnElement[bool], ...] = (
    sweeps.c.completed_at.is_not(None),
    sweeps.c.is_ordered,
    ~sweeps.c.had_fault,
)
_OF_SIDE = (of_pair(sweeps), sweeps.c.side == SIDE)
_NEWEST_FIRST = select(sweeps).where(*_OF_SIDE).order_by(sweeps.c.id.desc())
_NEWEST = _NEWEST_FIRST.limit(1)
_LAST = _NEWEST_FIRST.where(sweeps.c.completed_at.is_not(None)).limit(1)
_COMPLETE = _NEWEST_FIRST.where(*IS_COMPLETE).limit(KEPT)
_SAVE = update(sweeps).where(of_pair(sweeps), sweeps.c.id == ID)
_by_age = select(sweeps.c.id).where(*_OF_SIDE).order_by(sweeps.c.id.desc())
_IDS_KEPT = (_by_age.limit(KEPT + 1), _by_age.where(*IS_COMPLETE).limit(KEPT))


class SweepRows(Scope):
    """The part of a unit that holds sweeps."""

    def open_sweep(self, side: Side) -> Sweep | None:
        found = self._one(_NEWEST, side)
        return found if found and found.completed_at is None else None

    def last_sweep(self, side: Side) -> Sweep | None:
        return self._one(_LAST, side)

    def save_sweep(self, sweep: Sweep) -> Sweep:
        if sweep.id:
            self._run(_SAVE, this_id=sweep.id, **self._sweep_columns(sweep))
            return sweep
        stored = insert(sweeps).values(self._sweep_columns(sweep)).returning(sweeps.c.id)
        new = replace(sweep, id=self._connection.execute(stored).scalar_one())
        self._drop_old(sweep.side)
        return new

    def complete_sweeps(self, side: Side) -> Sequence[Sweep]:
        return [_sweep_of(row) for row in self._run(_COMPLETE, this_side=str(side)).mappings()]

    def forget_reading(self, side: Side) -> None:
        self._drop(self._mine(sweeps), sweeps.c.side == str(side))

    def _one(self, wanted: Executable, side: Side) -> Sweep | None:
        row = self._run(wanted, this_side=str(side)).mappings().one_or_none()
        return None if row is None else _sweep_of(row)

    def _drop_old(self, side: Side) -> None:
        """Keep the newest sweeps and the newest complete ones, and their marks."""
        of_side = (self._mine(sweeps), sweeps.c.side == str(side))
        kept = [
            number
            for wanted in _IDS_KEPT
            for number in self._run(wanted, this_side=str(side)).scalars()
        ]
        self._drop(*of_side, sweeps.c.id.not_in(kept))

    def _drop(self, *which: ColumnElement[bool]) -> None:
        ids = select(sweeps.c.id).where(*which)
        self._connection.execute(delete(sweep_marks).where(sweep_marks.c.sweep_id.in_(ids)))
        self._connection.execute(delete(sweeps).where(*which))

    def _sweep_columns(self, sweep: Sweep) -> dict[str, Any]:
        return {
            "pair": self._pair,
            "side": str(sweep.side),
            "started_at": sweep.started_at,
            "offset": sweep.offset,
            "last_id": sweep.last_id,
            "rows": sweep.rows,
            "total": sweep.total,
            "is_ordered": sweep.is_ordered,
            "had_fault": sweep.had_fault,
            "completed_at": sweep.completed_at,
            "counts": sweep.counts,
        }


def _sweep_of(row: RowMapping) -> Sweep:
    columns = {name: value for name, value in row.items() if name not in ("pair", "side")}
    return Sweep(**{**columns, "side": Side(row["side"]), "counts": row["counts"] or {}})
