"""One tick of the daemon: a cycle, then what is to be swept until shortly before the next tick.

Nothing but a stop ends it: a lease that another holds, a database that fails and a bug are told
once, and the next tick tries again. While another daemon is alive nothing is asked of a service.
"""

import threading
import traceback
from datetime import datetime

from bridge.bootstrap import Bridge
from bridge.daemon.course import forget_refusals, pace, seconds_left, sides_to_sweep
from bridge.daemon.heart import Heart
from bridge.daemon.holds import Holds
from bridge.daemon.lines import Lines
from bridge.daemon.notify import Notifier
from bridge.daemon.outages import Outages
from bridge.daemon.said import Said
from bridge.daemon.slice import Part, Slice, run_slice
from bridge.errors import LeaseTaken, Stopped, StoreError
from bridge.logs import logger
from bridge.sync.cycle import Outcome


class Tick:
    """The work of one daemon, a tick at a time; two of them never overlap."""

    def __init__(self, bridge: Bridge, heart: Heart, lines: Lines, interval: float) -> None:
        self._bridge = bridge
        self._heart = heart
        self._lines = lines
        self._interval = interval
        self._started_at = bridge.clock.now()
        self._said = Said(bridge.clock)
        self._outages = Outages(self._said)
        self._notifier = Notifier(bridge, self._said)
        self._holds = Holds(self._said)
        self._log = logger("bridge.daemon")
        self._at_work = threading.Lock()
        self._bug = ""
        self._has_begun = False

    def run(self) -> None:
        """One tick. It raises nothing."""
        with self._at_work:
            try:
                self._work()
            except Stopped:
                return
            except LeaseTaken as taken:
                if self._said.begins("lease"):
                    self._log.info("lease taken, waiting for it", owner=taken.owner)
            except StoreError as error:
                if self._said.begins("store"):
                    self._log.error("database fails", reason=str(error))
            except Exception as bug:
                self._tell_bug(bug)

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the tick under way; false if it is not over by then."""
        has_ended = self._at_work.acquire(timeout=seconds)
        if has_ended:
            self._at_work.release()
        return has_ended

    # ---- the work -------------------------------------------------------------------------------

    def _work(self) -> None:
        started_at = self._bridge.clock.now()
        self._bridge.clock.check()
        if self._stands_by():
            return
        cycle = last = self._slice(Slice())
        self._outages.after_cycle(cycle.faults)
        self._holds.after_cycle(cycle)
        spent = self._seconds_since(started_at)
        self._heart.interval_seconds = pace(self._bridge, self._interval, spent)
        sides = sides_to_sweep(self._bridge, self._started_at)
        if sides:
            seconds = seconds_left(self._interval, spent)
            last = self._slice(Slice(part=Part.SWEEP, sides=sides, seconds=seconds))
            self._outages.after_sweep(sides, last.faults)
        self._tell_recovered()
        self._notifier.look()
        if not cycle.faults:
            self._tell_contact(last)

    def _slice(self, wanted: Slice) -> Outcome:
        desk = self._bridge.desk()
        with self._lines.watching(desk):
            return run_slice(desk, wanted)

    def _stands_by(self) -> bool:
        other = self._heart.beat()
        if other is not None:
            if self._said.begins("standing by"):
                self._log.info("standing by", owner=other.owner, running_since=other.started_at)
            return True
        if self._said.ends("standing by") is not None:
            self._log.info("took over")
        if not self._has_begun:
            forget_refusals(self._bridge)
            self._has_begun = True
        return False

    def _seconds_since(self, moment: datetime) -> float:
        return (self._bridge.clock.now() - moment).total_seconds()

    # ---- what is said ---------------------------------------------------------------------------

    def _tell_contact(self, outcome: Outcome) -> None:
        if not outcome.is_first_contact:
            if self._said.ends("first contact") is not None:
                self._log.info("first contact is over")
        elif self._said.begins("first contact"):
            self._log.warning(
                "first contact lasts: links are kept in step, nothing is created",
                unlinked=outcome.unlinked,
                next="task-bridge backfill",
            )

    def _tell_recovered(self) -> None:
        """A tick went through to its end."""
        self._bug = ""
        for what, line in (("lease", "lease is free again"), ("store", "database works again")):
            seconds = self._said.ends(what)
            if seconds is not None:
                self._log.info(line, after_seconds=round(seconds, 1))

    def _tell_bug(self, bug: Exception) -> None:
        """With its traceback; the same bug in the next tick is one line."""
        frame = traceback.extract_tb(bug.__traceback__)[-1]
        kind, place = type(bug).__name__, f"{frame.name}:{frame.lineno}"
        is_news, self._bug = self._bug != f"{kind} {place}", f"{kind} {place}"
        what = "cycle failed: this is a bug of task-bridge"
        self._log.error(what, kind=kind, place=place, exc_info=bug if is_news else None)
