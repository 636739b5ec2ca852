"""What a PATCH does to status, priority, assignee and due date of a v2 task.

Takes the task and the body, gives the task after it. Which forms work is unknown; a form that
the switches do not name is ignored, a value of a wrong kind is a 400.
"""

from dataclasses import replace
from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.moments import moment_in_range, parse_iso
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import PRIORITIES, STATUSES, Task
from bridge.sandbox.v2.world import V2World


def patched_status(task: Task, body: JsonObject, _: V2World, switches: V2Switches) -> Task:
    """taskStatus; a move that the switch names is refused, completing may be ignored."""
    if "taskStatus" not in body:
        return task
    wanted = body["taskStatus"]
    if wanted is not None and wanted not in STATUSES:
        raise Refusal(400, "taskStatus is not valid")
    if (task.task_status or "new", wanted) in switches.refused_moves:
        raise Refusal(400, "This change of taskStatus is not possible")
    if wanted == "completed" and switches.completed_by_patch == "ignored":
        return task
    return replace(task, task_status=wanted)


def patched_priority(task: Task, body: JsonObject, _: V2World, switches: V2Switches) -> Task:
    """priority; null may take it off, be ignored or be refused."""
    if "priority" not in body:
        return task
    wanted = body["priority"]
    if wanted is None:
        if switches.clear_priority == "refused":
            raise Refusal(400, "priority is not valid")
        return replace(task, priority=None) if switches.clear_priority == "taken" else task
    if not isinstance(wanted, str):
        raise Refusal(400, "priority is not a text")
    if wanted not in PRIORITIES and switches.unknown_priority == "refused":
        raise Refusal(400, "priority is not valid")
    return replace(task, priority=wanted)


def patched_person(task: Task, body: JsonObject, world: V2World, switches: V2Switches) -> Task:
    """The assignee, by the documented object or by assigneeId; nobody by the form that works."""
    if _takes_off(body, switches):
        return replace(task, assignee_id=None)
    wanted = _wanted(body, switches)
    if wanted is None:
        return task
    if wanted not in world.users:
        raise Refusal(400, "The assignee is not known")
    return replace(task, assignee_id=wanted)


def _takes_off(body: JsonObject, switches: V2Switches) -> bool:
    if switches.unassign == "assignee_id_null":
        return "assigneeId" in body and body["assigneeId"] is None
    form: Any = None if switches.unassign == "null" else {}
    return "assignee" in body and bool(body["assignee"] == form)


def _wanted(body: JsonObject, switches: V2Switches) -> str | None:
    """The user id in a form that is listened to; None if there is none."""
    by_id, entity = body.get("assigneeId"), body.get("assignee")
    if by_id is not None and switches.assign_by in ("assigneeId", "either"):
        return str(by_id)
    if not entity or switches.assign_by == "assigneeId":
        return None
    if not isinstance(entity, dict) or not entity.get("entityId"):
        raise Refusal(400, "assignee is not valid")
    if switches.assignee_needs == "name_too" and not entity.get("name"):
        raise Refusal(400, "assignee.name is missing")
    return str(entity["entityId"])


def patched_due(task: Task, body: JsonObject, _: V2World, switches: V2Switches) -> Task:
    """dueDate, ISO 8601 or (by switch) any form; removed by null or by an empty text."""
    if "dueDate" not in body:
        return task
    value = body["dueDate"]
    if value in (None, ""):
        clearing = None if switches.clear_due == "null" else ""
        return replace(task, due_ms=None) if value == clearing else task
    return replace(task, due_ms=_moment(value, switches))


def _moment(value: object, switches: V2Switches) -> int:
    try:
        if isinstance(value, str) and not value.lstrip("-").replace(".", "", 1).isdigit():
            return parse_iso(value)
        if switches.due_accepts == "any" and isinstance(value, str | int | float):
            return moment_in_range(float(value))
    except ValueError:
        raise Refusal(400, "dueDate is not a date") from None
    raise Refusal(400, "dueDate is not valid")
