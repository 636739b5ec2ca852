"""A failure as a row of the contract, and all that is known of it, from the database alone.

A page as JSON is the row with {"title", "kore", "v2", "wanted"}: what both sides show of the field,
and what was to be written; a value that was not seen has no key.
"""

from typing import Any

from bridge.domain.operation import Wait
from bridge.domain.side import SIDES, Side
from bridge.domain.values import UNSEEN
from bridge.ports import Unit
from bridge.report.cells import shown_texts, text_of

Facts = dict[str, Any]


def failure_row(unit: Unit, wait: Wait) -> Facts:
    """The row of one failure."""
    kore_id, v2_id = _ids(unit, wait)
    return {
        "id": wait.id,
        "kore_id": kore_id,
        "v2_id": v2_id,
        "side": str(wait.side),
        "kind": str(wait.operation),
        "fields": [str(wait.field)] if wait.field else [],
        "reason": wait.reason,
        "candidates": list(wait.candidates),
        "attempts": wait.attempts,
        "since": wait.since,
    }


def failure_page(unit: Unit, wait: Wait) -> Facts:
    """Everything that is known of a failure."""
    page = {**failure_row(unit, wait), "title": _title(unit, wait)}
    if wait.field is not None:
        page |= shown_texts({side: wait.shown(side) for side in SIDES})
        page |= {} if wait.value is UNSEEN else {"wanted": text_of(wait.value)}
    return page


def _ids(unit: Unit, wait: Wait) -> tuple[str | None, str | None]:
    """The ids of both tasks, as far as they are known."""
    if wait.link_id is not None:
        view = unit.link(wait.link_id)
        return (view.link.kore_id, view.link.v2_id) if view else (None, None)
    is_kore = wait.task_side is Side.KORE
    return (wait.task_id, None) if is_kore else (None, wait.task_id)


def _title(unit: Unit, wait: Wait) -> str:
    view = unit.link(wait.link_id) if wait.link_id is not None else None
    if view is not None:
        known = [one for one in (view.kore, view.v2) if one is not None]
    else:
        known = [*unit.known(wait.task_side, [wait.task_id or ""]).values()]
    return next((one.task.title for one in known if one.task.title), "")
