"""The ground over real HTTP: the simulated services on sockets, a database in a file.

The clock stands but for a millisecond a look, so that a run can be repeated. An odd record is
nothing that the simulated services can show: that trouble does not strike here.
"""

import dataclasses
import itertools
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bridge.bootstrap import Bridge, Listeners, bridge_for
from bridge.config import load
from bridge.domain.marker import find_marker, with_marker
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import as_text
from bridge.ports import Service, Store
from bridge.sandbox import Fault, KoreSwitches, Sandbox, V2Switches, describe_connection
from bridge.services.moments import read_moment
from tests.proof.machine.deeds import Fate
from tests.proof.machine.ground import LEASE_SECONDS, SETTLE_SECONDS, Setup
from tests.proof.machine.words import LONGEST_TITLE, PEOPLE, QUEUE, Plain, Values, as_moment
from tests.proof.machine.words import plain_text as _plain_text
from tests.sync.world import CUSTOMER, Heard, MovableClock

BOOKKEEPING = frozenset(
    {"runs", "calls", "leases", "sides", "sqlite_sequence", "sweeps", "sweep_marks", "pairs"}
)
_START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
# So often a read is tried again within one call, and some more.
_TRIES = 12
_numbers = itertools.count(1)


class StandingClock(MovableClock):
    """Stands, but for a millisecond a look, until somebody moves it."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = threading.Lock()

    def now(self) -> datetime:
        with self._turn:
            self.ahead += timedelta(milliseconds=1)
            return _START + self.ahead

    @property
    def at(self) -> datetime:
        """The present moment, without moving it."""
        return _START + self.ahead


class HttpGround:
    """Both simulated services, served."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.clock, self.events = StandingClock(), Heard()
        self._folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self._sandbox = Sandbox(
            kore=kore_switches(setup), v2=v2_switches(setup), clock=self.clock.now
        )
        self._sandbox.start()
        self._cases = [
            self._sandbox.kore.add_case(name=name, customer=CUSTOMER) for name in ("One", "Two")
        ]
        self._agents = {name: self._sandbox.kore.add_agent(name) for name in PEOPLE}
        self._users = {name: self._sandbox.v2.add_user(name) for name in PEOPLE}
        self.clock.pass_time(60)
        self._file = self._folder / "bridge.toml"
        self._file.write_text(describe_connection(self._sandbox), encoding="utf-8")
        self._open()

    def _open(self) -> None:
        setup = self.setup
        settings = {
            "KORE__UNOBSERVED": "probe",
            "KORE__LIMITS": "[]",
            "DATABASE__URL": f"sqlite:///{self._folder / 'bridge.db'}",
            "PEOPLE__MATCH_NAME": "true",
            "SYNC__DIRECTION": str(setup.direction),
            "SYNC__CONFLICT": str(setup.conflict),
            "SYNC__TIE": str(setup.tie),
            "SYNC__SETTLE_SECONDS": str(SETTLE_SECONDS),
            "SYNC__LEASE_SECONDS": str(LEASE_SECONDS),
        }
        environ = {f"TASK_BRIDGE_{name}": value for name, value in settings.items()}
        self._stack = ExitStack()
        started = bridge_for(load(self._file, environ), Listeners([self.events]), self.clock)
        self._bridge: Bridge = self._stack.enter_context(started)
        self.rules = dataclasses.replace(self._bridge.rules, owner=f"process {next(_numbers)}")

    # ---- a process -----------------------------------------------------------------------

    def services(self) -> Mapping[Side, Service]:
        return self._bridge.services

    def store(self) -> Store:
        return self._bridge.store

    def restart(self) -> None:
        self._stack.close()
        self._open()

    def now(self) -> datetime:
        return self.clock.at

    def pass_time(self, seconds: float) -> None:
        self.clock.pass_time(seconds)

    def stop(self) -> None:
        self.clock.stop()

    def go_on(self) -> None:
        self.clock.go_on()

    # ---- people --------------------------------------------------------------------------

    def add(self, side: Side, values: Values, case: int) -> str:
        if side is Side.KORE:
            given = self._for_kore(values)
            return self._sandbox.kore.add_task(case_id=self._cases[case], **given)
        return self._sandbox.v2.add_task(**self._for_v2(values))

    def edit(self, side: Side, task_id: str, values: Values, *, keeps_marker: bool = True) -> None:
        if self.setup.whole_seconds and self.setup.is_sparse and side is Side.KORE:
            # No list can tell a second change of what it hides within one tick of its clock.
            self.clock.pass_time(1)
        if Field.DESCRIPTION in values and keeps_marker:
            marker = find_marker(self._text(side, task_id))
            text = with_marker(values[Field.DESCRIPTION] or "", marker.line if marker else "")
            values = {**values, Field.DESCRIPTION: text}
        if side is Side.KORE:
            self._sandbox.kore.edit_task(task_id, **self._for_kore(values))
        else:
            self._sandbox.v2.edit_task(task_id, **self._for_v2(values))

    def remove(self, side: Side, task_id: str) -> None:
        people = self._sandbox.kore if side is Side.KORE else self._sandbox.v2
        people.remove_task(task_id)

    def set_case(self, case: int, *, is_closed: bool) -> None:
        kore, case_id = self._sandbox.kore, self._cases[case]
        kore.close_case(case_id) if is_closed else kore.reopen_case(case_id)

    def _for_kore(self, values: Values) -> dict[str, Any]:
        names = {Field.TITLE: "name", Field.DESCRIPTION: "desc", Field.DUE: "due"}
        given: dict[str, Any] = {names.get(name, str(name)): one for name, one in values.items()}
        if Field.DESCRIPTION in values:
            given["desc"] = given["desc"] or ""
        if Field.DUE in values:
            given["due"] = as_moment(given["due"])
        if values.get(Field.ASSIGNEE) == QUEUE:
            given["queue"] = QUEUE.removeprefix("queue:")
            del given["assignee"]
        elif Field.ASSIGNEE in values:
            given["assignee"] = self._agents.get(given["assignee"] or "")
            given["queue"] = None
        return given

    def _for_v2(self, values: Values) -> dict[str, Any]:
        names = {Field.STATUS: "task_status"}
        given: dict[str, Any] = {names.get(name, str(name)): one for name, one in values.items()}
        if Field.DUE in values:
            given["due"] = as_moment(given["due"])
        if Field.ASSIGNEE in values:
            given["assignee"] = self._users.get(given["assignee"] or "")
        return given

    # ---- faults --------------------------------------------------------------------------

    def fail(self, side: Side, call: str, fate: Fate) -> None:
        operation = _OPERATIONS[side].get(call)
        if operation is not None:
            is_read = call not in ("create", "update", "probe")
            times = _TRIES if is_read and fate is Fate.BROKEN else 1
            self._faults(side).add(operation, _FAULTS[fate], times, seconds=20.0)

    def _faults(self, side: Side) -> Any:
        return (self._sandbox.kore if side is Side.KORE else self._sandbox.v2).faults

    def set_down(self, side: Side, *, is_down: bool) -> None:
        self._faults(side).clear()
        if is_down:
            self._faults(side).add("*", Fault.FAIL_BEFORE, 100_000)

    def set_unreadable(self, side: Side, task_id: str, *, is_unreadable: bool) -> None:
        """Nothing: see the head of this file."""

    def mend(self) -> None:
        for side in SIDES:
            self._faults(side).clear()
        for case in (0, 1):
            self.set_case(case, is_closed=False)

    # ---- looking -------------------------------------------------------------------------

    def ids(self, side: Side) -> list[str]:
        return [*self._tasks(side)]

    def values(self, side: Side, task_id: str) -> dict[Field, Plain]:
        record = self._tasks(side)[task_id]
        return _of_kore(record) if side is Side.KORE else _of_v2(record)

    def snapshot(self, side: Side) -> dict[str, dict[Field, Plain]]:
        read = _of_kore if side is Side.KORE else _of_v2
        return {task_id: read(record) for task_id, record in self._tasks(side).items()}

    def stand_in(self, v2_id: str) -> str:
        """Its reference: none of these tasks is without a number."""
        record = self._sandbox.v2.tasks[v2_id]
        kind = self._sandbox.v2.task_types[record["taskTypeId"]]
        return f"{kind['prefix']}-{record['identifierNumber']}"

    def changed_at(self, side: Side, task_id: str) -> datetime | None:
        record = self._tasks(side).get(task_id)
        if record is None:
            return None
        told = record["updatedAt"] if side is Side.KORE else record["status"]["lastModifiedAt"]
        return read_moment(told)

    def origin_of(self, side: Side, task_id: str) -> str | None:
        marker = find_marker(self._text(side, task_id))
        return marker.task_id if marker else None

    def dump(self) -> dict[str, list[Any]]:
        with sqlite3.connect(self._folder / "bridge.db") as connection:
            names = connection.execute("select name from sqlite_master where type = 'table'")
            return {
                name: sorted(map(repr, connection.execute(f"select * from {name}")))
                for (name,) in names.fetchall()
                if name not in BOOKKEEPING
            }

    def close(self) -> None:
        self._stack.close()
        self._sandbox.stop()
        shutil.rmtree(self._folder)

    def _tasks(self, side: Side) -> Mapping[str, Any]:
        return self._sandbox.kore.tasks if side is Side.KORE else self._sandbox.v2.tasks

    def _text(self, side: Side, task_id: str) -> str | None:
        record = self._tasks(side)[task_id]
        text: str | None = record.get("desc" if side is Side.KORE else "description")
        return text


