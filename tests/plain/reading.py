"""What is remembered of a side, its sweeps, and the marks of what each of them has seen.

A mark is one bit of a number: the task's own number says which.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bridge.domain.reading import SideState, Sweep
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Known
from bridge.errors import StoreError
from bridge.store.sweeps import KEPT
from tests.plain import kept
from tests.plain.rows import Remembered, Seen
from tests.plain.tasks import Tasks


class Reading(Tasks):
    """The part of a unit that holds how far each side was read."""

    def side_state(self, side: Side) -> SideState:
        row = self._tables.sides.get(side)
        return row.state if row else SideState(side=side)

    def save_side_state(self, state: SideState) -> None:
        row = self._tables.sides.get(state.side)
        found = _kept_state(state)
        self._tables.sides.put(state.side, row._replace(state=found) if row else Remembered(found))

    # ---- sweeps ----------------------------------------------------------------------------------

    def open_sweep(self, side: Side) -> Sweep | None:
        newest = self._sweeps(side)[:1]
        return _own(newest[0]) if newest and newest[0].completed_at is None else None

    def last_sweep(self, side: Side) -> Sweep | None:
        ended = (one for one in self._sweeps(side) if one.completed_at is not None)
        return next(map(_own, ended), None)

    def complete_sweeps(self, side: Side) -> Sequence[Sweep]:
        return [_own(one) for one in self._sweeps(side) if one.is_complete][:KEPT]

    def save_sweep(self, sweep: Sweep) -> Sweep:
        if sweep.id:
            if sweep.id in self._tables.sweeps.rows:
                self._tables.sweeps.put(sweep.id, _kept_sweep(sweep))
            return sweep
        new = replace(sweep, id=self._database.next_number("sweeps"))
        self._tables.sweeps.put(new.id, _kept_sweep(new))
        self._drop_old(sweep.side)
        return new

    def forget_reading(self, side: Side) -> None:
        for sweep in self._sweeps(side):
            self._drop_sweep(sweep.id)

    def _sweeps(self, side: Side) -> list[Sweep]:
        """Newest first."""
        return self._tables.sweeps.these("side", side)[::-1]

    def _drop_old(self, side: Side) -> None:
        """Keep the newest sweeps and the newest complete ones, and their marks."""
        newest = self._sweeps(side)
        complete = [one for one in newest if one.is_complete]
        stay = {one.id for one in (*newest[: KEPT + 1], *complete[:KEPT])}
        for one in newest:
            if one.id not in stay:
                self._drop_sweep(one.id)

    def _drop_sweep(self, number: int) -> None:
        self._tables.sweeps.drop(number)
        if number in self._tables.sweep_marks.rows:
            self._tables.sweep_marks.drop(number)

    # ---- marks -----------------------------------------------------------------------------------

    def mark_seen(self, sweep_id: int, side: Side, ids: Collection[str]) -> None:
        bits = 0
        for row in self._seen(side, ids):
            bits |= 1 << row.n
        self._add_bits(sweep_id, bits)

    def pass_marks_on(self, sweep_id: int, to: int) -> None:
        self._add_bits(to, self._bits([sweep_id]))

    def seen_ids(self, sweep_id: int, side: Side) -> Iterator[str]:
        bits = self._bits([sweep_id])
        seen = [row for row in self._of_side(side) if bits >> row.n & 1]
        return (row.known.task.id for row in sorted(seen, key=lambda row: row.n))

    def was_seen(self, sweep_id: int, side: Side, task_id: TaskId) -> bool:
        row = self._tables.observations.get((side, task_id))
        return row is not None and bool(self._bits([sweep_id]) >> row.n & 1)

    def unseen(self, side: Side, sweep_ids: Collection[int]) -> frozenset[str]:
        bits = self._bits(sweep_ids)
        return frozenset(
            row.known.task.id
            for row in self._of_side(side)
            if row.known.gone_at is None and not bits >> row.n & 1
        )

    def unseen_titled(self, side: Side, titles: Collection[str]) -> Sequence[Known]:
        last = self.complete_sweeps(side)[:1]
        if not last:
            return []
        under_way = self.open_sweep(side)
        bits = self._bits([last[0].id, *([under_way.id] if under_way else [])])
        return [
            row.known
            for title in sorted({*titles})
            for row in self._tables.observations.these("title", (side, title))
            if self._is_linked(side, row.known.task.id) and _is_unseen(row, bits, last[0])
        ]

    def _bits(self, sweep_ids: Collection[int]) -> int:
        found = 0
        for number in sweep_ids:
            found |= self._tables.sweep_marks.rows.get(number, 0)
        return found

    def _add_bits(self, sweep_id: int, bits: int) -> None:
        before = self._bits([sweep_id])
        if before | bits == before:
            return
        if sweep_id not in self._tables.sweeps.rows:
            raise StoreError("A task was seen by a sweep that is not there.")
        self._tables.sweep_marks.put(sweep_id, before | bits)


def _is_unseen(row: Seen, bits: int, since: Sweep) -> bool:
    known = row.known
    if known.gone_at is not None:
        return True
    written_at, began_at = known.written_at, since.started_at
    was_written = bool(written_at and began_at and written_at >= began_at)
    return not (bits >> row.n & 1 or was_written)


def _kept_sweep(sweep: Sweep) -> Sweep:
    return replace(
        sweep,
        counts=kept.as_json(sweep.counts),
        started_at=kept.moment(sweep.started_at),
        completed_at=kept.moment(sweep.completed_at),
    )


def _own(sweep: Sweep) -> Sweep:
    """The sweep with counts that the caller may change."""
    return replace(sweep, counts={**sweep.counts})


_MOMENTS = (
    "cursor_at", "poll_newest_at", "deep_newest_at", "deep_at", "new_row_at", "not_before",
    "polled_at", "failed_at",
)  # fmt: skip


def _kept_state(state: SideState) -> SideState:
    moments: dict[str, Any] = {name: kept.moment(getattr(state, name)) for name in _MOMENTS}
    return replace(state, hidden=tuple(state.hidden), **moments)
