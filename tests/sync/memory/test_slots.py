"""How many writes are under way at a time, and what is done while others are."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from bridge.domain.operation import WriteRequest
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side
from bridge.domain.task import Case
from bridge.errors import Unreachable
from bridge.ports import Store, Unit
from bridge.sync.apply import Batch, Job, apply_batch
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.slots import Slots
from tests.sync.memory.bench import Bench

PATIENCE = 10


class NotedSlots(Slots):
    """Slots that tell of each who comes for one, and who has one."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.comers = threading.Semaphore(0)
        self.takers = threading.Semaphore(0)
        self.held: set[int] = set()

    def take(self) -> None:
        self.comers.release()
        super().take()
        self.held.add(threading.get_ident())
        self.takers.release()

    def leave(self) -> None:
        super().leave()
        self.held.discard(threading.get_ident())

    @property
    def are_mine(self) -> bool:
        return threading.get_ident() in self.held


def noted(desk: Desk) -> dict[Side, NotedSlots]:
    found = {side: NotedSlots(desk.rules.workers) for side in Side}
    desk.slots = found
    return found


def begun(story: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=story, daemon=True)
    thread.start()
    return thread


def take_and_leave(slots: Slots) -> None:
    slots.take()
    slots.leave()


# --- the slots -----------------------------------------------------------------------------------


def test_who_comes_while_all_slots_are_taken_waits_for_the_next_that_is_left() -> None:
    slots = NotedSlots(1)
    slots.take()
    waiting = begun(lambda: take_and_leave(slots))
    for _ in range(2):
        assert slots.comers.acquire(timeout=PATIENCE)
    assert waiting.is_alive()
    slots.leave()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


def test_a_thread_holds_one_slot_however_often_it_asks() -> None:
    slots = Slots(2)
    slots.take()
    slots.take()
    other = begun(slots.take)
    other.join(PATIENCE)
    assert not other.is_alive()


def test_who_leaves_without_a_slot_leaves_none_more_than_there_were() -> None:
    slots = NotedSlots(1)
    slots.leave()
    take_and_leave(slots)
    slots.leave()
    slots.take()
    waiting = begun(slots.take)
    for _ in range(3):
        assert slots.comers.acquire(timeout=PATIENCE)
    assert waiting.is_alive()
    slots.leave()
    waiting.join(PATIENCE)


# --- a batch -------------------------------------------------------------------------------------


def test_a_plan_that_grew_too_old_while_its_slot_was_waited_for_is_not_sent(bench: Bench) -> None:
    bench.sync()
    bench.set_rules(workers=1)
    desk = bench.new_desk()
    desk.polled_at[Side.V2] = bench.clock.now()
    slots = noted(desk)[Side.V2]
    sent: list[str] = []
    batch = Batch(jobs=[Job(Side.V2, name, lambda: sent.append("one")) for name in ("a", "b")])
    slots.take()
    working = begun(lambda: apply_batch(desk, batch))
    for _ in range(2):
        assert slots.comers.acquire(timeout=PATIENCE)
    bench.clock.pass_time(11)
    slots.leave()
    working.join(PATIENCE)
    assert (batch.sent, batch.stale, sent) == (0, 2, [])


@pytest.mark.parametrize(("workers", "threads"), [(1, 1), (2, 3), (4, 6)])
def test_half_as_many_threads_again_as_writes_wait_for_a_slot(
    bench: Bench, workers: int, threads: int
) -> None:
    """With one write at a time there is one thread: its steps come in one order."""
    bench.set_rules(workers=workers)
    desk = bench.new_desk()
    desk.polled_at[Side.V2] = bench.clock.now()
    slots, names = noted(desk)[Side.V2], set[str]()
    may_end = threading.Event()

    def run() -> None:
        slots.leave()
        names.add(threading.current_thread().name)
        come.release()
        assert may_end.wait(PATIENCE)

    come = threading.Semaphore(0)
    working = begun(
        lambda: apply_batch(desk, Batch(jobs=[Job(Side.V2, str(n), run) for n in range(9)]))
    )
    for _ in range(threads):
        assert come.acquire(timeout=PATIENCE)
    may_end.set()
    working.join(PATIENCE)
    assert len(names) == threads


def test_a_job_leaves_its_slot_even_if_it_fails(bench: Bench) -> None:
    def fail() -> None:
        raise KeyError

    desk = bench.new_desk()
    desk.polled_at[Side.V2] = bench.clock.now()
    slots = noted(desk)[Side.V2]
    with pytest.raises(KeyError):
        apply_batch(desk, Batch(jobs=[Job(Side.V2, "one", fail)]))
    assert not slots.held


# --- a write -------------------------------------------------------------------------------------


