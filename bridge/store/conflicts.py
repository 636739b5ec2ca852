"""Conflicts: both values of a field that both sides changed, and how it was decided."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, insert, or_, select, update

from bridge.domain.side import Field, LinkId, Side
from bridge.store.codec import loose_json, loose_of, side_of
from bridge.store.scope import Scope
from bridge.store.tables import conflicts, links

# SQLite holds no larger number, and is not to be asked for one.
LARGEST = 2**63 - 1


class ConflictRows(Scope):
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
        columns = {
            "shown": loose_json(values),
            "rule": rule,
            "winner": str(winner) if winner else None,
            "settled_at": at if winner and is_written else None,
        }
        changed = update(conflicts).where(*self._same(link_id, name, at)).values(columns)
        found = self._connection.execute(changed.returning(conflicts.c.id)).scalar()
        if found is None:
            key = {"pair": self._pair, "link_id": link_id, "field": str(name), "since": at}
            stored = insert(conflicts).values({**key, **columns})
            found = self._connection.execute(stored.returning(conflicts.c.id)).scalar_one()
        return int(found)

    def settle_written(self, link_id: LinkId, names: Collection[Field], at: datetime) -> None:
        begun = (
            self._mine(conflicts),
            conflicts.c.link_id == link_id,
            conflicts.c.field.in_([str(name) for name in names]),
            conflicts.c.settled_at.is_(None),
            conflicts.c.winner.is_not(None),
        )
        self._connection.execute(update(conflicts).where(*begun).values(settled_at=at))

    def conflicts(self, *, is_settled: bool) -> Sequence[Mapping[str, Any]]:
        over, winner = conflicts.c.settled_at, conflicts.c.winner
        is_open = (over.is_(None), winner.is_(None))
        return self._conflicts(
            self._mine(conflicts), *((over.is_not(None),) if is_settled else is_open)
        )

    def conflict(self, conflict_id: int) -> Mapping[str, Any] | None:
        if abs(conflict_id) > LARGEST:
            return None
        found = self._conflicts(self._mine(conflicts), conflicts.c.id == conflict_id)
        return found[0] if found else None

    def turn_conflict(self, conflict_id: int, rule: str, winner: Side, at: datetime) -> None:
        named = (self._mine(conflicts), conflicts.c.id == conflict_id)
        columns = {"rule": rule, "winner": str(winner), "settled_at": at}
        self._connection.execute(update(conflicts).where(*named).values(columns))

    def _conflicts(self, *which: ColumnElement[bool]) -> list[Mapping[str, Any]]:
        wanted = (
            select(conflicts, links.c.kore_id, links.c.v2_id)
            .join(links, links.c.id == conflicts.c.link_id)
            .where(*which)
        )
        # Ordered here: an order by id would lead SQLite through all conflicts there are.
        rows = sorted(self._connection.execute(wanted).mappings(), key=_number)
        return [conflict_of(row) for row in rows]

    def _same(self, link_id: LinkId, name: Field, at: datetime) -> tuple[ColumnElement[bool], ...]:
        """The open conflict of the field, or one that ceased to wait at this very moment."""
        ceased = and_(conflicts.c.settled_at == at, conflicts.c.winner.is_(None))
        return (
            self._mine(conflicts),
            conflicts.c.link_id == link_id,
            conflicts.c.field == str(name),
            or_(conflicts.c.settled_at.is_(None), ceased),
        )


def _number(row: RowMapping) -> int:
    return int(row["id"])


def conflict_of(row: RowMapping) -> dict[str, Any]:
    """A conflict: what was saved, and the columns of its row."""
    return {
        **loose_of(row["shown"]),
        "id": row["id"],
        "link_id": row["link_id"],
        "kore_id": row["kore_id"],
        "v2_id": row["v2_id"],
        "field": Field(row["field"]),
        "rule": row["rule"],
        "winner": side_of(row["winner"]),
        "since": row["since"],
        "settled_at": row["settled_at"],
    }
