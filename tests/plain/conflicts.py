"""Conflicts: both values of a field that both sides changed, and how it was decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.domain.side import Field, LinkId, Side
from bridge.errors import StoreError
from tests.plain import kept
from tests.plain.rows import Settling
from tests.plain.scope import Scope


class Conflicts(Scope):
    """The part of a unit that holds conflicts."""

    def save_conflict(
        self,
        link_id: LinkId,
        name: Field,
        values: Mapping[str, Any],
        *,
        rule: str,
        winner: Side | None,
        at: datetime,
        is_written: bool = True,
    ) -> int:
        at = kept.instant(at)
        columns = {
            "shown": kept.loose(values),
            "rule": rule,
            "winner": winner,
            "settled_at": at if winner and is_written else None,
        }
        same = [
            row
            for row in self._tables.conflicts.these("link", link_id)
            if row.field == name and _is_open_at(row, at)
        ]
        for row in same:
            self._tables.conflicts.put(row.id, row._replace(**columns))
        return same[0].id if same else self._new(link_id, name, at, columns)

    def settle_written(self, link_id: LinkId, names: Collection[Field], at: datetime) -> None:
        at = kept.instant(at)
        for row in self._tables.conflicts.these("link", link_id):
            if row.field in names and row.settled_at is None and row.winner is not None:
                self._tables.conflicts.put(row.id, row._replace(settled_at=at))

    def conflicts(self, *, is_settled: bool) -> Sequence[Mapping[str, Any]]:
        rows = self._tables.conflicts.in_order()
        if is_settled:
            return self._told(row for row in rows if row.settled_at is not None)
        return self._told(row for row in rows if row.settled_at is None and row.winner is None)

    def conflict(self, conflict_id: int) -> Mapping[str, Any] | None:
        row = self._tables.conflicts.get(conflict_id)
        return self._told([row])[0] if row else None

    def conflicts_of(self, link_id: LinkId) -> Sequence[Mapping[str, Any]]:
        return self._told(self._tables.conflicts.these("link", link_id))

    def turn_conflict(self, conflict_id: int, rule: str, winner: Side, at: datetime) -> None:
        row = self._tables.conflicts.get(conflict_id)
        if row is not None:
            turned = row._replace(rule=rule, winner=winner, settled_at=kept.instant(at))
            self._tables.conflicts.put(conflict_id, turned)

    def _new(self, link_id: LinkId, name: Field, at: datetime, columns: dict[str, Any]) -> int:
        if not self._database.has_link(link_id):
            raise StoreError("A conflict is about a link that is not there.")
        number = self._database.next_number("conflicts")
        row = Settling(id=number, link_id=link_id, field=name, since=at, **columns)
        self._tables.conflicts.put(number, row)
        return number

    def _told(self, rows: Iterable[Settling]) -> list[Mapping[str, Any]]:
        return [self._conflict_of(row) for row in rows]

    def _conflict_of(self, row: Settling) -> dict[str, Any]:
        link = self._tables.links.rows[row.link_id].link
        return {
            **row.shown,
            "id": row.id,
            "link_id": row.link_id,
            "kore_id": link.kore_id,
            "v2_id": link.v2_id,
            "field": row.field,
            "rule": row.rule,
            "winner": row.winner,
            "since": row.since,
            "settled_at": row.settled_at,
        }


def _is_open_at(row: Settling, at: datetime) -> bool:
    """Whether it is open, or ceased to wait at this very moment."""
    return row.settled_at is None or (row.settled_at == at and row.winner is None)
