"""The bodies of v2's writes; pure: values in, a WriteRequest out, nothing is sent.

Where nobody has written down which form of a value is taken, a field has several, the likeliest
first; `alternative` picks one. A body is JSON through and through: the journal keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bridge.domain.exchange import Draft
from bridge.domain.operation import WriteRequest
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Contact
from bridge.domain.values import Observed
from bridge.errors import UsageError
from bridge.services.ids import checked
from bridge.services.v2.settings import V2Settings

CREATE = "POST /tasks/"
UPDATE = "PATCH /tasks/{id}"
COMPLETE = "POST /tasks/{id}/complete"

Body = Mapping[str, Any]
Forms = Sequence[Body]


def create_request(draft: Draft, settings: V2Settings) -> WriteRequest:
    """What a create takes (documented): no status and no tags, they follow by a patch.

    Empty values are left out; a status among the values is not sent.
    """
    contact, values = draft.contact or Contact(), draft.values
    assignee, due = values.get(Field.ASSIGNEE), values.get(Field.DUE)
    type_id = settings.task_type_id
    body = {
        "title": _text(values.get(Field.TITLE)),
        "description": draft.text,
        "priority": _text(values.get(Field.PRIORITY)),
        "contactPerson": contact.name,
        "email": contact.email if "@" in contact.email else "",
        "telephone": contact.phone,
        "dueDate": due.key if due else "",
        "taskTypeId": checked(type_id, "The task type") if type_id else "",
        "assigneeId": checked(assignee.key, "The assignee") if assignee else "",
    }
    given = {key: text for key, text in body.items() if text}
    return WriteRequest(side=Side.V2, call=CREATE, body=given)


def update_request(
    task_id: TaskId,
    values: Mapping[Field, Observed],
    *,
    tags: Sequence[str] | None = None,
    alternative: int = 0,
) -> WriteRequest:
    """Only what changes; each field in its form number `alternative`, or the last it has."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        forms = field_forms(name, value)
        body.update(forms[min(alternative, len(forms) - 1)])
    if tags is not None:
        body["tags"] = list(tags)
    if not body:
        raise UsageError("A v2 task cannot be updated without a change.")
    return WriteRequest(side=Side.V2, call=UPDATE, body=body, task_id=task_id)


def complete_request(task_id: TaskId) -> WriteRequest:
    """Completes a task without a mail (documented)."""
    return WriteRequest(side=Side.V2, call=COMPLETE, body={"sendEmail": False}, task_id=task_id)


def field_forms(name: Field, value: Observed) -> Forms:
    """The forms in which the service may take this value, the likeliest first."""
    return _FORMS[name](value)


def _text(value: Observed) -> str:
    return value.text if value else ""


def _plain(key: str) -> Callable[[Observed], Forms]:
    """A text, taken off by null or, perhaps, by an empty one (unknown)."""

    def forms(value: Observed) -> Forms:
        return ({key: value.text},) if value else ({key: None}, {key: ""})

    return forms


def _status(value: Observed) -> Forms:
    if value is None:
        raise UsageError("A v2 task cannot be without a status.")
    return ({"taskStatus": value.text},)


def _assignee(value: Observed) -> Forms:
    """Documented as the object; whether `assigneeId` works instead is unknown."""
    if value is None:
        return ({"assignee": None}, {"assignee": {}}, {"assigneeId": None})
    person = checked(value.key, "The assignee")
    return ({"assignee": {"entityId": person, "name": value.text}}, {"assigneeId": person})


def _due(value: Observed) -> Forms:
    return ({"dueDate": value.key},) if value else ({"dueDate": None}, {"dueDate": ""})


_FORMS: Mapping[Field, Callable[[Observed], Forms]] = MappingProxyType({
    Field.TITLE: _plain("title"),
    Field.DESCRIPTION: _plain("description"),
    Field.STATUS: _status,
    Field.PRIORITY: _plain("priority"),
    Field.ASSIGNEE: _assignee,
    Field.DUE: _due,
})  # fmt: skip
