"""The domain's values as JSON and back.

A value whose key is its text is that text; else it is `[text, key]` or `[text, key, kind]`.
`null` is a value observed as empty; a value that was not observed has no key in its object.
What was written is read back equal in every part, texts and kinds too.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bridge.domain.link import FieldBase
from bridge.domain.operation import WriteRequest
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Case, Contact, Facts
from bridge.domain.values import UNSEEN, Observed, Shown, Unseen, Value
from bridge.store.columns import dump

_VALUE = "$value"


def value_json(value: Observed) -> Any:
    """An observed value as JSON."""
    if value is None:
        return None
    if value.kind:
        return [value.text, value.key, value.kind]
    return value.text if value.text == value.key else [value.text, value.key]


def value_of(found: Any) -> Observed:
    """The value that `value_json` wrote."""
    if found is None:
        return None
    if isinstance(found, str):
        return Value(found, found)
    text, key, *kind = found
    return Value(key, text, kind[0] if kind else "")


def shown_text(value: Shown) -> str | None:
    """A value as JSON text; None, which is NULL, if it was not observed."""
    return None if isinstance(value, Unseen) else dump(value_json(value))


def shown_of(found: str | None) -> Shown:
    """The value that `shown_text` wrote."""
    return UNSEEN if found is None else value_of(json.loads(found))


def fields_json(fields: Mapping[Field, Observed]) -> dict[str, Any]:
    """Observed fields by name."""
    return {str(name): value_json(value) for name, value in fields.items()}


def fields_of(found: Mapping[str, Any] | None) -> dict[Field, Observed]:
    """The fields that `fields_json` wrote."""
    return {Field(name): value_of(value) for name, value in (found or {}).items()}


def bases_json(bases: Mapping[Field, FieldBase]) -> dict[str, Any]:
    """The bases of a link by field."""
    return {str(name): _base_json(base) for name, base in bases.items()}


def bases_of(found: Mapping[str, Any] | None) -> dict[Field, FieldBase]:
    """The bases that `bases_json` wrote."""
    return {Field(name): _base_of(base) for name, base in (found or {}).items()}


def _base_json(base: FieldBase) -> dict[str, Any]:
    words = {"absorbed": base.absorbed, "carry": base.carry, "table": base.table}
    found: dict[str, Any] = {name: str(word) for name, word in words.items() if word}
    if base.is_edited:
        found["edited"] = True
    if base.is_left:
        found["left"] = True
    for side in Side:
        value = base.of(side)
        if not isinstance(value, Unseen):
            found[side] = value_json(value)
    return found


def _base_of(found: Mapping[str, Any]) -> FieldBase:
    return FieldBase(
        kore=value_of(found["kore"]) if "kore" in found else UNSEEN,
        v2=value_of(found["v2"]) if "v2" in found else UNSEEN,
        absorbed=side_of(found.get("absorbed")),
        carry=side_of(found.get("carry")),
        is_edited=bool(found.get("edited")),
        is_left=bool(found.get("left")),
        table=found.get("table", ""),
    )


def side_of(found: str | None) -> Side | None:
    """A side, or None where there is none."""
    return Side(found) if found else None


def task_id_of(found: str | None) -> TaskId | None:
    """A task's id, or None where there is none."""
    return None if found is None else TaskId(found)


def case_json(case: Case | None) -> dict[str, Any] | None:
    """A case without its contact: people's private data stand with the facts."""
    if case is None:
        return None
    return {"id": case.id, "ref": case.ref, "name": case.name, "is_closed": case.is_closed}


def case_of(found: Mapping[str, Any] | None, contact: Contact | None) -> Case | None:
    """The case that `case_json` wrote, with its contact."""
    return None if found is None else Case(**found, contact=contact)


def facts_json(facts: Facts, case: Case | None) -> dict[str, Any]:
    """The facts of a task and the contact of its case, what is empty left out."""
    contact = case.contact if case else None
    found = {**asdict(facts), "case_contact": asdict(contact) if contact else None}
    return {name: value for name, value in found.items() if value is not None}


def facts_of(found: Mapping[str, Any] | None) -> Facts:
    """The facts that `facts_json` wrote; empty ones where they are no longer kept."""
    found = found or {}
    return Facts(
        queues=_words_of(found.get("queues")),
        task_type_id=found.get("task_type_id"),
        tags=_words_of(found.get("tags")),
        customers=tuple(found.get("customers", ())),
        contact=_contact_of(found.get("contact")),
    )


def case_contact_of(found: Mapping[str, Any] | None) -> Contact | None:
    """The contact of the case that `facts_json` wrote."""
    return _contact_of((found or {}).get("case_contact"))


def _words_of(found: list[str] | None) -> tuple[str, ...] | None:
    return None if found is None else tuple(found)


def _contact_of(found: Mapping[str, str] | None) -> Contact | None:
    return None if found is None else Contact(**found)


def request_json(request: WriteRequest) -> dict[str, Any]:
    """A request, whole."""
    return {
        "side": str(request.side),
        "call": request.call,
        "body": dict(request.body),
        "task_id": request.task_id,
    }


def request_of(found: Mapping[str, Any]) -> WriteRequest:
    """The request that `request_json` wrote."""
    return WriteRequest(
        side=Side(found["side"]),
        call=found["call"],
        body=found["body"],
        task_id=task_id_of(found["task_id"]),
    )


def loose_json(found: Any) -> Any:
    """Anything made of JSON, mappings, sequences, values and bases; unseen values are left out."""
    if isinstance(found, Value):
        return {_VALUE: value_json(found)}
    if isinstance(found, FieldBase):
        return loose_json({"kore": found.kore, "v2": found.v2})
    if isinstance(found, Mapping):
        kept = {key: item for key, item in found.items() if item is not UNSEEN}
        return {str(key): loose_json(item) for key, item in kept.items()}
    if isinstance(found, list | tuple):
        return [loose_json(item) for item in found]
    return found


def loose_of(found: Any) -> Any:
    """What `loose_json` wrote: values are values again, the rest is plain JSON."""
    if isinstance(found, dict):
        if found.keys() == {_VALUE}:
            return value_of(found[_VALUE])
        return {key: loose_of(item) for key, item in found.items()}
    if isinstance(found, list):
        return [loose_of(item) for item in found]
    return found
