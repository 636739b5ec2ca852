"""The life of a task as the object that `explain --format json` prints.

{"generated_at", "title", "state": as in `report`, "standing", "reason", "next", "do", "commands",
"is_due", "due", "kept", "held_up": [{"text", "since", "until", "do", "commands"}],
"link": null or {"state", "origin", "kore_id", "v2_id", "marker", "created_at", "changed_at"},
"tasks": [{"side", "id", "ref", "title", "case", "created_at", "changed_at", "written_at",
"seen_at", "seen", "hidden_fields", "list_hides"}],
"fields": {name: {"kore", "v2", "base": {"kore", "v2"} | null, "notes"}},
"waits": [{"id", "state", "field", "side", "reason", "since", "kore", "v2", "value", "attempts",
"candidates", "next", "do", "commands"}],
"conflicts": [{"id", "field", "kore", "v2", "rule", "winner", "since", "settled_at", "text"}],
"steps": [{"at", "text", "operation", "kind", "outcome", "side", "fields",
"values": [{"field", "from", "sent", "shown", "text"}]}]}

Times are UTC; an empty value is null, the key of one that was not observed is left out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bridge.domain.life import (
    Advice,
    ConflictTold,
    Explanation,
    FieldTold,
    HeldUp,
    Step,
    TaskTold,
    ValueTold,
    WaitTold,
)
from bridge.domain.link import Link
from bridge.domain.side import Side
from bridge.domain.values import Shown, Unseen, as_text


def render_life_object(told: Explanation) -> dict[str, Any]:
    """The whole object."""
    return {
        "generated_at": as_text(told.at),
        "title": told.title or None,
        "state": str(told.state),
        "standing": told.standing,
        "reason": told.reason or None,
        "next": told.next or None,
        **_advice(told.advice),
        "is_due": told.is_due,
        "due": told.due,
        "kept": told.kept or None,
        "held_up": [_held_up(one) for one in told.held_up],
        "link": _link(told.link) if told.link else None,
        "tasks": [_task(one) for one in told.tasks],
        "fields": {str(one.name): _field(one) for one in told.fields},
        "waits": [_wait(one) for one in told.waits],
        "conflicts": [_conflict(one) for one in told.conflicts],
        "steps": [_step(one) for one in told.steps],
    }


def _advice(advice: Advice) -> dict[str, Any]:
    return {"do": advice.do or None, "commands": list(advice.commands)}


def _held_up(one: HeldUp) -> dict[str, Any]:
    times = {"since": _time(one.since), "until": _time(one.until)}
    return {"text": one.text, **times, **_advice(one.advice)}


def _link(link: Link) -> dict[str, Any]:
    return {
        "state": str(link.state),
        "origin": _side(link.origin),
        "kore_id": link.kore_id,
        "v2_id": link.v2_id,
        "marker": link.marker or None,
        "created_at": _time(link.created_at),
        "changed_at": _time(link.changed_at),
    }


def _task(one: TaskTold) -> dict[str, Any]:
    return {
        "side": str(one.side),
        "id": one.id,
        "ref": one.ref,
        "title": one.title or None,
        "case": one.case or None,
        "created_at": _time(one.created_at),
        "changed_at": _time(one.changed_at),
        "written_at": _time(one.written_at),
        "seen_at": _time(one.seen_at),
        "seen": one.seen,
        "hidden_fields": [str(name) for name in one.hidden],
        "list_hides": [str(name) for name in one.list_hides],
    }


def _field(one: FieldTold) -> dict[str, Any]:
    base = _observed({"kore": one.base.kore, "v2": one.base.v2})
    shown = _observed({"kore": one.kore, "v2": one.v2})
    return {**shown, "base": base or None, "notes": list(one.notes)}


def _wait(one: WaitTold) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": str(one.state),
        "field": str(one.name) if one.name else None,
        "side": _side(one.side),
        "reason": one.reason,
        "since": _time(one.since),
        **_observed({"kore": one.kore, "v2": one.v2, "value": one.value}),
        "attempts": one.attempts,
        "candidates": list(one.candidates),
        "next": one.next,
        **_advice(one.advice),
    }


def _conflict(one: ConflictTold) -> dict[str, Any]:
    return {
        "id": one.id,
        "field": str(one.name),
        **_observed({"kore": one.kore, "v2": one.v2}),
        "rule": one.rule,
        "winner": _side(one.winner),
        "since": as_text(one.since),
        "settled_at": as_text(one.settled_at),
        "text": one.text,
    }


def _step(one: Step) -> dict[str, Any]:
    return {
        "at": as_text(one.at),
        "text": one.text,
        "operation": one.operation,
        "kind": str(one.kind) if one.kind else None,
        "outcome": one.outcome or None,
        "side": _side(one.side),
        "fields": [str(name) for name in one.fields],
        "values": [_value(value) for value in one.values],
    }


def _value(one: ValueTold) -> dict[str, Any]:
    shown = {"from": one.before, "sent": one.sent, "shown": one.shown}
    return {"field": str(one.name), **_observed(shown), "text": one.text}


def _observed(values: Mapping[str, Shown]) -> dict[str, str | None]:
    return {
        key: None if value is None else value.text
        for key, value in values.items()
        if not isinstance(value, Unseen)
    }


def _side(side: Side | None) -> str | None:
    return str(side) if side else None


def _time(moment: datetime | None) -> str | None:
    return as_text(moment) if moment else None
