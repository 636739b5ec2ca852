"""The next pages of a reading, asked for while the one before is taken in.

Takes what asks for a page at an offset; threads ask for the pages that are expected, and whoever
reads takes them from there, in their order. What came of asking comes out where the page is taken:
the page, or the error as it was raised. So the requests are those of a reading without threads.

Behind the page that is known to come next one more may be guessed, so that the service need not
wait until a page was looked at: two are under way then. A guess that proves wrong costs its
request, and is the last one.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeAlias

from bridge.domain.exchange import Page

Ask: TypeAlias = Callable[[int], Page]


class Pages:
    """The pages of one reading, for one thread, which reads; others ask."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._expected: deque[tuple[int, _Asker]] = deque()
        self._idle: list[_Asker] = []
        self._guesses = True

    @property
    def are_expected(self) -> bool:
        """Whether pages were asked for that nobody took yet."""
        return bool(self._expected)

    def expect(self, offsets: Sequence[int]) -> None:
        """Ask for these pages now: the first will be taken next, and then the guessed one."""
        expected = [offset for offset, _ in self._expected]
        if expected != [*offsets[: len(expected)]]:
            self._guesses = False
            return
        for one in offsets[len(expected) : None if self._guesses else 1]:
            asker = self._idle.pop() if self._idle else _Asker(self._ask)
            asker.want(one)
            self._expected.append((one, asker))

    def at(self, offset: int) -> Page:
        """The page, as it was asked for or else asked for now. Raises what asking raised."""
        while self._expected:
            expected, asker = self._expected.popleft()
            answer = asker.answer()
            self._idle.append(asker)
            if isinstance(answer, BaseException):
                raise answer
            if expected == offset:
                return answer
        return self._ask(offset)

    def end(self, *, waits: bool = True) -> None:
        """Ask for nothing more, and wait for what was asked for, which nobody takes any more."""
        askers = [*self._idle, *(asker for _, asker in self._expected)]
        for asker in askers:
            asker.end()
        for asker in askers if waits else ():
            asker.join()


class _Asker:
    """A thread that asks for one page at a time, for a whole reading: to start one for each page
    would take a tenth of what a page does.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._wanted: SimpleQueue[int | None] = SimpleQueue()
        self._answers: SimpleQueue[Page | BaseException] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)
        self._thread.start()

    def want(self, offset: int) -> None:
        """Ask for this page."""
        self._wanted.put(offset)

    def answer(self) -> Page | BaseException:
        """What came of it."""
        return self._answers.get()

    def end(self) -> None:
        """Ask for nothing more."""
        self._wanted.put(None)

    def join(self) -> None:
        """Wait until it is over."""
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
