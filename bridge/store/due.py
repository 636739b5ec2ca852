"""The mark `due`: on every link and unlinked task that the next merge has to look at."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select, update

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.vocabulary import Word
from bridge.store.scope import among, id_column, unfolded
from bridge.store.tables import links, observations, waits
from bridge.store.tasks import LIVING, TaskRows


class DueMarks(TaskRows):
    """The part of a unit that sets and clears the mark."""

    def mark_due(self, side: Side, ids: Collection[str]) -> None:
        self._mark_links(
            self._mine(links),
            among(id_column(side), ids),
            links.c.state.in_([str(state) for state in LIVING]),
        )
        self._mark_tasks(side, among(observations.c.id, ids))

    def clear_due_task(self, side: Side, task_id: TaskId) -> None:
        named = (*self._of(side), observations.c.id == task_id)
        self._connection.execute(update(observations).where(*named).values(is_due=False))

    def set_due(self, link_id: LinkId, is_due: bool) -> None:
        named = (self._mine(links), links.c.id == link_id)
        self._connection.execute(update(links).where(*named).values(is_due=is_due))

    def set_all_due(self) -> None:
        self._mark_links(self._mine(links), links.c.state == str(LinkState.LINKED))
        for side in SIDES:
            self._mark_tasks(side)

    def waiting_for(self, words: Iterable[Word]) -> None:
        names = [f"{word.side}:{word.kind}:{word.key}" for word in words]
        if not names:
            return
        waiting = (self._mine(waits), waits.c.waits_for.in_(unfolded(names)))
        self._mark_links(links.c.id.in_(select(waits.c.link_id).where(*waiting)))
        for side in SIDES:
            tasks = select(waits.c.task_id).where(*waiting, waits.c.task_side == str(side))
            self._mark_tasks(side, observations.c.id.in_(tasks))

    def _mark_links(self, *which: ColumnElement[bool]) -> None:
        undone = update(links).where(~links.c.is_due, *which)
        self._connection.execute(undone.values(is_due=True))

    def _mark_tasks(self, side: Side, *which: ColumnElement[bool]) -> None:
        """Mark those of the tasks that have no living link."""
        undone = (*self._of(side), ~observations.c.is_due, *which, ~self._is_linked(side))
        self._connection.execute(update(observations).where(*undone).values(is_due=True))