# ---- how the services are -----------------------------------------------------------------------


def kore_switches(setup: Setup) -> KoreSwitches:
    """The simulated Kore of a setup."""
    side = Side.KORE
    return KoreSwitches(
        limits=(),
        rows="sparse" if setup.is_sparse else "full",
        page_cap=setup.page_size[side],
        updated_sort="honoured" if setup.is_sorted[side] else "ignored",
        rows_late_seconds=setup.late_seconds[side],
        time_precision="seconds" if setup.whole_seconds else "milliseconds",
        clock_skew_seconds=setup.skew_seconds,
        token_leeway_seconds=60.0,
        empty_update="moves" if setup.probe_moves else "taken",
        create_answer=setup.create_answer[side],  # type: ignore[arg-type]
        status_by_name="taken",
        priority_by_name="taken",
        title_longest=LONGEST_TITLE,
        too_long="refused",
    )


def v2_switches(setup: Setup) -> V2Switches:
    """The simulated v2 of a setup."""
    side = Side.V2
    return V2Switches(
        page_cap=setup.page_size[side],
        sort="json" if setup.is_sorted[side] else "refused",
        rows_late_seconds=setup.late_seconds[side],
        time_precision="seconds" if setup.whole_seconds else "milliseconds",
        create_answer=setup.create_answer[side],  # type: ignore[arg-type]
        patch_answer=setup.update_answer,  # type: ignore[arg-type]
        last_modified_by="shown" if setup.shows_author else "hidden",
        completed_by_patch="taken" if setup.completes_by_patch else "ignored",
        filter_withholds_seconds=0.0 if setup.search_finds else 120.0,
        title_longest=LONGEST_TITLE,
        too_long="refused",
    )


