"""What waits on a link or on a task without counterpart, and why."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CursorResult,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.store.codec import shown_of, shown_text, side_of, task_id_of
from bridge.store.scope import Scope, among, of_pair, these
from bridge.store.tables import IS_TASK_ON_HOLD, IS_UNREAD, conflicts, waits

_ALL = select(waits).where(of_pair(waits)).order_by(waits.c.since, waits.c.id)
_OF_KINDS = _ALL.where(waits.c.kind.in_(these()))
_UNREAD = _ALL.where(IS_UNREAD)
_UNTIL = _ALL.where(waits.c.waits_for == bindparam("awaited"))
# Both are counted in an index alone, however much waits.
_COUNTS = select(waits.c.kind, func.count()).where(of_pair(waits)).group_by(waits.c.kind)
_TASKS_ON_HOLD = select(func.count()).select_from(waits).where(of_pair(waits), IS_TASK_ON_HOLD)
_BY_ID = select(waits).where(waits.c.id.in_(these())).order_by(waits.c.id)
_ON_LINKS = select(waits).where(waits.c.link_id.in_(these()))
_ON_LINK = (
    select(waits).where(of_pair(waits), waits.c.link_id == bindparam("link")).order_by(waits.c.id)
)
_ON_TASK = (
    select(waits)
    .where(
        of_pair(waits),
        waits.c.task_side == bindparam("side_of_task"),
        waits.c.task_id == bindparam("task"),
    )
    .order_by(waits.c.id)
)


class WaitRows(Scope):
    """The part of a unit that holds what waits."""

    def waits(self, kinds: Collection[WaitKind] = ()) -> Sequence[Wait]:
        named = [str(kind) for kind in kinds]
        found = self._run(_OF_KINDS, these=named) if named else self._run(_ALL)
        return [wait_of(row) for row in found.mappings()]

    def waits_by_id(self, numbers: Collection[int]) -> Sequence[Wait]:
        rows = self._run(_BY_ID, these=[*numbers]).mappings()
        # The pair is compared here: SQLite would look through all that waits in it.
        return [wait_of(row) for row in rows if row["pair"] == self._pair]

    def count_waits(self) -> Mapping[WaitKind, int]:
        counts = Counter({WaitKind(kind): count for kind, count in self._run(_COUNTS)})
        counts[WaitKind.HELD] -= self._run(_TASKS_ON_HOLD).scalar_one()
        return +counts

    def unread(self) -> Sequence[Wait]:
        return [wait_of(row) for row in self._run(_UNREAD).mappings()]

    def waits_until(self, waits_for: str) -> Sequence[Wait]:
        return [wait_of(row) for row in self._run(_UNTIL, awaited=waits_for).mappings()]

    def replace_waits(
        self,
        waits: Sequence[Wait],
        *,
        link_id: LinkId | None = None,
        task: tuple[Side, TaskId] | None = None,
        at: datetime,
    ) -> None:
        place = _Place(self._pair, link_id, task)
        before = self._waits_at(place)
        for wait in waits:
            alike = before.get(_likeness(wait))
            self._store_wait(wait, place, alike.pop(0) if alike else None, at)
        self._drop_waits([wait for alike in before.values() for wait in alike], at)

    def waits_on_task(self, side: Side, task_id: TaskId) -> Sequence[Wait]:
        """What waits on a task by itself."""
        rows = self._run(_ON_TASK, side_of_task=str(side), task=task_id).mappings()
        return [wait_of(row) for row in rows]

    def waits_of(self, link_ids: Collection[int]) -> dict[int, list[Wait]]:
        """What waits on each of these links, oldest first."""
        found: dict[int, list[Wait]] = {}
        # Ordered here: SQLite would read all that waits to have it in order.
        for row in sorted(self._run(_ON_LINKS, these=[*link_ids]).mappings(), key=_age):
            found.setdefault(row["link_id"], []).append(wait_of(row))
        return found

    def _waits_at(self, place: "_Place") -> dict[tuple[WaitKind, Field | None], list[Wait]]:
        found: dict[tuple[WaitKind, Field | None], list[Wait]] = {}
        for row in self._rows_at(place).mappings():
            found.setdefault(_likeness(wait_of(row)), []).append(wait_of(row))
        return found

    def _rows_at(self, place: "_Place") -> CursorResult[*tuple[Any, ...]]:
        if place.link_id is not None:
            return self._run(_ON_LINK, link=place.link_id)
        return self._run(_ON_TASK, side_of_task=place.task_side, task=place.task_id)

    def _store_wait(self, wait: Wait, place: "_Place", same: Wait | None, at: datetime) -> None:
        since = same.since if same else wait.since or at
        columns = _columns(replace(wait, since=since))
        if same is None:
            self._connection.execute(insert(waits).values({**columns, **place.columns}))
        elif columns != _columns(same):
            self._connection.execute(update(waits).where(waits.c.id == same.id).values(columns))

    def _drop_waits(self, gone: Sequence[Wait], at: datetime) -> None:
        if not gone:
            return
        self._connection.execute(delete(waits).where(among(waits.c.id, [one.id for one in gone])))
        for wait in gone:
            if wait.kind is WaitKind.CONFLICT:
                self._settle_conflict(wait, at)

    def _settle_conflict(self, wait: Wait, at: datetime) -> None:
        """A conflict that waits no longer leaves the list; no write of the bridge settled it."""
        self._connection.execute(
            update(conflicts)
            .where(
                self._mine(conflicts),
                conflicts.c.link_id == wait.link_id,
                conflicts.c.field == str(wait.field or ""),
                conflicts.c.settled_at.is_(None),
            )
            .values(settled_at=at, winner=None)
        )


class _Place:
    """Where something waits: on a link, or on a task."""

    def __init__(self, pair: str, link_id: LinkId | None, task: tuple[Side, TaskId] | None) -> None:
        if (link_id is None) == (task is None):
            raise ValueError("Something waits on a link or on a task, not on both or neither.")
        side, task_id = task or (None, None)
        self.link_id = link_id
        self.task_side = str(side) if side else None
        self.task_id = task_id
        self.columns = {
            "pair": pair,
            "link_id": link_id,
            "task_side": self.task_side,
            "task_id": task_id,
        }


def _age(row: RowMapping) -> tuple[datetime, int]:
    return (row["since"], row["id"])


def _likeness(wait: Wait) -> tuple[WaitKind, Field | None]:
    """What makes two waits of one place the same."""
    return (wait.kind, wait.field)


def _columns(wait: Wait) -> dict[str, Any]:
    return {
        "kind": str(wait.kind),
        "reason": wait.reason,
        "side": str(wait.side),
        "field": str(wait.field) if wait.field else None,
        "operation": str(wait.operation),
        "kore": shown_text(wait.kore),
        "v2": shown_text(wait.v2),
        "value": shown_text(wait.value),
        "waits_for": wait.waits_for,
        "candidates": [*wait.candidates],
        "attempts": wait.attempts,
        "since": wait.since,
        "decided": str(wait.decided) if wait.decided else None,
    }


def wait_of(row: RowMapping) -> Wait:
    """A wait, from its row."""
    return Wait(
        id=row["id"],
        kind=WaitKind(row["kind"]),
        reason=row["reason"],
        side=Side(row["side"]),
        link_id=row["link_id"],
        task_id=task_id_of(row["task_id"]),
        field=Field(row["field"]) if row["field"] else None,
        operation=OperationKind(row["operation"]),
        kore=shown_of(row["kore"]),
        v2=shown_of(row["v2"]),
        value=shown_of(row["value"]),
        waits_for=row["waits_for"],
        candidates=tuple(row["candidates"] or ()),
        attempts=row["attempts"],
        since=row["since"],
        decided=side_of(row["decided"]),
    )
