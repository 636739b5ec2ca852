"""The mark `due`: on every link and unlinked task that the next merge has to look at."""

from collections.abc import Collection, Iterable

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.vocabulary import Word
from tests.plain.rows import Joined, Seen
from tests.plain.scope import LIVING
from tests.plain.tasks import Tasks


class DueMarks(Tasks):
    """The part of a unit that sets and clears the mark."""

    def mark_due(self, side: Side, ids: Collection[str]) -> None:
        for task_id in ids:
            found = self._link_on(side, task_id)
            if found and found.link.state in LIVING:
                self._mark_link(found)
            else:
                self._mark_task(self._tables.observations.get((side, task_id)))

    def clear_due_task(self, side: Side, task_id: TaskId) -> None:
        row = self._tables.observations.get((side, task_id))
        if row and row.is_due:
            self._put(row._replace(is_due=False))

    def set_due(self, link_id: LinkId, is_due: bool) -> None:
        row = self._tables.links.get(link_id)
        if row and row.is_due != is_due:
            self._tables.links.put(link_id, row._replace(is_due=is_due))

    def set_all_due(self) -> None:
        for link in self._tables.links.these("state", LinkState.LINKED):
            self._mark_link(link)
        for side in SIDES:
            for row in self._of_side(side):
                if not self._is_linked(side, row.known.task.id):
                    self._mark_task(row)

    def waiting_for(self, words: Iterable[Word]) -> None:
        for name in {f"{word.side}:{word.kind}:{word.key}" for word in words}:
            for number in self._tables.waits.keys("word", name):
                self._mark_waiting(number)

    def _mark_waiting(self, number: int) -> None:
        wait = self._tables.waits.rows[number]
        if wait.link_id is not None:
            self._mark_link(self._tables.links.get(wait.link_id))
            return
        side = self._tables.wait_sides.rows[number]
        if wait.task_id is not None and not self._is_linked(side, wait.task_id):
            self._mark_task(self._tables.observations.get((side, wait.task_id)))

    def _mark_link(self, row: Joined | None) -> None:
        if row and not row.is_due:
            self._tables.links.put(row.link.id, row._replace(is_due=True))

    def _mark_task(self, row: Seen | None) -> None:
        if row and not row.is_due:
            self._put(row._replace(is_due=True))