_OPERATIONS: dict[Side, dict[str, str]] = {
    Side.KORE: {
        "page": "getTasks",
        "search": "getTasks",
        "find_case": "getCases",
        "create": "createTask",
        "update": "updateTask",
        "probe": "updateTask",
    },
    Side.V2: {
        "page": "listTasks",
        "search": "listTasks",
        "read": "getTask",
        "learn": "listUsers",
        "create": "createTask",
        "update": "updateTask",
    },
}
_FAULTS = {
    Fate.LOST: Fault.DROP_BEFORE,
    Fate.TAKEN: Fault.DROP_AFTER,
    Fate.ODD: Fault.HTML_200,
    Fate.BUSY: Fault.TOO_MANY_SECONDS,
    Fate.REFUSED_KEY: Fault.UNAUTHORIZED,
    Fate.BROKEN: Fault.FAIL_BEFORE,
}


# ---- values -------------------------------------------------------------------------------------


def _of_kore(record: Mapping[str, Any]) -> dict[Field, Plain]:
    queues = record["queues"]
    return {
        Field.TITLE: record["name"],
        Field.DESCRIPTION: _plain_text(record.get("desc")),
        Field.STATUS: record["status"]["name"],
        Field.PRIORITY: record["priority"]["name"],
        Field.ASSIGNEE: (
            f"queue:{queues[-1]['name']}"
            if record["assigneeType"] == "queues"
            else record["currAssignee"].get("name")
        ),
        Field.DUE: _due(record.get("dueDate")),
    }


def _of_v2(record: Mapping[str, Any]) -> dict[Field, Plain]:
    return {
        Field.TITLE: record["title"] or None,
        Field.DESCRIPTION: _plain_text(record["description"]),
        Field.STATUS: record["taskStatus"],
        Field.PRIORITY: record["priority"],
        Field.ASSIGNEE: (record["assignee"] or {}).get("name"),
        Field.DUE: _due(record["dueDate"]),
    }


def _due(value: object) -> Plain:
    moment = read_moment(value)
    return None if moment is None else as_text(moment)
