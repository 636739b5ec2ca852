"""What both simulated services are: a lock, a clock, switches, calls, faults, and a port.

A concrete service gives the operations (by operationId), the routes and the check of its
credentials. Every method may be called from any thread while requests are being served.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bridge.sandbox.answers import Answer, Asked, Refusal
from bridge.sandbox.calls import Call, CallLog
from bridge.sandbox.faults import FaultPlan
from bridge.sandbox.limits import CallWindows
from bridge.sandbox.moments import Clock, ServiceTime
from bridge.sandbox.server import LoopbackServer
from bridge.sandbox.switches import CommonSwitches

if TYPE_CHECKING:
    from starlette.applications import Starlette

Switches = TypeVar("Switches", bound=CommonSwitches)
Operation = Callable[[Asked], Answer]
OnPage = Callable[[str, int], None]


class Service(ABC, Generic[Switches]):
    """One simulated service.

    `on_page`, if set, is called with the operation and the number of rows passed over after
    each page of a list was made and before it is sent: a test changes the world there. It runs
    in a thread of its own and may call this very service.
    """

    def __init__(self, switches: Switches, clock: Clock, port: int) -> None:
        self._switches = switches
        self.lock = threading.RLock()
        self.time = ServiceTime(
            clock,
            lambda: self.switches.clock_skew_seconds,
            lambda: self.switches.time_precision == "milliseconds",
        )
        self.faults = FaultPlan()
        self.on_page: OnPage | None = None
        self.log = CallLog()
        self.windows = CallWindows()
        self._late: list[tuple[int, Asked]] = []
        self._limited = 0
        self._server = LoopbackServer(self.application(), port)

    # ---- for tests and demos ----------------------------------------------------------

    @property
    def switches(self) -> Switches:
        """How the service behaves; assign another value at any time."""
        return self._switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        with self.lock:
            self._switches = switches

    @property
    def calls(self) -> list[Call]:
        """The HTTP requests received so far, oldest first."""
        return self.log.all()

    def clear_calls(self) -> None:
        """Forget the requests received so far."""
        self.log.clear()

    @property
    def port(self) -> int:
        """The port on 127.0.0.1; 0 before the first start if none was given."""
        return self._server.port

    # ---- for the desk -----------------------------------------------------------------

    def admit(self, asked: Asked) -> None:
        """Count the call against the limits and check its credentials; a Refusal if not."""
        wait = self.windows.admit(self.switches.limits, self.time.now())
        if wait > 0:
            raise Refusal(429, self.switches.rate_wording, wait=wait)
        self.authorise(asked)

    def perform(self, asked: Asked) -> Answer:
        """Admit the call and carry it out; a Refusal if it is refused."""
        with self.lock:
            self.apply_late()
            try:
                self.admit(asked)
                return self._carry_out(asked)
            except Refusal as refusal:
                raise self.refused(refusal) from None

    def retry_after_form(self) -> str:
        """How this 429 says when to come back; `alternating` changes from one to the next."""
        form = self.switches.retry_after
        if form != "alternating":
            return form
        self._limited += 1
        return "seconds" if self._limited % 2 else "date"

    def after_page(self, asked: Asked) -> None:
        """Call `on_page` if the call was for a page of a list."""
        passed = self.rows_passed(asked)
        if self.on_page is not None and passed is not None:
            self.on_page(asked.operation, passed)

    def apply_later(self, asked: Asked, seconds: float) -> None:
        """Carry a call out `seconds` from now, by the service's time, if its key is good."""
        with self.lock, suppress(Refusal):
            self.authorise(asked)
            self._late.append((self.time.now() + round(seconds * 1000), asked))

    def apply_late(self) -> None:
        """Carry out what was put off and is due by now, stamped with the time it was due."""
        with self.lock:
            due = sorted((late for late in self._late if late[0] <= self.time.now()), key=_first)
            self._late = [late for late in self._late if late not in due]
            for moment, asked in due:
                # Nobody waits for the answer of a late call, so a refusal of it is nobody's.
                with self.time.pinned(moment), suppress(Refusal):
                    self._carry_out(asked)

    def _carry_out(self, asked: Asked) -> Answer:
        operation = self.operations().get(asked.operation)
        if operation is None:
            raise Refusal(404, "Not found.")
        return operation(asked)

    def refused(self, refusal: Refusal) -> Refusal:
        """A refusal as the service gives it; a concrete one may change its status."""
        return refusal

    # ---- what a concrete service gives ------------------------------------------------

    @abstractmethod
    def operations(self) -> Mapping[str, Operation]:
        """The operations by operationId."""

    @abstractmethod
    def routes(self) -> list[tuple[str, str, str]]:
        """Method, path pattern and operationId of each call."""

    @abstractmethod
    def authorise(self, asked: Asked) -> None:
        """Raise a Refusal unless the credentials of the call are good."""

    @abstractmethod
    def error_payload(self, refusal: Refusal) -> object:
        """The JSON of a refusal in the service's own form."""

    @abstractmethod
    def rows_passed(self, asked: Asked) -> int | None:
        """The rows that the call asks to pass over; None if it is not for a list."""

    # ---- serving ----------------------------------------------------------------------

    @abstractmethod
    def application(self) -> "Starlette":
        """The ASGI application of the service."""

    def start(self) -> None:
        """Serve; on the same port as before if it was started before."""
        self._server.start()

    def tell_to_stop(self) -> None:
        """Begin to stop: calls that hang are let go."""
        self.faults.release()
        self._server.tell_to_stop()

    def join(self) -> None:
        """Wait for the end of the server."""
        self._server.join()


AnyService = Service[Any]


def _first(late: tuple[int, Asked]) -> int:
    return late[0]
