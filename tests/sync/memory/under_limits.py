"""A backfill and a daemon under the limits of one account, on a clock that waiting moves.

Every call of Kore passes a gate before a real record of calls. Whoever waits lets the others' time
come: while one sleeps, the daemon's ticks that fall into that time are run.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any

from bridge.domain.exchange import Answer, Order, Page, Purpose, Row
from bridge.domain.operation import WriteRequest
from bridge.domain.side import Side
from bridge.domain.task import Case, Task
from bridge.errors import LeaseTaken
from bridge.services.gate import Gate
from bridge.store.budget import SqlBudget
from bridge.store.open import memory_store
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Outcome, Wish, run_cycle
from bridge.sync.desk import Desk
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import START, Clock, MemoryService

Windows = tuple[tuple[int, int], ...]
POLL_SECONDS = 30.0
_ACCOUNTS = count()


class Waiting(Clock):
    """A clock on which ticks are due every so often, and are run while somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.tick: Callable[[], object] | None = None
        self._next = START + timedelta(seconds=POLL_SECONDS)
        self._is_ticking = False

    def sleep(self, seconds: float) -> None:
        until = self.at + timedelta(seconds=seconds)
        while self.tick is not None and not self._is_ticking and self._next <= until:
            self.at = max(self.at, self._next)
            self._next += timedelta(seconds=POLL_SECONDS)
            self._run(self.tick)
        self.at = max(self.at, until)

    def _run(self, tick: Callable[[], object]) -> None:
        self._is_ticking = True
        try:
            tick()
        finally:
            self._is_ticking = False


class Limited(MemoryService):
    """A service that notes when it is called, and when for the first page of a poll."""

    def __init__(self, plain: MemoryService, gate: Gate) -> None:
        super().__init__(plain.side, plain.clock)
        self.__dict__.update(plain.__dict__)
        self.gate = gate
        self.times: list[datetime] = []
        self.polls: list[datetime] = []

    def _pass(self, purpose: Purpose) -> None:
        self.gate.enter(purpose)
        self.times.append(self.clock.at)

    def page(
        self, order: Order, offset: int, *, purpose: Purpose, limit: int | None = None
    ) -> Page:
        self._pass(purpose)
        is_between = purpose is Purpose.FOLLOW and offset == 0
        if purpose is Purpose.POLL or is_between:
            self.polls.append(self.clock.at)
        return super().page(order, offset, purpose=purpose, limit=limit)

    def read(self, task_id: str) -> Task | None:
        self._pass(Purpose.ASK)
        return super().read(task_id)  # type: ignore[arg-type]

    def search(self, title: str) -> tuple[Row, ...]:
        self._pass(Purpose.ASK)
        return super().search(title)

    def learn(self) -> tuple[Any, ...]:
        self._pass(Purpose.ASK)
        return super().learn()

    def find_case(self, reference: str, *, is_fresh: bool = False) -> Case | None:
        if is_fresh:
            self._pass(Purpose.ASK)
        return super().find_case(reference, is_fresh=is_fresh)

    def send(self, request: WriteRequest) -> Answer:
        self._pass(Purpose.WRITE)
        return super().send(request)


class LimitedBench(Bench):
    """A bench whose Kore allows so many calls in so many seconds and no more."""

    def __init__(self, windows: Windows) -> None:
        super().__init__()
        self.clock = self.waiting = Waiting()
        self.windows = windows
        self.kore.clock = self.v2.clock = self.clock
        self.begin_anew()
        store = memory_store("limits", self.clock)
        account = str(next(_ACCOUNTS))
        self.budget = SqlBudget(store, Side.KORE, account, windows, self.clock, POLL_SECONDS)
        self.kore = self.limited = Limited(self.kore, Gate(Side.KORE, self.budget, self.clock))
        seconds = max(20 * length / calls for calls, length in windows)
        fresh = {Side.KORE: min(max(10.0, seconds), 60.0)}
        self.set_rules(workers=1, fresh_seconds=fresh, poll_seconds=POLL_SECONDS)

    def daemon(self) -> Desk:
        """The desk of another process of the pair."""
        desk = super().new_desk()
        desk.rules = replace(self.rules, owner="daemon")
        return desk

    def tick(self) -> Outcome | None:
        """What a daemon does when an interval is over."""
        with suppress(LeaseTaken):
            return run_cycle(self.daemon(), Wish(sweep_seconds=0.0))
        return None

    def backfill_beside_a_daemon(self, **wanted: Any) -> None:
        """A backfill to its end; the daemon ticks whenever it waits."""
        self.waiting.tick = self.tick
        desk = super().new_desk()
        while True:
            try:
                run_backfill(desk, Backfill(**wanted))
            except LeaseTaken:
                self.clock.sleep(1.0)
                desk.faults.clear()
            else:
                break
        self.waiting.tick = None

    def work_for(self, seconds: float) -> None:
        """A daemon alone, for so long."""
        self.waiting.tick = self.tick
        self.clock.sleep(seconds)
        self.waiting.tick = None

    def above(self) -> int:
        """By how many calls the fullest window of any position is above its limit."""
        return max(most_within(self.limited.times, length) - most for most, length in self.windows)

    def longest_gap(self) -> float:
        """The most seconds between two polls of Kore, whoever made them."""
        return max((b - a).total_seconds() for a, b in pairwise(self.limited.polls))

    def used(self) -> float:
        """The share of the calls that the limits allowed in the time that it took."""
        times = self.limited.times
        least = least_seconds(len(times), self.windows)
        return least / (times[-1] - times[0]).total_seconds()


def most_within(times: list[datetime], seconds: float) -> int:
    """The most calls that lie less than so many seconds apart."""
    most = first = 0
    for last, moment in enumerate(times):
        while moment - times[first] >= timedelta(seconds=seconds):
            first += 1
        most = max(most, last - first + 1)
    return most


def least_seconds(calls: int, windows: Windows) -> float:
    """The least time in which so many calls can be made."""
    times: list[float] = []
    for number in range(calls):
        free = [times[number - most] + length for most, length in windows if number >= most]
        times.append(max([times[-1] if times else 0.0, *free]))
    return times[-1]
