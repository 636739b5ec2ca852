"""What a create and a PATCH of the v2 service do with a body.

Takes a body and a task, gives the task after it. Documented: which keys a create takes, which
are read-only. What else is accepted, ignored or refused is unknown and switched.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.texts import stored_text, stored_title
from bridge.sandbox.v2.moves import patched_due, patched_person, patched_priority, patched_status
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import PRIORITIES, Related, Task
from bridge.sandbox.v2.world import V2World

OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
READ_ONLY = (
    "_id",
    "number",
    "identifierNumber",
    "companyId",
    "status",
    "chatId",
    "firstStartedAt",
    "firstTerminatedAt",
)
LISTS = (
    "userIds",
    "objectIds",
    "customerIds",
    "contactIds",
    "assignmentIds",
    "invoiceIds",
    "equipmentIds",
)
TEXTS = {
    "title": "title",
    "description": "description",
    "contactPerson": "contact_person",
    "email": "email",
    "telephone": "telephone",
    "completionResponse": "completion_response",
}
CREATE_TEXTS = ("title", "description", "contactPerson", "email", "telephone")
CREATE_KEYS = (*CREATE_TEXTS, "priority", "dueDate", "taskTypeId", "assigneeId", *LISTS)
NOT_AT_CREATE = ("taskStatus", "tags")
PATCH_KEYS = (*TEXTS, "taskStatus", "taskTypeId", "assignee", "assigneeId", "dueDate", "tags")


def created(body: JsonObject, world: V2World, switches: V2Switches, at: int) -> Task:
    """A new task by the key's user, not on the shelf yet; a 400 for a body that is refused."""
    if switches.create_extra == "refused":
        _refuse(body, NOT_AT_CREATE, "is not part of a new task")
    _refuse_unknown(body, (*CREATE_KEYS, *NOT_AT_CREATE), switches)
    for key in LISTS:
        for value in _list(body.get(key, []), key):
            parsed_id(value)
    kind = _type_id(body.get("taskTypeId") or world.default_type_id, world)
    texts = {key: body[key] for key in CREATE_TEXTS if key in body}
    if not all(isinstance(value, str) for value in texts.values()):
        raise Refusal(400, "A text is not a text")
    task = _with_texts(world.fresh_task(kind, world.self_user_id, at), texts, switches)
    customers = tuple(Related(id=value, name="") for value in body.get("customerIds", []))
    return replace(_with_choices(task, body, world), customers=customers)


def patched(task: Task, body: JsonObject, world: V2World, switches: V2Switches) -> Task:
    """The task after a PATCH; a 400 for a body that is refused."""
    if not body:
        raise Refusal(400, "Missing parameters. Required parameters are: a field to change")
    if switches.read_only_fields == "refused":
        _refuse(body, READ_ONLY, "is read-only")
    _refuse(body, tuple(switches.refused_fields), "cannot be changed")
    _refuse_unknown(body, (*PATCH_KEYS, "priority", *READ_ONLY), switches)
    body = {key: value for key, value in body.items() if key not in switches.ignored_fields}
    task = _with_texts(task, {key: body[key] for key in TEXTS if key in body}, switches)
    for change in CHANGES:
        task = change(task, body, world, switches)
    return task


def parsed_id(value: object) -> str:
    """An id of 24 hex digits; anything else is the observed 400."""
    if not isinstance(value, str) or not OBJECT_ID.fullmatch(value):
        raise Refusal(400, f"Failed to parse Id: {value}")
    return value


def _with_texts(task: Task, texts: JsonObject, switches: V2Switches) -> Task:
    """The task with its texts as the service stores them."""
    values: dict[str, Any] = {}
    for key, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise Refusal(400, f"{key} is not a text")
        values[TEXTS[key]] = value
    if values.get("title") is not None:
        values["title"] = stored_title(values["title"], switches)
    if values.get("description") is not None:
        values["description"] = stored_text(values["description"], switches)
    return replace(task, **values)


def _with_choices(task: Task, body: JsonObject, world: V2World) -> Task:
    """Priority, due date and assignee of a create."""
    if "priority" in body and body["priority"] not in PRIORITIES:
        raise Refusal(400, "priority is not valid")
    assignee = body.get("assigneeId")
    if assignee is not None and parsed_id(assignee) not in world.users:
        raise Refusal(400, "assigneeId is not known")
    task = replace(task, priority=body.get("priority"), assignee_id=assignee)
    return patched_due(task, body, world, V2Switches())


def _patched_tags(task: Task, body: JsonObject, _: V2World, switches: V2Switches) -> Task:
    if "tags" not in body:
        return task
    tags = _list(body["tags"], "tags")
    kept = task.tags if switches.tags_update == "add" else ()
    return replace(task, tags=tuple(dict.fromkeys([*kept, *map(str, tags)])))


def _patched_type(task: Task, body: JsonObject, world: V2World, _: V2Switches) -> Task:
    if "taskTypeId" not in body:
        return task
    value = body["taskTypeId"]
    return replace(task, task_type_id=None if value is None else _type_id(value, world))


def _type_id(value: object, world: V2World) -> str:
    found = parsed_id(value)
    if found not in world.task_types:
        raise Refusal(400, "taskTypeId is not known")
    return found


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Refusal(400, f"{name} is not a list")
    return value


def _refuse(body: JsonObject, keys: tuple[str, ...], why: str) -> None:
    for key in keys:
        if key in body:
            raise Refusal(400, "Could not save.", f"{key} {why}")


def _refuse_unknown(body: JsonObject, known: tuple[str, ...], switches: V2Switches) -> None:
    if switches.unknown_fields == "refused":
        _refuse(body, tuple(sorted(body.keys() - set(known))), "is not known")


CHANGES: tuple[Callable[[Task, JsonObject, V2World, V2Switches], Task], ...] = (
    patched_status,
    patched_priority,
    patched_person,
    patched_due,
    _patched_tags,
    _patched_type,
)
