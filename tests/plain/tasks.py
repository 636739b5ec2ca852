"""The observations: one row for each task of either side that was ever seen."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import merge

from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.ports import Period
from bridge.store.known_rows import without_texts
from tests.plain import kept
from tests.plain.rows import Seen, ordered_sides
from tests.plain.scope import BATCH, JOINED, Scope, first


class Tasks(Scope):
    """The part of a unit that holds observations."""

    def digests(self, side: Side, ids: Collection[str]) -> Mapping[str, str]:
        found = self._seen(side, ids)
        return {
            row.known.task.id: row.known.task.digest for row in found if row.known.gone_at is None
        }

    def known(self, side: Side, ids: Collection[str]) -> Mapping[str, Known]:
        return {row.known.task.id: row.known for row in self._seen(side, ids)}

    def save_known(self, items: Iterable[Known]) -> None:
        for item in sorted(items, key=lambda one: one.task.side):
            self._save(item)

    def _save(self, item: Known) -> None:
        side, task_id = item.task.side, item.task.id
        rows = self._tables.observations
        before = rows.get((side, task_id))
        if before and before.is_forgotten:
            item = without_texts(item)
        link = self._link_on(side, task_id)
        is_joined = link is not None and link.link.state in JOINED
        found = kept.known(item, keeps_facts=not is_joined)
        row = before._replace(known=found) if before else Seen(self._new_n(), found)
        rows.put((side, task_id), row)

    def _new_n(self) -> int:
        return self._database.next_number("observations")

    def due_tasks(
        self, side: Side, limit: int, after: str = "", *, only: Collection[str] | None = None
    ) -> Sequence[Known]:
        due = self._tables.observations.these("due", side)
        wanted = None if only is None else {*only}
        found = [
            row.known
            for row in due
            if row.known.task.id > after
            and (wanted is None or row.known.task.id in wanted)
            and self._is_unlinked(row)
        ]
        return found[: first(limit)]

    def unlinked(
        self, side: Side, standings: Collection[Standing] = (), after: str = ""
    ) -> Iterator[Known]:
        if not standings:
            return self._batches("side", side, after)
        each = [self._batches("standing", (side, one), after) for one in {*standings}]
        return merge(*each, key=_id_of)

    def tagged(self) -> Iterator[Known]:
        for known in self.unlinked(Side.V2):
            if any(tag.startswith("kore:") for tag in known.task.facts.tags or ()):
                yield known

    def unlinked_titled(
        self, side: Side, titles: Collection[str], created: Period | None = None
    ) -> Sequence[Known]:
        found = [
            row.known
            for title in {*titles}
            for row in self._tables.observations.these("title", (side, title))
            if self._is_unlinked(row) and _is_created_in(row.known.task.created_at, created)
        ]
        return sorted(found, key=_id_of)

    def bearers(self, origin: Side, origin_id: TaskId) -> Sequence[Known]:
        return [
            row.known
            for row in self._tables.observations.these("origin", (origin, origin_id))
            if row.known.task.side is origin.other and row.known.gone_at is None
        ]

    def has_made(self, side: Side, author: str | None, before: datetime | None) -> bool:
        tasks = [row.known.task for row in self._of_side(side)]
        return any(
            one.first_author == author
            and one.created_at is not None
            and (before is None or one.created_at < before)
            for one in tasks
            if one.marker is not None and one.marker.side is side.other
        )

    def count_tasks(self, side: Side) -> int:
        return sum(row.known.gone_at is None for row in self._of_side(side))

    def set_standing(self, side: Side, ids: Collection[str], standing: Standing) -> None:
        for row in self._seen(side, ids):
            self._put(row._replace(known=row.known.standing_as(standing)))

    def set_gone(self, side: Side, ids: Collection[str], at: datetime) -> None:
        at = kept.instant(at)
        for row in self._seen(side, ids):
            self._put(row._replace(known=_gone(row.known, at), is_due=False))

    def count_standing(self, standing: Standing, side: Side | None = None) -> int:
        return sum(
            self._is_unlinked(row)
            for one in ordered_sides(side)
            for row in self._tables.observations.these("standing", (one, standing))
        )

    def count_standings(self, standings: Collection[Standing]) -> Mapping[Standing, int]:
        return {one: self.count_standing(one) for one in standings}

    def find_task(self, reference: str) -> Sequence[Known]:
        name = reference.strip()
        spellings = dict.fromkeys((name, name.upper(), name.lower()))
        return next(filter(None, map(self._called, spellings)), [])

    def forgotten(self, side: Side, ids: Collection[str]) -> frozenset[str]:
        return frozenset(row.known.task.id for row in self._seen(side, ids) if row.is_forgotten)

    def _called(self, reference: str) -> Sequence[Known]:
        rows = self._tables.observations
        keys = {*rows.keys("ref", reference), *((side, reference) for side in SIDES)}
        return [rows.rows[key].known for key in sorted(keys) if key in rows.rows]

    def _of_side(self, side: Side) -> list[Seen]:
        return self._tables.observations.these("side", side)

    def _seen(self, side: Side, ids: Collection[str]) -> list[Seen]:
        """Those of the tasks that were ever seen, by id."""
        rows = self._tables.observations.rows
        found = {task_id: row for task_id in ids if (row := rows.get((side, task_id)))}
        return [found[task_id] for task_id in sorted(found)]

    def _put(self, row: Seen) -> None:
        self._tables.observations.put((row.known.task.side, row.known.task.id), row)

    def _is_unlinked(self, row: Seen) -> bool:
        """Whether the task is there, and no living link names it."""
        task = row.known.task
        return row.known.gone_at is None and not self._is_linked(task.side, task.id)

    def _batches(
        self, index: str, value: Side | tuple[Side, Standing], after: str
    ) -> Iterator[Known]:
        """All rows by id, in batches, so that the caller may write in between."""
        while batch := self._batch(index, value, after):
            yield from batch
            after = batch[-1].task.id

    def _batch(self, index: str, value: Side | tuple[Side, Standing], after: str) -> list[Known]:
        found: list[Known] = []
        keys = self._tables.observations.keys(index, value)
        for key in sorted(key for key in keys if key[1] > after):
            row = self._tables.observations.rows[key]
            if self._is_unlinked(row):
                found.append(row.known)
            if len(found) == BATCH:
                break
        return found


def _gone(known: Known, at: datetime) -> Known:
    return replace(known, gone_at=at)


def _is_created_in(at: datetime | None, period: Period | None) -> bool:
    return period is None or at is None or period[0] <= at <= period[1]


def _id_of(known: Known) -> str:
    return known.task.id
