"""What a person sees while a run goes on: a bar on a terminal, log lines everywhere else.

Both listen to events.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.cli.invocation import Invocation
from bridge.cli.meter import Meter
from bridge.ports import Event, Events

if TYPE_CHECKING:
    from bridge.config import Settings

__all__ = ["LINE_EVERY_SECONDS", "Lines", "Meter", "watching"]

LINE_EVERY_SECONDS = 10.0


class Lines:
    """Log lines; how far a step is at most every ten seconds."""

    def __init__(self) -> None:
        from bridge.logs import LogEvents, logger

        self._events = LogEvents()
        self._log = logger("bridge")
        self._meter = Meter()
        self._told_at = time.monotonic()

    def tell(self, event: Event) -> None:
        """Take one event."""
        self._events.tell(event)
        step = self._meter.take(event)
        now = time.monotonic()
        if step is None or now - self._told_at < LINE_EVERY_SECONDS:
            return
        self._told_at = now
        self._log.info("progress", step=step.name, done=step.done, total=step.total)


@contextmanager
def watching(invocation: Invocation, settings: "Settings") -> Iterator[Events]:
    """Where events of a run go while it lasts."""
    wants_lines = invocation.is_quiet or invocation.is_verbose or settings.log.format != "auto"
    if wants_lines or not sys.stderr.isatty():
        yield Lines()
        return
    from bridge.cli.progress_bar import ProgressBar

    with ProgressBar(Meter()) as bar:
        yield bar
