"""A conflict as a row of the contract, and all that is known of it, from the database alone.

A page as JSON is the row with {"winner": "kore" | "v2" | null, "settled_at", "decided": "kore" |
"v2" | null, "reason"}: `decided` is what a person took and waits for its write, `reason` why the
conflict waits, or why the value that lost was not, or cannot be, written back.
"""

from collections.abc import Mapping
from typing import Any

from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import UNSEEN
from bridge.ports import LinkView, Unit
from bridge.report.cells import shown_texts
from bridge.sync.resolve import DROPPED, has_moved_on

Conflict = Mapping[str, Any]
Facts = dict[str, Any]


def conflict_row(unit: Unit, conflict: Conflict) -> Facts:
    """The row; a value that was not observed has no key."""
    return {
        "id": conflict["id"],
        "kore_id": conflict["kore_id"],
        "v2_id": conflict["v2_id"],
        "title": _title(unit.link(conflict["link_id"]), conflict),
        "field": str(conflict["field"]),
        **shown_texts({side: conflict.get(str(side), UNSEEN) for side in SIDES}),
        "base": shown_texts({side: conflict.get(f"base_{side}", UNSEEN) for side in SIDES}) or None,
        "since": conflict["since"],
        "rule": conflict["rule"],
    }


def conflict_page(unit: Unit, conflict: Conflict) -> Facts:
    """Everything that is known of a conflict."""
    wait, decided = _wait(unit, conflict), decided_of(unit, conflict)
    return {
        **conflict_row(unit, conflict),
        "winner": str(conflict["winner"]) if conflict["winner"] else None,
        "settled_at": conflict["settled_at"],
        "decided": str(decided) if decided else None,
        "reason": wait.reason if wait else _lasting(unit, conflict),
    }


def decided_of(unit: Unit, conflict: Conflict) -> Side | None:
    """Whose value a person took, where that is not written yet."""
    wait = _wait(unit, conflict)
    return wait.decided if wait else None


def _wait(unit: Unit, conflict: Conflict) -> Wait | None:
    """What waits for the conflict: a person, or a write that a person decided."""
    view = unit.link(conflict["link_id"])
    kind = WaitKind.RESTORE if conflict["settled_at"] else WaitKind.CONFLICT
    for wait in view.waits if view else ():
        is_same = kind is WaitKind.CONFLICT or wait.waits_for == str(conflict["id"])
        if wait.kind is kind and wait.field is conflict["field"] and is_same:
            return wait
    return None


def _lasting(unit: Unit, conflict: Conflict) -> str | None:
    """Why a settled conflict stays as it was decided, although a value was lost."""
    settled_at, winner, link_id = conflict["settled_at"], conflict["winner"], conflict["link_id"]
    view = unit.link(link_id)
    if settled_at is None or winner is None or view is None:
        return None
    if not has_moved_on(view, conflict):
        return None
    again = "Nothing is written back any more; the value can be entered in one of the services."
    for one in unit.history(link_id):
        is_of_it = one.what == DROPPED and one.details.get("conflict") == str(conflict["id"])
        if is_of_it and one.at and one.at >= settled_at:
            return f"{winner.other.label}'s value was to be written back, but {one.why}. {again}"
    return f"The {conflict['field']} was changed since. {again}"


def _title(view: LinkView | None, conflict: Conflict) -> str:
    """What the task is called; where the conflict is about that, as Kore calls it."""
    known = [one for one in (view.kore, view.v2) if one is not None] if view else []
    title = next((one.task.title for one in known if one.task.title), "")
    if title or conflict["field"] is not Field.TITLE:
        return title
    texts = shown_texts({side: conflict.get(str(side), UNSEEN) for side in SIDES})
    return next((text for text in texts.values() if text), "")
