"""Mutants that no test can kill, each with the reason in words; kept in `survivors.toml`.

An entry names a mutant by what it is, not by its line. One that names none any more, or one that
a test kills, is out of date, and that is an error: nobody would notice what it hides otherwise.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.proof.mutation.mutant import Mutant

FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one mutant, or each of several that are alike, is no fault."""

    where: str
    mutation: str
    nth: int
    why: str

    @property
    def key(self) -> str:
        """The key of the mutant that it is about."""
        return f"{self.where}: {self.mutation}" + (f" #{self.nth}" if self.nth > 1 else "")


def read_reasons(path: Path = FILE) -> dict[str, Reason]:
    """The reasons by the key of their mutant; raises ValueError if two are about the same."""
    found: dict[str, Reason] = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []):
        for reason in _reasons(row):
            if reason.key in found:
                raise ValueError(f"{path.name} tells twice of {reason.key}")
            found[reason.key] = reason
    return found


def stale(reasons: Mapping[str, Reason], mutants: Iterable[Mutant]) -> Iterator[str]:
    """The entries that are about no mutant."""
    known = {mutant.key for mutant in mutants}
    for key in reasons:
        if key not in known:
            yield f"there is no such mutant any more: {key}"


def _reasons(row: Mapping[str, object]) -> Iterator[Reason]:
    mutations = row["mutation"]
    for one in mutations if isinstance(mutations, list) else [mutations]:
        text, _, number = str(one).partition(" #")
        yield Reason(str(row["where"]), text, int(number or 1), str(row["why"]))
