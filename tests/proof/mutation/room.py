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

    `forgotten` are the packages that know its modules; `most_tests` are run on one mutant, those
    of a property with `most_examples`.
    """

    name: str
    folder: str
    tests: Sequence[str]
    sources: Sequence[Source]
    forgotten: Sequence[str]
    most_tests: int
    most_examples: int

    def source(self, path: str) -> Source:
        """The file of the room."""
        return next(one for one in self.sources if one.path == path)

    def test_sources(self) -> Sequence[Source]:
        """The files of its tests."""
        return [one for place in self.tests for one in _sources(place)]

    def mutants(self) -> list[Mutant]:
        """All mutants of all its files."""
        names = _names()
        return [mutant for source in self.sources for mutant in mutants_of(source, names)]


def domain() -> Room:
    """What decides."""
    return Room(
        name="domain",
        folder="bridge/domain",
        tests=("tests/domain",),
        sources=_sources("bridge/domain"),
        forgotten=("bridge.", "tests."),
        most_tests=300,
        most_examples=30,
    )


def sync() -> Room:
    """What carries it out, on ports in memory."""
    return Room(
        name="sync",
        folder="bridge/sync",
        tests=("tests/sync/memory",),
        sources=_sources("bridge/sync"),
        forgotten=("bridge.sync.", "tests."),
        most_tests=80,
        most_examples=5,
    )


ROOMS = {"domain": domain, "sync": sync}


def _sources(place: str) -> list[Source]:
    """The files of a folder, or the one file."""
    found = ROOT / place
    files = sorted(found.rglob("*.py")) if found.is_dir() else [found]
    return [Source.read(ROOT, path) for path in files]


def _names() -> Names:
    folders = ("bridge/domain", "bridge/sync", "bridge/ports")
    sources = [one for folder in folders for one in _sources(folder)]
    return read_names(one.tree for one in [*sources, Source.read(ROOT, ROOT / "bridge/errors.py")])
