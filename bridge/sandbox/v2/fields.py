"""What a person fills in or changes in v2, by name; also how it is applied.

Takes the named values in plain Python, gives the task after them. Unlike the API it knows no
rules: people in a test may do anything, such as a status without a value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from bridge.sandbox.identity import object_id, seeded
from bridge.sandbox.moments import to_ms
from bridge.sandbox.v2.task import Related, Task

AS_THEY_ARE = (
    "title",
    "description",
    "task_status",
    "priority",
    "task_type_id",
    "contact_person",
    "email",
    "telephone",
)


class TaskFields(TypedDict, total=False):
    """The fields of a task that a person can name; `assignee` is a user id or None.

    `customers` are names, or mappings with entityId and name.
    """

    title: str | None
    description: str | None
    task_status: str | None
    priority: str | None
    assignee: str | None
    due: datetime | None
    task_type_id: str | None
    tags: Sequence[str]
    contact_person: str | None
    email: str | None
    telephone: str | None
    customers: Sequence[str | Mapping[str, str]]


def edited(task: Task, fields: TaskFields) -> Task:
    """The task with the named fields and no others changed."""
    values: dict[str, Any] = {key: fields[key] for key in AS_THEY_ARE if key in fields}  # type: ignore[literal-required]
    if "assignee" in fields:
        values["assignee_id"] = fields["assignee"]
    if "due" in fields:
        due = fields["due"]
        values["due_ms"] = None if due is None else to_ms(due)
    if "tags" in fields:
        values["tags"] = tuple(fields["tags"])
    if "customers" in fields:
        values["customers"] = tuple(_related(fields["customers"]))
    return replace(task, **values)


def _related(customers: Sequence[str | Mapping[str, str]]) -> Iterable[Related]:
    """Linked customers; one given by name alone has the id that belongs to the name."""
    for customer in customers:
        if isinstance(customer, str):
            yield Related(id=object_id(seeded("customer", customer)), name=customer)
        else:
            yield Related(id=customer["entityId"], name=customer.get("name", ""))
