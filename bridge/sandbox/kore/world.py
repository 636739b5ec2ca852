"""What is in a simulated Kore account: people, words, cases, tasks and queues.

Takes a seed, holds the state; whoever uses it holds the service's lock. Ids and references are
drawn from the seed, so the same acts in the same order make the same world.
"""

import hashlib
from dataclasses import replace
from typing import Any, TypeVar

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.identity import object_id, seeded, short_id, whole_id
from bridge.sandbox.kore.record import Author, Customer, Record
from bridge.sandbox.kore.vocabulary import (
    Agent,
    Priority,
    Status,
    agent_named,
    system_priorities,
    system_statuses,
)
from bridge.sandbox.shelf import Shelf

FIRST_TASK, FIRST_CASE = 102, 100
STARTING_AGENTS = ("Agent One", "Agent Two", "Agent Three")
STARTING_QUEUES = ("SupportQueue1", "FieldQueue")
TEMPLATE_NAME = "Default"
Word = TypeVar("Word", Status, Priority)


class KoreWorld:
    """The state of one account. `app_user` is who changes made through the API are by."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = seeded(seed, "kore")
        self.stream_id = whole_id("st", rng)
        self.account_id = object_id(rng)
        self.org_id = whole_id("o", rng)
        self.client_id = whole_id("cs", rng)
        self.client_secret = hashlib.sha256(f"{seed}:kore".encode()).hexdigest()
        self.task_template_id = short_id("ttm", rng)
        self.case_template_id = short_id("ctm", rng)
        self.statuses: dict[str, Status] = system_statuses(rng)
        self.priorities: dict[str, Priority] = system_priorities(rng)
        self.agents: dict[str, Agent] = {}
        for name in STARTING_AGENTS:
            self.add_agent(name)
        self.queues = {name: short_id("q", rng) for name in STARTING_QUEUES}
        # A person who owns the app: not one of those who work in the account.
        self.app_agent = agent_named("Case App", rng)
        self.app_user = Author(id=self.app_agent.agent_id, name=self.app_agent.name)
        self.fields = {name: short_id("fd", rng) for name in ("dueDate", "description", "title")}
        self.tasks: Shelf[Record] = Shelf()
        self.cases: Shelf[Record] = Shelf()
        self.case_tasks: dict[str, list[str]] = {}
        self._numbers = {"TS": FIRST_TASK, "CS": FIRST_CASE}

    def add_agent(self, name: str) -> Agent:
        """A new person."""
        agent = agent_named(name, self.rng)
        self.agents[agent.agent_id] = agent
        return agent

    def agent(self, agent_id: str | None) -> Agent | None:
        """The person of that agentId, the app's owner among them; None if there is none."""
        if agent_id == self.app_agent.agent_id:
            return self.app_agent
        return self.agents.get(agent_id or "")

    def next_ref(self, prefix: str) -> str:
        """The next number that people see: TS000102, CS000100 and so on."""
        number = self._numbers[prefix]
        self._numbers[prefix] = number + 1
        return f"{prefix}{number:06d}"

    def status_named(self, name: str) -> Status:
        """The status of that name; a KeyError if the account has none."""
        return _named(name, self.statuses)

    def priority_named(self, name: str) -> Priority:
        """The priority of that name; a KeyError if the account has none."""
        return _named(name, self.priorities)

    def add_status(self, name: str, category: str) -> Status:
        """A status of the administrators' own."""
        status = Status(id=short_id("sts", self.rng), name=name, category=category, is_system=False)
        self.statuses[status.id] = status
        return status

    def add_priority(self, name: str, score: int) -> Priority:
        """A priority of the administrators' own."""
        priority = Priority(id=short_id("pr", self.rng), name=name, score=score)
        self.priorities[priority.id] = priority
        return priority

    def is_closed(self, case_id: str) -> bool:
        """Whether the case's status is of the category closed."""
        return self.statuses[self.cases.rows[case_id].status_id].category == "closed"

    def customer_of(self, given: JsonObject) -> Customer:
        """The customer of a userInfo; one without an id gets one."""
        return Customer(
            id=str(given.get("_id") or whole_id("u", self.rng)),
            name=str(given.get("name", "")),
            email=str(given.get("emailId", "")),
            phone=str(given.get("phoneNumber", "")),
        )

    def put_task(self, record: Record) -> Record:
        """Add or replace a task; `updated_ms` is when."""
        if record.id not in self.tasks.rows:
            self.case_tasks.setdefault(record.case_id, []).append(record.id)
        self.tasks.put(record.id, record, record.updated_ms)
        return record

    def put_case(self, record: Record) -> Record:
        """Add or replace a case; `updated_ms` is when."""
        self.cases.put(record.id, record, record.updated_ms)
        return record

    def assigned(self, record: Record, agent_id: str | None, at: int) -> Record:
        """The record with that agent, or with nobody, in charge."""
        if agent_id is None:
            return replace(record, agent_id=None, queue=None, assignee_type="unassigned")
        changes: dict[str, Any] = {"assignee_type": "agent", "assigned_ms": at}
        if self.agent(agent_id) is None:
            raise KeyError(agent_id)
        return replace(record, agent_id=agent_id, queue=None, **changes)

    def queued(self, record: Record, queue: str) -> Record:
        """The record in that queue, which is made if it is new."""
        self.queues.setdefault(queue, short_id("q", self.rng))
        return replace(record, queue=queue, agent_id=None, assignee_type="queues")


def _named(name: str, words: dict[str, Word]) -> Word:
    for word in words.values():
        if word.name == name:
            return word
    raise KeyError(name)
