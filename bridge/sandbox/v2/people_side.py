"""What people do in the simulated v2 service, in process and without HTTP.

Takes plain values, changes the world under the service's lock, moves lastModifiedAt and
lastModifiedBy. Part of `V2Service`; every method may be called from any thread.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Unpack

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.service import Service
from bridge.sandbox.v2.fields import TaskFields, edited
from bridge.sandbox.v2.people import shown_user
from bridge.sandbox.v2.seeding import seed_world
from bridge.sandbox.v2.show import shown_task
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import Task
from bridge.sandbox.v2.world import V2World
from bridge.sandbox.view import Shown


class V2People(Service[V2Switches]):
    """The half of the v2 service that people use. `author` is the user id of who acts."""

    world: V2World
    author: str

    def add_task(self, **fields: Unpack[TaskFields]) -> str:
        """Add a task, `new` unless said otherwise (null with None); gives its id."""
        with self.lock:
            world, at = self.world, self.time.stamp()
            kind = fields.get("task_type_id") or world.default_type_id
            task = edited(world.fresh_task(kind, self.author, at), fields)
            return world.put(replace(task, task_type_id=kind), self.author, at).id

    def edit_task(self, task_id: str, **fields: Unpack[TaskFields]) -> None:
        """Change the named fields alone; lastModifiedAt and lastModifiedBy move in any case."""
        with self.lock:
            task = edited(self.world.tasks.rows[task_id], fields)
            self.world.put(task, self.author, self.time.stamp())

    def remove_task(self, task_id: str) -> None:
        """Delete a task; a KeyError if it is not there."""
        with self.lock:
            self.world.delete(task_id)

    def restore_task(self, task_id: str) -> None:
        """Put a deleted task back as it was; a KeyError if none of that id was deleted."""
        with self.lock:
            self.world.restore(task_id, self.time.stamp())

    def add_user(self, name: str, *, is_active: bool = True) -> str:
        """Add a person; gives the user id."""
        with self.lock:
            return self.world.add_user(name, is_active=is_active).id

    def add_task_type(self, name: str, prefix: str) -> str:
        """Add a task type; gives its id."""
        with self.lock:
            return self.world.add_task_type(name, prefix).id

    def seed(self, tasks: int = 150) -> None:
        """Fill the company with a believable, deterministic world."""
        with self.lock:
            seed_world(self.world, self.time.stamp(), tasks)

    # ---- looking ----------------------------------------------------------------------

    def reference(self, task_id: str) -> str:
        """What people call the task: the prefix of its type and its number, or its id."""
        with self.lock:
            task = self.world.tasks.rows[task_id]
            kind = self.world.task_types.get(task.task_type_id or "")
            return f"{kind.prefix}-{task.identifier}" if kind and task.identifier else task_id

    @property
    def tasks(self) -> Mapping[str, JsonObject]:
        """The tasks by id, each as on the wire."""
        with self.lock:
            self.apply_late()
            return Shown(self.world.tasks.rows, self._show)

    @property
    def users(self) -> Mapping[str, JsonObject]:
        """The people by id, each as on the wire, private fields included."""
        world = self.world
        with self.lock:
            return Shown(
                world.users, lambda user: shown_user(user, world.company_id, self.switches)
            )

    @property
    def task_types(self) -> Mapping[str, JsonObject]:
        """The task types by id."""
        with self.lock:
            return Shown(self.world.task_types, lambda kind: kind.wire())

    def _show(self, task: Task) -> JsonObject:
        return shown_task(task, self.world, self.switches)
