"""The next page of a reading, asked for while the one before is taken in.

Takes what asks for a page at an offset; a thread asks for the page that is expected, and whoever
reads takes it from there. What came of asking comes out where the page is taken: the page, or the
error as it was raised. So the requests are those of a reading without a thread, in their order,
and no two of them at once.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeAlias

from bridge.domain.exchange import Page

Ask: TypeAlias = Callable[[int], Page]


class Pages:
    """The pages of one reading; for one thread, which reads, and the one that asks for it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._expected: int | None = None
        self._wanted: SimpleQueue[int | None] = SimpleQueue()
        self._answers: SimpleQueue[Page | BaseException] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def expect(self, offset: int) -> None:
        """Ask for this page now: it will be taken next."""
        if self._thread is None:
            # One for the whole reading: to start one takes a tenth of what a page does.
            self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)
            self._thread.start()
        self._expected = offset
        self._wanted.put(offset)

    def at(self, offset: int) -> Page:
        """The page, as it was asked for or else asked for now. Raises what asking raised."""
        expected, self._expected = self._expected, None
        if expected is None:
            return self._ask(offset)
        answer = self._answers.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer if expected == offset else self._ask(offset)

    def end(self, *, waits: bool = True) -> None:
        """Ask for nothing more, and wait for what was asked for, which nobody takes any more."""
        if self._thread is not None:
            self._wanted.put(None)
            if waits:
                self._thread.join()

    def _run(self) -> None:
        while (offset := self._wanted.get()) is not None:
            try:
                self._answers.put(self._ask(offset))
            except BaseException as error:  # raised again where the page is taken
                self._answers.put(error)


@contextmanager
def reading(ask: Ask) -> Iterator[Pages]:
    """Pages for the block, after which no thread is left.

    An order to end at once, which is no Exception, waits for no answer.
    """
    pages, waits = Pages(ask), True
    try:
        yield pages
    except BaseException as error:
        waits = isinstance(error, Exception)
        raise
    finally:
        pages.end(waits=waits)
