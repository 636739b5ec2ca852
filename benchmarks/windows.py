"""What limits allow: the ideal pace, and whether a run ever went above it."""

from collections import deque
from collections.abc import Iterable, Sequence

Windows = Sequence[tuple[int, float]]


def ideal_times(calls: int, windows: Windows) -> list[float]:
    """The earliest seconds at which so many calls could be made, the first at 0."""
    times: list[float] = []
    for number in range(calls):
        free = [times[number - most] + seconds for most, seconds in windows if number - most >= 0]
        times.append(max([times[-1] if times else 0.0, *free]))
    return times


def most_within(times: Iterable[float], length: float) -> int:
    """How many calls at most lie in any window of that length, its end left out."""
    held: deque[float] = deque()
    most = 0
    for at in sorted(times):
        held.append(at)
        while held[0] <= at - length:
            held.popleft()
        most = max(most, len(held))
    return most
