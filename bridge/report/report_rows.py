"""A reconciliation as rows of CSV (design section 11): one line a row, values side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

from bridge.domain.reconciled import Difference, Row
from bridge.domain.values import Shown, Unseen

COLUMNS = (
    "state", "kore_id", "kore_ref", "v2_id", "v2_ref", "title", "fields", "reason", "next", "since",
)  # fmt: skip


def render_report_rows(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Each row under the names of the columns; times stay moments."""
    for row in rows:
        yield {
            "state": str(row.state),
            "kore_id": row.kore_id,
            "kore_ref": row.kore_ref,
            "v2_id": row.v2_id,
            "v2_ref": row.v2_ref,
            "title": row.title,
            "fields": "; ".join(map(_difference, row.fields)),
            "reason": row.reason,
            "next": row.next,
            "since": row.since,
        }


def _difference(one: Difference) -> str:
    shown = f"{one.name}: Kore {_value(one.kore)} | v2 {_value(one.v2)}"
    agreed = dict.fromkeys(map(_value, one.base or ()))
    return f"{shown} | last agreed {' / '.join(agreed)}" if agreed else shown


def _value(value: Shown) -> str:
    if isinstance(value, Unseen):
        return "(hidden)"
    return "(empty)" if value is None else value.text
