"""From a v2 record to the bridge's own form of a task; pure.

Takes a record as parsed JSON, gives a Task or raises UnreadableRecord. A v2 record is whole
(documented: a list row and a single task have one schema), so a key that is absent, which the
service may do with empty ones (unknown), is observed as empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from pydantic import ValidationError

from bridge.domain.marker import find_marker, without_marker
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Contact, Facts, Task
from bridge.domain.values import (
    Observed,
    due_value,
    person_value,
    priority_value,
    status_value,
    text_value,
)
from bridge.errors import UnreadableRecord
from bridge.services.digests import covered, digest_of
from bridge.services.moments import read_moment, readable_moment
from bridge.services.v2.wire import WireEntity, WireTask

NO_STATUS = "new"
_ENTITY = ("entityId", "name")

# What the digest covers beside the change time: of objects only what does not turn by itself.
DIGESTED: Mapping[str, tuple[str, ...]] = {
    "identifierNumber": (),
    "title": (),
    "description": (),
    "taskStatus": (),
    "priority": (),
    "assignee": _ENTITY,
    "dueDate": (),
    "taskTypeId": (),
    "contactPerson": (),
    "email": (),
    "telephone": (),
    "tags": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How records are read: the zone of dates without one, the prefixes of task types by id."""

    zone: tzinfo = UTC
    prefixes: Mapping[str, str]

    def digest(self, row: Mapping[str, Any]) -> str:
        """The digest of a record's mapped keys, its reference and its change time."""
        shown = covered(row, DIGESTED)
        prefix = self.prefixes.get(str(row.get("taskTypeId")))
        return digest_of((shown, _customers(row.get("related")), prefix, _state(row, CHANGED)))

    def changed_at(self, row: Mapping[str, Any]) -> datetime | None:
        """The time of the last change, None if it cannot be read."""
        return readable_moment(_state(row, CHANGED), self.zone)

    def task(self, row: Mapping[str, Any], task_id: TaskId) -> Task:
        """The task that a record shows; raises UnreadableRecord, naming the key."""
        record = _read(row, task_id)
        return Task(
            side=Side.V2,
            id=task_id,
            fields=dict(self._fields(record, task_id)),
            digest=self.digest(row),
            ref=self._reference(record),
            created_at=readable_moment(record.state.created_at, self.zone),
            changed_at=readable_moment(record.state.changed_at, self.zone),
            first_author=record.state.created_by,
            last_author=record.state.changed_by,
            marker=find_marker(record.description),
            facts=_facts(record),
        )

    def _reference(self, record: WireTask) -> str | None:
        """`REC-1234` where the prefix of the type is known, else `#1234`."""
        if record.number is None:
            return None
        prefix = self.prefixes.get(record.type_id or "")
        return f"{prefix}-{record.number}" if prefix else f"#{record.number}"

    def _fields(self, record: WireTask, task_id: TaskId) -> Iterator[tuple[Field, Observed]]:
        yield Field.TITLE, text_value(record.title)
        yield Field.DESCRIPTION, text_value(without_marker(record.description))
        yield Field.STATUS, status_value((record.status or "").strip() or NO_STATUS)
        yield Field.PRIORITY, priority_value(record.priority)
        yield Field.ASSIGNEE, _assignee(record.assignee)
        yield Field.DUE, self._due(record, task_id)

    def _due(self, record: WireTask, task_id: TaskId) -> Observed:
        try:
            return due_value(read_moment(record.due, self.zone))
        except ValueError as error:
            raise UnreadableRecord(task_id, f"dueDate: {error}") from None


CHANGED = "lastModifiedAt"


def _state(row: Mapping[str, Any], key: str) -> Any:
    state = row.get("status")
    return state.get(key) if isinstance(state, dict) else None


def _read(row: Mapping[str, Any], task_id: TaskId) -> WireTask:
    try:
        return WireTask.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableRecord(task_id, f"{place}: {first['msg']}") from None


def _assignee(person: WireEntity) -> Observed:
    """Nobody for null, {} and an absent key; a name without an id stands for itself."""
    known = person.id or person.name
    return person_value(known, person.name) if known else None


def _facts(record: WireTask) -> Facts:
    contact = Contact(
        name=record.contact_person or "", email=record.email or "", phone=record.telephone or ""
    )
    return Facts(
        task_type_id=record.type_id,
        tags=record.tags,
        customers=_customers(record.related),
        contact=contact,
    )


def _customers(related: Any) -> tuple[str, ...]:
    """Ids and names of related customers, whatever their shape (unknown; the sample is empty)."""
    if not related or not isinstance(related, Mapping):
        return ()
    found = (_names(value) for key, value in related.items() if "customer" in str(key).lower())
    return tuple(dict.fromkeys(name for names in found for name in names))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _names(item) if not isinstance(item, list) else ()
    elif isinstance(value, Mapping):
        yield from (
            text
            for text in map(value.get, ("entityId", "_id", "name"))
            if isinstance(text, str) and text
        )
