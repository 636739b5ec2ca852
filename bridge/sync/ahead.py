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
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeAlias

from bridge.domain.exchange import Page

Ask: TypeAlias = Callable[[int], Page]
_Wanted: TypeAlias = tuple[int, Future[Page]]


class Pages:
    """The pages of one reading, for one thread, which reads; others ask.

    A thread asks for page after page: to start one for each would take a tenth of what a page does.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._expected: deque[_Wanted] = deque()
        self._wanted: SimpleQueue[_Wanted | None] = SimpleQueue()
        self._askers: list[threading.Thread] = []
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
        for offset in offsets[len(expected) : None if self._guesses else 1]:
            self._want((offset, Future()))

    def at(self, offset: int) -> Page:
        """The page, as it was asked for or else asked for now. Raises what asking raised."""
        while self._expected:
            expected, page = self._expected.popleft()
            found = page.result()
            if expected == offset:
                return found
        return self._ask(offset)

    def end(self, *, waits: bool) -> None:
        """Ask for nothing more; wait for what was asked for, which nobody takes any more."""
        for _ in self._askers:
            self._wanted.put(None)
        for asker in self._askers if waits else ():
            asker.join()

    def _want(self, one: _Wanted) -> None:
        self._expected.append(one)
        self._wanted.put(one)
        if len(self._askers) < len(self._expected):
            # A daemon, for the end of the process waits for no answer either.
            asker = threading.Thread(target=self._answer, name="read-ahead", daemon=True)
            asker.start()
            self._askers.append(asker)

    def _answer(self) -> None:
        while (one := self._wanted.get()) is not None:
            offset, page = one
            try:
                page.set_result(self._ask(offset))
            except BaseException as error:  # raised again where the page is taken
                page.set_exception(error)


@contextmanager
def reading(ask: Ask) -> Iterator[Pages]:
    """Pages for the block, after which no thread is left.

    An order to end at once, which is no Exception, waits for no answer.
    """
    pages = Pages(ask)
    try:
        yield pages
    except BaseException as error:
        pages.end(waits=isinstance(error, Exception))
        raise
    pages.end(waits=True)
