"""The history: what was done to a task, when and why; and the life of one task."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.records import Happening
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from tests.plain import kept
from tests.plain.rows import Line
from tests.plain.scope import Scope


class History(Scope):
    """The part of a unit that holds the history."""

    def remember(self, happenings: Iterable[Happening], run_id: int, at: datetime) -> None:
        for happening in happenings:
            told = replace(
                happening,
                at=kept.instant(happening.at or at),
                details=kept.loose(happening.details),
            )
            number = self._database.next_number("history")
            self._tables.history.put(number, Line(number, run_id, told))

    def history(self, link_id: LinkId) -> Sequence[Happening]:
        """What happened to the link, and to its tasks before they had it."""
        lines = self._tables.history.these("link", link_id)
        row = self._tables.links.get(link_id)
        for side in SIDES if row else ():
            of_task = self._lines_of(side, row.link.task_id(side) if row else None)
            lines += [line for line in of_task if line.happening.link_id is None]
        return _told(lines)

    def story(
        self, tasks: Collection[tuple[Side, TaskId]], link_id: LinkId | None
    ) -> Sequence[Happening]:
        lines = [line for side, task_id in tasks for line in self._lines_of(side, task_id)]
        if link_id is not None:
            lines += self._tables.history.these("link", link_id)
        return _told(lines)

    def is_task_due(self, side: Side, task_id: TaskId) -> bool:
        row = self._tables.observations.get((side, task_id))
        return row is not None and row.is_due

    def _lines_of(self, side: Side, task_id: TaskId | None) -> list[Line]:
        return [] if task_id is None else self._tables.history.these("task", (side, task_id))


def _told(lines: Iterable[Line]) -> list[Happening]:
    found = {line.id: line.happening for line in lines}
    return [found[number] for number in sorted(found)]
