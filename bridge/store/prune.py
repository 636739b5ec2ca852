"""Taking out what is old: lines of the history, runs, and the journal behind them.

Links, bases, waits, conflicts and what people said are never touched. Of the journal everything
stays that may still be needed: what is not settled or was given up as uncertain, the create of
every link that there is, and the values last sent to each side of a link.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, select, tuple_, update

from bridge.domain.operation import OperationKind, OperationState, Outcome
from bridge.domain.side import Side
from bridge.store.journal import NEWEST
from bridge.store.scope import among
from bridge.store.sides import SideRows
from bridge.store.tables import history, links, operations, runs, sides

_PLACE = "pruned"  # how far the journal was gone through: run and number
_BEGINNING = (-1, -1)
_LOOKED_AT = tuple(
    operations.c[name]
    for name in ("id", "run_id", "link_id", "kind", "state", "outcome", "committed_at")
)


class Pruning(SideRows):
    """The part of a unit that forgets."""

    def prune(self, before: datetime, limit: int) -> int:
        """Take out so many rows of each kind that are older; 0 once nothing is left to look at."""
        return (
            self._prune_history(before, limit)
            + self._prune_journal(before, limit)
            + self._prune_runs(before, limit)
        )

    def _prune_history(self, before: datetime, limit: int) -> int:
        mine = select(history.c.id).where(self._mine(history), history.c.at < before)
        oldest = mine.order_by(history.c.at).limit(limit)
        return self._connection.execute(delete(history).where(history.c.id.in_(oldest))).rowcount

    def _prune_runs(self, before: datetime, limit: int) -> int:
        """Runs are numbered as they begin; the newest always stays."""
        newest = select(func.max(runs.c.id)).where(self._mine(runs)).scalar_subquery()
        wanted = select(runs.c.id, func.coalesce(runs.c.ended_at, runs.c.started_at).label("at"))
        mine = wanted.where(self._mine(runs), runs.c.id < newest)
        oldest = mine.order_by(runs.c.id).limit(limit).subquery()
        old = select(oldest.c.id).where(oldest.c.at < before)
        return self._connection.execute(delete(runs).where(runs.c.id.in_(old))).rowcount

    # ---- the journal ----------------------------------------------------------------------------

    def _prune_journal(self, before: datetime, limit: int) -> int:
        """Go on where the last pass stopped, so that what is kept is not read again and again."""
        rows = self._old_operations(before, limit)
        if not rows:
            return 0
        joined = self._living({row.link_id for row in rows if row.link_id})
        ids = [row.id for row in rows if _is_over(row, joined)]
        self._connection.execute(delete(operations).where(among(operations.c.id, ids)))
        self._drop_replaced_values(joined, before)
        self._move_on((rows[-1].run_id, rows[-1].id))
        return len(rows)

    def _old_operations(self, before: datetime, limit: int) -> Sequence[Row[*tuple[object, ...]]]:
        place = tuple_(operations.c.run_id, operations.c.id)
        wanted = (
            select(*_LOOKED_AT)
            .where(self._mine(operations), place > tuple_(*self._place()))
            .order_by(operations.c.run_id, operations.c.id)
            .limit(limit)
        )
        rows = self._connection.execute(wanted).all()
        young = (number for number, row in enumerate(rows) if row.committed_at >= before)
        return rows[: next(young, len(rows))]

    def _living(self, ids: set[int]) -> frozenset[int]:
        """Those of the links that are there still."""
        wanted = select(links.c.id).where(among(links.c.id, ids))
        return frozenset(self._connection.execute(wanted).scalars())

    def _drop_replaced_values(self, link_ids: frozenset[int], before: datetime) -> None:
        """Of the values sent to a side of a link the last ones stay, however old."""
        age = func.row_number().over(
            partition_by=(operations.c.link_id, operations.c.side),
            order_by=operations.c.id.desc(),
        )
        sent = (
            select(operations.c.id, operations.c.committed_at, age.label("age"))
            .where(
                self._mine(operations),
                among(operations.c.link_id, link_ids),
                operations.c.kind == str(OperationKind.UPDATE),
                operations.c.outcome == str(Outcome.DONE),
            )
            .subquery()
        )
        replaced = select(sent.c.id).where(sent.c.age > NEWEST, sent.c.committed_at < before)
        self._connection.execute(delete(operations).where(operations.c.id.in_(replaced)))

    def _place(self) -> tuple[int, int]:
        wanted = select(sides.c.further).where(self._mine(sides), sides.c.side == str(Side.KORE))
        run_id, number = (self._connection.execute(wanted).scalar() or {}).get(_PLACE, _BEGINNING)
        return int(run_id), int(number)

    def _move_on(self, place: tuple[int, int]) -> None:
        self.save_side_state(self.side_state(Side.KORE))  # so that there is a row
        mine = (self._mine(sides), sides.c.side == str(Side.KORE))
        before = self._connection.execute(select(sides.c.further).where(*mine)).scalar() or {}
        further = {**before, _PLACE: list(place)}
        self._connection.execute(update(sides).where(*mine).values(further=further))


def _is_over(row: Row[*tuple[object, ...]], joined: frozenset[int]) -> bool:
    """Whether nobody can need the row any more, whatever was sent since."""
    if row.state != OperationState.SETTLED or row.outcome == Outcome.UNCERTAIN:
        return False
    if row.link_id not in joined:
        return True
    is_create = row.kind == OperationKind.CREATE
    is_value = row.kind == OperationKind.UPDATE and row.outcome == Outcome.DONE
    return not (is_create or is_value)
