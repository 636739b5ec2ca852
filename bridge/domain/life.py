"""The life of one task: all that the database knows of it, and the form in which it is told.

`Life` is what is looked at; `Explanation` is what `bridge/domain/explain.py` makes of it, in
words but for values and times, for any room that shows it to people or programs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.domain.link import Link
from bridge.domain.operation import Journalled, OperationKind
from bridge.domain.reading import Sweep
from bridge.domain.reconciled import Joined, Lone, State, World
from bridge.domain.records import Happening
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.values import Shown

# --- what is looked at ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """When a task was seen.

    `sweep` is the last reading of everything, None before the first; `was_in_it`: the task was
    seen by it or by the one under way since. `list_hides`: what the side's rows do not show.
    """

    sweep: Sweep | None = None
    was_in_it: bool = False
    list_hides: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that is stored of one linked pair, or of one task without a link.

    Just one of `pair` and `lone` is set; `removed` is the link that a person took from a task.
    History older than `kept_since` is no longer kept.
    """

    world: World
    pair: Joined | None = None
    lone: Lone | None = None
    removed: Link | None = None
    kept_since: datetime | None = None
    is_due: bool = False
    sights: Mapping[Side, Sight] = field(default_factory=dict)
    history: tuple[Happening, ...] = ()
    operations: tuple[Journalled, ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = ()


# --- what is told --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTold:
    """One of the tasks: its names, and when and how far it was last seen.

    `hidden` are the fields whose value now is not known, `list_hides` those that the side's list
    does not show. `seen` is a sentence.
    """

    side: Side
    id: TaskId | None
    ref: str | None = None
    title: str = ""
    case: str = ""
    created_at: datetime | None = None
    changed_at: datetime | None = None
    written_at: datetime | None = None
    seen_at: datetime | None = None
    seen: str = ""
    hidden: tuple[Field, ...] = ()
    list_hides: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTold:
    """One field: what both sides show, what was last agreed, and what is to be known of it."""

    name: Field
    kore: Shown
    v2: Shown
    base_kore: Shown
    base_v2: Shown
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitTold:
    """One thing that is not in step: why, since when, what the bridge does, what a person can.

    `value` is what is or was to be written to `side`. `commands` can be typed as they stand.
    """

    kind: str
    reason: str
    next: str
    do: str = ""
    commands: tuple[str, ...] = ()
    name: Field | None = None
    side: Side | None = None
    kore: Shown
    v2: Shown
    value: Shown
    since: datetime | None = None
    attempts: int = 0
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictTold:
    """A conflict that was decided: by which rule, for which side, and what was lost."""

    name: Field
    kore: Shown
    v2: Shown
    winner: Side | None
    rule: str
    since: datetime
    settled_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done, or that happened: a sentence, and lines with what it changed.

    `outcome` is a word for a write of the journal (planned anew, done, failed, uncertain, ...),
    empty for anything else.
    """

    at: datetime
    text: str
    outcome: str = ""
    kind: OperationKind | None = None
    side: Side | None = None
    fields: tuple[Field, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The life of one task in words. `link` is a sentence about the link, or why there is none."""

    at: datetime
    state: State
    reason: str
    next: str
    link: str
    do: str = ""
    commands: tuple[str, ...] = ()
    is_due: bool
    due: str
    tasks: tuple[TaskTold, ...]
    fields: tuple[FieldTold, ...] = ()
    waits: tuple[WaitTold, ...] = ()
    conflicts: tuple[ConflictTold, ...] = ()
    steps: tuple[Step, ...] = ()
