"""Which tests are run on a mutant, in which order.

Those that can see it at all; first those that killed another mutant of the same owner, then those
that see most of its function that few others see and that kill often for the time they take. A
table or a default takes effect at the import: there come first the tests that reach a statement in
which it is named, then all others.
"""

import ast
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.reach import Spot, needed, reached
from tests.proof.mutation.survey import Source

_MOST_KILLERS = 6
_MOST_NEAR = 250
_START_SECONDS = 0.005  # what a test costs that does nothing
_Part: TypeAlias = tuple[str, int, int]  # a file, and the lines of a function or none


@dataclass(frozen=True, slots=True)
class Reached:
    """What one test came by, as places in a list of spots, and how long it took.

    As numbers, for every process that is forked copies what was recorded of all tests.
    """

    places: Sequence[int]
    seconds: float


class Choice:
    """Knows what each test came by, and learns which of them kill."""

    def __init__(
        self, spots: Sequence[Spot], tests: Mapping[str, Reached], sources: Iterable[Source]
    ) -> None:
        self._names = [*tests]
        self._seconds = {name: one.seconds for name, one in tests.items()}
        self._bits = {name: 1 << place for place, name in enumerate(self._names)}
        # The tests of a spot as bits of a number: every process that is forked copies this.
        self._by_spot: dict[Spot, int] = defaultdict(int)
        for name, one in tests.items():
            for place in one.places:
                self._by_spot[spots[place]] |= self._bits[name]
        self._spots_of = _by_path(self._by_spot)
        self._worths: dict[_Part, dict[str, float]] = {}
        self._kills: dict[str, int] = defaultdict(int)
        self._tries: dict[str, int] = defaultdict(int)
        self._named = _statements_by_word(sources)
        self._killers: dict[str, list[str]] = defaultdict(list)

    def can_see(self, mutant: Mutant, killer: str = "") -> bool:
        """Whether any test may kill it; that one is asked first."""
        if self.may_kill(mutant, killer):
            return True
        return bool(self._able(mutant) if mutant.is_inside else self._names)

    def may_kill(self, mutant: Mutant, name: str) -> bool:
        """Whether that test comes by all that is needed to see it."""
        test = self._bits.get(name, 0)
        if not test or not mutant.is_inside:
            return bool(test)
        return bool(test & self._able(mutant))

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that may kill it, in the order in which they are tried."""
        return self._inside(mutant) if mutant.is_inside else self._outside(mutant)

    def learn(self, mutant: Mutant, tried: Sequence[str], killer: str) -> None:
        """These tests were tried on this mutant, and that one killed it, if any did."""
        for name in tried:
            self._tries[name] += 1
        if not killer:
            return
        self._kills[killer] += 1
        for place in _places(mutant):
            known = self._killers[place]
            if killer in known:
                known.remove(killer)
            known.insert(0, killer)
            del known[_MOST_KILLERS:]

    def _able(self, mutant: Mutant) -> int:
        able = (1 << len(self._names)) - 1
        for spots in needed(mutant):
            able &= self._of_any(spots)
        return able

    def _of_any(self, spots: Iterable[Spot]) -> int:
        found = 0
        for spot in spots:
            found |= self._by_spot.get(spot, 0)
        return found

    def _named_by(self, bits: int) -> set[str]:
        """The tests that the bits stand for."""
        found = set()
        while bits:
            last = bits & -bits
            found.add(self._names[last.bit_length() - 1])
            bits ^= last
        return found

    def _inside(self, mutant: Mutant) -> list[str]:
        able = self._named_by(self._able(mutant))
        names = [*self._known(mutant), *self._order(_part_of(mutant), able)]
        return [name for name in dict.fromkeys(names) if name in able]

    def _outside(self, mutant: Mutant) -> list[str]:
        spots = [self._named[word] for word in mutant.words]
        near = set().union(*spots).intersection(*spots) or set().union(*spots)
        able = self._named_by(self._of_any(near))
        likely = self._order((mutant.path, 0, 0), able)[:_MOST_NEAR]
        rest = sorted(self._names, key=lambda name: (-self._strength(name), name))
        names = [*self._known(mutant), *likely, *_turn_by_turn(rest)]
        return [name for name in dict.fromkeys(names) if name in self._bits]

    def _known(self, mutant: Mutant) -> list[str]:
        return [name for place in _places(mutant) for name in self._killers[place]]

    def _order(self, part: _Part, able: Iterable[str]) -> list[str]:
        """These tests by what they see there that few others see, and by what came of them."""
        if part not in self._worths:
            self._worths[part] = self._rare(part)
        rare = self._worths[part]
        worth = {name: rare.get(name, 0.0) * self._strength(name) for name in able}
        return _turn_by_turn(sorted(worth, key=lambda name: (-worth[name], name)))

    def _strength(self, name: str) -> float:
        """How likely the test kills, by what it did so far, for the time it takes."""
        share = (self._kills[name] + 1) / (self._tries[name] + 4)
        return share / math.sqrt(self._seconds[name] + _START_SECONDS)

    def _rare(self, part: _Part) -> dict[str, float]:
        """For each test, how much it sees of a part of a file that few others see."""
        path, first, last = part
        found: dict[str, float] = defaultdict(float)
        for spot in self._spots_of.get(path, ()):
            if not last or first <= spot[1] <= last:
                names = self._named_by(self._by_spot[spot])
                for name in names:
                    found[name] += 1 / len(names)
        return found


def _part_of(mutant: Mutant) -> _Part:
    """The innermost function that the mutant is in."""
    functions = [one for one in mutant.edit.ancestors if isinstance(one, ast.FunctionDef)]
    if not functions:
        return (mutant.path, 0, 0)
    return (mutant.path, functions[-1].lineno, functions[-1].end_lineno or 0)


def _by_path(spots: Iterable[Spot]) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        found[spot[0]].append(spot)
    return found


def _turn_by_turn(tests: Sequence[str]) -> list[str]:
    """Of each function one set of parameters, then of each another: they see the same things."""
    turns: dict[str, int] = defaultdict(int)
    placed = []
    for place, name in enumerate(tests):
        function = name.partition("[")[0]
        placed.append((turns[function], place, name))
        turns[function] += 1
    return [name for _, _, name in sorted(placed)]


def _places(mutant: Mutant) -> Sequence[str]:
    """Under which names its killers are remembered."""
    owner = f"{mutant.path} {mutant.owner}"
    return (owner,) if mutant.is_inside else (owner, mutant.before.rpartition("(")[2])


def _statements_by_word(sources: Iterable[Source]) -> dict[str, set[Spot]]:
    """The statements in functions that name a thing, by its name."""
    found: dict[str, set[Spot]] = defaultdict(set)
    for source in sources:
        for function in ast.walk(source.tree):
            if isinstance(function, ast.FunctionDef):
                for one in ast.walk(function):
                    if isinstance(one, ast.stmt) and one is not function:
                        for word in _words(one):
                            found[word].add(reached(source.path, one.lineno))
    return found


def _words(node: ast.AST) -> Iterable[str]:
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
