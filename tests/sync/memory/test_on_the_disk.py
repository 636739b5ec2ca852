"""What must be on the disk before a run goes on, and what may be lost with the power."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from bridge.domain.side import Side
from bridge.ports import Store, Unit
from bridge.sync.cycle import Wish, run_cycle
from tests.sync.memory.bench import Bench

READS = (
    *("complete_", "count_", "due_", "open_"),
    *("guards", "links_in", "pair_state", "side_state"),
)


class NotedStore:
    """A store that notes for each transaction whether it was fleeting and what was called in it."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        self.units: list[tuple[bool, list[str]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @contextmanager
    def begin(self, *, is_fleeting: bool = False) -> Iterator[Unit]:
        called: list[str] = []
        self.units.append((is_fleeting, called))
        with self._inner.begin(is_fleeting=is_fleeting) as unit:
            yield cast(Unit, NotedUnit(unit, called))

    def kept_by(self, *names: str) -> list[bool]:
        """Of each transaction in which one of these was called, whether it was kept on the disk."""
        return [not is_fleeting for is_fleeting, called in self.units if {*called} & {*names}]


class NotedUnit:
    def __init__(self, inner: Unit, called: list[str]) -> None:
        self._inner, self._called = inner, called

    def __getattr__(self, name: str) -> Any:
        self._called.append(name)
        return getattr(self._inner, name)


def noted_cycle(bench: Bench) -> NotedStore:
    bench.clock.pass_time(30)
    desk = bench.new_desk()
    store = NotedStore(desk.store)
    desk.store = cast(Store, store)
    run_cycle(desk, Wish(sweep_seconds=0))
    return store


def test_what_is_sent_and_what_came_of_it_are_on_the_disk(bench: Bench) -> None:
    bench.sync()
    kore_id, _ = bench.pair()
    bench.kore.edit(kore_id, title="Cold house")
    bench.v2.add("Broken lift")
    store = noted_cycle(bench)
    sent = store.kept_by("mark_sent")
    assert len(sent) > 1
    assert len(store.kept_by("commit_operation")) == len(sent)
    assert all(sent)
    assert all(store.kept_by("settle"))
    assert bench.is_linked(Side.KORE, kore_id)


def test_a_cycle_in_which_nothing_changed_waits_for_the_disk_not_once(bench: Bench) -> None:
    bench.sync()
    bench.pair()
    bench.settle()
    store = noted_cycle(bench)
    kept = {name for is_fleeting, called in store.units if not is_fleeting for name in called}
    assert [name for name in sorted(kept) if not name.startswith(READS)] == []
