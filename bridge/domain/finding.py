"""What `check` found: one thing that was tried, how it is, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bridge.domain.relation import Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.values import Observed


class Mark(StrEnum):
    """How a thing that was tried is: `warn` is worth reading, `fail` needs a person."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of a check; `next` is empty where nothing is to be done."""

    what: str
    mark: Mark
    found: str
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One row for people.table: two people of the same full name, each the only one."""

    kore: str
    v2: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """A live value of one side, what it becomes across, and what that comes back as.

    `tasks` are those that were seen to have it; a value that is only known to exist has none.
    """

    side: Side
    name: Field
    value: Observed
    tasks: int
    there: Observed | Unmapped
    back: Observed | Unmapped

    @property
    def gap(self) -> Unmapped | None:
        """Why it has no counterpart, None if it has one."""
        return self.there if isinstance(self.there, Unmapped) else None

    @property
    def stays(self) -> bool:
        """Whether it comes back as it was."""
        return self.back == self.value


class Seen(StrEnum):
    """How a field of a side can be seen."""

    LISTED = "listed"
    AFTER_ASKING = "after asking"
    BY_PROBE = "by probe"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSight:
    """How one field of one side can be seen, and how many calls that takes beside the list's own.

    `hiding` of the tasks that were looked at hide it. The probe of a task shows all its fields:
    its `calls` count once, however many fields it is for. `is_tried`: the account is known to
    take such a probe.
    """

    side: Side
    name: Field
    seen: Seen
    hiding: int
    calls: int = 0
    is_tried: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A row for a table of the configuration, such as `status` or `people.table`.

    One that `is_open` has something that only a person can fill in; `remark` says what to look at.
    """

    table: str
    values: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that a check found. `is_refused`: a service cannot be reached or refuses the key."""

    findings: tuple[Finding, ...]
    people: tuple[Proposal, ...] = ()
    trips: tuple[RoundTrip, ...] = ()
    sights: tuple[FieldSight, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    is_refused: bool = False

    @property
    def is_fine(self) -> bool:
        """Whether nothing needs a person."""
        return all(one.mark is not Mark.FAIL for one in self.findings)


def ok(what: str, found: str, next_step: str = "") -> Finding:
    """It is as it should be."""
    return Finding(what=what, mark=Mark.OK, found=found, next=next_step)


def warn(what: str, found: str, next_step: str = "") -> Finding:
    """It works, and should be known."""
    return Finding(what=what, mark=Mark.WARN, found=found, next=next_step)


def fail(what: str, found: str, next_step: str) -> Finding:
    """It does not work until somebody does something."""
    return Finding(what=what, mark=Mark.FAIL, found=found, next=next_step)
