"""The life of one task: all that the database knows of it, and the form in which it is told.

`Life` is what is looked at; `Explanation` is what `bridge/domain/explain.py` makes of it, in
words but for values and times, for any room that shows it to people or programs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.domain.link import FieldBase, Link
from bridge.domain.operation import Journalled, OperationKind
from bridge.domain.reading import Sweep
from bridge.domain.reconciled import Joined, Lone, State, World
from bridge.domain.records import Happening
from bridge.domain.side import Field, OperationId, Side, TaskId
from bridge.domain.values import UNSEEN, Shown

# Writes a moment as those who read it want it.
InWords = Callable[[datetime], str]

# --- what is looked at ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """When a task was seen.

    `sweep` is the last reading of everything, None before the first; `was_in_it`: the task was
    seen by it, by the one under way, or by a poll since. `list_hides`: what the side's rows do not
    show. `is_forgotten`: a person had its texts forgotten.
    """

    sweep: Sweep | None = None
    was_in_it: bool = False
    list_hides: tuple[Field, ...] = ()
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What a person can do, and commands that do it; capitals in one stand for what to fill in."""

    do: str = ""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """Something that keeps writes from being sent, whatever the task: a pause, a guard, a wait."""

    text: str
    since: datetime | None = None
    until: datetime | None = None
    advice: Advice = Advice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that is stored of one linked pair, or of one task without a link.

    `removed` is the link that a person took from a task. History older than `kept_since` is no
    longer kept.
    """

    world: World
    about: Joined | Lone
    removed: Link | None = None
    held_up: tuple[HeldUp, ...] = ()
    kept_since: datetime | None = None
    is_due: bool = False
    sights: Mapping[Side, Sight] = field(default_factory=dict)
    history: tuple[Happening, ...] = ()
    operations: tuple[Journalled, ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = ()

    @property
    def link(self) -> Link | None:
        """The link that the task has, or that a person took from it."""
        return self.about.link if isinstance(self.about, Joined) else self.removed


# --- what is told --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTold:
    """One of the tasks: its names, and when and how far it was last seen.

    `hidden` are the fields whose value now is not known, `list_hides` those that the side's list
    does not show; of one that `is_forgotten` no text is stored. `seen` is a sentence; `seen_at` the
    last moment at which it surely was there.
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
    seen: str
    hidden: tuple[Field, ...] = ()
    list_hides: tuple[Field, ...] = ()
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTold:
    """One field: what both sides show, what was last agreed, and what is to be known of it."""

    name: Field
    kore: Shown
    v2: Shown
    base: FieldBase
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitTold:
    """One thing that is not in step: why, since when, what the bridge does, what a person can.

    `value` is what is, or would be, written to `side`; not seen where nothing is to be written.
    """

    state: State
    reason: str
    next: str
    advice: Advice
    id: int | None
    name: Field | None
    side: Side | None
    kore: Shown
    v2: Shown
    value: Shown
    since: datetime | None
    attempts: int
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictTold:
    """A conflict that is over: what both sides showed, by which rule it was decided, what was lost.

    `winner` is None where people settled it in the services.
    """

    id: int
    name: Field
    kore: Shown
    v2: Shown
    rule: str
    winner: Side | None
    since: datetime
    settled_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTold:
    """One value of a write: what was there, what was sent, what the service made of it."""

    name: Field
    before: Shown = UNSEEN
    sent: Shown
    shown: Shown = UNSEEN
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done, or that happened.

    `operation` and `outcome` are of a write in the journal: the outcome is `committed` or `sent`
    while it is open, `uncertain` where nobody knows.
    """

    at: datetime
    text: str
    operation: OperationId | None = None
    kind: OperationKind | None = None
    outcome: str = ""
    side: Side | None = None
    fields: tuple[Field, ...] = ()
    values: tuple[ValueTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The life of one task in words.

    `standing` is a sentence on its link, or on why there is none, true since `standing_since`, when
    the link was made or removed; `due` one on whether the next cycle looks at it; `kept` one on
    what is too old to be told, empty where nothing is.
    """

    at: datetime
    title: str
    state: State
    reason: str
    next: str
    advice: Advice
    standing: str
    standing_since: datetime | None
    link: Link | None
    is_due: bool
    due: str
    held_up: tuple[HeldUp, ...]
    tasks: tuple[TaskTold, ...]
    fields: tuple[FieldTold, ...]
    waits: tuple[WaitTold, ...]
    conflicts: tuple[ConflictTold, ...]
    steps: tuple[Step, ...]
    kept: str
