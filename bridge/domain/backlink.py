"""The backlink: a tag of a v2 task that names the Kore task which was created from it.

It counts where Kore hides the description that bears the marker. A tag is easily copied by
people, so it joins two tasks only if exactly one of those that bear it fits.
"""

from collections.abc import Sequence

from bridge.domain.create import stand_in_of
from bridge.domain.side import TaskId, is_id
from bridge.domain.task import Known, Task
from bridge.domain.text import fold_name

_START = "kore:"


def backlink_of(kore_id: TaskId | None) -> str:
    """The tag that names that Kore task."""
    return f"{_START}{kore_id}"


def named_by_tags(task: Task) -> tuple[TaskId, ...]:
    """The Kore tasks that the tags of a v2 task name."""
    ids = (tag.removeprefix(_START) for tag in task.facts.tags or () if tag.startswith(_START))
    return tuple(TaskId(one) for one in ids if is_id(one))


def choose_origin(kore: Task, tagged: Sequence[Known], *, is_own: bool) -> Known | None:
    """The v2 task that the Kore task was created from, of those that a tag says so of.

    The only one of the same title; or the only one at all, if the Kore task `is_own`: the bridge's
    own user created it. None if that cannot be told.
    """
    alike = [one for one in tagged if _has_title(one.task, kore)]
    if len(alike) == 1:
        return alike[0]
    return tagged[0] if is_own and len(tagged) == 1 else None


def _has_title(origin: Task, kore: Task) -> bool:
    named = origin.title or stand_in_of(origin)
    return bool(named) and fold_name(named) == fold_name(kore.title)
