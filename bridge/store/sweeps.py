"""The sweeps and their marks.

A mark is one bit: the task's number `n` says in which chunk and where. A sweep of a hundred
thousand tasks is some hundred blobs, and marking a page changes one or two of them.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.reading import Sweep
from bridge.domain.side import Side
from bridge.store.scope import Scope, among
from bridge.store.tables import observations, sweep_marks, sweeps

CHUNK = 8192
KEPT = 2


class SweepRows(Scope):
    """The part of a unit that holds sweeps."""

    def open_sweep(self, side: Side) -> Sweep | None:
        found = self._newest_sweep(side)
        return found if found and found.completed_at is None else None

    def last_sweep(self, side: Side) -> Sweep | None:
        return self._newest_sweep(side, sweeps.c.completed_at.is_not(None))

    def save_sweep(self, sweep: Sweep) -> Sweep:
        if sweep.id:
            named = (self._mine(sweeps), sweeps.c.id == sweep.id)
            self._connection.execute(
                update(sweeps).where(*named).values(self._sweep_columns(sweep))
            )
            return sweep
        stored = insert(sweeps).values(self._sweep_columns(sweep)).returning(sweeps.c.id)
        new = replace(sweep, id=self._connection.execute(stored).scalar_one())
        self._drop_old_marks(sweep.side)
        return new

    def mark_seen(self, sweep_id: int, side: Side, ids: Collection[str]) -> None:
        wanted = select(observations.c.n).where(
            self._mine(observations),
            observations.c.side == str(side),
            among(observations.c.id, ids),
        )
        chunks: dict[int, list[int]] = {}
        for number in self._connection.execute(wanted).scalars():
            chunks.setdefault(number // CHUNK, []).append(number % CHUNK)
        for chunk, places in chunks.items():
            self._set_bits(sweep_id, chunk, places)

    def seen_ids(self, sweep_id: int, side: Side) -> frozenset[str]:
        wanted = (
            select(sweep_marks)
            .join(sweeps, sweeps.c.id == sweep_marks.c.sweep_id)
            .where(self._mine(sweeps), sweeps.c.id == sweep_id)
        )
        seen: list[str] = []
        for row in self._connection.execute(wanted).all():
            seen.extend(self._ids_of(side, row.chunk, row.bits))
        return frozenset(seen)

    def _newest_sweep(self, side: Side, *which: ColumnElement[bool]) -> Sweep | None:
        wanted = (
            select(sweeps)
            .where(self._mine(sweeps), sweeps.c.side == str(side), *which)
            .order_by(sweeps.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _sweep_of(row)

    def _set_bits(self, sweep_id: int, chunk: int, places: Iterable[int]) -> None:
        here = (sweep_marks.c.sweep_id == sweep_id, sweep_marks.c.chunk == chunk)
        before = self._connection.execute(select(sweep_marks.c.bits).where(*here)).scalar()
        bits = bytearray(before or bytes(CHUNK // 8))
        for place in places:
            bits[place >> 3] |= 1 << (place & 7)
        if before == bits:
            return
        stored = insert(sweep_marks).values(sweep_id=sweep_id, chunk=chunk, bits=bytes(bits))
        self._connection.execute(
            stored.on_conflict_do_update(
                index_elements=["sweep_id", "chunk"], set_={"bits": bytes(bits)}
            )
        )

    def _ids_of(self, side: Side, chunk: int, bits: bytes) -> Iterator[str]:
        first = chunk * CHUNK
        wanted = select(observations.c.n, observations.c.id).where(
            self._mine(observations),
            observations.c.side == str(side),
            observations.c.n.between(first, first + CHUNK - 1),
        )
        for number, task_id in self._connection.execute(wanted):
            place = number - first
            if bits[place >> 3] & (1 << (place & 7)):
                yield task_id

    def _drop_old_marks(self, side: Side) -> None:
        """Keep the marks of the newest sweeps and of the newest complete ones."""
        mine = select(sweeps.c.id).where(self._mine(sweeps), sweeps.c.side == str(side))
        newest = mine.order_by(sweeps.c.id.desc()).limit(KEPT + 1)
        complete = mine.where(
            sweeps.c.completed_at.is_not(None), sweeps.c.is_ordered, ~sweeps.c.had_fault
        )
        kept = [
            *self._connection.execute(newest).scalars(),
            *self._connection.execute(complete.order_by(sweeps.c.id.desc()).limit(KEPT)).scalars(),
        ]
        self._connection.execute(
            delete(sweep_marks).where(
                sweep_marks.c.sweep_id.in_(mine), sweep_marks.c.sweep_id.not_in(kept)
            )
        )

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
