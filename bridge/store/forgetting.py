"""Forgetting the texts of two tasks, and keeping them again.

Titles, descriptions, values, details and requests go from every table that may hold them; ids,
references, times and digests stay. From then on no text of them is stored (see `save_known`),
until a person links one of them again.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.instruction import InstructionKind
from bridge.domain.marker import find_marker
from bridge.domain.side import LinkId, Side, TaskId
from bridge.domain.task import Known, Task
from bridge.store.codec import task_id_of
from bridge.store.known_rows import row_of, without_texts
from bridge.store.tables import (
    conflicts,
    history,
    instructions,
    links,
    observations,
    operations,
    pairs,
    waits,
)
from bridge.store.tasks import TaskRows

Which = ColumnElement[bool]
_SHOWING = (InstructionKind.RESOLVE, InstructionKind.RETRY, InstructionKind.DISCARD)


class Forgetting(TaskRows):
    """The part of a unit that forgets texts."""

    def forget_texts(self, link_id: LinkId) -> None:
        tasks = self._tasks_of(link_id)
        for side, task_id in tasks.items():
            self._forget_task(side, task_id)
        self._forget_link(link_id)
        self._forget_operations(link_id, tasks)
        self._forget_history(link_id, tasks)
        for table in (waits, conflicts):
            self._connection.execute(delete(table).where(table.c.link_id == link_id))
        self._connection.execute(delete(waits).where(self._mine(waits), _waits_on(tasks)))
        self._forget_instructions()
        self._owe_a_wipe()

    def keep_texts(self, side: Side, task_id: TaskId) -> bool:
        was_forgotten = task_id in self.forgotten(side, [task_id])
        if was_forgotten:
            # Without a digest the next row of it is news, so that it is read whole again.
            self._connection.execute(
                update(observations)
                .where(*self._named(side, [task_id]))
                .values(is_forgotten=False, digest="")
            )
        return was_forgotten

    def _tasks_of(self, link_id: LinkId) -> dict[Side, TaskId]:
        wanted = select(links.c.kore_id, links.c.v2_id)
        row = self._connection.execute(
            wanted.where(self._mine(links), links.c.id == link_id)
        ).one_or_none()
        found = {Side.KORE: row.kore_id, Side.V2: row.v2_id} if row else {}
        return {side: task_id for side, one in found.items() if (task_id := task_id_of(one))}

    def _forget_task(self, side: Side, task_id: TaskId) -> None:
        """A task that was not seen yet gets its row now, so that it is known what not to keep."""
        known = self.known(side, [task_id]).get(task_id)
        known = known or Known(task=Task(side=side, id=task_id, fields={}, digest=""))
        bare = {**row_of(self._pair, without_texts(known), keeps_facts=False), "is_forgotten": True}
        stored = insert(observations).values(bare)
        key = ("pair", "side", "id")
        self._connection.execute(
            stored.on_conflict_do_update(
                index_elements=key,
                set_={name: value for name, value in bare.items() if name not in key},
            )
        )

    def _forget_link(self, link_id: LinkId) -> None:
        """Its bases go; of its marker what identifies stays."""
        named = (self._mine(links), links.c.id == link_id)
        line = self._connection.execute(select(links.c.marker).where(*named)).scalar()
        found = find_marker(line)
        short = f"[task-bridge {found.side}:{found.reference} {found.task_id}]" if found else ""
        self._connection.execute(update(links).where(*named).values(bases=None, marker=short))

    def _forget_operations(self, link_id: LinkId, tasks: Mapping[Side, TaskId]) -> None:
        mine = or_(
            operations.c.link_id == link_id,
            *(_id_of(side) == task_id for side, task_id in tasks.items()),
        )
        wanted = select(operations.c.id, operations.c.request).where(self._mine(operations), mine)
        for row in self._connection.execute(wanted).all():
            self._connection.execute(
                update(operations)
                .where(operations.c.id == row.id)
                .values(
                    request={**row.request, "body": {}},
                    written=None,
                    origin=None,
                    candidates=None,
                    search=None,
                    reason="",
                    note="",
                )
            )

    def _forget_history(self, link_id: LinkId, tasks: Mapping[Side, TaskId]) -> None:
        mine = or_(history.c.link_id == link_id, *_tasks_in_history(tasks))
        self._connection.execute(
            update(history).where(self._mine(history), mine).values(details=None, why="")
        )

    def _forget_instructions(self) -> None:
        """What people were shown when they decided; it was carried out, and nobody asks again.

        They name conflicts and failures that are gone, so all of them go.
        """
        kinds = instructions.c.kind.in_([str(kind) for kind in _SHOWING])
        done = (self._mine(instructions), kinds, instructions.c.done_at.is_not(None))
        self._connection.execute(update(instructions).where(*done).values(details=None, note=""))

    def _owe_a_wipe(self) -> None:
        """Until it is pruned again the files may still show what was forgotten."""
        mine = pairs.c.name == self._pair
        self._connection.execute(update(pairs).where(mine).values(pruned_at=None))


def _id_of(side: Side) -> ColumnElement[Any]:
    return operations.c.kore_id if side is Side.KORE else operations.c.v2_id


def _tasks_in_history(tasks: Mapping[Side, TaskId]) -> Iterator[Which]:
    for side, task_id in tasks.items():
        yield and_(history.c.side == str(side), history.c.task_id == task_id)


def _waits_on(tasks: Mapping[Side, TaskId]) -> Which:
    return or_(
        false(),
        *(
            and_(waits.c.task_side == str(side), waits.c.task_id == task_id)
            for side, task_id in tasks.items()
        ),
    )
