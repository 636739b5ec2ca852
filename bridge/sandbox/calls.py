"""The record of HTTP requests that a simulated service received.

A call is noted when its request has been read, its status when it is answered; a call that
got no answer keeps None. Tests and demos read the list; nothing here is a secret.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEPT_CALLS = 100_000  # a sandbox may run for days


@dataclass(slots=True, kw_only=True)
class Call:
    """One request. `at` is the service's time, `body` the parsed JSON (text if it is none).

    `query` maps names to text, repeated ones joined by commas. `status` is None for as long as
    there is no answer, and stays so if the connection was dropped. `operation` is the
    contract's operationId, `unknown` for a path that the service does not have.
    """

    at: datetime
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int | None
    operation: str


class CallLog:
    """The last calls of one service, oldest first; thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def note(self, call: Call) -> Call:
        """Keep a call; the same object is given back, to take its status later."""
        with self._lock:
            self._calls.append(call)
        return call

    def all(self) -> list[Call]:
        """A copy of the list."""
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
