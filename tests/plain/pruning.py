"""Taking out what is old: lines of the history, runs, and the journal behind them."""

from datetime import datetime

from bridge.domain.operation import Journalled, OperationKind, OperationState, Outcome
from bridge.domain.side import Side
from bridge.store.journal import NEWEST
from tests.plain.reading import Reading
from tests.plain.rows import Remembered
from tests.plain.scope import first


class Pruning(Reading):
    """The part of a unit that forgets what is old."""

    def prune(self, before: datetime, limit: int) -> int:
        return (
            self._prune_history(before, limit)
            + self._prune_journal(before, limit)
            + self._prune_runs(before, limit)
        )

    def _prune_history(self, before: datetime, limit: int) -> int:
        lines = [
            (line.happening.at, line.id)
            for line in self._tables.history.rows.values()
            if line.happening.at and line.happening.at < before
        ]
        oldest = sorted(lines)[: first(limit)]
        for _, number in oldest:
            self._tables.history.drop(number)
        return len(oldest)

    def _prune_runs(self, before: datetime, limit: int) -> int:
        """Runs are numbered as they begin; the newest always stays."""
        oldest = [*self._tables.runs.in_order()][:-1][: first(limit)]
        old = [run.id for run in oldest if (run.ended_at or run.started_at) < before]
        for number in old:
            self._tables.runs.drop(number)
        return len(old)

    def _prune_journal(self, before: datetime, limit: int) -> int:
        """Go on where the last pass stopped."""
        rows = self._old_operations(before, limit)
        if not rows:
            return 0
        living = {row.operation.link_id for row in rows} & {*self._tables.links.rows}
        for row in rows:
            if _is_over(row, is_joined=row.operation.link_id in living):
                self._tables.operations.drop(row.id)
        for link_id in living:
            for side in Side:
                self._drop_replaced_values(link_id, side, before)
        self._move_on((rows[-1].run_id, rows[-1].id))
        return len(rows)

    def _old_operations(self, before: datetime, limit: int) -> list[Journalled]:
        place = self._kore().pruned
        rows = [row for row in self._tables.operations.rows.values() if _place(row) > place]
        rows = sorted(rows, key=_place)[: first(limit)]
        young = (number for number, row in enumerate(rows) if row.committed_at >= before)
        return rows[: next(young, len(rows))]

    def _drop_replaced_values(self, link_id: int | None, side: Side, before: datetime) -> None:
        """Of the values sent to a side of a link the last ones stay, however old."""
        sent = [
            row
            for row in self._tables.operations.these("link", link_id)
            if row.operation.side is side and _is_value(row)
        ]
        for row in sent[:-NEWEST]:
            if row.committed_at < before:
                self._tables.operations.drop(row.id)

    def _kore(self) -> Remembered:
        return self._tables.sides.get(Side.KORE) or Remembered(self.side_state(Side.KORE))

    def _move_on(self, place: tuple[int, int]) -> None:
        self._tables.sides.put(Side.KORE, self._kore()._replace(pruned=place))


def _place(row: Journalled) -> tuple[int, int]:
    return (row.run_id, row.id)


def _is_value(row: Journalled) -> bool:
    return row.operation.kind is OperationKind.UPDATE and row.outcome is Outcome.DONE


def _is_over(row: Journalled, *, is_joined: bool) -> bool:
    """Whether nobody can need the row any more, whatever was sent since."""
    if row.state is not OperationState.SETTLED or row.outcome is Outcome.UNCERTAIN:
        return False
    return not is_joined or not (row.operation.kind is OperationKind.CREATE or _is_value(row))
