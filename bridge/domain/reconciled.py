"""What a reconciliation looks at and what it finds: the world as read, and one row for each task.

A linked pair is one row. `State` lists the states in the order of the contract: a task is in the
first one that fits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.domain.agreement import Agreement
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Wait
from bridge.domain.policy import MergePolicy
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Case, Known, Task
from bridge.domain.values import Shown, ShownText, Value


class State(StrEnum):
    """Where a task stands."""

    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    CONFLICT = "conflict"
    FAILED = "failed"
    UNMAPPED = "unmapped"
    WAITING = "waiting"
    DRIFTED = "drifted"
    UNROUTABLE = "unroutable"
    ONLY_KORE = "only_kore"
    ONLY_V2 = "only_v2"
    IN_STEP = "in_step"


STATES = tuple(State)
UNTOLD = frozenset({State.IN_STEP, State.OUT_OF_SCOPE})
FINE = UNTOLD | {State.WAITING}


# --- what is looked at ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A link with both its tasks as they are known now, and what waits on them.

    `is_case_closed`: Kore takes no change of it now.
    """

    link: Link
    kore: Known | None = None
    v2: Known | None = None
    waits: tuple[Wait, ...] = ()
    is_case_closed: bool = False

    def known(self, side: Side) -> Known | None:
        """What is known of the task on that side."""
        return self.kore if side is Side.KORE else self.v2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lone:
    """A task without a link, its standing decided; `known` is None if it could never be read,
    `task_id` if not even that is readable.

    NEW: a cycle would create its counterpart; LINKED: it would link it by its marker or tag.
    `may_be` is a sentence on what may be its counterpart, where only a probe shows that.
    `parted_at` is when its link was removed, if it had one.
    """

    side: Side
    task_id: TaskId | None
    known: Known | None = None
    waits: tuple[Wait, ...] = ()
    may_be: str = ""
    parted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Linked pairs whose last verdict stands, so that they are counted and not looked at.

    `texts` says of some fields how many of their tasks on a side show which text.
    """

    pairs: int = 0
    texts: Mapping[tuple[Side, Field], Mapping[ShownText, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Both sides as they were read at `at`, against the links.

    `settled` are the pairs that are in step and in none of the others. `shown` are the tasks that
    each side showed, those of settled pairs left out or not; where a side `is_whole`, what it did
    not show is absent. `is_carried_soon`: a daemon is alive, so that the next cycle is near.
    `whole_at`: when each side was last read whole, where that was long before `at`; `missed_at`:
    when an earlier whole reading first did not show a task, which nothing has shown since.
    `paused`: the sides that people paused, to which nothing is written. `is_guarded`: a guard
    stands, so that nothing is written to either.
    """

    at: datetime
    agreement: Agreement
    policy: MergePolicy = field(default_factory=MergePolicy)
    joined: tuple[Joined, ...] = ()
    lone: tuple[Lone, ...] = ()
    settled: Settled = field(default_factory=Settled)
    shown: Mapping[Side, frozenset[str]]
    is_whole: Mapping[Side, bool]
    skew_seconds: float = 0.0
    is_first_contact: bool = False
    is_carried_soon: bool = False
    whole_at: Mapping[Side, datetime] = field(default_factory=dict)
    missed_at: Mapping[tuple[Side, str], datetime] = field(default_factory=dict)
    paused: frozenset[Side] = frozenset()
    is_guarded: bool = False

    @property
    def closed(self) -> frozenset[Side]:
        """The sides to which no cycle writes now."""
        return frozenset(SIDES) if self.is_guarded else self.paused

    def is_absent(self, side: Side, task_id: TaskId | None) -> bool:
        """Whether a whole reading did not show the task."""
        return task_id is not None and self.is_whole[side] and task_id not in self.shown[side]

    def has(self, link: Link, side: Side) -> bool:
        """Whether the link's task of that side is there, as far as can be told."""
        task_id = link.task_id(side)
        if task_id is None:
            return False
        if task_id in self.shown[side]:
            return True
        is_lost = link.state is LinkState.MISSING and link.gone_side is not side.other
        return not self.is_whole[side] and not is_lost

    def first_missed(self, link: Link, lost: Iterable[Side]) -> datetime:
        """When a whole reading first did not show one of its tasks, as far as is known."""
        return min(
            self.missed_at.get((side, str(link.task_id(side))), self.whole_at.get(side, self.at))
            for side in lost
        )


# --- what is found -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a row, as both sides show it; `base` are the values last agreed, if known."""

    name: Field
    kore: Shown
    v2: Shown
    base: tuple[Shown, Shown] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One task, or a linked pair: its state, why, what the bridge does next, since when.

    `sides` are those on which it is there: what it counts for. What waits and is not
    `is_on_its_way` goes on waiting until a person does something. What `is_held_up` is written by
    no cycle while a pause or a guard is in force. `case` is Kore's, `people` are those who have it
    on either side.
    """

    state: State
    sides: tuple[Side, ...]
    reason: str = ""
    next: str = ""
    title: str = ""
    kore_id: str | None = None
    kore_ref: str | None = None
    v2_id: str | None = None
    v2_ref: str | None = None
    fields: tuple[Difference, ...] = ()
    since: datetime | None = None
    is_on_its_way: bool = True
    is_held_up: bool = False
    case: Case | None = None
    people: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many tasks and links there are, and how many stand where; all states are there."""

    links: int
    states: Mapping[State, int]
    by_side: Mapping[Side, Mapping[State, int]]

    def tasks(self, side: Side) -> int:
        """How many tasks that side has."""
        return sum(self.by_side[side].values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Every task in exactly one row, but for settled pairs, which are counted alone."""

    at: datetime
    rows: tuple[Row, ...]
    totals: Totals

    @property
    def told(self) -> tuple[Row, ...]:
        """The rows that a person wants to see."""
        return tuple(row for row in self.rows if row.state not in UNTOLD)

    @property
    def is_fine(self) -> bool:
        """Whether every task is in step, out of scope or only waits for the next cycle."""
        return are_fine(self.rows)


def people_of(tasks: Iterable[Task]) -> tuple[Value, ...]:
    """Who has these tasks, each once; a queue is nobody."""
    assignees = (task.fields.get(Field.ASSIGNEE) for task in tasks)
    return tuple(dict.fromkeys(one for one in assignees if one and not one.is_queue))


def are_fine(rows: Iterable[Row]) -> bool:
    """Whether each of them is in step, out of scope or only waits for the next cycle."""
    return all(row.state in FINE and row.is_on_its_way for row in rows)
