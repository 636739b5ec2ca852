"""A daemon one tick at a time in this process, and what a tick costs.

`statements` sees every statement of every database of this process, so that writes are counted by
table without a word to the store.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from bridge.bootstrap import Bridge
from bridge.daemon.lines import Lines
from bridge.daemon.serve import heart_of
from bridge.daemon.tick import Tick
from bridge.domain.reading import Sweep
from bridge.domain.side import SIDES
from bridge.ports import Event
from bridge.sync.gone import LOOKED

WRITE = re.compile(r"\s*(?:INSERT\s+(?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
MOST_TICKS = 50
# A regular poll's first page, and what follows it.
POLLS = ("poll", "follow")
# What a cycle in which nothing changed may write: run, heartbeat, lease and calls.
IDLE_TABLES = frozenset({"runs", "heartbeats", "leases", "calls"})


@dataclass(slots=True)
class Asked:
    """The ear that counts requests: by side, operation and purpose, and their seconds.

    `late_polls` are those after a write of the same tick: the price of fresh plans.
    """

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    seconds: float = 0.0
    late_polls: int = 0
    _has_written: bool = False

    def tell(self, event: Event) -> None:
        """Take one event."""
        if event.what != "request":
            return
        found = event.details
        self.counts[str(found["side"]), str(found["operation"]), str(found["purpose"])] += 1
        self.seconds += float(found["seconds"])
        self._has_written |= found["purpose"] == "write"
        self.late_polls += found["purpose"] in POLLS and self._has_written

    def clear(self) -> None:
        """Begin anew."""
        self.counts.clear()
        self.seconds, self.late_polls, self._has_written = 0.0, 0, False

    def of_side(self, side: str) -> int:
        """How many calls went to that side, for whatever purpose."""
        return sum(count for (one, _, _), count in self.counts.items() if one == side)

    def polls(self, side: str | None = None) -> int:
        """How many pages polls of any kind asked for."""
        return sum(self.of(purpose, side) for purpose in POLLS)

    def of(self, purpose: str, side: str | None = None) -> int:
        """How many calls had that purpose, on one side or both."""
        return sum(
            count
            for (one, _, why), count in self.counts.items()
            if why == purpose and side in (None, one)
        )


class Daemon:
    """A daemon of which only the schedule is missing."""

    def __init__(self, bridge: Bridge) -> None:
        lines, asked = Lines(bridge.store, bridge.clock), Asked()
        bridge.listeners.all += [lines, asked]
        heart = heart_of(bridge)
        self.bridge, self.asked, self.interval = bridge, asked, heart.interval_seconds
        self._tick, self._heart = Tick(bridge, heart, lines, self.interval), heart

    def tick(self) -> float:
        """One tick; gives its seconds beyond the requests."""
        self.asked.clear()
        began = time.perf_counter()
        self._tick.run()
        return time.perf_counter() - began - self.asked.seconds

    def settle(self) -> None:
        """Tick until one asks each side once and no more, as when nothing has changed."""
        for _ in range(MOST_TICKS):
            self.tick()
            if self.asked.counts.total() == len(SIDES):
                return

    def end(self) -> None:
        """Beat no more."""
        self._heart.end()

    def count_as_swept(self) -> None:
        """Both sides were just swept, it is said, and nobody is missed: ticks only poll."""
        now = self.bridge.clock.now()
        with self.bridge.store.begin() as unit:
            for side in SIDES:
                unit.save_sweep(
                    Sweep(side=side, started_at=now, completed_at=now, counts={LOOKED: 1})
                )


@contextmanager
def statements() -> Iterator[list[tuple[str, Any, int]]]:
    """Every statement run within the block, with its parameters and how many rows it changed."""
    found: list[tuple[str, Any, int]] = []

    def note(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _c: Any, _m: bool
    ) -> None:
        found.append((statement, parameters, cursor.rowcount))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def tables_written(found: list[tuple[str, Any, int]]) -> Counter[str]:
    """Of those statements the writes that changed a row, by table."""
    return Counter(
        match[1] for text, _, rows in found if rows != 0 and (match := WRITE.match(text))
    )
