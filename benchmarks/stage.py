"""What every measurement has at hand: how large to measure, and where to keep files meanwhile.

Worlds and databases that several measurements use are built once, when the first one asks.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.linking import known_copy, link_all
from benchmarks.setup import NO_DEEP_POLLS, write_configuration
from benchmarks.world import Spec, World

# A quick run makes one world of pairs, for whatever needs some.
QUICK_PAIRS = 400


@dataclass(slots=True, kw_only=True)
class Stage:
    """`factor` scales the whole sizes; a quick run has sizes of its own."""

    folder: Path
    factor: float = 1.0
    is_quick: bool = False
    _open: ExitStack = field(default_factory=ExitStack)
    _linked: dict[Spec, tuple[World, Path]] = field(default_factory=dict)
    _current: dict[Spec, Path] = field(default_factory=dict)

    def size(self, whole: int, quick: int) -> int:
        """How many to measure with."""
        return quick if self.is_quick else max(1, round(whole * self.factor))

    def at(self, name: str) -> Path:
        """A fresh folder for one measurement."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def linked(self, spec: Spec) -> tuple[World, Path]:
        """A world whose pairs a database knows as linked; who changes neither may take a copy."""
        if spec not in self._linked:
            world = self._open.enter_context(World(spec))
            config = write_configuration(self.at(f"linked-{spec.pairs}-{spec.rows}"), world.block)
            link_all(config, spec.pairs)
            self._linked[spec] = world, config
        return self._linked[spec]

    def current(self, spec: Spec) -> tuple[World, Path]:
        """The same with one database that goes along: it has read what was changed so far.

        Deep polls are kept out of it by an overlap that is longer than any measurement.
        """
        world, linked = self.linked(spec)
        if spec not in self._current:
            folder = self.at(f"current-{spec.pairs}-{spec.rows}")
            self._current[spec] = known_copy(linked, folder, NO_DEEP_POLLS)
        return world, self._current[spec]

    def drop(self, spec: Spec) -> None:
        """A world that nobody needs any more takes memory and, at times, a processor."""
        if spec in self._linked:
            self._linked.pop(spec)[0].close()
            self._current.pop(spec, None)


@contextmanager
def set_up(*, factor: float = 1.0, is_quick: bool = False) -> Iterator[Stage]:
    """A stage whose files and processes are gone at the end."""
    with tempfile.TemporaryDirectory(prefix="task-bridge-bench-") as folder, ExitStack() as opened:
        yield Stage(folder=Path(folder), factor=factor, is_quick=is_quick, _open=opened)
