"""A pair in step, and fields that people change on either side."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bridge.domain.side import Side
from bridge.sandbox import V2Switches
from tests.proof.sweep.scenario import (
    CYCLE,
    SPARSE,
    SYNC,
    Scenario,
    edit,
    pair,
)

DUE = datetime(2030, 3, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2030, 4, 2, 9, 30, tzinfo=UTC)
KORE_PAIR = pair(Side.KORE, name="Pump leaks", desc="In the cellar")
V2_PAIR = pair(Side.V2, title="Filter is old", description="Second floor")
Fields = Mapping[str, Any]

# Two changes of each field, as Kore and as v2 call them.
IN_KORE: Mapping[str, tuple[Fields, Fields]] = {
    "title": ({"name": "Pump leaks badly"}, {"name": "Pump was mended"}),
    "description": ({"desc": "In the cellar, left"}, {"desc": ""}),
    "status": ({"status": "In Progress"}, {"status": "Resolved"}),
    "priority": ({"priority": "High"}, {"priority": "Low"}),
    "assignee": ({"assignee": "Agent One"}, {"assignee": None}),
    "due": ({"due": DUE}, {"due": None}),
}
IN_V2: Mapping[str, tuple[Fields, Fields]] = {
    "title": ({"title": "Filter is very old"}, {"title": "Filter is new"}),
    "description": ({"description": "Second floor, right"}, {"description": "Third floor"}),
    "status": ({"task_status": "in_progress"}, {"task_status": "completed"}),
    "priority": ({"priority": "urgent"}, {"priority": "low"}),
    "assignee": ({"assignee": "Agent Two"}, {"assignee": None}),
    "due": ({"due": DUE}, {"due": None}),
}
# A text, a translated value and one that can be emptied; the others are changed further down.
OF_EACH_KIND = ("title", "assignee", "due")
MANY_IN_KORE = {"name": "Pump", "desc": "Gone", "status": "In Progress", "priority": "High"}
MANY_IN_V2 = {"title": "Filter", "description": "Gone", "task_status": "open", "due": LATER}


def _update(name: str, side: Side, *changes: Fields, **given: Any) -> Scenario:
    """The pair that began on that side; each change there is followed by a sync."""
    phases = [phase for fields in changes for phase in (edit("A", **fields), SYNC)]
    facts: dict[str, Any] = {
        "given": KORE_PAIR if side is Side.KORE else V2_PAIR,
        "phases": tuple(phases),
        "links": ("A=A'",) if side is Side.KORE else ("A'=A",),
    }
    return Scenario(name=f"update-{name}", **{**facts, **given})


def _back(name: str, side: Side, *changes: Fields, **given: Any) -> Scenario:
    """The same, but people change the counterpart that the bridge has made."""
    phases = [phase for fields in changes for phase in (edit("A'", **fields), SYNC)]
    return _update(name, side, phases=tuple(phases), **given)


ALL = (
    *(_update(f"{field}-in-kore", Side.KORE, *IN_KORE[field]) for field in OF_EACH_KIND),
    *(_update(f"{field}-in-v2", Side.V2, *IN_V2[field]) for field in OF_EACH_KIND),
    *(
        _back(f"{field}-of-the-counterpart-in-v2", Side.KORE, IN_V2[field][0])
        for field in ("title", "description", "status", "assignee")
    ),
    *(
        _back(f"{field}-of-the-counterpart-in-kore", Side.V2, IN_KORE[field][0])
        for field in ("title", "description", "status", "due")
    ),
    _update("many-fields-in-kore", Side.KORE, MANY_IN_KORE),
    _update("many-fields-in-v2", Side.V2, MANY_IN_V2),
    _update("answered-with-nothing", Side.KORE, IN_KORE["title"][0], v2=V2Switches()),
    _update(
        "both-sides-at-once",
        Side.KORE,
        phases=(
            edit("A", name="Pump leaks badly"),
            edit("A'", priority="urgent"),
            SYNC,
        ),
    ),
    _update(
        "by-a-daemon",
        Side.V2,
        phases=(
            edit("A", title="Filter is very old"),
            CYCLE,
            edit("A'", status="In Progress"),
            CYCLE,
        ),
    ),
    _update("title-in-kore-where-lists-are-sparse", Side.KORE, IN_KORE["title"][0], kore=SPARSE),
    _update("hidden-text-in-kore", Side.KORE, IN_KORE["description"][0], kore=SPARSE),
    _update("hidden-text-from-v2", Side.V2, IN_V2["description"][0], kore=SPARSE),
    _update(
        "hidden-due-from-v2-without-probes",
        Side.V2,
        IN_V2["due"][0],
        kore=SPARSE,
        settings={"kore__unobserved": "write"},
    ),
    _update(
        "completing-by-the-call-for-it",
        Side.KORE,
        {"status": "Resolved"},
        v2=V2Switches(completed_by_patch="ignored"),
    ),
    _update("cancelled-in-v2", Side.V2, {"task_status": "cancelled"}),
    _update(
        "forms-that-are-tried",
        Side.KORE,
        IN_KORE["assignee"][0],
        IN_KORE["assignee"][1],
        v2=V2Switches(assign_by="assigneeId", unassign="assignee_id_null", patch_answer="task"),
    ),
)
