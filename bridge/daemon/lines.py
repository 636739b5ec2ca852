"""What the log of a daemon tells: a line for each change, one for each cycle that did something.

Takes the events of the lower floors. What is of interest only while something is looked into goes
to debug; that an outage began and ended is said by whoever sees whole cycles.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bridge.domain.operation import OperationKind, Outcome
from bridge.domain.side import SIDES
from bridge.domain.task import Known
from bridge.logs import LogEvents, logger
from bridge.ports import Clock, Event, Unit
from bridge.store.sql_store import SqlStore
from bridge.sync.desk import Desk
from bridge.sync.tally import Report

QUIET_SECONDS = 60.0
_WAITING = ("conflicts", "failures", "unmapped", "unroutable")
_FOR_THE_CURIOUS = frozenset({
    "batch", "guard_over", "guard_raised", "request", "retry", "side_failed", "side_not_read",
    "unreached",
})  # fmt: skip
_DONE = {OperationKind.CREATE: "created", OperationKind.UPDATE: "updated"}


class Lines:
    """The ear of a daemon; it is the port `Events`."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._log = logger("bridge.daemon")
        self._events = LogEvents()
        self._desk: Desk | None = None
        self._told = 0
        self._quiet = 0
        self._requests = dict.fromkeys(map(str, SIDES), 0)
        self._spoke_at: datetime = clock.now()

    @contextmanager
    def watching(self, desk: Desk) -> Iterator[None]:
        """Tell what the slice at this desk does, also when it ends halfway."""
        self._desk, self._told = desk, 0
        try:
            yield
        finally:
            self._tell_changes()
            self._desk = None

    def tell(self, event: Event) -> None:
        """Take one event."""
        if event.what == "cycle":
            self._tell_changes()
            self._tell_cycle(event.details)
        elif event.what in _FOR_THE_CURIOUS:
            if event.what == "batch":
                self._tell_changes()
            self._log.debug(event.what.replace("_", " "), **event.details)
        else:
            self._events.tell(event)

    # ---- a cycle --------------------------------------------------------------------------------

    def _tell_cycle(self, facts: Mapping[str, Any]) -> None:
        line = _cycle_line(facts)
        if not facts["is_idle"]:
            self._spoke_at, self._quiet = self._clock.now(), 0
            self._requests = dict.fromkeys(self._requests, 0)
            self._log.info(str(facts["kind"]), **line)
            return
        self._log.debug(str(facts["kind"]), **line)
        if self._desk is None or not self._desk.faults:
            self._tell_quiet(facts)

    def _tell_quiet(self, facts: Mapping[str, Any]) -> None:
        """One line a minute at most: that nothing had to be done."""
        self._quiet += facts["kind"] != "sweep"
        for side, count in facts["requests"].items():
            self._requests[side] += count
        now = self._clock.now()
        if (now - self._spoke_at).total_seconds() < QUIET_SECONDS:
            return
        self._log.info("all quiet", cycles=self._quiet, requests=self._requests, **_waits(facts))
        self._spoke_at, self._quiet = now, 0
        self._requests = dict.fromkeys(self._requests, 0)

    # ---- changes --------------------------------------------------------------------------------

    def _tell_changes(self) -> None:
        """A line for each operation that ended since the last time."""
        if self._desk is None:
            return
        reports = self._desk.tally.reports[self._told :]
        self._told += len(reports)
        if not reports:
            return
        with self._store.look() as unit:
            named = [(report, _references(unit, report)) for report in reports]
        for report, references in named:
            self._tell_change(report, references)

    def _tell_change(self, report: Report, references: Mapping[str, str]) -> None:
        operation, outcome = report.operation, report.outcome
        what = f"{operation.kind} {outcome}"
        if outcome is Outcome.DONE:
            what = _DONE.get(operation.kind, what)
        facts: dict[str, Any] = {"in": operation.side, **references}
        if operation.fields:
            facts["fields"] = [str(name) for name in operation.fields]
        facts["reason"] = operation.reason
        if report.note:
            facts["note"] = report.note
        if outcome in (Outcome.FAILED, Outcome.UNCERTAIN):
            self._log.warning(what, **facts)
        elif outcome is Outcome.DONE and operation.kind in _DONE:
            self._log.info(what, **facts)
        else:
            self._log.debug(what, **facts)


def _cycle_line(facts: Mapping[str, Any]) -> dict[str, Any]:
    line = {name: facts[name] for name in ("read", "created", "updated")}
    if facts["linked"]:
        line["linked"] = facts["linked"]
    if "uncertain" in facts:
        line["uncertain"] = facts["uncertain"]
    return {**line, **_waits(facts), "requests": facts["requests"], "seconds": facts["seconds"]}


def _waits(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What waits, if anything does."""
    waits = {name: facts[name] for name in _WAITING if facts[name]}
    return {"waits": waits} if waits else {}


def _references(unit: Unit, report: Report) -> dict[str, str]:
    """What people call the tasks of an operation, as far as it is known; else their ids."""
    operation = report.operation
    view = unit.link(operation.link_id) if operation.link_id else None
    names = {}
    for side in SIDES:
        known: Known | None = None
        if view is not None:
            known = view.kore if side is SIDES[0] else view.v2
        task_id = operation.task_id(side)
        if known is None and task_id is not None:
            known = unit.known(side, [task_id]).get(task_id)
        name = known.task.name if known else task_id
        if name:
            names[str(side)] = str(name)
    return names
