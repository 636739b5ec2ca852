"""Daemons in threads of this process, from their start to a stop."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bridge.daemon import serve as serving
from bridge.domain.records import Heartbeat
from bridge.errors import ConfigError
from tests.daemon.bench import Bench

PATIENCE_SECONDS = 10


class Running:
    """A daemon in a thread of this process."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.has_ended: bool | None = None
        self.refusal: ConfigError | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> float:
        """Ask it to stop; gives the seconds that took."""
        began = time.monotonic()
        self.bench.bridge.clock.stop()
        self._thread.join()
        return time.monotonic() - began

    def _run(self) -> None:
        try:
            self.has_ended = serving.serve(self.bench.bridge)
        except ConfigError as refusal:
            self.refusal = refusal


@contextmanager
def running(bench: Bench) -> Iterator[Running]:
    daemon = Running(bench)
    try:
        yield daemon
    finally:
        daemon.stop()


def heartbeat(bench: Bench) -> Heartbeat | None:
    with bench.bridge.store.look() as unit:
        return unit.heartbeat()


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    assert is_so(), "it took too long"


def wait_for_polls(bench: Bench, count: int) -> None:
    wait_until(lambda: len(bench.sandbox.v2.calls) >= count)
