"""What a check found, as the object that `check --format json` prints."""

from typing import Any

from bridge.domain.finding import Inspection


def render_check_object(inspection: Inspection) -> dict[str, Any]:
    """The whole object; `people_table` are rows that can be pasted into people.table."""
    return {
        "checks": [
            {"what": one.what, "state": str(one.mark), "found": one.found, "next": one.next}
            for one in inspection.findings
        ],
        "people_table": [
            {"kore": one.kore, "v2": one.v2, "name": one.name} for one in inspection.people
        ],
    }
