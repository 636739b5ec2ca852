"""The `sort` parameter of v2 lists: two forms, of which one, both or none is understood.

Documented: `field:1`; observed: that answers 400 "Sorting needs by and direction", and JSON
with `by` and `direction` works.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from bridge.sandbox.answers import Refusal
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import Task

LAST = 1 << 62
COLON = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*):(-?1)")
SORT_KEYS: dict[str, Callable[[Task], Any]] = {
    "_id": lambda task: task.id,
    "number": lambda task: task.number,
    "status.createdAt": lambda task: task.created_ms,
    "status.lastModifiedAt": lambda task: task.modified_ms,
    "dueDate": lambda task: LAST if task.due_ms is None else task.due_ms,
    "title": lambda task: (task.title or "").lower(),
}
Order = tuple[str, bool]


def order_of(sort: str | None, switches: V2Switches) -> Order | None:
    """The field and whether it runs down; None for no sort; a 400 for a form not understood."""
    if sort is None or switches.sort == "ignored":
        return None
    if switches.sort == "refused":
        raise Refusal(400, "Could not fetch list.", "Sorting is not possible here")
    order = _from_json(sort) if switches.sort in ("json", "both") else None
    if order is None and switches.sort in ("colon", "both"):
        order = _from_colon(sort)
    if order is None:
        raise Refusal(400, "Could not fetch list.", "Sorting needs by and direction")
    return order


def _from_json(sort: str) -> Order | None:
    try:
        spec = json.loads(sort)
    except ValueError:
        return None
    if not isinstance(spec, dict) or spec.get("direction") not in (1, -1):
        return None
    name = spec.get("by")
    return (name, spec["direction"] == -1) if isinstance(name, str) else None


def _from_colon(sort: str) -> Order | None:
    match = COLON.fullmatch(sort)
    return (match[1], match[2] == "-1") if match else None
