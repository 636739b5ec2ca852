"""What is in a simulated v2 company: users, task types and tasks.

Takes a seed, holds the state; whoever uses it holds the service's lock. The same acts in the
same order make the same world.
"""

import hashlib
from dataclasses import replace

from bridge.sandbox.identity import object_id, seeded
from bridge.sandbox.shelf import Shelf
from bridge.sandbox.v2.people import user_named
from bridge.sandbox.v2.task import Task, TaskType, User

STARTING_USERS = ("Api Key", "Agent One", "Agent Two")
STARTING_TYPES = (("General", "GEN"), ("Complaint", "REC"), ("Maintenance", "MNT"))


class V2World:
    """The state of one company. `self_user_id` is the key's own user."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = seeded(seed, "v2")
        self.company_id = object_id(rng)
        secret = hashlib.sha256(f"{seed}:v2".encode()).hexdigest()
        self.api_key = f"{object_id(rng)}:{secret}"
        self.users: dict[str, User] = {}
        for name in STARTING_USERS:
            self.add_user(name)
        self.self_user_id = next(iter(self.users))
        self.task_types: dict[str, TaskType] = {}
        for name, prefix in STARTING_TYPES:
            self.add_task_type(name, prefix)
        self.tasks: Shelf[Task] = Shelf()
        self.deleted: dict[str, Task] = {}
        self._number = 0
        self._identifiers: dict[str | None, int] = {}

    def add_user(self, name: str, *, is_active: bool = True) -> User:
        """A new person."""
        user = user_named(name, len(self.users) + 1, self.rng, is_active=is_active)
        self.users[user.id] = user
        return user

    def add_task_type(self, name: str, prefix: str) -> TaskType:
        """A new type; the first one is the default."""
        made = TaskType(
            id=object_id(self.rng), name=name, prefix=prefix, is_default=not self.task_types
        )
        self.task_types[made.id] = made
        return made

    def fresh_task(self, task_type_id: str | None, author: str, at: int) -> Task:
        """An empty task with the next numbers; it is not on the shelf yet."""
        self._number += 1
        identifier = self._identifiers.get(task_type_id, 0) + 1
        self._identifiers[task_type_id] = identifier
        return Task(
            id=object_id(self.rng),
            number=self._number,
            identifier=identifier,
            task_type_id=task_type_id,
            created_ms=at,
            created_by=author,
            modified_ms=at,
            modified_by=author,
        )

    @property
    def default_type_id(self) -> str:
        return next(kind.id for kind in self.task_types.values() if kind.is_default)

    def put(self, task: Task, author: str, at: int) -> Task:
        """Add or replace a task as changed by `author` at that time, and note its milestones."""
        moved = replace(_with_milestones(task, at), modified_ms=at, modified_by=author)
        self.tasks.put(moved.id, moved, at)
        return moved

    def delete(self, task_id: str) -> None:
        """Take a task away; a KeyError if it is not there."""
        self.deleted[task_id] = self.tasks.rows[task_id]
        self.tasks.remove(task_id)

    def restore(self, task_id: str, at: int) -> None:
        """Put a deleted task back as it was; a KeyError if none of that id was deleted."""
        self.tasks.put(task_id, self.deleted.pop(task_id), at)


def _with_milestones(task: Task, at: int) -> Task:
    """firstStartedAt when it first leaves `new`, firstTerminatedAt when first completed."""
    if task.first_started_ms is None and task.task_status not in ("new", None):
        task = replace(task, first_started_ms=at)
    if task.first_terminated_ms is None and task.task_status == "completed":
        task = replace(task, first_terminated_ms=at)
    return task
