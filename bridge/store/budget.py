"""The record of calls: what a side's limits leave, over all processes of all pairs.

A process takes its calls in small blocks before it makes them. A block must be used within a
second and counts as if used at its end, so the record is never behind the truth, and no window
of any position holds more calls than its limit. What a process does not use is lost.
A pace that was learnt from refusals is one more window, of a minute.
"""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from bridge.domain.exchange import Purpose
from bridge.domain.pace import Learnt, Pace, Refusal, learnt, slower, span_of
from bridge.domain.side import Side
from bridge.ports import Clock
from bridge.store.account_tables import calls as table
from bridge.store.paces import load_pace, save_pace
from bridge.store.sql_store import SqlStore
from bridge.store.windows import Block, Window, window_of

HOLD = timedelta(seconds=1)
BLOCK = 5
# Below this many calls a minute a block would keep others waiting for what it does not use.
_MANY_A_MINUTE = 120
# How long records are kept at least: another pair of the account may have longer windows.
_KEPT = timedelta(hours=1)
# A record that lies further in the future was made by a clock that has been set back since.
_ASTRAY = timedelta(seconds=60)
_PACE_SECONDS = 60
# How old the pace may be that a process goes by: another one may have lowered it meanwhile.
_PACE_AGE = timedelta(seconds=5)
# The calls of a process that are remembered, to tell at which pace one of them was refused.
_MOST_REMEMBERED = 10_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SqlBudget:
    """The budget of one account of a side; `windows` are pairs of calls and seconds.

    `account_key` names the account among all that the database knows. Without windows nothing
    is limited until the side refuses calls; till then the database is asked for the pace alone,
    every few seconds. Threads may share it.
    """

    def __init__(
        self,
        store: SqlStore,
        side: Side,
        account_key: str,
        windows: Sequence[tuple[int, int]],
        clock: Clock,
        poll_seconds: float,
    ) -> None:
        self._store = store
        self._account = {"service": str(side), "account": account_key}
        self._set = [window_of(calls, seconds, poll_seconds) for calls, seconds in windows]
        self._windows = self._set
        self._poll_seconds = poll_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._held = 0
        self._began_at = _LONG_AGO
        self._pace: Pace | None = None
        self._looked_at = _LONG_AGO
        self._made: deque[datetime] = deque(maxlen=_MOST_REMEMBERED)
        self._since_refusal = 0

    def take(self, purpose: Purpose) -> float:
        with self._lock:
            now = self._clock.now()
            self._mind_pace(now)
            waiting = self._take(now, is_poll=purpose is Purpose.POLL)
            if waiting <= 0.0:
                self._made.append(now)
                self._since_refusal += 1
            return waiting

    def left(self) -> Mapping[str, int]:
        with self._lock:
            now = self._clock.now()
            self._looked_at = _LONG_AGO
            self._mind_pace(now)
            if not self._windows:
                return {}
            with self._store.transaction(is_look=True) as connection:
                left = self._left(connection, now, is_poll=True)
            names = [str(window) for window in self._windows]
            return {name: max(0, count) for name, count in zip(names, left, strict=True)}

    def refused(self, sent_at: datetime, seconds: float) -> Learnt | None:
        with self._lock:
            now = self._clock.now()
            since = now - timedelta(seconds=span_of(seconds))
            made = sum(moment > since for moment in self._made)
            refusal = Refusal(
                sent_at=sent_at,
                at=now,
                seconds=seconds,
                calls=made,
                has_passed=self._since_refusal > 1,
            )
            self._since_refusal = 0
            with self._store.transaction(is_fleeting=True) as connection:
                before = load_pace(connection, self._account)
                pace = slower(before, refusal)
                save_pace(connection, self._account, pace)
            self._keep_pace(pace, now)
            is_lowered = before is None or pace.lowered_at != before.lowered_at
            return learnt(pace, now) if is_lowered else None

    def learnt(self) -> Learnt | None:
        with self._store.transaction(is_look=True) as connection:
            return learnt(load_pace(connection, self._account), self._clock.now())

    def _mind_pace(self, now: datetime) -> None:
        """Go by the pace that is known now, and look from time to time whether it has changed."""
        if not self._looked_at <= now < self._looked_at + _PACE_AGE:
            with self._store.transaction(is_look=True) as connection:
                self._pace = load_pace(connection, self._account)
            self._looked_at = now
        self._keep_pace(self._pace, now)

    def _keep_pace(self, pace: Pace | None, now: datetime) -> None:
        self._pace = pace
        known = learnt(pace, now)
        on_top = [known.calls_a_minute] if known else []
        kept = [window_of(calls, _PACE_SECONDS, self._poll_seconds) for calls in on_top]
        self._windows = [*self._set, *kept]

    def _take(self, now: datetime, *, is_poll: bool) -> float:
        if not self._windows:
            return 0.0
        if not is_poll and self._use_held(now):
            return 0.0
        with self._store.transaction(is_fleeting=True) as connection:
            return self._take_block(connection, now, is_poll=is_poll)

    def _use_held(self, now: datetime) -> bool:
        """Use a call of the block at hand, if it has one and is not over."""
        if not self._held or not self._began_at <= now < self._began_at + HOLD:
            return False
        self._held -= 1
        return True

    def _take_block(self, connection: Connection, now: datetime, *, is_poll: bool) -> float:
        self._tidy(connection, now)
        left = min(self._left(connection, now, is_poll=is_poll))
        if left < 1:
            return self._seconds_to_wait(connection, now, is_poll=is_poll)
        size = 1 if is_poll else min(left, self._block_size(now))
        block = {"ends_at": now + HOLD, "calls": size, "is_poll": is_poll}
        connection.execute(insert(table).values(**self._account, **block))
        if not is_poll:
            self._held, self._began_at = size - 1, now
        return 0.0

    def _block_size(self, now: datetime) -> int:
        """Several calls at once only where there are many, and one followed the other quickly."""
        is_busy = now < self._began_at + HOLD
        slowest = min(window.calls * 60 / window.seconds for window in self._windows)
        return BLOCK if is_busy and slowest >= _MANY_A_MINUTE else 1

    def _left(self, connection: Connection, now: datetime, *, is_poll: bool) -> list[int]:
        """What is left of each window."""
        longest = max(window.length for window in self._windows)
        sums = [
            func.total(case((which, table.c.calls), else_=0))
            for window in self._windows
            for which in (_counts(window, now), and_(_counts(window, now), table.c.is_poll))
        ]
        wanted = select(*sums).where(*self._mine(), table.c.ends_at > now - longest)
        used = [int(number) for number in connection.execute(wanted).one()]
        return [
            window.left(used[2 * place], used[2 * place + 1], is_poll=is_poll)
            for place, window in enumerate(self._windows)
        ]

    def _seconds_to_wait(self, connection: Connection, now: datetime, *, is_poll: bool) -> float:
        wanted = select(table.c.ends_at, table.c.calls, table.c.is_poll).where(*self._mine())
        blocks = [Block(*row) for row in connection.execute(wanted)]
        moments = [window.opens_at(blocks, now, is_poll=is_poll) for window in self._windows]
        return (max(moments) - now).total_seconds()

    def _tidy(self, connection: Connection, now: datetime) -> None:
        """Drop what counts no longer; bring back what a clock set back has left in the future."""
        kept = max(_KEPT, *(window.length for window in self._windows))
        connection.execute(delete(table).where(*self._mine(), table.c.ends_at <= now - kept))
        astray = (*self._mine(), table.c.ends_at > now + HOLD + _ASTRAY)
        connection.execute(update(table).where(*astray).values(ends_at=now + HOLD))

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return tuple(table.c[name] == value for name, value in self._account.items())


def _counts(window: Window, now: datetime) -> ColumnElement[bool]:
    """Whether a record still counts in the window."""
    return table.c.ends_at > now - window.length
