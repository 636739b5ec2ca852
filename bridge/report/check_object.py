"""What a check found, as the object that `check --format json` prints."""

from typing import Any

from bridge.domain.finding import FieldSight, Inspection, RoundTrip
from bridge.domain.relation import Unmapped
from bridge.domain.values import Observed
from bridge.report.check_toml import render_check_toml


def render_check_object(inspection: Inspection) -> dict[str, Any]:
    """The whole object; `people_table` are rows that can be pasted into people.table.

    `round_trips`: each live value, what it becomes and comes back as; an empty value is null, and
    where there is none, `gap` says why. `fields`: how each field can be seen, and the calls that
    it takes beside the list's own. `suggested_configuration`: a block of TOML, empty for nothing.
    """
    return {
        "checks": [
            {"what": one.what, "state": str(one.mark), "found": one.found, "next": one.next}
            for one in inspection.findings
        ],
        "fields": [_sight(one) for one in inspection.sights],
        "round_trips": [_trip(one) for one in inspection.trips],
        "people_table": [
            {"kore": one.kore, "v2": one.v2, "name": one.name} for one in inspection.people
        ],
        "suggested_configuration": "\n".join(render_check_toml(inspection.suggestions)),
    }


def _sight(one: FieldSight) -> dict[str, Any]:
    return {
        "side": str(one.side),
        "field": str(one.name),
        "seen": str(one.seen),
        "tried": one.is_tried,
        "calls": one.calls,
    }


def _trip(one: RoundTrip) -> dict[str, Any]:
    return {
        "side": str(one.side),
        "field": str(one.name),
        "value": _text(one.value),
        "tasks": one.tasks,
        "becomes": _text(one.there),
        "comes_back_as": _text(one.back),
        "gap": one.gap.reason if one.gap else None,
    }


def _text(value: Observed | Unmapped) -> str | None:
    return None if value is None or isinstance(value, Unmapped) else value.text
