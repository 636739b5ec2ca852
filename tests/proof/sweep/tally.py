"""What a sweep did, in figures, and its failures: kept, grouped by cause, and told."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof.sweep.points import Attempt, Fate

KEPT = Path(".cache/proof/sweep-failures.json")
REPLAY = "make proof-replay POINT='{}'"
MOST_GROUPS = 25


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that did not end as it should; `key` replays it."""

    key: str
    problem: str

    @property
    def cause(self) -> str:
        """What failures of one kind have in common: where the difference is, not what it is."""
        lines = self.problem.strip().splitlines()
        if not self.problem.startswith(("task/", "link/", "wait/", "unlinked/", "surplus ")):
            return lines[-1] if lines else "nothing is known"
        places = {line.split(": ")[0] for line in lines}
        return ", ".join(
            sorted(re.sub(r"\b[A-Z]'*(=nothing|=[A-Z]?'*)?", "*", one) for one in places)
        )


@dataclass(slots=True)
class Tally:
    """The figures of a sweep."""

    scenarios: int = 0
    points: int = 0
    runs: int = 0
    lived: int = 0
    too_late: int = 0
    second_kills: int = 0
    many_workers: int = 0
    not_reached: int = 0
    for_a_person: int = 0
    failures: list[Failure] = field(default_factory=list)

    def count(self, attempt: Attempt, *, is_reached: bool, was_killed_again: bool) -> None:
        """One run more, under the heading that it belongs to."""
        if attempt.second:
            self.second_kills += was_killed_again
            self.not_reached += not was_killed_again
        elif attempt.workers != 1:
            self.many_workers += is_reached
            self.not_reached += not is_reached
        elif attempt.is_alive:
            self.lived += 1
        elif attempt.fate is Fate.TOO_LATE:
            self.too_late += 1
        else:
            self.runs += 1

    def add(self, other: "Tally") -> None:
        for name in ("scenarios", "points", "runs", "lived", "too_late", "second_kills",
                     "many_workers", "not_reached", "for_a_person"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failures += other.failures

    def lines(self, seed: int, seconds: float) -> Iterable[str]:
        """The figures, a line each."""
        yield f"scenarios                           {self.scenarios:6}"
        yield f"points (commits and writes)         {self.points:6}"
        yield f"killed, each at another point       {self.runs:6}"
        yield f"  repeats with a second kill        {self.second_kills:6}"
        yield f"  repeats with four workers a side  {self.many_workers:6}"
        yield f"  repeats that did not get there    {self.not_reached:6}"
        yield f"writes lost, the bridge lived on    {self.lived:6}"
        yield f"applied after the settle time       {self.too_late:6}"
        yield f"of all, ended with a person asked   {self.for_a_person:6}"
        yield f"failures                            {len(self.failures):6}"
        yield f"seconds                             {seconds:6.0f}"
        yield f"seed                                {seed:6}"


def keep(failures: Sequence[Failure], seed: int, path: Path = KEPT) -> None:
    """Write the failures down, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"seed": seed, "replay": REPLAY.format(one.key), "problem": one.problem.splitlines()}
        for one in failures
    ]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def told(failures: Sequence[Failure], path: Path = KEPT) -> Iterable[str]:
    """The failures by cause: how many, one of them whole, and how to replay it."""
    groups: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        groups[failure.cause].append(failure)
    largest = sorted(groups.values(), key=len, reverse=True)
    for group in largest[:MOST_GROUPS]:
        shortest = min(group, key=lambda one: len(one.key))
        yield f"\n{len(group)} x {shortest.cause}"
        yield from (f"    {line}" for line in shortest.problem.splitlines()[-6:])
        yield f"    {REPLAY.format(shortest.key)}"
    if len(largest) > MOST_GROUPS:
        yield f"\nand {len(largest) - MOST_GROUPS} causes more"
    if failures:
        yield f"\nall of them, whole: {path}"
