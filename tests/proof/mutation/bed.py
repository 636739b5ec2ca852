"""The tests of a room, collected once in this process and run one by one, quietly."""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

T = TypeVar("T")
_QUIET = (
    "-s",
    "-qq",
    "--no-header",
    "--no-summary",
    "--assert=plain",
    "-p",
    "no:xdist",
    "-m",
    "not long",
)


class NothingCollected(RuntimeError):
    """The tests cannot be had: a file of theirs fails at the import, or there are none."""


class Bed:
    """The collected tests; `names` are their node ids."""

    def __init__(self, items: Sequence[pytest.Item]) -> None:
        self._items = {one.nodeid: one for one in items}
        self.names = self._items.keys()

    def passes(self, name: str) -> bool:
        """Run one test."""
        reports = runtestprotocol(self._items[name], log=False, nextitem=None)
        return not any(one.failed for one in reports)

    def timed(self, name: str) -> tuple[bool, float]:
        """Run one test; whether it passed, and how long it took, waiting included."""
        began = time.monotonic()
        return self.passes(name), time.monotonic() - began


def with_tests(places: Sequence[str], run: Callable[[Bed], T], most_examples: int) -> T:
    """Collect the tests of these places and hand them over; gives what comes of it.

    No test of a property takes more than so many examples. Raises NothingCollected if there are
    no tests.
    """
    plugin = _Plugin(run, most_examples)
    # Within the clone, and none is made that no test asks for: a process that is ended leaves it.
    folder = f".cache/mutation-{os.getpid()}"
    words = ["--import-mode=importlib", f"--basetemp={folder}", *_QUIET, *places]
    pytest.main(words, plugins=[plugin])
    if plugin.error is not None:
        raise plugin.error
    if not plugin.results:
        raise NothingCollected(f"no tests could be collected from {', '.join(places)}")
    return plugin.results[0]


class _Plugin(Generic[T]):
    def __init__(self, run: Callable[[Bed], T], most_examples: int) -> None:
        self._run, self._most_examples = run, most_examples
        self.results: list[T] = []
        self.error: BaseException | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Nothing of this is remembered for the next run of the ordinary suite."""
        for name in ("lfplugin", "nfplugin"):
            config.pluginmanager.unregister(name=name)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed or not session.items:
            return True
        for item in session.items:
            _tame(item, self._most_examples)
        try:
            self.results.append(self._run(Bed(session.items)))
        except BaseException as error:
            self.error = error
        return True


def _tame(item: pytest.Item, most_examples: int) -> None:
    """Examples are the same each time, and few; a failure is neither made small nor written up."""
    item.repr_failure = lambda excinfo, style=None: "failed"  # type: ignore[method-assign]
    test: Any = getattr(item, "obj", None)
    if not getattr(test, "is_hypothesis_test", False):
        return
    usual = getattr(test, "_hypothesis_internal_use_settings", None) or settings()
    test._hypothesis_internal_use_settings = settings(
        usual,
        phases=(Phase.explicit, Phase.generate),
        derandomize=True,
        database=None,
        max_examples=min(usual.max_examples, most_examples),
    )
