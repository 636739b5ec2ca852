"""Forgetting the texts of two tasks, and keeping them again."""

from collections.abc import Mapping
from dataclasses import replace

from bridge.domain.instruction import InstructionKind
from bridge.domain.marker import find_marker
from bridge.domain.operation import Journalled
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.store.known_rows import without_texts
from tests.plain import kept
from tests.plain.rows import Seen
from tests.plain.tasks import Tasks
from tests.plain.waits import Waits

_SHOWING = (InstructionKind.RESOLVE, InstructionKind.RETRY, InstructionKind.DISCARD)
_NOTHING = Task(side=Side.KORE, id=TaskId(""), fields={}, digest="")
Named = Mapping[Side, TaskId]


class Forgetting(Tasks, Waits):
    """The part of a unit that forgets texts."""

    def forget_texts(self, link_id: LinkId) -> None:
        row = self._tables.links.get(link_id)
        ids = {side: row.link.task_id(side) for side in SIDES} if row else {}
        tasks = {side: task_id for side, task_id in ids.items() if task_id}
        for side, task_id in tasks.items():
            self._forget_task(side, task_id)
        self._forget_link(link_id)
        self._forget_operations(link_id, tasks)
        self._forget_history(link_id, tasks)
        self._forget_waits(link_id, tasks)
        self._forget_instructions()
        self._owe_a_wipe()

    def keep_texts(self, side: Side, task_id: TaskId) -> bool:
        row = self._tables.observations.get((side, task_id))
        if row is None or not row.is_forgotten:
            return False
        # Without a digest the next row of it is news, so that it is read whole again.
        unread = replace(row.known, task=replace(row.known.task, digest=""))
        self._put(row._replace(known=unread, is_forgotten=False))
        return True

    def _forget_task(self, side: Side, task_id: TaskId) -> None:
        """A task that was not seen yet gets its row now, so that it is known what not to keep."""
        row = self._tables.observations.get((side, task_id))
        known = row.known if row else Known(task=replace(_NOTHING, side=side, id=task_id))
        bare = kept.known(without_texts(known), keeps_facts=False)
        row = row._replace(known=bare) if row else Seen(self._new_n(), bare)
        self._put(row._replace(is_forgotten=True))

    def _forget_link(self, link_id: LinkId) -> None:
        """Its bases go; of its marker what identifies stays."""
        row = self._tables.links.get(link_id)
        if row is None:
            return
        found = find_marker(row.link.marker)
        short = f"[task-bridge {found.side}:{found.reference} {found.task_id}]" if found else ""
        bare = replace(row.link, bases={}, marker=short)
        self._tables.links.put(link_id, row._replace(link=bare))

    def _forget_operations(self, link_id: LinkId, tasks: Named) -> None:
        for row in [*self._tables.operations.rows.values()]:
            about = (row.operation.task_id(side) == task_id for side, task_id in tasks.items())
            if row.operation.link_id == link_id or any(about):
                self._tables.operations.put(row.id, _bare(row))

    def _forget_history(self, link_id: LinkId, tasks: Named) -> None:
        lines = self._tables.history
        numbers = {*lines.keys("link", link_id)}
        for place in tasks.items():
            numbers.update(lines.keys("task", place))
        for number in numbers:
            line = lines.rows[number]
            bare = replace(line.happening, details={}, why="")
            lines.put(number, line._replace(happening=bare))

    def _forget_waits(self, link_id: LinkId, tasks: Named) -> None:
        for number in self._tables.conflicts.keys("link", link_id):
            self._tables.conflicts.drop(number)
        on_tasks = [wait.id for place in tasks.items() for wait in self.waits_on_task(*place)]
        for number in (*self._tables.waits.keys("link", link_id), *on_tasks):
            self._drop_wait(number)

    def _forget_instructions(self) -> None:
        """What people were shown when they decided; it was carried out, and nobody asks again."""
        for row in [*self._tables.instructions.rows.values()]:
            if row.kind in _SHOWING and row.done_at is not None:
                self._tables.instructions.put(row.id, replace(row, details={}, note=""))

    def _owe_a_wipe(self) -> None:
        for name, state in [*self._tables.pairs.rows.items()]:
            self._tables.pairs.put(name, replace(state, pruned_at=None))


def _bare(row: Journalled) -> Journalled:
    return replace(
        row,
        operation=replace(row.operation, values={}, origin={}, reason=""),
        request=replace(row.request, body={}),
        note="",
        settles_at=None,
        is_success=False,
    )
