"""What a person fills in or changes in Kore, by name; also how it is applied.

Takes the named values in plain Python (names of statuses, aware datetimes, agent ids), gives the
record after them. Unlike the API it knows no rules: people in a test may do anything.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from bridge.sandbox.kore.record import Record
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.moments import to_ms


class TaskEdit(TypedDict, total=False):
    """The fields of a task that a person can name; `assignee` is an agentId or None."""

    name: str
    desc: str
    status: str
    priority: str
    assignee: str | None
    queue: str | None
    due: datetime | None
    tags: Sequence[str]


class NewTask(TaskEdit, total=False):
    """The same for a new task, with the case it belongs to."""

    case_id: str


def edited(record: Record, fields: TaskEdit, world: KoreWorld, at: int) -> Record:
    """The record with the named fields; a KeyError for a name or id the account lacks."""
    plain: dict[str, Any] = {key: fields[key] for key in ("name", "desc") if key in fields}
    if "tags" in fields:
        plain["tags"] = tuple(fields["tags"])
    if "status" in fields:
        plain["status_id"] = world.status_named(fields["status"]).id
    if "priority" in fields:
        plain["priority_id"] = world.priority_named(fields["priority"]).id
    if "due" in fields:
        due = fields["due"]
        plain |= {"due_ms": None if due is None else to_ms(due)}
        plain |= {"was_due": record.was_due or record.due_ms is not None}
        plain |= {"due_as_eta_only": False}
    return _placed(replace(record, **plain), fields, world, at)


def _placed(record: Record, fields: TaskEdit, world: KoreWorld, at: int) -> Record:
    """The record with its agent or queue; an agent named beside a queue counts."""
    agent, queue = fields.get("assignee"), fields.get("queue")
    if agent is not None:
        return world.assigned(record, agent, at)
    if queue is not None:
        return world.queued(record, queue)
    if ("assignee" in fields and record.agent_id) or ("queue" in fields and record.queue):
        return world.assigned(record, None, at)
    return record
