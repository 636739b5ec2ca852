"""The marks of sweeps: which tasks each of them has seen.

A mark is one bit: the task's number `n` says in which chunk and where. A sweep of a hundred
thousand tasks is some hundred blobs, and marking a page changes one or two of them. Which tasks
no mark tells of is found by counting bits, so that only what is missing has to be looked at.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Executable, RowMapping, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.reading import Sweep
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known
from bridge.store.scope import ID, these
from bridge.store.sweeps import SweepRows
from bridge.store.tables import IS_GONE, observations, sweep_marks
from bridge.store.tasks import IS_LINKED, IS_THERE, NAMED, OF_SIDE, TaskRows

CHUNK = 8192
BYTES = CHUNK // 8
_CHUNK_OF = observations.c.n // CHUNK

_NUMBERS = select(observations.c.n).where(*NAMED)
_CHUNK_BITS = select(sweep_marks.c.bits).where(
    sweep_marks.c.sweep_id == ID, sweep_marks.c.chunk == bindparam("this_chunk")
)
_BITS = (
    select(sweep_marks.c.chunk, sweep_marks.c.bits)
    .where(sweep_marks.c.sweep_id.in_(these()))
    .order_by(sweep_marks.c.chunk)
)
_new = insert(sweep_marks)
_SAVE = _new.on_conflict_do_update(
    index_elements=["sweep_id", "chunk"], set_={"bits": _new.excluded.bits}
)
_COUNTS = select(_CHUNK_OF, func.count()).where(*OF_SIDE).group_by(_CHUNK_OF)
_GONE = select(observations.c.n).where(*OF_SIDE, IS_GONE)
# Said so, SQLite looks at the numbers of the chunk and not at every task of the side.
_OF_PAIR_AND_SIDE = observations.c.pair.concat(observations.c.side) == bindparam("pair_and_side")
_IN_CHUNK = (
    select(observations.c.n, observations.c.id)
    .where(observations.c.n.between(bindparam("first"), bindparam("last")), _OF_PAIR_AND_SIDE)
    .order_by(observations.c.n)
)
_THERE_IN_CHUNK = _IN_CHUNK.where(IS_THERE)
# Not whole: of a recurring title there may be tens of thousands, and hardly one that is unseen.
_TITLED = {
    side: select(
        observations.c.id, observations.c.n, observations.c.gone_at, observations.c.written_at
    ).where(*OF_SIDE, observations.c.title_key.in_(these()), IS_LINKED[side])
    for side in SIDES
}


class MarkRows(TaskRows, SweepRows):
    """The part of a unit that holds the marks of sweeps."""

    def mark_seen(self, sweep_id: int, side: Side, ids: Collection[str]) -> None:
        found = self._numbers[side]
        numbers = [found[task_id] for task_id in ids if task_id in found]
        others = [task_id for task_id in ids if task_id not in found]
        if others:
            numbers += self._run(_NUMBERS, this_side=str(side), these=others).scalars()
        for chunk, bits in _bits_of(numbers).items():
            self._add_bits(sweep_id, chunk, bits)

    def pass_marks_on(self, sweep_id: int, to: int) -> None:
        for chunk, bits in self._bits([sweep_id]).items():
            self._add_bits(to, chunk, bits)

    def seen_ids(self, sweep_id: int, side: Side) -> Iterator[str]:
        for chunk, bits in self._run(_BITS, these=[sweep_id]):
            for number, task_id in self._in_chunk(_IN_CHUNK, side, chunk):
                if bits[number % CHUNK >> 3] >> (number & 7) & 1:
                    yield task_id

    def was_seen(self, sweep_id: int, side: Side, task_id: TaskId) -> bool:
        """Whether the sweep has seen the task."""
        number = self._run(_NUMBERS, this_side=str(side), these=[task_id]).scalar()
        return number is not None and _is_in(self._bits([sweep_id]), number)

    def unseen(self, side: Side, sweep_ids: Collection[int]) -> frozenset[str]:
        seen, gone = self._bits(sweep_ids), self._gone(side)
        return frozenset(
            task_id
            for chunk, count in self._count_by_chunk(side).items()
            # One that was seen may be gone since: it must not be counted twice.
            if count > (seen.get(chunk, 0) | gone.get(chunk, 0)).bit_count()
            for number, task_id in self._in_chunk(_THERE_IN_CHUNK, side, chunk)
            if not seen.get(chunk, 0) >> number % CHUNK & 1
        )

    def unseen_titled(self, side: Side, titles: Collection[str]) -> Sequence[Known]:
        last = self.complete_sweeps(side)[:1]
        if not last:
            return []
        titled = self._run(_TITLED[side], this_side=str(side), these=[*titles])
        rows = titled.mappings().all()
        seen = self._bits(self._ids_since(last[0])) if rows else {}
        unseen = [
            row["id"]
            for row in rows
            if row["gone_at"] or not (_is_in(seen, row["n"]) or _was_written(row, last[0]))
        ]
        return [*self.known(side, unseen).values()]

    def _ids_since(self, sweep: Sweep) -> list[int]:
        """That sweep, and the one that is under way."""
        under_way = self.open_sweep(sweep.side)
        return [sweep.id, *([under_way.id] if under_way else [])]

    def _bits(self, sweep_ids: Collection[int]) -> Mapping[int, int]:
        """The marks of all these sweeps together: each chunk as one number."""
        found: dict[int, int] = {}
        for chunk, bits in self._run(_BITS, these=[*sweep_ids]):
            found[chunk] = found.get(chunk, 0) | int.from_bytes(bits, "little")
        return found

    def _add_bits(self, sweep_id: int, chunk: int, bits: int) -> None:
        stored = self._run(_CHUNK_BITS, this_id=sweep_id, this_chunk=chunk).scalar()
        before = int.from_bytes(stored or b"", "little")
        if before | bits == before:
            return
        whole = (before | bits).to_bytes(BYTES, "little")
        marks = {"sweep_id": sweep_id, "chunk": chunk, "bits": whole}
        self._connection.execute(_SAVE, marks)

    def _count_by_chunk(self, side: Side) -> Mapping[int, int]:
        """How many tasks were ever seen in each chunk; counted in an index alone."""
        return {row[0]: row[1] for row in self._run(_COUNTS, this_side=str(side))}

    def _gone(self, side: Side) -> Mapping[int, int]:
        """The tasks that are gone, as bits; read in an index alone."""
        return _bits_of(self._run(_GONE, this_side=str(side)).scalars())

    def _in_chunk(self, wanted: Executable, side: Side, chunk: int) -> Iterable[tuple[int, str]]:
        """Number and id of the side's tasks in a chunk."""
        first = chunk * CHUNK
        numbers = {"first": first, "last": first + CHUNK - 1}
        rows = self._run(wanted, **numbers, pair_and_side=f"{self._pair}{side}")
        return [(number, task_id) for number, task_id in rows.all()]


def _bits_of(numbers: Iterable[int]) -> Mapping[int, int]:
    found: dict[int, bytearray] = {}
    for number in numbers:
        chunk, place = divmod(number, CHUNK)
        if chunk not in found:
            found[chunk] = bytearray(BYTES)
        found[chunk][place >> 3] |= 1 << (place & 7)
    return {chunk: int.from_bytes(bits, "little") for chunk, bits in found.items()}


def _is_in(seen: Mapping[int, int], number: int) -> bool:
    return bool(seen.get(number // CHUNK, 0) >> number % CHUNK & 1)


def _was_written(row: RowMapping, since: Sweep) -> bool:
    """Whether a write to the task was answered since the sweep began: that shows it, too."""
    written_at, began_at = row["written_at"], since.started_at
    return bool(written_at and began_at and written_at >= began_at)
