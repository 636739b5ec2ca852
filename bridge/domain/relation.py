"""What "agree" means for a field: which Kore value and which v2 value are the same to people.

A relation answers four questions: has a value a counterpart at all (`gap`), do two values agree,
may a change that agrees stay unwritten (`absorbs`), and what is written to a side (`translate`).
Laws, held by property tests: a translation agrees with what it translates; nothing is written
where the two sides agree.
"""

from dataclasses import dataclass
from typing import Protocol

from bridge.domain.side import Side
from bridge.domain.values import Observed, text_value


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A value that no rule translates; `waits_for` names the word that would settle it."""

    reason: str
    waits_for: str = ""


class Relation(Protocol):
    """The agreement of one field; `table` is the fingerprint of the rules behind it."""

    @property
    def table(self) -> str: ...

    def gap(self, side: Side, value: Observed) -> Unmapped | None:
        """Why the value of that side has no counterpart, or None if it has one."""

    def agrees(self, kore: Observed, v2: Observed) -> bool:
        """Whether the two values are the same; both have a counterpart."""

    def absorbs(self, changed: Side, kore: Observed, v2: Observed) -> bool:
        """Whether a change on that side, to a value that agrees, is left unwritten."""

    def translate(self, value: Observed, to: Side) -> Observed | Unmapped:
        """What to write to side `to` for the other side's value."""

    def hold(self, to: Side, now: Observed) -> str:
        """Why a value shown by side `to` may not be written over, or an empty string."""


@dataclass(frozen=True, slots=True)
class SameRelation:
    """Values that mean the same on both sides: descriptions and due dates."""

    table: str = "same"

    def gap(self, side: Side, value: Observed) -> Unmapped | None:
        return None

    def agrees(self, kore: Observed, v2: Observed) -> bool:
        return kore == v2

    def absorbs(self, changed: Side, kore: Observed, v2: Observed) -> bool:
        return True

    def translate(self, value: Observed, to: Side) -> Observed | Unmapped:
        return value

    def hold(self, to: Side, now: Observed) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class TitleRelation(SameRelation):
    """Titles; Kore needs one, so a v2 task without title is called by its stand-in there."""

    stand_in: str = ""

    def agrees(self, kore: Observed, v2: Observed) -> bool:
        return kore == v2 or (v2 is None and kore is not None and kore == text_value(self.stand_in))

    def translate(self, value: Observed, to: Side) -> Observed | Unmapped:
        if to is Side.KORE and value is None:
            return text_value(self.stand_in) or Unmapped("Kore takes no task without a title.")
        if to is Side.V2 and value is not None and value == text_value(self.stand_in):
            return None
        return value
