"""Values that no rule translates: which tasks wait for them, and the row that would map them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.status import Look
from bridge.daemon.web.console import Console, page_of, slice_of
from bridge.domain.agreement import Mapping
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.propose_row import WordProposal, propose_row
from bridge.domain.side import SIDES
from bridge.domain.text import shortened
from bridge.domain.values import Unseen
from bridge.domain.vocabulary import Vocabulary
from bridge.report.toml_rows import row_lines
from bridge.store.pages import WaitGroup

MOST_TASKS = 5
MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGroup:
    """A value without a counterpart; `tasks` are the first few that have it: name and title."""

    what: str
    value: str
    side: str
    reason: str
    count: int
    since: datetime
    tasks: Sequence[tuple[str, str]]
    lines: str
    choices: Sequence[str]


def unmapped(console: Console, request: Request) -> Response:
    """The page, the value that most tasks have first."""
    mapping = console.bridge.rules.mapping
    with console.looking() as look:
        found = look.unit.wait_groups(WaitKind.UNMAPPED, each=MOST_TASKS, **slice_of(request))
        vocabulary = look.unit.vocabulary()
        rows = [_shown(look, one, vocabulary, mapping) for one in found]
    return console.show(request, "unmapped.html", **page_of(request, rows))


def _shown(look: Look, group: WaitGroup, vocabulary: Vocabulary, mapping: Mapping) -> ShownGroup:
    first = group.first[0]
    value = first.shown(group.side.other)
    row = propose_row(first, vocabulary, mapping)
    text = "" if value is None or isinstance(value, Unseen) else value.text
    return ShownGroup(
        what=str(group.field),
        value=shortened(text, MOST_CHARACTERS),
        side=group.side.other.label,
        reason=group.reason,
        count=group.count,
        since=group.since,
        tasks=[_task(look, one) for one in group.first],
        lines="\n".join(row_lines(row)) if row else "",
        choices=row.choices if isinstance(row, WordProposal) else (),
    )


def _task(look: Look, wait: Wait) -> tuple[str, str]:
    """The name by which the task's own page is found, and what people call it."""
    view = look.unit.link(wait.link_id) if wait.link_id is not None else None
    if view is None:
        return str(wait.task_id or ""), str(wait.task_id or "")
    ids = [task_id for side in SIDES if (task_id := view.link.task_id(side))]
    known = [one.task for one in (view.kore, view.v2) if one is not None]
    title = next((one.title for one in known if one.title), "")
    return ids[0], title or next((one.name for one in known), ids[0])
