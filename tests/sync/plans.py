"""The oracle of dry runs: what was planned, what was done, and whether the one became the other.

A plan is a set of (side, kind, id of the origin, fields); a field that it marks with `after_read`
may drop out, and with its last field the operation.
"""

from collections.abc import Sequence

from bridge.domain.operation import OperationKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import Field, Side
from bridge.sync.tally import Report

Key = tuple[Side, OperationKind, str]
Plan = dict[Key, tuple[frozenset[Field], frozenset[Field]]]


def plan_of(reports: Sequence[Report]) -> Plan:
    """What is planned or was done, by side, kind and origin: its fields, those after a read."""
    found: Plan = {}
    for one in reports:
        if one.outcome is Result.DROPPED:
            continue
        key = (one.operation.side, one.operation.kind, _origin_of(one))
        fields, unsure = found.get(key, (frozenset(), frozenset()))
        mine = frozenset(one.operation.fields)
        found[key] = (fields | mine, unsure | frozenset(one.operation.after_read))
    return found


def assert_came_true(planned: Plan, done: Plan) -> None:
    for key, (fields, _) in done.items():
        assert key in planned, f"{key} {sorted(fields)} was done and not planned"
    for key, (fields, unsure) in planned.items():
        real, _ = done.get(key, (frozenset(), frozenset()))
        if key not in done and fields != unsure:
            raise AssertionError(f"{key} {sorted(fields)} was planned and not done")
        differs = f"{key} {sorted(fields)} after read {sorted(unsure)}, done {sorted(real)}"
        assert fields - unsure <= real <= fields, differs


def _origin_of(report: Report) -> str:
    """The task whose value is carried; of a probe the task itself."""
    operation = report.operation
    is_probe = operation.kind is OperationKind.PROBE
    return str(operation.task_id(operation.side if is_probe else operation.side.other))
