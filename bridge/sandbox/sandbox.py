"""Both simulated services together, started and stopped as one.

Takes switches, a clock, ports and a seed; serves on 127.0.0.1 from threads of the calling
process. The worlds live in the object: stopping ends the servers, not the worlds.
"""

from types import TracebackType

from bridge.sandbox.kore.service import KoreService
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.moments import Clock, utc_now
from bridge.sandbox.v2.service import V2Service
from bridge.sandbox.v2.switches import V2Switches


class Sandbox:
    """A Kore account and a v2 company, each behind a port of its own.

    `clock` gives aware UTC datetimes (default: real time); a test moves it. Port 0 takes a free
    one at the first start and keeps it. The same seed makes the same ids and worlds.
    """

    def __init__(
        self,
        kore: KoreSwitches | None = None,
        v2: V2Switches | None = None,
        *,
        clock: Clock | None = None,
        kore_port: int = 0,
        v2_port: int = 0,
        seed: int = 1,
    ) -> None:
        clock = clock or utc_now
        self.kore = KoreService(kore or KoreSwitches(), clock, kore_port, seed)
        self.v2 = V2Service(v2 or V2Switches(), clock, v2_port, seed)

    @property
    def kore_url(self) -> str:
        """`http://127.0.0.1:PORT`; a RuntimeError before the first start without a port."""
        return _known(self.kore.url, self.kore.port)

    @property
    def v2_url(self) -> str:
        """`http://127.0.0.1:PORT/v2`; a RuntimeError before the first start without a port."""
        return _known(self.v2.url, self.v2.port)

    def start(self) -> None:
        """Serve both; a RuntimeError if a port cannot be had (then neither is served)."""
        self.kore.start()
        try:
            self.v2.start()
        except RuntimeError:
            self.stop()
            raise

    def stop(self) -> None:
        """End both servers; calls that hang are let go. Stopping twice is no error."""
        for service in (self.kore, self.v2):
            service.tell_to_stop()
        for service in (self.kore, self.v2):
            service.join()

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _known(url: str, port: int) -> str:
    if port == 0:
        raise RuntimeError("a sandbox without ports has no address before its first start")
    return url
