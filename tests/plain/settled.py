"""The linked pairs whose verdict stands."""

from collections import Counter
from collections.abc import Collection, Mapping

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.domain.values import ShownText, shown_as_text
from tests.plain.links import Links
from tests.plain.rows import Joined
from tests.plain.waits import Waits


class SettledLinks(Links, Waits):
    """The part of a unit that finds and counts them."""

    def settled_links(self) -> Mapping[LinkId, Mapping[Side, TaskId]]:
        found = {
            row.link.id: {side: row.link.task_id(side) or TaskId("") for side in SIDES}
            for row in self._tables.links.these("state", LinkState.LINKED)
            if self._is_quiet(row)
        }
        return {
            number: tasks
            for number, tasks in found.items()
            if all(self._is_read(side, task_id) for side, task_id in tasks.items())
        }

    def count_texts(
        self, side: Side, name: Field, link_ids: Collection[LinkId]
    ) -> Mapping[ShownText, int]:
        rows = (self._tables.links.get(number) for number in {*link_ids})
        tasks = (self._task_of(row.link, side) for row in rows if row)
        return Counter(shown_as_text(known.task.shown(name)) for known in tasks if known)

    def _is_quiet(self, row: Joined) -> bool:
        return not row.is_due and not self._tables.waits.count("link", row.link.id)

    def _is_read(self, side: Side, task_id: TaskId) -> bool:
        """Whether the task was read and is not gone, and nothing waits on it."""
        row = self._tables.observations.get((side, task_id))
        if row is None or row.known.gone_at is not None or self.waits_on_task(side, task_id):
            return False
        return bool(row.known.task.fields and row.known.task.digest)
