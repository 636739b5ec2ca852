"""The line to one side: gate, request, status, understanding; reads again, writes once.

Takes a call and a function that understands its answer, gives what that function gives. A read
is tried again for a few seconds; a write leaves once, but for a 401, which was not applied and
is answered with a fresh token where the side has tokens.
"""

from collections.abc import Callable
from typing import TypeVar

from bridge.domain.side import Side
from bridge.errors import NotYet
from bridge.ports import Budget, Clock, Event, Events
from bridge.services.credentials import Credentials
from bridge.services.exchange import Call, Reply
from bridge.services.gate import Gate
from bridge.services.http import Http
from bridge.services.json_answers import OddAnswer
from bridge.services.patience import Patience
from bridge.services.said import Scrubber
from bridge.services.verdicts import Verdicts
from bridge.services.waits import Waits

TOO_MANY = 429
T = TypeVar("T")


class Line:
    """One side's way out; thread safe."""

    def __init__(
        self, http: Http, credentials: Credentials, gate: Gate, patience: Patience,
        verdicts: Verdicts, events: Events,
    ) -> None:  # fmt: skip
        self._http = http
        self._credentials = credentials
        self._gate = gate
        self._patience = patience
        self._verdicts = verdicts
        self._events = events

    def read(self, call: Call, understand: Callable[[Reply], T]) -> T:
        """What `understand` makes of the answer. Raises ServiceError or Stopped."""
        return self._patience.try_again(call, lambda: self._once(call, understand))

    def write(self, call: Call, understand: Callable[[Reply], T]) -> T:
        """The same for a write, which is sent once."""
        return self._once(call, understand)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def _once(self, call: Call, understand: Callable[[Reply], T]) -> T:
        reply = self._reply(call)
        if reply.status == 401 and self._credentials.renew():
            reply = self._reply(call)
        self._check(call, reply)
        try:
            return understand(reply)
        except OddAnswer as odd:
            raise self._verdicts.odd(call, reply, str(odd)) from odd

    def _check(self, call: Call, reply: Reply) -> None:
        """Raise what the answer means; what a 429 teaches of the side's limits is kept."""
        try:
            self._verdicts.check(call, reply)
        except NotYet as busy:
            if reply.status == TOO_MANY:
                self._slow_down(busy, reply)
            raise

    def _slow_down(self, busy: NotYet, reply: Reply) -> None:
        known = self._gate.refused(reply.sent_at, busy.seconds)
        if known is not None:
            details = {"side": busy.side, "calls_a_minute": known.calls_a_minute}
            self._events.tell(Event("slowed_down", details))

    def _reply(self, call: Call) -> Reply:
        self._gate.enter(call.purpose)
        return self._http.send(call, self._credentials.headers())


def line_to(  # noqa: PLR0913 - everything that a line is made of, put together in this one place
    side: Side,
    base_url: str,
    credentials: Credentials,
    *,
    secrets: tuple[str, ...],
    timeout_seconds: float,
    retry_seconds: float,
    clock: Clock,
    events: Events,
    budget: Budget,
) -> Line:
    """A line to a service; `secrets` never appear in a message. Raises ConfigError."""
    http = Http(side, base_url, timeout_seconds, clock, events)
    verdicts = Verdicts(side, credentials, Scrubber(secrets), Waits())
    gate = Gate(side, budget, clock)
    patience = Patience(side, retry_seconds, clock, events)
    return Line(http, credentials, gate, patience, verdicts, events)
