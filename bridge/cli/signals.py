"""SIGINT and SIGTERM: they end a command, or ask one that can settle things first to stop.

with signals.caught():              from here on either one ends the command
with signals.asking(stop):      and in here it calls stop() instead, once
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Ended(BaseException):
    """A signal asked to end and nobody had anything to settle; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


class Signals:
    """What was asked for by signals; `seen` is the last one, None if there was none."""

    def __init__(self) -> None:
        self.seen: int | None = None
        self._stop: Callable[[], object] | None = None

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM; afterwards they are as they were before."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may say what a signal does
            return
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [(number, signal.signal(number, self._take)) for number in numbers]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    @contextmanager
    def asking(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call `stop` at the first signal instead of ending; a second one ends at once."""
        before, self._stop = self._stop, stop
        try:
            yield
        finally:
            self._stop = before

    def _take(self, number: int, _: FrameType | None) -> None:
        is_second = self.seen is not None
        self.seen = number
        if self._stop is None or is_second:
            raise Ended(number)
        # In a thread of its own: the main thread may hold, right now, the lock of the very event
        # that `stop` sets.
        threading.Thread(target=self._stop, name="stop", daemon=True).start()
