"""The arithmetic of several limits at once: how many calls are left, and when one more may go.

Pure: takes what was recorded and a moment, gives numbers. A record counts in a window until the
window's seconds after the record's end have passed. What is left only grows as time passes.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Block:
    """Calls taken together; they count as if all were made at `ends_at`."""

    ends_at: datetime
    calls: int
    is_poll: bool


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in any `seconds`; `reserve` of them are for polls as long as unused."""

    calls: int
    seconds: int
    reserve: int

    def __str__(self) -> str:
        return f"{self.calls}/{self.seconds}s"

    @property
    def length(self) -> timedelta:
        """The window's seconds."""
        return timedelta(seconds=self.seconds)

    def left(self, used: int, polls: int, *, is_poll: bool) -> int:
        """How many more calls may be made, of `used` ones `polls` were polls; may be negative."""
        kept = 0 if is_poll else max(0, self.reserve - polls)
        return self.calls - used - kept

    def opens_at(self, blocks: Sequence[Block], now: datetime, *, is_poll: bool) -> datetime:
        """The first moment from now on at which one more call may be made."""

        def is_open(moment: datetime) -> bool:
            used, polls = _sums(block for block in blocks if block.ends_at + self.length > moment)
            return self.left(used, polls, is_poll=is_poll) > 0

        ends = {block.ends_at + self.length for block in blocks}
        moments = [now, *sorted(end for end in ends if end > now)]
        return moments[min(bisect_left(moments, True, key=is_open), len(moments) - 1)]


def _sums(blocks: Iterable[Block]) -> tuple[int, int]:
    used = polls = 0
    for block in blocks:
        used += block.calls
        polls += block.calls if block.is_poll else 0
    return used, polls


def window_of(calls: int, seconds: int, poll_seconds: float) -> Window:
    """A limit, with enough of it kept for a poll every `poll_seconds`, half of it at most.

    A call counts for up to a second longer than the window lasts, so one more poll lies in it.
    """
    polls = -(-(seconds + 1) // poll_seconds) if poll_seconds > 0 else calls
    return Window(calls, seconds, int(min(polls, calls // 2)))
