"""How everything stands after a sweep, counted: kept with the run, so that time can be looked at.

Counts are the database's own, so that they cost the same however large the world is.
"""

from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.ports import Unit

_KINDS = {
    WaitKind.CONFLICT: "conflict",
    WaitKind.FAILED: "failed",
    WaitKind.UNMAPPED: "unmapped",
    WaitKind.RESTORE: "waiting",
    WaitKind.HELD: "waiting",
    WaitKind.CASE_CLOSED: "waiting",
    WaitKind.DRIFT: "drifted",
}
_STANDINGS = {
    Standing.DUPLICATE: "duplicate",
    Standing.UNROUTABLE: "unroutable",
    Standing.OUT_OF_SCOPE: "out_of_scope",
    Standing.FINISHED: "out_of_scope",
    Standing.LEFT: "out_of_scope",
}


def count_totals(unit: Unit) -> dict[str, int]:
    """Counts by state: links, fields that wait on them, and unlinked tasks of either side."""
    links = unit.count_links()
    found = {
        "links": sum(links.values()) - links.get(LinkState.REMOVED, 0),
        "in_step": unit.count_in_step(),
        "missing": links.get(LinkState.MISSING, 0),
    }
    for kind, count in unit.count_waits().items():
        found[_KINDS[kind]] = found.get(_KINDS[kind], 0) + count
    for standing, name in _STANDINGS.items():
        found[name] = found.get(name, 0) + unit.count_standing(standing)
    for side in SIDES:
        found[f"only_{side}"] = _undecided(unit, side)
    return found


def _undecided(unit: Unit, side: Side) -> int:
    return sum(unit.count_standing(one, side) for one in (Standing.NEW, Standing.HELD))
