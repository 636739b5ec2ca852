"""The next page of a reading, asked for while the one before is taken in.

Takes what asks for a page at an offset; a thread asks for the page that is expected, and whoever
reads takes it from there. What came of asking comes out where the page is taken: the page, or the
error as it was raised. So the requests are those of a reading without a thread, in their order,
and no two of them at once.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from bridge.domain.exchange import Page

Ask: TypeAlias = Callable[[int], Page]


class Pages:
    """The pages of one reading; for one thread, which reads, and the one that asks for it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._next: _Asked | None = None

    def expect(self, offset: int) -> None:
        """Ask for this page now: it will be taken next."""
        self._next = _Asked(self._ask, offset)

    def at(self, offset: int) -> Page:
        """The page, as it was asked for or else asked for now. Raises what asking raised."""
        asked, self._next = self._next, None
        if asked is None:
            return self._ask(offset)
        page = asked.answer()
        return page if asked.offset == offset else self._ask(offset)

    def end(self) -> None:
        """Wait for what was asked for, if anything; nobody takes it any more."""
        asked, self._next = self._next, None
        if asked is not None:
            asked.wait()


@contextmanager
def reading(ask: Ask) -> Iterator[Pages]:
    """Pages for the block, after which no thread is left.

    An order to end at once, which is no Exception, waits for no answer.
    """
    pages = Pages(ask)
    try:
        yield pages
    except Exception:
        pages.end()
        raise
    pages.end()


class _Asked:
    """One page that was asked for, in a thread of its own."""

    def __init__(self, ask: Ask, offset: int) -> None:
        self.offset = offset
        self._ask = ask
        self._page: Page | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)
        self._thread.start()

    def answer(self) -> Page:
        """What came. Raises what asking raised."""
        self.wait()
        if self._error is not None:
            raise self._error
        if self._page is None:
            raise RuntimeError("a page was neither given nor refused")
        return self._page

    def wait(self) -> None:
        """Wait until the answer is there."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self._page = self._ask(self.offset)
        except BaseException as error:  # raised again where the page is taken
            self._error = error
