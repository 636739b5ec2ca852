"""What became of a mutant."""

from dataclasses import dataclass
from enum import StrEnum

from tests.proof.mutation.mutant import Mutant


class End(StrEnum):
    """How a mutant fared."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    SURVIVED = "survived"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Fate:
    """How a mutant fared, by which test, and how many were run on it of how many that could be.

    `seconds` of the processor's time were spent on it.
    """

    mutant: Mutant
    end: End
    killer: str = ""
    tried: int = 0
    able: int = 0
    seconds: float = 0.0

    @property
    def is_dead(self) -> bool:
        """Whether the tests noticed."""
        return self.end in (End.KILLED, End.TIMED_OUT, End.CRASHED)
