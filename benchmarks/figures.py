"""A figure: what was measured, what the floor took in the same run, and what the target says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.stage import Stage

TIMES = " \N{MULTIPLICATION SIGN}"
Measurement = Callable[["Stage"], Iterable["Figure"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A bound for the ratio to the floor, or, where `of_ratio` is false, for our own value."""

    bound: float
    is_least: bool = False
    of_ratio: bool = False

    def is_met(self, value: float) -> bool:
        """Whether the value keeps the bound."""
        return value >= self.bound if self.is_least else value <= self.bound

    def __str__(self) -> str:
        word = "at least" if self.is_least else "at most"
        return f"{word} {self.bound:g}{TIMES if self.of_ratio else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. `floor` is None where nothing but the target bounds the value."""

    what: str
    ours: float
    unit: str
    floor: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours against the floor."""
        return None if not self.floor else self.ours / self.floor

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        value = self.ratio if self.target.of_ratio else self.ours
        return None if value is None else self.target.is_met(value)

    def told(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {
            "what": self.what,
            "ratio": self.ratio,
            "floor": self.floor,
            "ours": self.ours,
            "unit": self.unit,
            "target": str(self.target) if self.target else None,
            "bound": self.target.bound if self.target else None,
            "is_of_ratio": bool(self.target and self.target.of_ratio),
            "met": self.is_met,
            "note": self.note,
        }


def at_most(bound: float) -> Target:
    """Our value may not be above this."""
    return Target(bound=bound)


def at_least(bound: float) -> Target:
    """Our value may not be below this."""
    return Target(bound=bound, is_least=True)


def times_at_most(bound: float) -> Target:
    """So many times the floor at most."""
    return Target(bound=bound, of_ratio=True)


def times_at_least(bound: float) -> Target:
    """So much of the floor at least."""
    return Target(bound=bound, is_least=True, of_ratio=True)
