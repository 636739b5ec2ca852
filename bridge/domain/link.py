"""A link: the pair of ids of two tasks that are one task, with the values last agreed.

A base holds, per field, the value last agreed as each side shows it. Both sides UNSEEN is no
base; one side UNSEEN is a half base.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bridge.domain.side import Field, LinkId, Side, TaskId
from bridge.domain.values import UNSEEN, Shown

UNSAVED = LinkId(0)


class LinkState(StrEnum):
    """Where a link stands."""

    CREATING = "creating"
    LINKED = "linked"
    MISSING = "missing"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldBase:
    """What was last agreed for one field.

    `absorbed` names the side whose change was taken as agreeing without being written across.
    `carry` names the side whose value is still to be carried after a create. `is_edited`: people
    were at the created task before it was seen first, so that what it shows may be theirs.
    `is_left`: a person said that the two values stay as they are, although they do not agree.
    `table` is the fingerprint of the mapping under which the base was set.
    """

    kore: Shown = UNSEEN
    v2: Shown = UNSEEN
    absorbed: Side | None = None
    carry: Side | None = None
    is_edited: bool = False
    is_left: bool = False
    table: str = ""

    def of(self, side: Side) -> Shown:
        """The value last agreed, as that side shows it."""
        return self.kore if side is Side.KORE else self.v2

    def moved(self, side: Side, value: Shown) -> "FieldBase":
        """The same with another value on one side."""
        return replace(self, kore=value) if side is Side.KORE else replace(self, v2=value)

    @property
    def is_known(self) -> bool:
        """Whether both sides have a value here."""
        return self.kore is not UNSEEN and self.v2 is not UNSEEN


NO_BASE = FieldBase()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two tasks that are one.

    `id` is 0 until the store has given one. `origin` is the side the other was created from;
    None if both were there. `marker` is the line that the created side carries. `stand_in` is
    what Kore calls a v2 task without a title. `gone_side` is the side whose task is gone, while the
    state is MISSING.
    """

    state: LinkState
    kore_id: TaskId | None
    v2_id: TaskId | None
    id: LinkId = UNSAVED
    origin: Side | None = None
    marker: str = ""
    stand_in: str = ""
    bases: Mapping[Field, FieldBase] = field(default_factory=dict)
    created_at: datetime | None = None
    changed_at: datetime | None = None
    gone_side: Side | None = None
    gone_at: datetime | None = None

    def task_id(self, side: Side) -> TaskId | None:
        """The id of the task on that side."""
        return self.kore_id if side is Side.KORE else self.v2_id

    def base(self, name: Field) -> FieldBase:
        """The base of that field; NO_BASE if there is none."""
        return self.bases.get(name, NO_BASE)

    def with_bases(self, bases: Mapping[Field, FieldBase]) -> "Link":
        """The same with some bases replaced."""
        return replace(self, bases={**self.bases, **bases})

    def with_task(self, side: Side, task_id: TaskId) -> "Link":
        """The same, linked, with the id of the task on that side."""
        if side is Side.KORE:
            return replace(self, kore_id=task_id, state=LinkState.LINKED)
        return replace(self, v2_id=task_id, state=LinkState.LINKED)

    def carries_marker(self, side: Side) -> bool:
        """Whether the task on that side was created by the bridge and so bears the marker."""
        return self.origin is side.other and bool(self.marker)
