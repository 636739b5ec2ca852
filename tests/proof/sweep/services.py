"""The simulated services in a process of their own, since their servers have threads.

They take orders over a pipe: begin a world, let people act, order a fault, show everything, keep
and bring back a state. Whoever holds the other end may order: the harness, or the bridge process
that it waits for, never both.
"""

import multiprocessing
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bridge.domain.side import SIDES, Side
from bridge.sandbox import Fault, KoreSwitches, Sandbox, V2Switches, describe_connection
from tests.proof.sweep.clock import SharedTime
from tests.proof.sweep.scenario import Act

CUSTOMER = {"name": "Ada Winter", "emailId": "ada.winter@example.com", "phoneNumber": "+4912345"}
CASES = ("Broken boiler", "Leaking roof")
# What makes up the state of a service; locks, servers and orders of faults do not.
_STATE = ("world", "author", "switches", "windows", "_late", "_limited", "_disorder")


class NotThere(Exception):
    """People want to act on a task that is not there (yet)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything in both services: the records by id, and what the scenario calls tasks."""

    tasks: Mapping[Side, Mapping[str, Mapping[str, Any]]]
    names: Mapping[str, tuple[Side, str]]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a bridge is told of a new world: its configuration, and Kore's ids by name."""

    configuration: str
    status_ids: Mapping[str, str]
    priority_ids: Mapping[str, str]


class Stand:
    """Both services and the people in them; lives in the process of the services."""

    def __init__(self, time: SharedTime) -> None:
        self._sandbox = Sandbox(clock=time.now)
        self._sides: dict[Side, Any] = {
            Side.KORE: self._sandbox.kore,
            Side.V2: self._sandbox.v2,
        }
        self._names: dict[str, tuple[Side, str]] = {}
        self._counterparts: dict[str, str] = {}
        self._sandbox.start()
        self._pristine = self.save()

    def begin(self, kore: KoreSwitches, v2: V2Switches) -> Beginning:
        """A new world: two open cases, each somebody's, so that both agents are shown."""
        self.restore(self._pristine)
        self._sides[Side.KORE].switches = kore
        self._sides[Side.V2].switches = v2
        world = self._sandbox.kore.world
        for name, agent_id in zip(CASES, world.agents, strict=False):
            case_id = self._sandbox.kore.add_case(name=name, customer=CUSTOMER)
            world.put_case(world.assigned(world.cases.rows[case_id], agent_id, 0))
        return Beginning(
            describe_connection(self._sandbox),
            {one["name"]: one["_id"] for one in self._sandbox.kore.statuses},
            {one["name"]: one["_id"] for one in self._sandbox.kore.priorities},
        )

    def save(self) -> bytes:
        states = {}
        for side, service in self._sides.items():
            with service.lock:
                states[side] = {name: getattr(service, name, None) for name in _STATE}
        return pickle.dumps((states, self._names, self._counterparts))

    def restore(self, saved: bytes) -> None:
        states, self._names, self._counterparts = pickle.loads(saved)
        for side, service in self._sides.items():
            service.faults.clear()
            service.clear_calls()
            with service.lock:
                for name, value in states[side].items():
                    setattr(service, name, value)

    def order_fault(self, side: Side, operation: str, fault: Fault, seconds: float) -> None:
        self._sides[side].faults.add(operation, fault, seconds=seconds)

    def look(self) -> Look:
        tasks = {side: dict(service.tasks) for side, service in self._sides.items()}
        seen = {name: self.find(name) for name in self._counterparts}
        there = {name: one for name, one in seen.items() if one[1] in tasks[one[0]]}
        return Look(tasks=tasks, names={**self._names, **there})

    # ---- people -------------------------------------------------------------------------

    def act(self, act: Act) -> None:
        """Let people do something. Raises NotThere if they cannot, since it is not there."""
        fields = dict(act.fields)
        if act.what == "add":
            self._add(act, fields)
        elif act.what == "switch":
            self._switch(act.side_of_service, fields)
        elif act.what in ("edit", "remove", "restore"):
            side, task_id = self.find(act.task)
            with_people = self._with_people(side, fields)
            getattr(self._sides[side], f"{act.what}_task")(task_id, **with_people)
        elif act.what == "other_company":
            self._change_company()
        elif act.what in ("close_case", "reopen_case"):
            getattr(self._sandbox.kore, act.what)(next(iter(self._sandbox.kore.cases)))
        else:
            getattr(self._sides[act.side_of_service], act.what)(**fields)

    def retitle(self, side: Side, task_id: str, title: str) -> None:
        fields = {"name": title} if side is Side.KORE else {"title": title}
        self._sides[side].edit_task(task_id, **fields)

    def _add(self, act: Act, fields: dict[str, Any]) -> None:
        side = act.side_of_service
        if side is Side.KORE:
            fields["case_id"] = next(iter(self._sandbox.kore.cases))
        task_id = self._sides[side].add_task(**self._with_people(side, fields))
        self._names[act.task] = (side, task_id)

    def _switch(self, side: Side, fields: dict[str, Any]) -> None:
        import dataclasses

        service = self._sides[side]
        service.switches = dataclasses.replace(service.switches, **fields)

    def _change_company(self) -> None:
        """v2's key opens another company, of the same tasks; once more, and it is the first."""
        world = self._sandbox.v2.world
        world.company_id = world.company_id[::-1]

    def find(self, name: str) -> tuple[Side, str]:
        """A task by its name; with a ' the one that bore its marker when people first saw it."""
        side, task_id = self._names[name.rstrip("'")]
        if not name.endswith("'"):
            return side, task_id
        if name in self._counterparts:
            return side.other, self._counterparts[name]
        for other_id, record in self._sides[side.other].tasks.items():
            text = record.get("desc") or record.get("description") or ""
            if "[task-bridge " in text and task_id in text:
                self._counterparts[name] = other_id
                return side.other, other_id
        raise NotThere(name)

    def _with_people(self, side: Side, fields: dict[str, Any]) -> dict[str, Any]:
        """Assignees are named in scenarios; the services know them by id."""
        name = fields.get("assignee")
        if name is None:
            return fields
        if side is Side.KORE:
            ids = {agent["name"]: agent["agentId"] for agent in self._sandbox.kore.agents}
        else:
            ids = {user.name: user.id for user in self._sandbox.v2.world.users.values()}
        return {**fields, "assignee": ids[name]}


class Services:
    """The harness's end of the pipe: each method of Stand, done over there."""

    def __init__(self, time: SharedTime) -> None:
        forking = multiprocessing.get_context("fork")
        self._pipe, theirs = forking.Pipe()
        self._process = forking.Process(target=_serve, args=(theirs, self._pipe, time), daemon=True)
        self._process.start()
        theirs.close()

    def order(self, what: str, *given: Any) -> Any:
        """Have it done, and give what comes of it; raises what it raised."""
        self._pipe.send((what, given))
        is_done, value = self._pipe.recv()
        if not is_done:
            raise value
        return value

    def close(self) -> None:
        self._pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()


def _serve(pipe: Connection, other_end: Connection, time: SharedTime) -> None:
    other_end.close()
    stand = Stand(time)
    while True:
        try:
            what, given = pipe.recv()
        except EOFError:
            return
        try:
            answer = (True, getattr(stand, what)(*given))
        except Exception as error:
            answer = (False, error)
        pipe.send(answer)


__all__ = ["SIDES", "Look", "NotThere", "Services"]
