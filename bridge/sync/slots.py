"""Writes under way: so many a side at a time as the rules allow, however many threads there are.

A thread holds a slot while it marks a write as sent, sends it, and waits for the answer. What it
does between two of its writes, to record what came of one and to prepare the next, keeps no slot
from others. Who begins something takes its slot first, and looks only then whether it may go on:
nothing is looked at, and then waits.
"""

import threading


class Slots:
    """The slots of one side; a thread holds one of them or none."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)
        self._mine = threading.local()

    def take(self) -> None:
        """Hold a slot from now on: the one that this thread has, or the next that is free."""
        if not self._is_held:
            self._free.acquire()
            self._mine.is_held = True

    def leave(self) -> None:
        """Let another thread have it."""
        if self._is_held:
            self._mine.is_held = False
            self._free.release()

    @property
    def _is_held(self) -> bool:
        return getattr(self._mine, "is_held", False)
