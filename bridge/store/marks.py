"""The marks of sweeps: which tasks each of them has seen.

A mark is one bit: the task's number `n` says in which chunk and where. A sweep of a hundred
thousand tasks is some hundred blobs, and marking a page changes one or two of them. Which tasks
no mark tells of is found by counting bits, so that only what is missing has to be looked at.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.reading import Sweep
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Known
from bridge.store.known_rows import known_of
from bridge.store.scope import among
from bridge.store.sweeps import SweepRows
from bridge.store.tables import IS_GONE, observations, sweep_marks
from bridge.store.tasks import IS_THERE, TaskRows

CHUNK = 8192
BYTES = CHUNK // 8
_IN_CHUNK = observations.c.n // CHUNK


class MarkRows(TaskRows, SweepRows):
    """The part of a unit that holds the marks of sweeps."""

    def mark_seen(self, sweep_id: int, side: Side, ids: Collection[str]) -> None:
        wanted = select(observations.c.n).where(*self._named(side, ids))
        for chunk, bits in _bits_of(self._connection.execute(wanted).scalars()).items():
            self._add_bits(sweep_id, chunk, bits)

    def pass_marks_on(self, sweep_id: int, to: int) -> None:
        for chunk, bits in self._bits([sweep_id]).items():
            self._add_bits(to, chunk, bits)

    def seen_ids(self, sweep_id: int, side: Side) -> frozenset[str]:
        return frozenset(
            task_id
            for chunk, bits in self._bits([sweep_id]).items()
            for number, task_id in self._in_chunk(side, chunk)
            if bits >> number % CHUNK & 1
        )

    def was_seen(self, sweep_id: int, side: Side, task_id: TaskId) -> bool:
        """Whether the sweep has seen the task."""
        wanted = select(observations.c.n).where(*self._named(side, [task_id]))
        number = self._connection.execute(wanted).scalar()
        return number is not None and _is_in(self._bits([sweep_id]), number)

    def unseen(self, side: Side, sweep_ids: Collection[int]) -> frozenset[str]:
        seen = self._bits(sweep_ids)
        return frozenset(
            task_id
            for chunk, count in self._count_by_chunk(side).items()
            if count > seen.get(chunk, 0).bit_count()
            for number, task_id in self._in_chunk(side, chunk, IS_THERE)
            if not seen.get(chunk, 0) >> number % CHUNK & 1
        )

    def unseen_titled(self, side: Side, titles: Collection[str]) -> Sequence[Known]:
        last = self.complete_sweeps(side)[:1]
        if not last:
            return []
        wanted = select(observations).where(
            *self._of(side), among(observations.c.title_key, titles), self._is_linked(side)
        )
        rows = self._connection.execute(wanted).mappings().all()
        seen = self._bits(self._ids_since(last[0])) if rows else {}
        return [
            known_of(row)
            for row in rows
            if row["gone_at"] or not (_is_in(seen, row["n"]) or _was_written(row, last[0]))
        ]

    def _ids_since(self, sweep: Sweep) -> list[int]:
        """That sweep, and the one that is under way."""
        under_way = self.open_sweep(sweep.side)
        return [sweep.id, *([under_way.id] if under_way else [])]

    def _bits(self, sweep_ids: Collection[int]) -> Mapping[int, int]:
        """The marks of all these sweeps together: each chunk as one number."""
        wanted = select(sweep_marks.c.chunk, sweep_marks.c.bits)
        found: dict[int, int] = {}
        for chunk, bits in self._connection.execute(
            wanted.where(sweep_marks.c.sweep_id.in_(sweep_ids))
        ):
            found[chunk] = found.get(chunk, 0) | int.from_bytes(bits, "little")
        return found

    def _add_bits(self, sweep_id: int, chunk: int, bits: int) -> None:
        before = self._bits([sweep_id]).get(chunk, 0)
        if before | bits == before:
            return
        whole = (before | bits).to_bytes(BYTES, "little")
        stored = insert(sweep_marks).values(sweep_id=sweep_id, chunk=chunk, bits=whole)
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=["sweep_id", "chunk"], set_={"bits": whole})
        )

    def _count_by_chunk(self, side: Side) -> Mapping[int, int]:
        """How many tasks are there in each chunk; both counts are made in an index alone."""
        wanted = select(_IN_CHUNK, func.count()).where(*self._of(side)).group_by(_IN_CHUNK)
        found = {row[0]: row[1] for row in self._connection.execute(wanted)}
        for chunk, gone in self._connection.execute(wanted.where(IS_GONE)):
            found[chunk] -= gone
        return found

    def _in_chunk(
        self, side: Side, chunk: int, *which: ColumnElement[bool]
    ) -> Iterable[tuple[int, str]]:
        """Number and id of the side's tasks in a chunk."""
        first = chunk * CHUNK
        # Said so, SQLite looks at the numbers of the chunk and not at every task of the side.
        of_side = observations.c.pair.concat(observations.c.side) == f"{self._pair}{side}"
        wanted = select(observations.c.n, observations.c.id).where(
            observations.c.n.between(first, first + CHUNK - 1), of_side, *which
        )
        return [(row.n, row.id) for row in self._connection.execute(wanted)]


def _bits_of(numbers: Iterable[int]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for number in numbers:
        chunk = number // CHUNK
        found[chunk] = found.get(chunk, 0) | 1 << number % CHUNK
    return found


def _is_in(seen: Mapping[int, int], number: int) -> bool:
    return bool(seen.get(number // CHUNK, 0) >> number % CHUNK & 1)


def _was_written(row: RowMapping, since: Sweep) -> bool:
    """Whether a write to the task was answered since the sweep began: that shows it, too."""
    written_at, began_at = row["written_at"], since.started_at
    return bool(written_at and began_at and written_at >= began_at)
