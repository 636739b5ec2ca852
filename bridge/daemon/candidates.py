"""The tasks that may be the counterpart of one that waits, as people tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.domain.link import LinkState
from bridge.domain.side import Side, TaskId
from bridge.domain.signs import seen_title
from bridge.report.plain import plain

if TYPE_CHECKING:
    from bridge.domain.operation import Wait
    from bridge.domain.task import Known
    from bridge.ports import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of them, with its names and title; `command` links it, empty where nothing can."""

    text: str
    command: str = ""


def candidates_of(unit: Unit, wait: Wait) -> list[Candidate]:
    """Those that the wait names, in its order."""
    return [_candidate(unit, wait, TaskId(one)) for one in wait.candidates]


def told(known: Known | None, task_id: str | None) -> str:
    """A task by reference, id and title, as far as they are known."""
    if known is None:
        return task_id or "?"
    task = known.task
    title = f"“{plain(task.title)}”" if seen_title(task.title) else "(no title)"
    return "  ".join(filter(None, (task.ref and plain(task.ref), task.id, title)))


def task_of(unit: Unit, wait: Wait) -> TaskId | None:
    """The task that waits for a counterpart."""
    if wait.link_id is None:
        return wait.task_id
    view = unit.link(wait.link_id)
    return view.link.task_id(wait.task_side) if view else None


def _candidate(unit: Unit, wait: Wait, task_id: TaskId) -> Candidate:
    across = unit.known(wait.side, [task_id]).get(task_id)
    if across is not None:
        return Candidate(text=told(across, task_id), command=_link(unit, wait, task_id))
    beside = unit.known(wait.task_side, [task_id]).get(task_id)
    # The task may be this one under another id: once that is found to be gone its counterpart is
    # free to be linked.
    link = unit.links_of(wait.task_side, [task_id]).get(task_id) if beside else None
    is_free = link is not None and link.state is LinkState.MISSING
    partner = link.task_id(wait.side) if link and is_free else None
    return Candidate(
        text=told(beside, task_id), command=_link(unit, wait, partner) if partner else ""
    )


def _link(unit: Unit, wait: Wait, partner: TaskId) -> str:
    mine = task_of(unit, wait)
    if mine is None:
        return ""
    first, second = (mine, partner) if wait.task_side is Side.KORE else (partner, mine)
    return f"task-bridge links add {first} {second}"
