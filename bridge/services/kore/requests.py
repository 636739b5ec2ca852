"""The bodies of Kore's writes; pure: values in, a WriteRequest out, nothing is sent.

Where nobody has written down how a value is taken off, a field has several forms, the likeliest
first; `alternative` picks one. A body is JSON through and through: the journal keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bridge.domain.exchange import Draft
from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Contact
from bridge.domain.text import fold_word
from bridge.domain.values import Observed, Value, as_moment
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.errors import UsageError
from bridge.services.ids import checked
from bridge.services.kore.settings import KoreSettings
from bridge.services.moments import milliseconds_of

CREATE = "createTask"
UPDATE = "updateTask"
SOURCE = "rtm"

Body = Mapping[str, Any]
Forms = Sequence[Body]

NOBODY: Forms = (
    {"currAssignee": {}, "assigneeType": "unassigned"},
    {"currAssignee": None, "assigneeType": "unassigned"},
    {"assigneeType": "unassigned"},
)
NO_DUE: Forms = ({"dueDate": None, "ETA": ""}, {"dueDate": 0, "ETA": ""})


def create_request(draft: Draft, settings: KoreSettings) -> WriteRequest:
    """All seven keys: documented as required, though the sample leaves `desc` out.

    Raises UsageError without a case, a title, or a person who can be reached.
    """
    if draft.case is None or not draft.case.ref:
        raise UsageError("A task can be created in Kore only in a case with id and reference.")
    title = draft.values.get(Field.TITLE)
    if title is None:
        raise UsageError("A task can be created in Kore only with a title.")
    body = {
        "caseId": checked(draft.case.id, "The id of the case"),
        "caseRefId": draft.case.ref,
        "taskTmp": draft.template,
        "name": title.text,
        "userInfo": _user_info(draft.contact, settings.requester),
        "source": SOURCE,
        "desc": draft.text,
    }
    return WriteRequest(side=Side.KORE, call=CREATE, body=body)


def update_request(
    task_id: TaskId,
    values: Mapping[Field, Observed],
    words: "Words",
    *,
    tags: Sequence[str] | None = None,
    alternative: int = 0,
) -> WriteRequest:
    """Only what changes; each field in its form number `alternative`, or the last it has."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        forms = field_forms(name, value, words)
        body.update(forms[min(alternative, len(forms) - 1)])
    if tags is not None:
        body["tags"] = list(tags)
    if not body:
        raise UsageError("An update of a Kore task without a change is a probe.")
    return _update(task_id, body)


def probe_request(task_id: TaskId, form: ProbeForm) -> WriteRequest:
    """An update of nothing: an empty body, or one with the id alone."""
    if form is ProbeForm.EMPTY:
        return _update(task_id, {})
    if form is ProbeForm.ID_ONLY:
        return _update(task_id, {"_id": task_id})
    raise UsageError(f"There is no probe of the form {form}.")


def field_forms(name: Field, value: Observed, words: "Words") -> Forms:
    """The forms in which an account may take this value, the likeliest first."""
    return _FORMS[name](value, words)


class Words:
    """What is known of statuses, priorities and people; ids in the settings come first."""

    def __init__(self, settings: KoreSettings, vocabulary: Vocabulary) -> None:
        self._ids = {
            WordKind.STATUS: _folded(settings.status_ids),
            WordKind.PRIORITY: _folded(settings.priority_ids),
        }
        self._vocabulary = vocabulary

    def named(self, kind: WordKind, value: Value) -> dict[str, Any]:
        """A status or priority as an update sends it, with its id if that is known."""
        word = self._vocabulary.find(Side.KORE, kind, value.key)
        details = word.details if word else {}
        found = self._ids[kind].get(value.key) or details.get("id")
        named = {"_id": found, "name": word.label if word else value.text}
        if kind is WordKind.STATUS:
            named["statusCategory"] = details.get("category")
        return {key: part for key, part in named.items() if part}

    def agent(self, value: Value) -> dict[str, Any]:
        """A person as an update sends it, with both ids if they are known."""
        word = self._person(value.key)
        if word is None:
            key = "aId" if value.key.startswith("a-") else "agentId"
            return {key: value.key, "name": value.text}
        ids = {"agentId": word.details.get("agent_id"), "aId": word.details.get("a_id")}
        return {**{key: part for key, part in ids.items() if part}, "name": word.label}

    def _person(self, person_id: str) -> Word | None:
        word = self._vocabulary.find(Side.KORE, WordKind.PERSON, person_id)
        people = self._vocabulary.all(Side.KORE, WordKind.PERSON)
        return word or next((one for one in people if _has_id(one, person_id)), None)


def _update(task_id: TaskId, body: Body) -> WriteRequest:
    return WriteRequest(side=Side.KORE, call=UPDATE, body=body, task_id=task_id)


def _user_info(contact: Contact | None, requester: Contact | None) -> dict[str, str]:
    for person in (contact, requester):
        if person is not None and person.is_reachable:
            told = {"name": person.name, "emailId": person.email, "phoneNumber": person.phone}
            return {key: text for key, text in told.items() if text}
    raise UsageError(
        "Kore needs a name and an e-mail address or telephone for a new task; set kore.requester."
    )


def _title(value: Observed, words: Words) -> Forms:
    if value is None:
        raise UsageError("A Kore task cannot be without a title.")
    return ({"name": value.text},)


def _description(value: Observed, words: Words) -> Forms:
    return ({"desc": value.text},) if value else ({"desc": ""}, {"desc": None})


def _status(value: Observed, words: Words) -> Forms:
    if value is None:
        raise UsageError("A Kore task cannot be without a status.")
    return ({"status": words.named(WordKind.STATUS, value)},)


def _priority(value: Observed, words: Words) -> Forms:
    if value is None:
        raise UsageError("A Kore task cannot be without a priority.")
    return ({"priority": words.named(WordKind.PRIORITY, value)},)


def _assignee(value: Observed, words: Words) -> Forms:
    if value is None:
        return NOBODY
    if value.is_queue:
        raise UsageError("A Kore task cannot be put into a queue by an update.")
    return ({"currAssignee": words.agent(value), "assigneeType": "agent"},)


def _due(value: Observed, words: Words) -> Forms:
    if value is None:
        return NO_DUE
    return ({"dueDate": milliseconds_of(as_moment(value.key)), "ETA": value.key},)


_FORMS: Mapping[Field, Callable[[Observed, Words], Forms]] = MappingProxyType({
    Field.TITLE: _title,
    Field.DESCRIPTION: _description,
    Field.STATUS: _status,
    Field.PRIORITY: _priority,
    Field.ASSIGNEE: _assignee,
    Field.DUE: _due,
})  # fmt: skip


def _folded(ids: Mapping[str, str]) -> dict[str, str]:
    return {fold_word(name): found for name, found in ids.items()}


def _has_id(word: Word, person_id: str) -> bool:
    return person_id in (word.details.get("agent_id"), word.details.get("a_id"))
