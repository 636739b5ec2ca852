"""Which tests are run on a mutant, in which order.

Those that can see it at all; first those that killed another mutant of the same owner, then those
that see most of its file that few others see. A table or a default takes effect at the import:
there come first the tests that reach a statement in which it is named, then all others.
"""

import ast
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.reach import Spot, needed, reached
from tests.proof.mutation.survey import Source

_MOST_KILLERS = 6
_MOST_NEAR = 40
_START_SECONDS = 0.005  # what a test costs that does nothing


@dataclass(frozen=True, slots=True)
class Reached:
    """What one test came by, and how much of the processor's time it took."""

    spots: frozenset[Spot]
    seconds: float


class Choice:
    """Knows what each test came by, and learns which of them kill."""

    def __init__(self, tests: Mapping[str, Reached], sources: Iterable[Source]) -> None:
        self._tests = tests
        self._quickest = _turn_by_turn(sorted(tests, key=lambda name: tests[name].seconds))
        self._by_spot: dict[Spot, set[str]] = defaultdict(set)
        for name, one in tests.items():
            for spot in one.spots:
                self._by_spot[spot].add(name)
        self._orders: dict[str, list[str]] = {}
        self._named = _statements_by_word(sources)
        self._killers: dict[str, list[str]] = defaultdict(list)

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that may kill it, in the order in which they are tried."""
        return self._inside(mutant) if mutant.is_inside else self._outside(mutant)

    def learn(self, mutant: Mutant, killer: str) -> None:
        """That test killed this mutant."""
        for place in _places(mutant):
            known = self._killers[place]
            if killer in known:
                known.remove(killer)
            known.insert(0, killer)
            del known[_MOST_KILLERS:]

    def _inside(self, mutant: Mutant) -> list[str]:
        able = set(self._tests)
        for spots in needed(mutant):
            able &= set().union(*(self._by_spot[spot] for spot in spots))
        names = [*self._known(mutant), *self._order(mutant.path)]
        return [name for name in dict.fromkeys(names) if name in able]

    def _outside(self, mutant: Mutant) -> list[str]:
        spots = [self._named[word] for word in mutant.words]
        near = set().union(*spots).intersection(*spots) or set().union(*spots)
        able = set().union(*(self._by_spot[spot] for spot in near))
        likely = [name for name in self._order(mutant.path) if name in able][:_MOST_NEAR]
        names = [*self._known(mutant), *likely, *self._quickest]
        return [name for name in dict.fromkeys(names) if name in self._tests]

    def _known(self, mutant: Mutant) -> list[str]:
        return [name for place in _places(mutant) for name in self._killers[place]]

    def _order(self, path: str) -> list[str]:
        """All tests by what they see of a file that few others see, for the time they take."""
        if path not in self._orders:
            worth = {name: self._worth(one, path) for name, one in self._tests.items()}
            best = sorted(worth, key=lambda name: -worth[name])
            self._orders[path] = _turn_by_turn(best)
        return self._orders[path]

    def _worth(self, one: Reached, path: str) -> float:
        rare = sum(1 / len(self._by_spot[spot]) for spot in one.spots if spot[0] == path)
        return rare / math.sqrt(one.seconds + _START_SECONDS)


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