class WatchedStore:
    """A store that notes for each call of a unit whether its thread held a slot just then."""

    def __init__(self, inner: Store, slots: dict[Side, NotedSlots]) -> None:
        self._inner, self._slots = inner, slots
        self.calls: list[tuple[str, bool]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @contextmanager
    def begin(self, *, is_fleeting: bool = False) -> Iterator[Unit]:
        with self._inner.begin(is_fleeting=is_fleeting) as unit:
            yield cast(Unit, _WatchedUnit(unit, self))

    def note(self, name: str) -> None:
        self.calls.append((name, any(one.are_mine for one in self._slots.values())))

    def of(self, name: str) -> list[bool]:
        return [is_held for one, is_held in self.calls if one == name]


class _WatchedUnit:
    def __init__(self, inner: Unit, store: WatchedStore) -> None:
        self._inner, self._store = inner, store

    def __getattr__(self, name: str) -> Any:
        self._store.note(name)
        return getattr(self._inner, name)


def watched_cycle(bench: Bench) -> tuple[WatchedStore, list[bool]]:
    """A cycle; what its units did with or without a slot, and whether each write had one."""
    bench.clock.pass_time(30)
    desk = bench.new_desk()
    slots = noted(desk)
    store, sent = WatchedStore(desk.store, slots), []
    desk.store = cast(Store, store)

    def note(request: WriteRequest) -> None:
        sent.append(slots[request.side].are_mine)

    bench.kore.on_send = bench.v2.on_send = note
    run_cycle(desk, Wish(sweep_seconds=0))
    assert not any(one.held for one in slots.values())
    return store, sent


def test_a_write_has_a_slot_from_its_mark_to_its_answer_and_none_while_it_is_recorded(
    bench: Bench,
) -> None:
    bench.sync()
    kore_id, _ = bench.pair("Boiler")
    bench.kore.edit(kore_id, title="Cold house")
    bench.v2.add("Broken lift", status="in_progress")
    store, sent = watched_cycle(bench)
    assert len(sent) == 3
    assert all(sent)
    assert store.of("mark_sent") == [True] * 3
    assert store.of("settle") == [False] * 3


def test_a_write_without_an_answer_leaves_its_slot(bench: Bench) -> None:
    bench.sync()
    bench.kore.add("Ladder")
    bench.v2.fail("create", Unreachable("v2", "no answer", is_outcome_unknown=True))
    store, sent = watched_cycle(bench)
    assert sent == [True]
    assert store.of("leave_open") == [False]


def test_no_more_writes_are_under_way_than_the_rules_allow(bench: Bench) -> None:
    bench.set_rules(workers=2)
    bench.sync()
    for number in range(8):
        bench.v2.add(f"Task {number}", status="in_progress")
    under_way: list[int] = []
    seen: list[int] = []
    first_two = threading.Barrier(2)

    def count(request: WriteRequest) -> None:
        under_way.append(1)
        seen.append(len(under_way))
        if len(seen) <= 2:
            first_two.wait(PATIENCE)
        under_way.pop()

    bench.kore.on_send = count
    bench.sync()
    assert max(seen) == 2
    assert {bench.kore.value(one, Field.STATUS) for one in bench.kore.records} == {"In Progress"}


def test_whoever_waits_for_the_first_probe_of_an_account_keeps_no_slot_from_it(
    bench: Bench,
) -> None:
    """It may take two: the first form is refused."""
    bench.set_rules(workers=2)
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.probes_taken = frozenset({ProbeForm.ID_ONLY})
    for number in range(5):
        bench.kore.add(f"Task {number}")
    bench.clock.pass_time(30)
    desk = bench.new_desk()
    slots = noted(desk)[Side.KORE]

    def wait_for_others(request: WriteRequest) -> None:
        bench.kore.on_send = None
        for _ in range(4):  # two of its own, and both other threads
            assert slots.comers.acquire(timeout=PATIENCE)

    find_case = bench.kore.find_case

    def after_the_others(reference: str, *, is_fresh: bool = False) -> Case | None:
        if is_fresh and bench.kore.on_send is None:
            bench.kore.find_case = find_case  # type: ignore[method-assign]
            for _ in range(4):  # both others have had a slot by now
                assert slots.takers.acquire(timeout=PATIENCE)
        return find_case(reference, is_fresh=is_fresh)

    bench.kore.on_send = wait_for_others
    bench.kore.find_case = after_the_others  # type: ignore[method-assign]
    working = begun(lambda: run_cycle(desk, Wish(sweep_seconds=None, forces_sweep=True)))
    working.join(PATIENCE)
    assert not working.is_alive()
    assert len(bench.v2.records) == 5
    assert (desk.probe_form, bench.kore.calls.count("probe")) == (ProbeForm.ID_ONLY, 6)
