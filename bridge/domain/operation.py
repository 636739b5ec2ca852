"""An operation: one write to one side, with its reason and what came of it.

The plan is a list of operations; each is journalled with its whole request before it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bridge.domain.side import Field, LinkId, OperationId, Side, TaskId
from bridge.domain.values import Observed, Shown


class OperationKind(StrEnum):
    """What an operation does; READ is never planned, it names what failed: an unreadable record."""

    CREATE = "create"
    UPDATE = "update"
    PROBE = "probe"
    READ = "read"


class OperationState(StrEnum):
    """Where an operation stands in the journal."""

    COMMITTED = "committed"
    SENT = "sent"
    SETTLED = "settled"


class Outcome(StrEnum):
    """What came of an operation."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One planned write.

    `values` are the values to write, in the form of the side that is written, `origin` what the
    other side showed for them. `after_read` names those of `fields` that only a probe can confirm.
    """

    side: Side
    kind: OperationKind
    reason: str
    kore_id: TaskId | None = None
    v2_id: TaskId | None = None
    link_id: LinkId | None = None
    fields: tuple[Field, ...] = ()
    after_read: tuple[Field, ...] = ()
    values: Mapping[Field, Observed] = field(default_factory=dict)
    origin: Mapping[Field, Observed] = field(default_factory=dict)

    def task_id(self, side: Side) -> TaskId | None:
        """The id of the task on that side, as far as it is known."""
        return self.kore_id if side is Side.KORE else self.v2_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRequest:
    """A write as it goes over the wire: the call's name, the task it goes to, the JSON body."""

    side: Side
    call: str
    body: Mapping[str, Any]
    task_id: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journalled:
    """An operation in the journal; `parent_id` is the create that a step completes.

    One that is sent and has the outcome UNCERTAIN is still open: its answer never came, or told
    nothing. `settles_at` (own clock): whatever it did shows by then. `is_success`: the service
    said that it was done.
    """

    id: OperationId
    operation: Operation
    request: WriteRequest
    state: OperationState
    run_id: int
    token: int
    committed_at: datetime
    parent_id: OperationId | None = None
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: Outcome | None = None
    note: str = ""
    settles_at: datetime | None = None
    is_success: bool = False

    @property
    def is_uncertain(self) -> bool:
        """Whether nobody waits for its answer any more, and nothing was seen of it yet."""
        return self.state is OperationState.SENT and self.outcome is Outcome.UNCERTAIN


class WaitKind(StrEnum):
    """Why something waits."""

    UNMAPPED = "unmapped"
    FAILED = "failed"
    CONFLICT = "conflict"
    RESTORE = "restore"
    HELD = "held"
    CASE_CLOSED = "case_closed"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One field of a link, or one task without a counterpart, that waits.

    `side` is the side that should be written. `value` is what was or would be written there;
    a failed field is tried again by itself only with another value. `waits_for` names the word
    that would settle it, as `side:kind:key`.

    `decided` is the side whose value a person chose, over the two values that stand here. A
    RESTORE writes back what that side lost in a conflict: `value`, in that side's form. Of both,
    `waits_for` is the number of the conflict. A FAILED match with `decided` is to be created there.
    """

    kind: WaitKind
    reason: str
    side: Side
    link_id: LinkId | None = None
    task_id: TaskId | None = None
    field: Field | None = None
    operation: OperationKind = OperationKind.UPDATE
    kore: Shown = None
    v2: Shown = None
    value: Shown = None
    waits_for: str = ""
    candidates: tuple[str, ...] = ()
    attempts: int = 1
    since: datetime | None = None
    decided: Side | None = None
    id: int = 0

    def shown(self, side: Side) -> Shown:
        """What that side showed for the field."""
        return self.kore if side is Side.KORE else self.v2

    @property
    def task_side(self) -> Side:
        """The side of the task that waits: a create is written across from it."""
        return self.side.other if self.operation is OperationKind.CREATE else self.side
