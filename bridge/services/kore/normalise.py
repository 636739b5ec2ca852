"""From a Kore record to the bridge's own form of a task; pure.

Takes a record as parsed JSON and how it was seen, gives a Task or raises UnreadableRecord. What
the record does not show is left out of `fields`: absent is not empty (sight.py). `dueDate` beats
`ETA`; `fields[].selectedValue` is not read, since both say the same wherever it was seen.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bridge.domain.marker import find_marker, without_marker
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Contact, Facts, Task
from bridge.domain.text import fold_word
from bridge.domain.values import (
    UNSEEN,
    Observed,
    Shown,
    due_value,
    person_value,
    priority_value,
    queue_value,
    status_value,
    text_value,
)
from bridge.errors import UnreadableRecord
from bridge.services.digests import covered, digest_of
from bridge.services.kore.sight import Sight
from bridge.services.kore.wire import COLUMNS, WireCustomer, WireTask
from bridge.services.kore.words import column_word, words_of
from bridge.services.moments import read_moment, readable_moment

QUEUED = frozenset({"queue", "queues"})
UNASSIGNED = "unassigned"

# What the digest covers: of objects only the keys that do not turn by themselves.
DIGESTED: Mapping[str, tuple[str, ...]] = {
    "refId": (),
    "caseId": (),
    "caseRefId": (),
    "name": (),
    "desc": (),
    "status": ("_id", "name", "statusCategory"),
    "priority": ("_id", "name", "score"),
    "tags": ("name",),
    "userInfo": ("name", "emailId", "phoneNumber"),
    "dueDate": (),
    "ETA": (),
    "currAssignee": ("agentId", "aId", "name"),
    "assigneeType": (),
    "queues": ("_id", "id", "name"),
    "updatedAt": (),
}


def row_digest(row: Mapping[str, Any], sight: Sight) -> str:
    """The digest of a record's mapped keys, those included that it tells to be empty."""
    return digest_of((covered(row, DIGESTED), sight.empties(row)))


def changed_at(row: Mapping[str, Any]) -> datetime | None:
    """The time of the last change, None if it cannot be read."""
    return readable_moment(row.get("updatedAt"))


def to_task(row: Mapping[str, Any], task_id: TaskId, sight: Sight) -> Task:
    """The task that a record shows; raises UnreadableRecord, naming the key."""
    record = _read(row, task_id)
    return Task(
        side=Side.KORE,
        id=task_id,
        fields=dict(_fields(record, row, task_id, sight)),
        digest=row_digest(row, sight),
        ref=record.ref or None,
        container=Case(id=record.case_id, ref=record.case_ref) if record.case_id else None,
        created_at=readable_moment(record.created_at),
        changed_at=readable_moment(record.changed_at),
        first_author=record.first_author,
        last_author=record.last_author,
        marker=find_marker(record.desc),
        facts=_facts(record, row, sight),
        words=(*words_of(record), *map(column_word, _carried(row, sight))),
    )


def contact_of(customer: WireCustomer) -> Contact:
    """How to reach the customer."""
    return Contact(name=customer.name or "", email=customer.email or "", phone=customer.phone or "")


def _read(row: Mapping[str, Any], task_id: TaskId) -> WireTask:
    try:
        return WireTask.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableRecord(task_id, f"{place}: {first['msg']}") from None


def _carried(row: Mapping[str, Any], sight: Sight) -> list[str]:
    """The keys that a list row carries; an answer says nothing about lists."""
    return [] if sight.is_answer else [key for key in COLUMNS if key in row]


def _fields(
    record: WireTask, row: Mapping[str, Any], task_id: TaskId, sight: Sight
) -> Iterator[tuple[Field, Observed]]:
    shown: dict[Field, Shown] = {
        Field.TITLE: text_value(record.name) if "name" in row else UNSEEN,
        Field.DESCRIPTION: _description(record, row, sight),
        Field.STATUS: _status(record),
        Field.PRIORITY: _priority(record, row),
        Field.ASSIGNEE: _assignee(record, row, sight),
        Field.DUE: _due(record, row, task_id, sight),
    }
    for name, value in shown.items():
        if value is not UNSEEN:
            yield name, value


def _description(record: WireTask, row: Mapping[str, Any], sight: Sight) -> Shown:
    if not sight.tells(row, "desc"):
        return UNSEEN
    return text_value(without_marker(record.desc))


def _status(record: WireTask) -> Shown:
    name = record.status.name or record.status.category
    return status_value(name, record.status.category or "") if name else UNSEEN


def _priority(record: WireTask, row: Mapping[str, Any]) -> Shown:
    if record.priority.name:
        return priority_value(record.priority.name, record.priority.score)
    return None if row.get("priority", UNSEEN) in (None, "") else UNSEEN


def _assignee(record: WireTask, row: Mapping[str, Any], sight: Sight) -> Shown:
    """Who has the task: an agent, else a queue, else what the emptiness of the record says."""
    agent, kind = record.agent, fold_word(record.assignee_type or "")
    if agent.id:
        return person_value(agent.id, agent.name)
    if kind in QUEUED:
        return queue_value(agent.name or (record.queues[-1] if record.queues else "queue"))
    if agent.name:
        return person_value(agent.name, agent.name)
    if kind == UNASSIGNED:
        return None
    return None if _shows_nobody(row, kind, sight) else UNSEEN


def _shows_nobody(row: Mapping[str, Any], kind: str, sight: Sight) -> bool:
    """Whether a record that names no agent and no queue says that there is nobody."""
    if sight.is_answer:
        return True
    if kind and "currAssignee" not in row:
        return False
    told = sight.tells(row, "currAssignee") and sight.tells(row, "assigneeType")
    return sight.is_full and told


def _due(record: WireTask, row: Mapping[str, Any], task_id: TaskId, sight: Sight) -> Shown:
    """The due date; 0 counts as none, since an account may take a due date off by 0 (unknown)."""
    for key, value in (("dueDate", record.due_ms), ("ETA", record.eta)):
        if value in (0, "0"):
            continue
        try:
            moment = read_moment(value)
        except ValueError as error:
            raise UnreadableRecord(task_id, f"{key}: {error}") from None
        if moment is not None:
            return due_value(moment)
    told = (sight.tells(row, "dueDate"), sight.tells(row, "ETA"))
    return None if (any(told) if sight.is_full else all(told)) else UNSEEN


def _facts(record: WireTask, row: Mapping[str, Any], sight: Sight) -> Facts:
    return Facts(
        queues=record.queues if sight.tells(row, "queues") else None,
        tags=record.tags if sight.tells(row, "tags") else None,
        contact=contact_of(record.customer) if sight.tells(row, "userInfo") else None,
    )
