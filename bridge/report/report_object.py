"""A reconciliation as the object that `report --format json` prints (design section 11)."""

from collections.abc import Mapping, Sequence
from typing import Any

from bridge.domain.reading import LastRead
from bridge.domain.reconciled import STATES, Difference, Reconciliation, Row, Totals
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import Shown, Unseen, as_text
from bridge.report.as_of import as_of_object


def render_report_object(
    report: Reconciliation,
    rows: Sequence[Row],
    hidden: Mapping[Side, tuple[Field, ...]],
    last_read: Mapping[Side, LastRead] | None = None,
) -> dict[str, Any]:
    """The whole object, with the rows that were asked for; totals are of everything.

    Times are in UTC; an empty value is null, a hidden one's key is left out. `as_of` is there
    where no service was asked.
    """
    return {
        "generated_at": as_text(report.at),
        **({"as_of": as_of_object(last_read)} if last_read else {}),
        "totals": _totals(report.totals),
        "hidden_fields": {str(side): [str(name) for name in hidden[side]] for side in SIDES},
        "rows": [_row(row) for row in rows],
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "kore_tasks": totals.tasks(Side.KORE),
        "v2_tasks": totals.tasks(Side.V2),
        "links": totals.links,
        **{str(state): totals.states[state] for state in STATES},
        "by_side": {
            str(side): {str(state): totals.by_side[side][state] for state in STATES}
            for side in SIDES
        },
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "state": str(row.state),
        "kore_id": row.kore_id,
        "kore_ref": row.kore_ref,
        "v2_id": row.v2_id,
        "v2_ref": row.v2_ref,
        "title": row.title or None,
        "reason": row.reason,
        "next": row.next,
        "fields": {str(one.name): _field(one) for one in row.fields},
        "since": as_text(row.since) if row.since else None,
    }


def _field(one: Difference) -> dict[str, Any]:
    base = None if one.base is None else _pair(*one.base)
    return {**_pair(one.kore, one.v2), "base": base}


def _pair(kore: Shown, v2: Shown) -> dict[str, str | None]:
    """Both values by side, without those that were not observed."""
    shown = {"kore": kore, "v2": v2}
    return {
        side: value.text if value is not None else None
        for side, value in shown.items()
        if not isinstance(value, Unseen)
    }
