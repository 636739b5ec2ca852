"""How the simulated Kore shows a record: whole, as a create answers it, or as a list row.

Takes a record, the world and the switches; gives JSON objects in the documented form.
"""

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.kore.form_fields import form_fields
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.world import TEMPLATE_NAME, KoreWorld
from bridge.sandbox.moments import iso_of

SPARSE_KEYS = (
    "_id",
    "caseId",
    "caseRefId",
    "name",
    "priority",
    "status",
    "createdAt",
    "updatedAt",
)


def whole_record(record: Record, world: KoreWorld, switches: KoreSwitches) -> JsonObject:
    """The full record of a task or a case (documented)."""
    shown: JsonObject = {"_id": record.id, "refId": record.ref}
    shown |= _case_keys(record, world, switches)
    shown |= {"name": record.name, "lname": record.name.lower()}
    if record.desc or switches.empty_desc == "empty_string":
        shown["desc"] = record.desc
    shown |= _origin(record, world, switches)
    shown["status"] = world.statuses[record.status_id].wire(switches)
    shown["priority"] = world.priorities[record.priority_id].wire(switches)
    shown["fields"] = form_fields(record, world, with_values=True)
    shown |= _assignment(record, world, switches)
    shown |= _due(record, switches)
    shown |= _empty_lists()
    return shown | _history(record)


def created_record(record: Record, world: KoreWorld, switches: KoreSwitches) -> JsonObject:
    """The answer to a create; the observed one is shorter than the record."""
    shown = whole_record(record, world, switches)
    if switches.create_record == "whole":
        return shown
    shown.pop("language")
    shown["status"] = _some(shown["status"], "_id", "name", "statusCategory")
    shown["priority"] = _some(shown["priority"], "_id", "name", "color", "score")
    shown["fields"] = form_fields(record, world, with_values=False)
    return shown


def list_row(
    record: Record, world: KoreWorld, switches: KoreSwitches, columns: frozenset[str]
) -> JsonObject:
    """A row of getTasks; `columns` are the ones asked for beyond the sparse eight."""
    if switches.rows == "sparse":
        row = _sparse(record, world, switches)
        if columns and switches.selected_columns == "help":
            whole = whole_record(record, world, switches)
            row |= {key: whole[key] for key in whole if key in columns and key not in row}
    else:
        row = whole_record(record, world, switches)
    if switches.rows == "full_without_empty":
        row = {key: value for key, value in row.items() if value not in ("", [], {}, None)}
    return {key: value for key, value in row.items() if key not in switches.hidden_keys}


def _sparse(record: Record, world: KoreWorld, switches: KoreSwitches) -> JsonObject:
    """The eight documented fields and no more."""
    priority = world.priorities[record.priority_id].wire(switches)
    status = world.statuses[record.status_id].wire(switches)
    values = (
        record.id,
        record.case_id,
        record.case_ref,
        record.name,
        _some(priority, "name", "color"),
        _some(status, "name", "statusCategory"),
        record.created_at,
        record.updated_at,
    )
    return dict(zip(SPARSE_KEYS, values, strict=True))


def _some(whole: JsonObject, *keys: str) -> JsonObject:
    return {key: whole[key] for key in keys}


def _case_keys(record: Record, world: KoreWorld, switches: KoreSwitches) -> JsonObject:
    by_name = switches.template_shown == "name"
    if record.is_case:
        template = TEMPLATE_NAME if by_name else world.case_template_id
        tasks = [task for task in world.case_tasks.get(record.id, []) if task in world.tasks.rows]
        return {"caseTmp": template, "taskIds": tasks, "supportCustomTasks": True}
    template = TEMPLATE_NAME if by_name else world.task_template_id
    keys = {"caseId": record.case_id, "caseRefId": record.case_ref, "taskTmp": template}
    return keys | {"isCustTsk": False}


def _origin(record: Record, world: KoreWorld, switches: KoreSwitches) -> JsonObject:
    return {
        "tags": list(record.tags),
        "userInfo": _customer(record, switches),
        "accountId": world.account_id,
        "iId": world.stream_id,
        "orgId": world.org_id,
        "source": record.source,
        "language": "en",
        "conversationType": "CASE" if record.is_case else "TASK",
    }


def _customer(record: Record, switches: KoreSwitches) -> JsonObject:
    """A case shows the addresses (observed), a task by switch."""
    customer = record.customer
    shown = {"_id": customer.id, "name": customer.name}
    if record.is_case or switches.customer_shown == "whole":
        shown |= {"emailId": customer.email} if customer.email else {}
        shown |= {"phoneNumber": customer.phone} if customer.phone else {}
    return shown


def _assignment(record: Record, world: KoreWorld, switches: KoreSwitches) -> JsonObject:
    agent = world.agent(record.agent_id)
    joined = iso_of(record.assigned_ms)
    is_nobodys = record.assignee_type == "unassigned"
    kind = switches.nobody_type if is_nobodys else record.assignee_type
    return {
        "participants": (
            [{**agent.wire(), "pStatus": "ACTIVE", "assignedAt": joined}] if agent else []
        ),
        "assigneeType": kind,
        "currAssignee": agent.wire() if agent else {},
        "queues": (
            [{"_id": world.queues[record.queue], "name": record.queue}] if record.queue else []
        ),
    }


def _due(record: Record, switches: KoreSwitches) -> JsonObject:
    """dueDate in milliseconds and ETA in ISO 8601; ETA is empty without a due date."""
    if record.due_ms is None:
        null = {"dueDate": None} if record.was_due and switches.removed_due == "null" else {}
        return {"ETA": "", **null}
    shown: JsonObject = {"ETA": iso_of(record.due_ms)}
    if not record.due_as_eta_only:
        shown["dueDate"] = record.due_ms
    return shown


def _empty_lists() -> JsonObject:
    keys = ("sessIds", "convIds", "channel", "attachments", "commentIds")
    more = ("activityIds", "resolutionCmts", "feedback")
    return {key: [] for key in keys + more}


def _history(record: Record) -> JsonObject:
    shown: JsonObject = {
        "isActive": True,
        "isBreached": record.due_ms is not None and record.due_ms < record.updated_ms,
        "timestampValue": record.created_ms,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
    }
    for key, author in (("createdBy", record.created_by), ("updatedBy", record.updated_by)):
        if author is not None:
            shown[key] = _actor(author)
    return shown


def _actor(author: Author) -> JsonObject:
    return {"name": author.name, "_id": author.id, "profImage": "no-avatar"}
