"""All rows that tell the life of one task, found by index however much is stored of others."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import RowMapping, select

from bridge.domain.operation import Journalled
from bridge.domain.records import Happening
from bridge.domain.side import LinkId, Side, TaskId
from bridge.store.conflicts import ConflictRows
from bridge.store.due import DueMarks
from bridge.store.history import HistoryRows, happening_of
from bridge.store.journal import Journal, journalled_of
from bridge.store.scope import among
from bridge.store.tables import (
    conflicts,
    history,
    links,
    observations,
    operations,
)


class LifeRows(DueMarks, ConflictRows, Journal, HistoryRows):
    """The part of a unit that answers for one task alone."""

    def story(
        self, tasks: Collection[tuple[Side, TaskId]], link_id: LinkId | None
    ) -> Sequence[Happening]:
        """Everything that is remembered of these tasks and their link, oldest first."""
        parts = [self._lines(history.c.side == str(side), history.c.task_id == task_id)
                 for side, task_id in tasks]  # fmt: skip
        if link_id is not None:
            parts.append(self._lines(history.c.link_id == link_id))
        found: dict[int, RowMapping] = {row["id"]: row for row in chain(*parts)}
        return [happening_of(found[number]) for number in sorted(found)]

    def operations_about(self, link_ids: Collection[LinkId]) -> Sequence[Journalled]:
        """All writes in the journal for these links, living or dropped, oldest first."""
        wanted = select(operations).where(
            self._mine(operations), among(operations.c.link_id, link_ids)
        )
        rows = self._connection.execute(wanted).mappings()
        return sorted((journalled_of(row) for row in rows), key=_number)

    def conflicts_of(self, link_id: LinkId) -> Sequence[Mapping[str, Any]]:
        """The conflicts of a link, decided or not, oldest first."""
        return self._conflicts(self._mine(links), conflicts.c.link_id == link_id)

    def is_link_due(self, link_id: LinkId) -> bool:
        """Whether the next merge looks at the link."""
        wanted = select(links.c.is_due).where(self._mine(links), links.c.id == link_id)
        return bool(self._connection.execute(wanted).scalar())

    def is_task_due(self, side: Side, task_id: TaskId) -> bool:
        """Whether the next cycle decides the task anew."""
        wanted = select(observations.c.is_due).where(*self._of(side), observations.c.id == task_id)
        return bool(self._connection.execute(wanted).scalar())


def _number(one: Journalled) -> int:
    return one.id
