"""Runs over time: how much is in step, what each run carried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.web.console import Console, page_of, slice_of
from bridge.domain.overview import trend_of
from bridge.domain.records import Run
from bridge.report.charts import HEIGHT, WIDTH, columns, trend_line


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A run, or idle ones in a row; `carried` is what it created and updated on both sides."""

    kind: str
    begun_at: datetime
    ended_at: datetime | None
    times: int
    linked: int
    created: int
    updated: int
    requests: int
    seconds: float

    @property
    def carried(self) -> int:
        """How many changes it made."""
        return self.created + self.updated


def runs(console: Console, request: Request) -> Response:
    """The page, newest first."""
    since = console.bridge.clock.now() - timedelta(days=console.bridge.rules.keep_days)
    with console.looking() as look:
        rows = [_shown(one) for one in look.unit.run_page(**slice_of(request))]
        trend = trend_line(trend_of(look.unit.totals_since(since)))
    listed = page_of(request, rows)
    shown: Sequence[ShownRun] = listed["rows"]
    return console.show(
        request,
        "runs.html",
        trend=trend,
        columns=columns([one.carried for one in reversed(shown)]),
        width=WIDTH,
        height=HEIGHT,
        **listed,
    )


def _shown(run: Run) -> ShownRun:
    summary = run.summary
    return ShownRun(
        kind=run.kind,
        begun_at=run.first_started_at or run.started_at,
        ended_at=run.ended_at,
        times=run.times,
        linked=int(summary.get("linked", 0)),
        created=_sum(summary.get("created")),
        updated=_sum(summary.get("updated")),
        requests=_sum(summary.get("requests")),
        seconds=float(summary.get("seconds", 0.0)),
    )


def _sum(counts: Any) -> int:
    return sum(counts.values()) if isinstance(counts, dict) else 0
