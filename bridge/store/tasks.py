"""The observations: one row for each task of either side that was ever seen.

A task is unlinked if no link in a living state (creating, linked, missing) names it. One that is
gone stays a row, but is not there: it is neither unlinked nor counted, and its digest is unknown,
so that it is looked at again as soon as a list shows it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import groupby

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.ports import Period
from bridge.store.known_rows import known_of, row_of, without_texts
from bridge.store.scope import Scope, among, id_column, unfolded
from bridge.store.tables import IS_DUE, IS_GONE, links, observations

LIVING = (LinkState.CREATING, LinkState.LINKED, LinkState.MISSING)
JOINED = (LinkState.LINKED, LinkState.MISSING)
BATCH = 500
IS_THERE: ColumnElement[bool] = observations.c.gone_at.is_(None)

_KEY = ("pair", "side", "id")
_insert = insert(observations)
_SAVE = _insert.on_conflict_do_update(
    index_elements=_KEY,
    set_={
        column.name: _insert.excluded[column.name]
        for column in observations.c
        if column.name not in (*_KEY, "n", "is_due", "is_forgotten")
    },
)


class TaskRows(Scope):
    """The part of a unit that holds observations."""

    def digests(self, side: Side, ids: Collection[str]) -> Mapping[str, str]:
        wanted = select(observations.c.id, observations.c.digest)
        there = (*self._named(side, ids), IS_THERE)
        rows = self._connection.execute(wanted.where(*there))
        return {row.id: row.digest for row in rows}

    def known(self, side: Side, ids: Collection[str]) -> Mapping[str, Known]:
        wanted = select(observations).where(*self._named(side, ids))
        return {known.task.id: known for known in self._read(wanted)}

    def save_known(self, items: Iterable[Known]) -> None:
        by_side = sorted(items, key=lambda known: known.task.side)
        for side, group in groupby(by_side, key=lambda known: known.task.side):
            found = [*group]
            ids = [known.task.id for known in found]
            joined, forgotten = self._joined(side, ids), self._forgotten(side, ids)
            kept = [
                without_texts(known) if known.task.id in forgotten else known for known in found
            ]
            rows = [
                row_of(self._pair, known, keeps_facts=known.task.id not in joined) for known in kept
            ]
            self._connection.execute(_SAVE, rows)

    def due_tasks(
        self, side: Side, limit: int, after: str = "", *, only: Collection[str] | None = None
    ) -> Sequence[Known]:
        wanted = (
            self._unlinked(side)
            .where(IS_DUE, observations.c.id > after)
            .order_by(observations.c.id)
            .limit(limit)
        )
        return self._read(wanted if only is None else wanted.where(among(observations.c.id, only)))

    def unlinked(
        self, side: Side, standings: Collection[Standing] = (), after: str = ""
    ) -> Iterator[Known]:
        wanted = self._unlinked(side).where(observations.c.id > after)
        if not standings:
            return self._batches(wanted)
        # Each standing is read by its own index; merged by id, no task comes twice even if the
        # reader gives it another of the standings meanwhile.
        each = [wanted.where(observations.c.standing == str(one)) for one in {*standings}]
        return merge(*map(self._batches, each), key=_id_of)

    def unlinked_titled(
        self, side: Side, titles: Collection[str], created: Period | None = None
    ) -> Sequence[Known]:
        titled = self._unlinked(side).where(among(observations.c.title_key, titles))
        if created is not None:
            at = observations.c.created_at
            titled = titled.where(or_(at.is_(None), at.between(*created)))
        # Ordered here: an order by id would lead SQLite to the index of ids, and through them all.
        return sorted(self._read(titled), key=_id_of)

    def bearers(self, origin: Side, origin_id: TaskId) -> Sequence[Known]:
        named = select(observations).where(
            self._mine(observations),
            observations.c.marker_side == str(origin),
            observations.c.marker_id == origin_id,
            observations.c.side == str(origin.other),
            IS_THERE,
        )
        return sorted(self._read(named), key=_id_of)

    def count_tasks(self, side: Side) -> int:
        """Those ever seen without those that are gone: both are counted in an index alone."""
        ever = select(func.count()).select_from(observations).where(*self._of(side))
        gone = ever.where(IS_GONE)
        count = self._connection.execute
        return int(count(ever).scalar_one()) - int(count(gone).scalar_one())

    def set_gone(self, side: Side, ids: Collection[str], at: datetime) -> None:
        gone = update(observations).where(*self._named(side, ids))
        self._connection.execute(gone.values(gone_at=at, is_due=False))

    def count_standing(self, standing: Standing, side: Side | None = None) -> int:
        return sum(self._count_standing(one, standing) for one in ([side] if side else SIDES))

    def find_task(self, reference: str) -> Sequence[Known]:
        named = select(observations).where(
            self._mine(observations), observations.c.ref == reference
        )
        found = {(known.task.side, known.task.id): known for known in self._read(named)}
        for side in SIDES:
            found |= {
                (side, known.task.id): known for known in self.known(side, [reference]).values()
            }
        return [found[key] for key in sorted(found)]

    def _count_standing(self, side: Side, standing: Standing) -> int:
        is_free = ~self._is_linked(side)
        which = (observations.c.standing == str(standing), is_free, IS_THERE)
        wanted = select(func.count()).select_from(observations).where(*self._of(side), *which)
        return self._connection.execute(wanted).scalar_one()

    def _of(self, side: Side) -> tuple[ColumnElement[bool], ...]:
        return (self._mine(observations), observations.c.side == str(side))

    def _named(self, side: Side, ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        return (*self._of(side), among(observations.c.id, ids))

    def _unlinked(self, side: Side) -> Select[*tuple[object, ...]]:
        return select(observations).where(*self._of(side), ~self._is_linked(side), IS_THERE)

    def _is_linked(self, side: Side) -> ColumnElement[bool]:
        """Whether a living link names the task of the row at hand."""
        return exists().where(
            self._mine(links),
            id_column(side) == observations.c.id,
            links.c.state.in_([str(state) for state in LIVING]),
        )

    def _joined(self, side: Side, ids: Collection[str]) -> frozenset[str]:
        """Those of the tasks that have a counterpart, lost or not."""
        wanted = select(id_column(side)).where(
            self._mine(links),
            id_column(side).in_(unfolded(ids)),
            links.c.state.in_([str(state) for state in JOINED]),
        )
        return frozenset(self._connection.execute(wanted).scalars())

    def _forgotten(self, side: Side, ids: Collection[str]) -> frozenset[str]:
        """Those of the tasks whose texts a person had forgotten."""
        wanted = select(observations.c.id).where(
            *self._named(side, ids), observations.c.is_forgotten
        )
        return frozenset(self._connection.execute(wanted).scalars())

    def _read(self, wanted: Select[*tuple[object, ...]]) -> list[Known]:
        return [known_of(row) for row in self._connection.execute(wanted).mappings()]

    def _batches(self, wanted: Select[*tuple[object, ...]]) -> Iterator[Known]:
        """All rows by id, in batches, so that the caller may write in between."""
        after = ""
        while batch := self._read(
            wanted.where(observations.c.id > after).order_by(observations.c.id).limit(BATCH)
        ):
            yield from batch
            after = batch[-1].task.id


def _id_of(known: Known) -> str:
    return known.task.id
