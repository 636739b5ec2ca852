"""The due date after an update: dueDate in milliseconds, ETA in ISO 8601, and how both go.

Which of the two keys counts and what removes a due date is unknown; the switches choose.
"""

from dataclasses import replace
from typing import Any

from bridge.sandbox.answers import JsonObject, Refusal
from bridge.sandbox.kore.record import Record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.moments import moment_in_range, parse_iso

KEYS = ("dueDate", "ETA")


def with_due(record: Record, body: JsonObject, switches: KoreSwitches) -> Record:
    """The record after dueDate and ETA of a body; where both name a moment dueDate counts."""
    heard = {key: body[key] for key in _heard_keys(body, switches)}
    if not heard:
        return record
    moments = [moment for key in KEYS if (moment := _moment(heard, key)) is not None]
    if moments:
        return replace(record, due_ms=moments[0], due_as_eta_only=False)
    if not _removes(heard, switches):
        return record
    return replace(record, due_ms=None, was_due=True)


def _heard_keys(body: JsonObject, switches: KoreSwitches) -> list[str]:
    sent = [key for key in KEYS if key in body]
    if switches.due_keys == "both":
        return sent if len(sent) == len(KEYS) else []
    if switches.due_keys == "either":
        return sent
    return [key for key in sent if key == switches.due_keys]


def _moment(heard: JsonObject, key: str) -> int | None:
    """The moment that a key names; None if it names none; a 400 if it is neither."""
    value: Any = heard.get(key)
    if value in (None, "", 0):
        return None
    try:
        if key == "dueDate" and isinstance(value, int) and not isinstance(value, bool):
            return moment_in_range(value)
        if key == "ETA" and isinstance(value, str):
            return parse_iso(value)
    except ValueError:
        raise Refusal(400, f"{key} is not a date") from None
    raise Refusal(400, f"{key} is not valid")


def _removes(heard: JsonObject, switches: KoreSwitches) -> bool:
    """Whether keys that name no moment are the form that removes the due date."""
    if switches.clear_due == "never":
        return False
    if switches.clear_due == "null":
        return heard.get("dueDate") is None and heard.get("ETA", "") == ""
    return bool(heard.get("dueDate", 0) == 0 and heard.get("ETA", "") == "")
