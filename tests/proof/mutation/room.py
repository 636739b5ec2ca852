"""The two rooms that are tested: their files, and the tests that are theirs alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.signatures import Names, read_names
from tests.proof.mutation.survey import Source, mutants_of

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room of the bridge under its own tests.

    `forgotten` are the packages that know its modules; `most_tests` are run on one mutant.
    """

    name: str
    folder: str
    tests: str
    sources: Sequence[Source]
    forgotten: Sequence[str]
    most_tests: int

    def source(self, path: str) -> Source:
        """The file of the room."""
        return next(one for one in self.sources if one.path == path)

    def test_sources(self) -> Sequence[Source]:
        """The files of its tests."""
        return _sources(self.tests)

    def mutants(self) -> list[Mutant]:
        """All mutants of all its files."""
        names = _names()
        return [mutant for source in self.sources for mutant in mutants_of(source, names)]


def domain() -> Room:
    """What decides."""
    return Room(
        name="domain",
        folder="bridge/domain",
        tests="tests/domain",
        sources=_sources("bridge/domain"),
        forgotten=("bridge.", "tests."),
        most_tests=40,
    )


def sync() -> Room:
    """What carries it out, on ports in memory."""
    return Room(
        name="sync",
        folder="bridge/sync",
        tests="tests/sync/memory",
        sources=_sources("bridge/sync"),
        forgotten=("bridge.sync.", "tests."),
        most_tests=8,
    )


ROOMS = {"domain": domain, "sync": sync}


def _sources(folder: str) -> list[Source]:
    return [Source.read(ROOT, path) for path in sorted((ROOT / folder).rglob("*.py"))]


def _names() -> Names:
    folders = ("bridge/domain", "bridge/sync", "bridge/ports")
    sources = [one for folder in folders for one in _sources(folder)]
    return read_names(one.tree for one in [*sources, Source.read(ROOT, ROOT / "bridge/errors.py")])
