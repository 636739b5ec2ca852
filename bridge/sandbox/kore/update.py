"""updateTask and updateCase: which fields of a body take effect, and how.

Takes a record and a body, gives the record after it. Fields that are not in the body keep their
value (documented). Unknown keys are ignored; a value of a wrong kind is a 400.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.kore.assign import with_assignee
from bridge.sandbox.kore.due import with_due
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.vocabulary import Priority, Status
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.texts import stored_text, stored_title

Word = TypeVar("Word", Status, Priority)
Change = Callable[[Record, Any, KoreWorld, KoreSwitches], Record]


def updated(
    record: Record, body: JsonObject, world: KoreWorld, switches: KoreSwitches, at: int
) -> Record:
    """The record with the body's fields; its change time is not touched here."""
    refused = sorted(switches.refused_fields & body.keys())
    if refused:
        raise Refusal(400, f"{refused[0]} cannot be changed")
    body = {key: value for key, value in body.items() if key not in switches.ignored_fields}
    for key, change in CHANGES.items():
        if key in body:
            record = change(record, body[key], world, switches)
    record = with_assignee(record, body, world, switches, at)
    return with_due(record, body, switches)


def is_nothing(body: JsonObject, switches: KoreSwitches) -> bool:
    """Whether an update is one of nothing, and leaves the change time; a 400 if refused."""
    if body.keys() - {"_id"}:
        return False
    switch = switches.id_only_update if body else switches.empty_update
    if switch == "refused":
        raise Refusal(400, "There is nothing to update")
    return switch == "taken"


def stamped(record: Record, author: Author | None, at: int) -> Record:
    """The record as changed by `author` at that time."""
    return replace(record, updated_ms=at, updated_by=author)


def _name(record: Record, value: Any, _: KoreWorld, switches: KoreSwitches) -> Record:
    if not isinstance(value, str) or not value:
        raise Refusal(400, "name is not valid")
    return replace(record, name=stored_title(value, switches))


def _desc(record: Record, value: Any, _: KoreWorld, switches: KoreSwitches) -> Record:
    """Text, or what empties it by the switch; other empty values change nothing."""
    if value in (None, ""):
        clears = {"empty_string": value == "", "null": value is None, "never": False}
        return replace(record, desc="") if clears[switches.clear_text] else record
    if not isinstance(value, str):
        raise Refusal(400, "desc is not a text")
    return replace(record, desc=stored_text(value, switches))


def _tags(record: Record, value: Any, _: KoreWorld, switches: KoreSwitches) -> Record:
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise Refusal(400, "tags is not a list of texts")
    kept = record.tags if switches.tags_update == "add" else ()
    return replace(record, tags=tuple(dict.fromkeys([*kept, *value])))


def _customer(record: Record, value: Any, world: KoreWorld, _: KoreSwitches) -> Record:
    if not isinstance(value, dict):
        raise Refusal(400, "userInfo is not an object")
    return replace(record, customer=world.customer_of({"_id": record.customer.id, **value}))


def _status(record: Record, value: Any, world: KoreWorld, switches: KoreSwitches) -> Record:
    found = _word(value, world.statuses, switches.status_by_name, "status")
    if found is None:
        return record
    if found.name in switches.disabled_statuses:
        raise Refusal(400, "The status is switched off")
    return replace(record, status_id=found.id)


def _priority(record: Record, value: Any, world: KoreWorld, switches: KoreSwitches) -> Record:
    found = _word(value, world.priorities, switches.priority_by_name, "priority")
    return record if found is None else replace(record, priority_id=found.id)


def _word(value: Any, words: dict[str, Word], by_name: str, what: str) -> Word | None:
    """The status or priority that an object means; None where it is ignored."""
    if not isinstance(value, dict) or not value:
        raise Refusal(400, f"{what} is not valid")
    if "_id" in value:
        found = words.get(str(value["_id"]))
    elif by_name == "ignored":
        return None
    else:
        named = {word.name: word for word in words.values()} if by_name == "taken" else {}
        found = named.get(str(value.get("name")))
    if found is None:
        raise Refusal(400, f"{what} is not known")
    return found


CHANGES: dict[str, Change] = {
    "name": _name,
    "desc": _desc,
    "tags": _tags,
    "userInfo": _customer,
    "status": _status,
    "priority": _priority,
}
