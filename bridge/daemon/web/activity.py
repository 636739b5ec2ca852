"""What was carried, newest first, and what people said; it comes anew by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.status import Look
from bridge.daemon.web.console import (
    PER_PAGE,
    Console,
    Part,
    page_of,
    slice_of,
)
from bridge.domain.operation import Journalled, Operation, OperationKind
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import FINISHED
from bridge.domain.text import shortened
from bridge.domain.values import Observed, as_moment
from bridge.report.plain import local_time

LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWrite:
    """One write as the page shows it; `outcome` is where it stands while it is not settled.

    `end` is what the task becomes by it, where that ends its work: completed, closed.
    """

    at: datetime
    name: str | None
    title: str
    what: str
    end: str
    side: Side
    values: Sequence[tuple[str, str]]
    reason: str
    outcome: str
    note: str


def activity(console: Console, request: Request) -> Response:
    """The page; only its first one is live."""
    with console.looking() as look:
        found = look.unit.write_page(**slice_of(request))
        rows = _shown(look, found)
    listed = page_of(request, rows)
    part = console.part(request, "writes.html", rows=listed["rows"])
    last = _last(console, request, rows)
    return console.show(request, "activity.html", part=part, last=last, **listed)


def activity_part(console: Console, request: Request) -> Response:
    """The newest writes alone, if there are others than the page shows."""
    with console.looking() as look:
        rows = _shown(look, look.unit.write_page(PER_PAGE))
    return console.show_if_new(request, console.part(request, "writes.html", rows=rows))


def last_part(console: Console, request: Request) -> Response:
    """A sentence on the newest write, for those who listen to the page."""
    with console.looking() as look:
        rows = _shown(look, look.unit.write_page(1))
    return console.show_if_new(request, _last(console, request, rows))


def _last(console: Console, request: Request, rows: Sequence[ShownWrite]) -> Part:
    return console.part(request, "last_write.html", row=rows[0] if rows else None)


def _shown(look: Look, found: Sequence[Journalled]) -> list[ShownWrite]:
    titles = _titles(look, found)
    return [_write(one, titles) for one in found]


def _titles(look: Look, found: Sequence[Journalled]) -> dict[str, str]:
    """What each task is called, by its id."""
    titles: dict[str, str] = {}
    for side in SIDES:
        ids = {task_id for one in found if (task_id := one.operation.task_id(side))}
        known = look.unit.known(side, ids)
        titles |= {str(key): one.task.title for key, one in known.items() if one.task.title}
    return titles


def _write(one: Journalled, titles: Mapping[str, str]) -> ShownWrite:
    operation = one.operation
    ids = [task_id for side in SIDES if (task_id := operation.task_id(side))]
    title = next((titles[task_id] for task_id in ids if task_id in titles), "")
    return ShownWrite(
        at=one.settled_at or one.sent_at or one.committed_at,
        name=ids[0] if ids else None,
        title=shortened(title, LONGEST_VALUE),
        what=str(operation.kind),
        end=_end(operation),
        side=operation.side,
        values=[*_values(operation.values)],
        reason=operation.reason,
        outcome=str(one.outcome or one.state),
        note=one.note,
    )


def _end(operation: Operation) -> str:
    status = operation.values.get(Field.STATUS)
    if operation.kind is not OperationKind.UPDATE or status is None:
        return ""
    word = status.kind if operation.side is Side.KORE else status.key
    return word if word in FINISHED[operation.side] else ""


def _values(values: Mapping[Field, Observed]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if value is None:
            yield str(name), "(empty)"
        elif name is Field.DUE:
            yield str(name), local_time(as_moment(value.text))
        else:
            yield str(name), shortened(value.text, LONGEST_VALUE)
