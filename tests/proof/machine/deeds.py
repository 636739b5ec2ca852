"""What people, services and processes may do, as data: before a cycle, and in the middle of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bridge.domain.side import Field, Side
from tests.proof.machine.words import Plain, Values


class Fate(StrEnum):
    """What becomes of a call. Of the first five of a write nobody is told whether it was taken."""

    LOST = "never applied, no answer"
    TAKEN = "applied, no answer"
    ODD = "never applied, a page of HTML for an answer"
    LATE = "applied forty seconds later, no answer"
    TOO_LATE = "applied ten minutes later, no answer"
    BUSY = "429"
    REFUSED_KEY = "401"
    BROKEN = "500 without an effect"


LATE_SECONDS = {Fate.LATE: 40.0, Fate.TOO_LATE: 600.0}


# ---- people ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Adds:
    """A person adds a task; `case` counts in Kore only."""

    side: Side
    values: Values
    case: int = 0


@dataclass(frozen=True, slots=True)
class Edits:
    """A person edits the task that `pick` points at; a text may be rewritten, marker and all."""

    side: Side
    pick: int
    values: Values
    keeps_marker: bool = True


@dataclass(frozen=True, slots=True)
class EditBoth:
    """Two people edit one field of a pair, one after the other."""

    pick: int
    name: Field
    kore: Plain
    v2: Plain
    is_kore_first: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Removes:
    """A person removes the task that `pick` points at, unless it is the last of its side."""

    side: Side
    pick: int


@dataclass(frozen=True, slots=True)
class SetsCase:
    """A person closes or opens one of the two cases."""

    case: int
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """Time goes by."""

    seconds: float


Deed: TypeAlias = Adds | Edits | EditBoth | Removes | SetsCase | Waits


# ---- troubles of a service ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fails:
    """The next call of that kind fails so."""

    side: Side
    call: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Down:
    """Nothing of that side answers, for so many cycles."""

    side: Side
    cycles: int


@dataclass(frozen=True, slots=True)
class Odd:
    """The record that `pick` points at cannot be read, for so many cycles."""

    side: Side
    pick: int
    cycles: int


Trouble: TypeAlias = Fails | Down | Odd


# ---- in the middle of a cycle ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dies:
    """The process is killed."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Somebody asks the process to end."""


@dataclass(frozen=True, slots=True)
class RunsDry:
    """For so long our own budget allows no call of that side."""

    side: Side
    seconds: float


@dataclass(frozen=True, slots=True)
class Happening:
    """A deed at the so-manieth moment of a cycle: before or after a call, or before a commit."""

    moment: int
    is_at_commit: bool
    deed: Deed | Dies | Stops | RunsDry
