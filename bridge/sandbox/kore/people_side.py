"""What people do in the simulated Kore, in process and without HTTP.

Takes plain values, changes the world under the service's lock, moves updatedAt and updatedBy.
Part of `KoreService`; every method may be called from any thread.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Unpack

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.identity import short_id
from bridge.sandbox.kore.fields import NewTask, TaskEdit, edited
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.seeding import seed_world
from bridge.sandbox.kore.show import whole_record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.service import Service
from bridge.sandbox.view import Shown


class KorePeople(Service[KoreSwitches]):
    """The half of the Kore service that people use. `author` is who acts, until set anew."""

    world: KoreWorld
    author: Author

    def add_case(
        self, *, name: str, customer: Mapping[str, str] | None = None, is_closed: bool = False
    ) -> str:
        """Open a case (or one that is closed already); gives its `ci-` id."""
        with self.lock:
            world, at = self.world, self.time.stamp()
            status = world.status_named("Closed" if is_closed else "Open")
            record = Record(
                id=short_id("ci", world.rng),
                ref=world.next_ref("CS"),
                name=name,
                customer=world.customer_of(dict(customer or {"name": ""})),
                status_id=status.id,
                **self._fresh(at),
            )
            return world.put_case(record).id

    def add_task(self, **fields: Unpack[NewTask]) -> str:
        """Add a task to a case (`case_id` and `name` are needed); gives its `ti-` id."""
        with self.lock:
            world, at = self.world, self.time.stamp()
            case = world.cases.rows[fields["case_id"]]
            record = Record(
                id=short_id("ti", world.rng),
                ref=world.next_ref("TS"),
                name=fields["name"],
                case_id=case.id,
                case_ref=case.ref,
                customer=case.customer,
                status_id=world.status_named("Open").id,
                **self._fresh(at),
            )
            return world.put_task(edited(record, fields, world, at)).id

    def edit_task(self, task_id: str, **fields: Unpack[TaskEdit]) -> None:
        """Change the named fields alone; updatedAt and updatedBy move in any case."""
        with self.lock:
            at, record = self.time.stamp(), self.world.tasks.rows[task_id]
            after = edited(record, fields, self.world, at)
            self.world.put_task(replace(after, updated_ms=at, updated_by=self.author))

    def remove_task(self, task_id: str) -> None:
        """Take a task away without a trace; a KeyError if it is not there."""
        with self.lock:
            self.world.tasks.remove(task_id)

    def close_case(self, case_id: str) -> None:
        """Close a case: its tasks can then be neither created nor edited through the API."""
        self._set_case_status(case_id, "Closed")

    def reopen_case(self, case_id: str) -> None:
        """Open a closed case again."""
        self._set_case_status(case_id, "Open")

    def add_status(self, name: str, category: str) -> str:
        """Add a status of the administrators' own; gives its `sts-` id.

        `category` is Open, In Progress, On Hold, Resolved or Closed in any spelling.
        """
        with self.lock:
            folded = category.replace("-", " ").replace("_", " ").lower()
            return self.world.add_status(name, folded).id

    def add_priority(self, name: str, score: int) -> str:
        """Add a priority of the administrators' own (score 1 to 15); gives its `pr-` id."""
        with self.lock:
            return self.world.add_priority(name, score).id

    def add_agent(self, name: str) -> str:
        """Add a person; gives the agentId."""
        with self.lock:
            return self.world.add_agent(name).agent_id

    def seed(self, tasks: int = 200, cases: int = 12) -> None:
        """Fill the account with a believable, deterministic world."""
        with self.lock:
            seed_world(self.world, self.time.stamp(), tasks, cases)

    # ---- looking ----------------------------------------------------------------------

    @property
    def tasks(self) -> Mapping[str, JsonObject]:
        """The tasks by id, each a full record as on the wire."""
        return self._shown(self.world.tasks.rows)

    @property
    def cases(self) -> Mapping[str, JsonObject]:
        """The cases by id, each a full record as on the wire."""
        return self._shown(self.world.cases.rows)

    @property
    def open_cases(self) -> list[str]:
        """The ids of the cases that take tasks, oldest first."""
        with self.lock:
            return [one for one in self.world.cases.rows if not self.world.is_closed(one)]

    @property
    def agents(self) -> list[JsonObject]:
        """The people: agentId, aId and name of each."""
        return [agent.wire() for agent in self.world.agents.values()]

    @property
    def statuses(self) -> list[JsonObject]:
        """Every status, whole."""
        return [status.wire(self.switches) for status in self.world.statuses.values()]

    @property
    def priorities(self) -> list[JsonObject]:
        """Every priority, whole."""
        return [priority.wire(self.switches) for priority in self.world.priorities.values()]

    def _shown(self, rows: Mapping[str, Record]) -> Mapping[str, JsonObject]:
        with self.lock:
            self.apply_late()
            return Shown(rows, lambda record: whole_record(record, self.world, self.switches))

    def _fresh(self, at: int) -> dict[str, Any]:
        return {
            "priority_id": self.world.priority_named("Medium").id,
            "created_ms": at,
            "updated_ms": at,
            "created_by": self.author,
            "updated_by": self.author,
        }

    def _set_case_status(self, case_id: str, name: str) -> None:
        with self.lock:
            status, case = self.world.status_named(name), self.world.cases.rows[case_id]
            after = replace(case, status_id=status.id, updated_by=self.author)
            self.world.put_case(replace(after, updated_ms=self.time.stamp()))
