"""Whose turn it is: units of one store that write come one after the other.

SQLite lets one writer in at a time anyway; waiting for a lock is fairer and quicker than asking
it again and again. A thread that begins a unit within a unit would wait for itself for ever: it
is told so at once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turn:
    """A lock that knows its owner."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold it; raises RuntimeError if this thread holds it already."""
        me = threading.get_ident()
        if self._owner == me:
            raise RuntimeError("A unit of the store was begun within a unit of the same thread.")
        with self._lock:
            self._owner = me
            try:
                yield
            finally:
                self._owner = None
