"""How the simulated v2 service shows a task.

Takes a task, the world and the switches; gives the JSON object. The forms of dates, of nobody
and of empty values are unknown or contradict each other, and therefore switched.
"""

from typing import Any

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.moments import iso_of
from bridge.sandbox.v2.switches import Dates, V2Switches
from bridge.sandbox.v2.task import Task
from bridge.sandbox.v2.world import V2World

ALWAYS_THERE = ("_id", "status", "title", "identifierNumber", "priority", "assignee")


def shown_task(task: Task, world: V2World, switches: V2Switches) -> JsonObject:
    """The task as a list, a read, and perhaps a write show it."""
    shown: JsonObject = {
        "_id": task.id,
        "number": task.number,
        "identifierNumber": task.identifier,
        "companyId": world.company_id,
        "chatId": None,
        "status": _entity_status(task, switches),
        "title": task.title,
        "description": task.description,
        "taskStatus": task.task_status,
        "taskTypeId": task.task_type_id,
        "taskType": _task_type(task, world, switches),
        "taskTemplate": None,
        "contactPerson": task.contact_person,
        "email": task.email,
        "telephone": task.telephone,
        "tags": list(task.tags),
        "related": _related(task, switches),
        "documentIds": [],
        "completionResponse": task.completion_response,
    }
    shown |= _dates(task, switches)
    shown |= _assignee(task, world, switches) | _priority(task, switches)
    if switches.empty_keys == "absent":
        return {key: value for key, value in shown.items() if _is_there(key, value)}
    return shown


def date_in_form(moment: int | None, form: Dates) -> Any:
    """A moment as ISO 8601, milliseconds, digits or a float; None stays None."""
    if moment is None:
        return None
    if form == "iso":
        return iso_of(moment)
    return {"millis": moment, "millis_string": str(moment), "float": float(moment)}[form]


def _is_there(key: str, value: Any) -> bool:
    return key in ALWAYS_THERE or value not in (None, "", [], {})


def _entity_status(task: Task, switches: V2Switches) -> JsonObject:
    value = switches.entity_status_value
    shown = {
        "status": str(value) if switches.entity_status == "string" else value,
        "createdAt": date_in_form(task.created_ms, switches.dates),
        "createdBy": task.created_by,
        "lastModifiedAt": date_in_form(task.modified_ms, switches.dates),
    }
    if switches.last_modified_by == "shown":
        shown["lastModifiedBy"] = task.modified_by
    return shown


def _task_type(task: Task, world: V2World, switches: V2Switches) -> Any:
    kind = world.task_types.get(task.task_type_id or "")
    if kind is None or switches.task_type_shown == "null":
        return None
    return kind.name if switches.task_type_shown == "name" else kind.wire()


def _dates(task: Task, switches: V2Switches) -> JsonObject:
    moments = {
        "dueDate": task.due_ms,
        "firstStartedAt": task.first_started_ms,
        "firstTerminatedAt": task.first_terminated_ms,
        "complaintCreatedAt": None,
    }
    return {key: date_in_form(moment, switches.due_dates) for key, moment in moments.items()}


def _assignee(task: Task, world: V2World, switches: V2Switches) -> JsonObject:
    user = world.users.get(task.assignee_id or "")
    if user is not None:
        entity = {"entityId": user.id, "name": user.name, "profilePicture": None}
        return {"assignee": entity}
    if switches.nobody_assigned == "absent":
        return {}
    return {"assignee": {} if switches.nobody_assigned == "empty_object" else None}


def _priority(task: Task, switches: V2Switches) -> JsonObject:
    if task.priority is not None or switches.no_priority == "null":
        return {"priority": task.priority}
    return {} if switches.no_priority == "absent" else {"priority": ""}


def _related(task: Task, switches: V2Switches) -> JsonObject:
    if not task.customers or switches.related == "empty":
        return {}
    if switches.related == "ids":
        return {"customerIds": [customer.id for customer in task.customers]}
    entities = [{"entityId": customer.id, "name": customer.name} for customer in task.customers]
    return {"customers": entities}
