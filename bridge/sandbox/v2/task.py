"""A task, a user and a task type as the simulated v2 service keeps them.

Times are milliseconds since the epoch. A value is replaced, never changed in place.
"""

from dataclasses import dataclass

from bridge.sandbox.answers import JsonObject

STATUSES = ("new", "open", "in_progress", "in_review", "completed", "cancelled")
PRIORITIES = ("low", "medium", "high", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A record linked with a task, such as a customer."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """A kind of task; `prefix` stands before its numbers (`REC-1234`)."""

    id: str
    name: str
    prefix: str
    is_default: bool

    def wire(self) -> JsonObject:
        return {
            "_id": self.id,
            "name": self.name,
            "prefix": self.prefix,
            "isDefault": self.is_default,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who can be assigned; `private` is what clients have to drop."""

    id: str
    number: int
    first_name: str
    last_name: str
    is_active: bool
    private: JsonObject

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `identifier` counts within the task type and may be missing."""

    id: str
    number: int
    identifier: int | None
    created_ms: int
    created_by: str
    modified_ms: int
    modified_by: str
    title: str | None = None
    description: str | None = None
    task_status: str | None = "new"
    task_type_id: str | None = None
    contact_person: str | None = None
    email: str | None = None
    telephone: str | None = None
    assignee_id: str | None = None
    due_ms: int | None = None
    first_started_ms: int | None = None
    first_terminated_ms: int | None = None
    tags: tuple[str, ...] = ()
    priority: str | None = None
    customers: tuple[Related, ...] = ()
    completion_response: str | None = None
