"""Long lists a page at a time, as people turn them; each page is found by an index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, func, literal_column, select

from bridge.domain.link import LinkState
from bridge.domain.operation import Journalled, Wait, WaitKind
from bridge.domain.records import Run
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Known
from bridge.ports import LinkView
from bridge.store.conflicts import ConflictRows, conflict_of
from bridge.store.journal import Journal, journalled_of
from bridge.store.runs import RunRows, run_of
from bridge.store.scope import LIMIT, SIDE, of_pair
from bridge.store.tables import (
    IS_WRITE,
    LAST_MOVED,
    conflicts,
    links,
    observations,
    operations,
    runs,
    waits,
)
from bridge.store.views import LinkViews
from bridge.store.waits import wait_of

OFFSET = bindparam("begin", type_=runs.c.id.type)
_KIND = waits.c.kind == bindparam("wanted")

# By their ids: the sign keeps SQLite from an index of the pair, after which it would sort them all.
_LINKS = (
    select(links)
    .where(literal_column("+links.pair", links.c.pair.type) == bindparam("this_pair"))
    .order_by(links.c.id)
    .limit(LIMIT)
    .offset(OFFSET)
)
_LINKS_IN = _LINKS.where(links.c.state == bindparam("in_state"))
_WAITS = (
    select(waits)
    .where(of_pair(waits), _KIND)
    .order_by(waits.c.since, waits.c.id)
    .limit(LIMIT)
    .offset(OFFSET)
)
# By the time that is shown, in the words of their index.
_WRITTEN = (
    select(operations)
    .where(of_pair(operations), IS_WRITE)
    .order_by(LAST_MOVED.desc(), operations.c.id.desc())
    .limit(LIMIT)
    .offset(OFFSET)
)
_RUNS = (
    select(runs)
    .where(of_pair(runs), runs.c.ended_at.is_not(None))
    .order_by(runs.c.id.desc())
    .limit(LIMIT)
    .offset(OFFSET)
)
_TITLED = (
    select(observations)
    .where(
        of_pair(observations),
        observations.c.side == SIDE,
        observations.c.title_key.like(bindparam("pattern"), escape="\\"),
    )
    .order_by(observations.c.title_key, observations.c.id)
    .limit(LIMIT)
)
_ALIKE = (waits.c.field, waits.c.reason, waits.c.side)
_GROUPS = (
    select(*_ALIKE, func.count().label("number"), func.min(waits.c.since).label("begun"))
    .where(of_pair(waits), _KIND)
    .group_by(*_ALIKE)
    .order_by(func.count().desc(), waits.c.reason)
    .limit(LIMIT)
    .offset(OFFSET)
)
_OF_GROUP = (
    select(waits)
    .where(
        of_pair(waits),
        _KIND,
        waits.c.reason == bindparam("why"),
        waits.c.field == bindparam("name"),
        waits.c.side == bindparam("to"),
    )
    .order_by(waits.c.since, waits.c.id)
    .limit(LIMIT)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitGroup:
    """What waits for one and the same reason: how much, since when, and the first few."""

    field: Field | None
    reason: str
    side: Side
    count: int
    since: datetime
    first: Sequence[Wait]


class PageRows(LinkViews, ConflictRows, Journal, RunRows):
    """The part of a unit that gives pages: `limit` rows after the first `offset`."""

    def link_page(
        self, limit: int, offset: int = 0, *, state: LinkState | None = None
    ) -> Sequence[LinkView]:
        """Links, by id; of one state, or all."""
        if state is not None:
            return self._views(_LINKS_IN, in_state=str(state), at_most=limit, begin=offset)
        return self._views(_LINKS, at_most=limit, begin=offset)

    def wait_page(self, kind: WaitKind, limit: int, offset: int = 0) -> Sequence[Wait]:
        """What waits for that reason, oldest first."""
        rows = self._run(_WAITS, wanted=str(kind), at_most=limit, begin=offset)
        return [wait_of(row) for row in rows.mappings()]

    def write_page(self, limit: int, offset: int = 0) -> Sequence[Journalled]:
        """Creates and updates of the journal, those of which something was heard last first."""
        rows = self._run(_WRITTEN, at_most=limit, begin=offset)
        return [journalled_of(row) for row in rows.mappings()]

    def run_page(self, limit: int, offset: int = 0) -> Sequence[Run]:
        """Runs that ended, newest first."""
        return [run_of(row) for row in self._run(_RUNS, at_most=limit, begin=offset)]

    def conflict_page(
        self, *, is_settled: bool, limit: int, offset: int = 0
    ) -> Sequence[Mapping[str, Any]]:
        """Conflicts that wait, oldest first; or the settled ones, those settled last first."""
        over = conflicts.c.settled_at
        which: tuple[ColumnElement[bool], ...]
        order: tuple[ColumnElement[Any], ...]
        if is_settled:
            which, order = (over.is_not(None),), (over.desc(), conflicts.c.id.desc())
        else:
            which, order = (over.is_(None), conflicts.c.winner.is_(None)), (conflicts.c.id,)
        wanted = (
            select(conflicts, links.c.kore_id, links.c.v2_id)
            .join(links, links.c.id == conflicts.c.link_id)
            .where(self._mine(conflicts), *which)
            .order_by(*order)
        )
        rows = self._connection.execute(wanted.limit(limit).offset(offset)).mappings()
        return [conflict_of(row) for row in rows]

    def titled(self, text: str, limit: int) -> Sequence[Known]:
        """The first tasks of each side whose title holds the text, by title."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        pattern = f"%{escaped}%"
        found = [
            self._read(_TITLED, this_side=str(side), pattern=pattern, at_most=limit)
            for side in SIDES
        ]
        return [known for of_side in found for known in of_side]

    def wait_groups(
        self, kind: WaitKind, limit: int, offset: int = 0, *, each: int
    ) -> Sequence[WaitGroup]:
        """What waits for that reason, alike ones together, the most first; `each` of a group."""
        rows = self._run(_GROUPS, wanted=str(kind), at_most=limit, begin=offset).mappings().all()
        return [
            WaitGroup(
                field=Field(row["field"]) if row["field"] else None,
                reason=row["reason"],
                side=Side(row["side"]),
                count=row["number"],
                since=row["begun"],
                first=self._first(kind, row, each),
            )
            for row in rows
        ]

    def _first(self, kind: WaitKind, row: RowMapping, limit: int) -> Sequence[Wait]:
        alike = {"why": row["reason"], "name": row["field"], "to": row["side"]}
        found = self._run(_OF_GROUP, wanted=str(kind), at_most=limit, **alike)
        return [wait_of(one) for one in found.mappings()]
