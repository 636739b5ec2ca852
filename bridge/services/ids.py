"""Ids that come from outside, checked before they enter a path, a query or a header.

An HTTP client resolves `..` in a path before it sends, so an id of another shape could reach
another call (observed). Ids of both services are a safe alphabet, not UUIDs (observed).
"""

from bridge.domain.side import TaskId, is_id
from bridge.errors import UsageError


def task_id_of(value: object) -> TaskId | None:
    """The value as a task's id, or None if it cannot be one."""
    return TaskId(value) if is_id(value) else None


def checked(value: str | None, what: str) -> str:
    """The id itself; raises UsageError naming `what` if its shape is not that of an id."""
    if not is_id(value):
        raise UsageError(f"{what} is not an id: letters, digits, - and _, 128 at most.")
    return value
