"""How the configuration wants things decided: direction, conflicts, hidden fields, routes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bridge.domain.side import Field, Side


class Direction(StrEnum):
    """Which way changes are carried."""

    BOTH = "both"
    KORE_TO_V2 = "kore-to-v2"
    V2_TO_KORE = "v2-to-kore"

    @property
    def source(self) -> Side | None:
        """The side that wins every conflict, or None if both count alike."""
        return {Direction.KORE_TO_V2: Side.KORE, Direction.V2_TO_KORE: Side.V2}.get(self)

    def may_write(self, side: Side) -> bool:
        """Whether that side is written to."""
        return self.source is not side


class ConflictRule(StrEnum):
    """Who wins where both sides changed a field to values that do not agree; MANUAL: a person."""

    NEWEST = "newest"
    KORE = "kore"
    V2 = "v2"
    MANUAL = "manual"


class Unobserved(StrEnum):
    """What to do about fields that Kore's list hides."""

    PROBE = "probe"
    WRITE = "write"
    HOLD = "hold"


class OnMissing(StrEnum):
    """What becomes of a task whose counterpart is gone."""

    REPORT = "report"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many links may be hit at once before a guard stands: it takes more than both."""

    percent: float = 5.0
    count: int = 10

    def are_exceeded(self, hit: int, of: int) -> bool:
        """Whether so many of all links are more than both limits."""
        return hit > self.count and hit * 100 > self.percent * of


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePolicy:
    """What the merge needs of the configuration."""

    direction: Direction = Direction.BOTH
    conflict: ConflictRule = ConflictRule.NEWEST
    conflict_fields: Mapping[Field, ConflictRule] = field(default_factory=dict)
    tie: Side = Side.KORE
    tolerance_seconds: float = 5.0
    unobserved: Unobserved = Unobserved.PROBE

    def rule(self, name: Field) -> ConflictRule:
        """The conflict rule of a field."""
        return self.conflict_fields.get(name, self.conflict)

    def in_force(self, *, takes_probes: bool) -> "MergePolicy":
        """The policy for an account; where it refuses probes, hidden fields are on hold."""
        if self.unobserved is Unobserved.PROBE and not takes_probes:
            return replace(self, unobserved=Unobserved.HOLD)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which unlinked tasks get a counterpart; an empty list lets every queue or type in."""

    created_since: datetime | None = None
    kore_queues: tuple[str, ...] = ()
    v2_task_types: tuple[str, ...] = ()
    has_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Into which case, by which template, a v2 task is created in Kore; empty conditions fit."""

    case: str
    task_template: str
    task_type: str = ""
    tag: str = ""
    customer: str = ""
