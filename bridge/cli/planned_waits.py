"""What would wait for a person after a dry run, told whole: it is kept in no list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bridge.cli.output import table_cell
from bridge.daemon.candidates import candidates_of, task_of, told
from bridge.domain.operation import Wait, WaitKind

if TYPE_CHECKING:
    from bridge.ports import Unit
    from bridge.sync.desk import Desk

MOST = 50
_KINDS = (WaitKind.CONFLICT, WaitKind.FAILED)


def would_wait(desk: Desk) -> list[str]:
    """The lines about a dry run; none about a real one, whose lists tell."""
    if not desk.is_dry:
        return []
    with desk.store.begin() as unit:
        return list(_lines(unit))


def _lines(unit: Unit) -> Iterator[str]:
    """Each conflict and failure with its reason, and the tasks that it may be about."""
    waits = unit.waits(_KINDS)
    for wait in waits[:MOST]:
        yield f"{_named(unit, wait)}: {table_cell(wait.reason)}"
        yield from (f"    it may be {one.text}" for one in candidates_of(unit, wait))
    if len(waits) > MOST:
        yield f"… and {len(waits) - MOST} more."


def _named(unit: Unit, wait: Wait) -> str:
    task_id, side = task_of(unit, wait), wait.task_side
    known = unit.known(side, [task_id]).get(task_id) if task_id else None
    what = f"{wait.field} of " if wait.field else ""
    return f"  {what}{side.label} {told(known, task_id)}"
