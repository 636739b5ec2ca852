"""What `check` found: one thing that was tried, how it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


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
class Inspection:
    """All that a check found. `is_refused`: a service cannot be reached or refuses the key."""

    findings: tuple[Finding, ...]
    people: tuple[Proposal, ...] = ()
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
