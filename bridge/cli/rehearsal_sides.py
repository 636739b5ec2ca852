"""The two simulated services in one vocabulary: what people see of a task, and change of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.errors import UsageError
from bridge.sandbox import Sandbox
from bridge.sandbox.v2.task import PRIORITIES, STATUSES


@dataclass(frozen=True, slots=True)
class Listed:
    """A task as a list shows it."""

    id: str
    reference: str
    status: str
    title: str


class Desk(ABC):
    """One service. `service` is the whole of it; fields go by the bridge's names."""

    service: Any
    may_empty: frozenset[str]

    @abstractmethod
    def tasks(self) -> Iterator[Listed]:
        """What is there now."""

    @abstractmethod
    def add(self, title: str) -> str:
        """A new task; gives its reference. Raises UsageError if there is no place for it."""

    @abstractmethod
    def choices(self, field: str) -> Mapping[str, str]:
        """What status, priority or assignee take, by the words for it."""

    @abstractmethod
    def edit(self, task_id: str, fields: Mapping[str, object]) -> None:
        """Somebody changes these fields."""


class KoreDesk(Desk):
    """Kore case management."""

    may_empty = frozenset({"assignee", "due"})

    def __init__(self, sandbox: Sandbox) -> None:
        self.service = self._kore = sandbox.kore

    def tasks(self) -> Iterator[Listed]:
        for task_id, one in [*self._kore.tasks.items()]:
            yield Listed(task_id, one["refId"], one["status"]["name"], one["name"])

    def add(self, title: str) -> str:
        cases = self._kore.open_cases
        if not cases:
            raise UsageError("Every case is closed. `kore reopen TASK` opens that of a task.")
        return str(self._kore.tasks[self._kore.add_task(case_id=cases[0], name=title)]["refId"])

    def choices(self, field: str) -> Mapping[str, str]:
        if field == "assignee":
            return {one["name"]: one["agentId"] for one in self._kore.agents}
        known = self._kore.statuses if field == "status" else self._kore.priorities
        return {one["name"]: one["name"] for one in known}

    def edit(self, task_id: str, fields: Mapping[str, object]) -> None:
        words = {"title": "name", "description": "desc"}
        self._kore.edit_task(task_id, **_renamed(fields, words))

    def move_case(self, task_id: str, *, closes: bool) -> str:
        """Close the case of a task or open it again; gives the reference of the case."""
        case = self._kore.tasks[task_id]
        move = self._kore.close_case if closes else self._kore.reopen_case
        move(case["caseId"])
        return str(case["caseRefId"])


class V2Desk(Desk):
    """The v2 /tasks service."""

    may_empty = frozenset({"assignee", "due", "priority"})

    def __init__(self, sandbox: Sandbox) -> None:
        self.service = self._v2 = sandbox.v2

    def tasks(self) -> Iterator[Listed]:
        for task_id, one in [*self._v2.tasks.items()]:
            reference = self._v2.reference(task_id)
            yield Listed(task_id, reference, one["taskStatus"] or "", one["title"] or "")

    def add(self, title: str) -> str:
        return self._v2.reference(self._v2.add_task(title=title))

    def choices(self, field: str) -> Mapping[str, str]:
        if field == "assignee":
            return {user.name: user.id for user in self._v2.world.users.values()}
        return {word: word for word in (STATUSES if field == "status" else PRIORITIES)}

    def edit(self, task_id: str, fields: Mapping[str, object]) -> None:
        self._v2.edit_task(task_id, **_renamed(fields, {"status": "task_status"}))


def _renamed(fields: Mapping[str, object], words: Mapping[str, str]) -> Any:
    """With the names that the service's people use; its own types say what stands behind them."""
    return {words.get(name, name): value for name, value in fields.items()}
