"""The mark `due`: on every link and unlinked task that the next merge has to look at."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select, update

from bridge.domain.link import LinkState
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.vocabulary import Word
from bridge.store.scope import ID, id_column, is_in_state, of_pair, these
from bridge.store.tables import IS_DUE, links, observations, waits
from bridge.store.tasks import IS_LINKED, IS_THERE, LIVING, NAMED, OF_SIDE, TaskRows

_UNDONE = update(links).where(~links.c.is_due).values(is_due=True)
_LINKS = _UNDONE.where(of_pair(links))
_LINKS_OF = {
    side: _LINKS.where(id_column(side).in_(these()), is_in_state(LIVING)) for side in SIDES
}
_LINKED = _LINKS.where(links.c.state == str(LinkState.LINKED))
# Those of the tasks that have no living link.
_TASKS = {
    side: update(observations)
    .where(*OF_SIDE, ~observations.c.is_due, ~IS_LINKED[side])
    .values(is_due=True)
    for side in SIDES
}
_TASKS_NAMED = {side: _TASKS[side].where(observations.c.id.in_(these())) for side in SIDES}
_CLEAR = update(observations).where(*NAMED).values(is_due=False)
_SET = update(links).where(of_pair(links), links.c.id == ID)
_WAITING = (of_pair(waits), waits.c.waits_for.in_(these()))
# By id alone: with the pair named, SQLite would go through all of its links.
_LINKS_WAITING = _UNDONE.where(links.c.id.in_(select(waits.c.link_id).where(*_WAITING)))
_TASKS_WAITING = {
    side: _TASKS[side].where(
        observations.c.id.in_(
            select(waits.c.task_id).where(*_WAITING, waits.c.task_side == str(side))
        )
    )
    for side in SIDES
}
_COUNT = select(func.count())
_COUNT_LINKS = _COUNT.select_from(links).where(
    of_pair(links), IS_DUE, is_in_state([LinkState.LINKED])
)
_COUNT_TASKS = {
    side: _COUNT.select_from(observations).where(*OF_SIDE, IS_DUE, IS_THERE, ~IS_LINKED[side])
    for side in SIDES
}


class DueMarks(TaskRows):
    """The part of a unit that sets and clears the mark."""

    def mark_due(self, side: Side, ids: Collection[str]) -> None:
        named = {"this_side": str(side), "these": [*ids]}
        self._run(_LINKS_OF[side], **named)
        self._run(_TASKS_NAMED[side], **named)

    def clear_due_task(self, side: Side, task_id: TaskId) -> None:
        self._run(_CLEAR, this_side=str(side), these=[task_id])

    def set_due(self, link_id: LinkId, is_due: bool) -> None:
        self._run(_SET, this_id=link_id, is_due=is_due)

    def set_all_due(self) -> None:
        self._run(_LINKED)
        for side in SIDES:
            self._run(_TASKS[side], this_side=str(side))

    def waiting_for(self, words: Iterable[Word]) -> None:
        names = [f"{word.side}:{word.kind}:{word.key}" for word in words]
        if not names:
            return
        self._run(_LINKS_WAITING, these=names)
        for side in SIDES:
            self._run(_TASKS_WAITING[side], this_side=str(side), these=names)

    def count_due(self) -> int:
        """How many linked pairs and tasks without a counterpart the next merge looks at."""
        count = int(self._run(_COUNT_LINKS).scalar_one())
        for side in SIDES:
            count += int(self._run(_COUNT_TASKS[side], this_side=str(side)).scalar_one())
        return count
