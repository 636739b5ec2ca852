"""The observations: one row for each task of either side that was ever seen.

A task is unlinked if no link in a living state (creating, linked, missing) names it. One that is
gone stays a row, but is not there: it is neither unlinked nor counted, and its digest is unknown,
so that it is looked at again as soon as a list shows it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.ports import Period
from bridge.store.columns import JsonText
from bridge.store.known_rows import known_of, row_of, without_texts
from bridge.store.scope import (
    AFTER,
    LIMIT,
    SIDE,
    Scope,
    among,
    id_column,
    is_in_state,
    of_pair,
    these,
)
from bridge.store.tables import IS_DUE, IS_GONE, IS_TAGGED, links, observations

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

OF_SIDE = (of_pair(observations), observations.c.side == SIDE)
NAMED = (*OF_SIDE, observations.c.id.in_(these()))
# Whether a living link names the task of the row at hand.
IS_LINKED: Mapping[Side, ColumnElement[bool]] = {
    side: exists().where(
        of_pair(links),
        id_column(side) == observations.c.id,
        is_in_state(LIVING),
    )
    for side in SIDES
}
_DIGESTS = select(observations.c.id, observations.c.digest, observations.c.n).where(
    *NAMED, IS_THERE
)
_KNOWN = select(observations).where(*NAMED)
_FORGOTTEN = select(observations.c.id).where(*NAMED, observations.c.is_forgotten)
_STAND = update(observations).where(*NAMED).values(standing=bindparam("stands"), why="")
_GO = update(observations).where(*NAMED).values(gone_at=bindparam("at"), is_due=False)
_named = func.json_each(bindparam("these", type_=JsonText())).table_valued("value").c.value
# Of each of the tasks, whether facts of it are kept, and whether texts are.
_KEPT = {
    side: select(
        _named,
        ~exists().where(
            of_pair(links),
            id_column(side) == _named,
            is_in_state(JOINED),
        ),
        ~exists().where(*OF_SIDE, observations.c.id == _named, observations.c.is_forgotten),
    )
    for side in SIDES
}
_COUNT = select(func.count()).select_from(observations)
_STANDING = observations.c.standing == bindparam("stands")
_COUNT_STANDING = {
    side: _COUNT.where(*OF_SIDE, _STANDING, ~IS_LINKED[side], IS_THERE) for side in SIDES
}
_COUNT_STANDINGS = {
    side: select(observations.c.standing, func.count())
    .where(*OF_SIDE, observations.c.standing.in_(these()), ~IS_LINKED[side], IS_THERE)
    .group_by(observations.c.standing)
    for side in SIDES
}
_EVER, _GONE = _COUNT.where(*OF_SIDE), _COUNT.where(*OF_SIDE, IS_GONE)
_UNLINKED: Mapping[Side, Select[*tuple[object, ...]]] = {
    side: select(observations).where(*OF_SIDE, ~IS_LINKED[side], IS_THERE) for side in SIDES
}
_UNLINKED_BATCH = {
    side: _UNLINKED[side].where(observations.c.id > AFTER).order_by(observations.c.id).limit(LIMIT)
    for side in SIDES
}
_DUE = {side: _UNLINKED_BATCH[side].where(IS_DUE) for side in SIDES}
_DUE_ONLY = {side: _DUE[side].where(observations.c.id.in_(these())) for side in SIDES}
_STANDING_BATCH = {side: _UNLINKED_BATCH[side].where(_STANDING) for side in SIDES}
_TITLED = {side: _UNLINKED[side].where(observations.c.title_key.in_(these())) for side in SIDES}
_CREATED = observations.c.created_at
_TITLED_THEN = {
    side: _TITLED[side].where(
        or_(_CREATED.is_(None), _CREATED.between(bindparam("first"), bindparam("last")))
    )
    for side in SIDES
}
_TAGGED_BATCH = _UNLINKED_BATCH[Side.V2].where(IS_TAGGED)
_BEARERS = select(observations).where(
    of_pair(observations),
    observations.c.marker_side == bindparam("origin"),
    observations.c.marker_id == bindparam("origin_id"),
    observations.c.side == SIDE,
    IS_THERE,
)
_LAST = datetime.max.replace(tzinfo=UTC)
_HAS_MADE = (
    select(observations.c.id)
    .where(
        of_pair(observations),
        observations.c.marker_side == bindparam("origin"),
        observations.c.side == SIDE,
        observations.c.first_author.is_not_distinct_from(bindparam("author")),
        observations.c.created_at < bindparam("before"),
    )
    .limit(1)
)
_REFERRED = select(observations).where(of_pair(observations), observations.c.ref.in_(these()))


class TaskRows(Scope):
    """The part of a unit that holds observations."""

    def __init__(self, connection: Connection, pair: str) -> None:
        super().__init__(connection, pair)
        # The numbers of tasks that this unit came across: they never change.
        self._numbers: dict[Side, dict[str, int]] = {side: {} for side in SIDES}

    def digests(self, side: Side, ids: Collection[str]) -> Mapping[str, str]:
        rows = self._run(_DIGESTS, this_side=str(side), these=[*ids]).all()
        self._numbers[side].update({task_id: number for task_id, _, number in rows})
        return {task_id: digest for task_id, digest, _ in rows}

    def known(self, side: Side, ids: Collection[str]) -> Mapping[str, Known]:
        if not ids:
            return {}
        found = self._read(_KNOWN, this_side=str(side), these=[*ids])
        return {known.task.id: known for known in found}

    def save_known(self, items: Iterable[Known]) -> None:
        by_side = sorted(items, key=lambda known: known.task.side)
        for side, group in groupby(by_side, key=lambda known: known.task.side):
            found = [*group]
            rows = self._rows_of(side, found)
            self._connection.execute(_SAVE, rows)

    def due_tasks(
        self, side: Side, limit: int, after: str = "", *, only: Collection[str] | None = None
    ) -> Sequence[Known]:
        place = {"this_side": str(side), "after": after, "at_most": limit}
        if only is None:
            return self._read(_DUE[side], **place)
        return self._read(_DUE_ONLY[side], **place, these=[*only])

    def unlinked(
        self, side: Side, standings: Collection[Standing] = (), after: str = ""
    ) -> Iterator[Known]:
        if not standings:
            return self._batches(_UNLINKED_BATCH[side], side, after)
        # Each standing is read by its own index; merged by id, no task comes twice even if the
        # reader gives it another of the standings meanwhile.
        each = [
            self._batches(_STANDING_BATCH[side], side, after, stands=str(one))
            for one in {*standings}
        ]
        return merge(*each, key=_id_of)

    def tagged(self) -> Iterator[Known]:
        return self._batches(_TAGGED_BATCH, Side.V2, "")

    def unlinked_titled(
        self, side: Side, titles: Collection[str], created: Period | None = None
    ) -> Sequence[Known]:
        named = {"this_side": str(side), "these": [*titles]}
        if created is None:
            found = self._read(_TITLED[side], **named)
        else:
            first, last = created
            found = self._read(_TITLED_THEN[side], **named, first=first, last=last)
        # Ordered here: an order by id would lead SQLite to the index of ids, and through them all.
        return sorted(found, key=_id_of)

    def bearers(self, origin: Side, origin_id: TaskId) -> Sequence[Known]:
        named = {"origin": str(origin), "origin_id": origin_id, "this_side": str(origin.other)}
        return sorted(self._read(_BEARERS, **named), key=_id_of)

    def has_made(self, side: Side, author: str | None, before: datetime | None) -> bool:
        named = {"origin": str(side.other), "this_side": str(side), "author": author}
        found = self._run(_HAS_MADE, **named, before=before or _LAST)
        return found.first() is not None

    def count_tasks(self, side: Side) -> int:
        """Those ever seen without those that are gone: both are counted in an index alone."""
        ever, gone = (self._run(one, this_side=str(side)).scalar_one() for one in (_EVER, _GONE))
        return int(ever) - int(gone)

    def set_standing(self, side: Side, ids: Collection[str], standing: Standing) -> None:
        self._run(_STAND, this_side=str(side), these=[*ids], stands=str(standing))

    def set_gone(self, side: Side, ids: Collection[str], at: datetime) -> None:
        self._run(_GO, this_side=str(side), these=[*ids], at=at)

    def count_standing(self, standing: Standing, side: Side | None = None) -> int:
        return sum(self._count_standing(one, standing) for one in ([side] if side else SIDES))

    def count_standings(self, standings: Collection[Standing]) -> Mapping[Standing, int]:
        found = Counter(dict.fromkeys(standings, 0))
        for side in SIDES:
            named = {"this_side": str(side), "these": [str(one) for one in standings]}
            for standing, count in self._run(_COUNT_STANDINGS[side], **named):
                found[Standing(standing)] += count
        return found

    def find_task(self, reference: str) -> Sequence[Known]:
        # As it is written first: an id may differ from another one in case alone.
        name = reference.strip()
        spellings = [*dict.fromkeys((name, name.upper(), name.lower()))]
        named = self._read(_REFERRED, these=spellings)
        for side in SIDES:
            named += self.known(side, spellings).values()
        found = {(known.task.side, known.task.id): known for known in named}
        called = [
            [found[key] for key in sorted(found) if one in (key[1], found[key].task.ref)]
            for one in spellings
        ]
        return next(filter(None, called), [])

    def _count_standing(self, side: Side, standing: Standing) -> int:
        named = {"this_side": str(side), "stands": str(standing)}
        return int(self._run(_COUNT_STANDING[side], **named).scalar_one())

    def _of(self, side: Side) -> tuple[ColumnElement[bool], ...]:
        return (self._mine(observations), observations.c.side == str(side))

    def _named(self, side: Side, ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        return (*self._of(side), among(observations.c.id, ids))

    def _rows_of(self, side: Side, found: Sequence[Known]) -> list[dict[str, Any]]:
        """The tasks as they are stored: without facts once they have a counterpart, lost or not,
        and without texts that a person had forgotten.
        """
        ids = [known.task.id for known in found]
        asked = self._run(_KEPT[side], this_side=str(side), these=ids)
        kept = {task_id: (has_facts, has_texts) for task_id, has_facts, has_texts in asked}
        rows = []
        for known in found:
            has_facts, has_texts = kept[known.task.id]
            shown = known if has_texts else without_texts(known)
            rows.append(row_of(self._pair, shown, keeps_facts=bool(has_facts)))
        return rows

    def forgotten(self, side: Side, ids: Collection[str]) -> frozenset[str]:
        named = self._run(_FORGOTTEN, this_side=str(side), these=[*ids])
        return frozenset(named.scalars())

    def _read(self, wanted: Executable, **values: Any) -> list[Known]:
        return [known_of(row) for row in self._run(wanted, **values).mappings()]

    def _batches(
        self, wanted: Executable, side: Side, after: str, **values: str
    ) -> Iterator[Known]:
        """All rows by id, in batches, so that the caller may write in between."""
        while batch := self._read(
            wanted, this_side=str(side), after=after, at_most=BATCH, **values
        ):
            yield from batch
            after = batch[-1].task.id


def _id_of(known: Known) -> str:
    return known.task.id
