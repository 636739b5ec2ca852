"""What waits on a link or on a task without counterpart, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.errors import StoreError
from tests.plain import kept
from tests.plain.links import age
from tests.plain.scope import Scope

Place = tuple[LinkId | None, Side | None, TaskId | None]


class Waits(Scope):
    """The part of a unit that holds what waits."""

    def waits(self, kinds: Collection[WaitKind] = ()) -> Sequence[Wait]:
        found = self._tables.waits.rows.values()
        return sorted((one for one in found if not kinds or one.kind in kinds), key=age)

    def waits_by_id(self, numbers: Collection[int]) -> Sequence[Wait]:
        rows = self._tables.waits.rows
        return [one for one in rows.values() if one.id in numbers]

    def unread(self) -> Sequence[Wait]:
        found = self._tables.waits.rows.values()
        return sorted((one for one in found if one.operation is OperationKind.READ), key=age)

    def waits_until(self, waits_for: str) -> Sequence[Wait]:
        found = self._tables.waits.rows.values()
        return sorted((one for one in found if one.waits_for == waits_for), key=age)

    def count_waits(self) -> Mapping[WaitKind, int]:
        rows = self._tables.waits.rows.values()
        kinds = [one.kind for one in rows if one.kind is not WaitKind.HELD or one.task_id is None]
        return {kind: kinds.count(kind) for kind in sorted({*kinds})}

    def waits_on_task(self, side: Side, task_id: TaskId) -> Sequence[Wait]:
        sides = self._tables.wait_sides
        found = self._tables.waits.these("task", task_id)
        return [wait for wait in found if sides.get(wait.id) is side]

    def replace_waits(
        self,
        waits: Sequence[Wait],
        *,
        link_id: LinkId | None = None,
        task: tuple[Side, TaskId] | None = None,
        at: datetime,
    ) -> None:
        if (link_id is None) == (task is None):
            raise ValueError("Something waits on a link or on a task, not on both or neither.")
        place: Place = (link_id, *(task or (None, None)))
        before = self._waits_at(place)
        for wait in waits:
            alike = before.get((wait.kind, wait.field))
            self._store_wait(wait, place, alike.pop(0) if alike else None, at)
        self._drop_waits([wait for alike in before.values() for wait in alike], at)

    def _waits_at(self, place: Place) -> dict[tuple[WaitKind, Field | None], list[Wait]]:
        link_id, side, task_id = place
        if link_id is not None:
            found: Sequence[Wait] = self._tables.waits.these("link", link_id)
        else:
            found = self.waits_on_task(side or Side.KORE, task_id or TaskId(""))
        alike: dict[tuple[WaitKind, Field | None], list[Wait]] = {}
        for wait in found:
            alike.setdefault((wait.kind, wait.field), []).append(wait)
        return alike

    def _store_wait(self, wait: Wait, place: Place, same: Wait | None, at: datetime) -> None:
        link_id, side, task_id = place
        since = kept.moment(same.since if same else wait.since or at)
        if same is None and link_id is not None and not self._database.has_link(link_id):
            raise StoreError("Something waits on a link that is not there.")
        number = same.id if same else self._database.next_number("waits")
        row = replace(wait, id=number, link_id=link_id, task_id=task_id, since=since)
        self._tables.waits.put(number, row)
        if side is not None:
            self._tables.wait_sides.put(number, side)

    def _drop_waits(self, gone: Sequence[Wait], at: datetime) -> None:
        for wait in gone:
            self._drop_wait(wait.id)
            if wait.kind is WaitKind.CONFLICT:
                self._settle_conflict(wait, kept.instant(at))

    def _drop_wait(self, number: int) -> None:
        self._tables.waits.drop(number)
        if number in self._tables.wait_sides.rows:
            self._tables.wait_sides.drop(number)

    def _settle_conflict(self, wait: Wait, at: datetime) -> None:
        """A conflict that waits no longer leaves the list; no write of the bridge settled it."""
        for row in self._tables.conflicts.these("link", wait.link_id):
            if row.field == wait.field and row.settled_at is None:
                self._tables.conflicts.put(row.id, row._replace(settled_at=at, winner=None))
