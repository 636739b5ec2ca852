"""What a create whose outcome is open may have made, where its marker cannot tell; pure.

| the task was made at that time, has no marker, and | then |
| --- | --- |
| somebody else made it | it is not that |
| the bridge's own user made it, and it has the title or was changed since | it may be that |
| who the bridge is there is not known yet, and it was changed since | it may be that |
| nobody tells who made it, and it has the title and may have been changed since | it may be that |

People may have rewritten the description, and the marker with it, before anybody looked.
"""

from dataclasses import dataclass
from datetime import datetime

from bridge.domain.create import is_as_created, is_touched, is_untouched
from bridge.domain.side import Field, Side
from bridge.domain.task import Known, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """A create whose outcome is open: in which service, under which title (its key), and when.

    `since` and `until` bound, on that service's clock, when a task that it made was created.
    """

    side: Side
    title: str
    since: datetime
    until: datetime | None = None

    def may_be(self, known: Known, own_ids: frozenset[str]) -> bool:
        """Whether a task of which all is shown, and that bears no marker, may be what it made."""
        task = known.task
        if task.side is not self.side or not self._was_then(task):
            return False
        is_named, is_changed = self.is_named(task), is_touched(known)
        if task.first_author is not None and own_ids:
            return task.first_author in own_ids and (is_named or is_changed)
        if is_named:
            # Times of whole seconds do not tell an edit in the second of the create.
            return is_changed or (is_untouched(task) and not is_as_created(task))
        return is_changed and task.first_author is not None

    def is_named(self, task: Task) -> bool:
        """Whether the task bears the title that was sent."""
        title = task.fields.get(Field.TITLE)
        return (title.key if title else "") == self.title

    def _was_then(self, task: Task) -> bool:
        at = task.created_at
        return at is None or (self.since <= at and (self.until is None or at <= self.until))
