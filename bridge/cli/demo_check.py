"""The demo's own check, apart from the bridge: both services' records compared as they hold them.

It knows the mapping of the demo's world and nothing of links' bases, plans or observations.
"""

from collections import Counter
from collections.abc import Iterator

from bridge.cli.demo_config import TWINS
from bridge.cli.demo_world import Stage
from bridge.domain.marker import find_marker, without_marker
from bridge.domain.side import Field
from bridge.domain.text import comparable
from bridge.ports import LinkView
from bridge.sandbox.kore.record import Record
from bridge.sandbox.v2.task import Task

STATUSES = {
    "open": {"new", "open"},
    "in progress": {"in_progress", "in_review"},
    "on hold": {"open", "in_progress"},
    "resolved": {"in_review", "completed"},
    "closed": {"completed", "cancelled"},
}
PRIORITIES = {
    "Low": "low", "Medium": "medium", "High": "high", "Critical": "urgent",
    "Routine": "low", "Emergency": "urgent",
}  # fmt: skip


def differences(stage: Stage, view: LinkView) -> tuple[Field, ...]:
    """The fields in which the two tasks of a link do not mean the same."""
    link = view.link
    kore = stage.sandbox.kore.world.tasks.rows[link.kore_id or ""]
    v2 = stage.sandbox.v2.world.tasks.rows[link.v2_id or ""]
    pairs = {
        Field.TITLE: (kore.name, v2.title or link.stand_in),
        Field.DESCRIPTION: (_text(kore.desc), _text(v2.description)),
        Field.DUE: (kore.due_ms, v2.due_ms),
    }
    found = [name for name, (one, other) in pairs.items() if one != other]
    return (*found, *_words(stage, kore, v2))


def doubles(stage: Stage) -> list[str]:
    """The origins that more than one task was created from."""
    world = stage.sandbox
    texts = [
        *(record.desc for record in world.kore.world.tasks.rows.values()),
        *(task.description for task in world.v2.world.tasks.rows.values()),
    ]
    markers = [marker for text in texts if (marker := find_marker(text))]
    counts = Counter(f"{marker.side}:{marker.task_id}" for marker in markers)
    return [origin for origin, count in counts.items() if count > 1]


def _text(text: str | None) -> str:
    return comparable(without_marker(text))


def _words(stage: Stage, kore: Record, v2: Task) -> Iterator[Field]:
    world = stage.sandbox.kore.world
    if (v2.task_status or "new") not in STATUSES[world.statuses[kore.status_id].category]:
        yield Field.STATUS
    wanted = PRIORITIES[world.priorities[kore.priority_id].name]
    if v2.priority is not None and v2.priority != wanted:
        yield Field.PRIORITY
    if _agent(stage, kore) != _user(stage, v2):
        yield Field.ASSIGNEE


def _agent(stage: Stage, kore: Record) -> str | None:
    """Who is in charge in Kore, called as in v2; nobody where a queue is."""
    agent = stage.sandbox.kore.world.agent(kore.agent_id)
    return None if agent is None else TWINS.get(agent.name, agent.name)


def _user(stage: Stage, v2: Task) -> str | None:
    user = stage.sandbox.v2.world.users.get(v2.assignee_id or "")
    return None if user is None else user.name
