"""Simulated people who work in both services.

Takes a sandbox and a seed, gives one believable edit or new task a call, with a short text of
what was done. They act in process, as people do in a screen, never through the API.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bridge.sandbox import fieldwork
from bridge.sandbox.answers import JsonObject
from bridge.sandbox.identity import seeded
from bridge.sandbox.kore.record import Author
from bridge.sandbox.sandbox import Sandbox
from bridge.sandbox.v2.task import PRIORITIES, STATUSES

Side = Literal["kore", "v2"]
Change = tuple[dict[str, Any], str]
DAY = 86_400_000
NEW_TASK_SHARE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody did: on which side, to which task (id and what people call it), in words."""

    side: Side
    task_id: str
    reference: str
    what: str
    who: str


class People:
    """The people of one sandbox; the same seed does the same things to the same world."""

    def __init__(self, sandbox: Sandbox, seed: int = 1) -> None:
        self._kore, self._v2 = sandbox.kore, sandbox.v2
        self._rng = seeded(seed, "people")

    def act(self) -> Edit:
        """Do one thing on one side; a new task where there is none to edit.

        A Kore account without an open case is left alone, and v2 edited instead.
        """
        rng, open_cases = self._rng, self._kore.open_cases
        if rng.random() < 0.5 and open_cases:
            tasks = self._tasks_of(open_cases)
            if not tasks or rng.random() < NEW_TASK_SHARE:
                return self._add_in_kore(rng.choice(open_cases))
            return self._edit_in_kore(rng.choice(tasks))
        ids = list(self._v2.tasks)
        if not ids or rng.random() < NEW_TASK_SHARE:
            return self._add_in_v2()
        return self._edit_in_v2(rng.choice(ids))

    # ---- Kore -------------------------------------------------------------------------

    def _tasks_of(self, cases: list[str]) -> list[str]:
        world = self._kore.world
        with self._kore.lock:
            ids = [task for case in cases for task in world.case_tasks.get(case, [])]
            return [task_id for task_id in ids if task_id in world.tasks.rows]

    def _add_in_kore(self, case_id: str) -> Edit:
        kore, title = self._kore, fieldwork.title(self._rng)
        with kore.lock:
            who = self._agent()
            text = fieldwork.description(self._rng)
            task_id = kore.add_task(case_id=case_id, name=title, desc=text)
        return self._kore_edit(task_id, f"opened “{title}”", who)

    def _edit_in_kore(self, task_id: str) -> Edit:
        kore = self._kore
        with kore.lock:
            who = self._agent()
            fields, what = self._rng.choice(self._kore_changes())(kore.tasks[task_id])
            kore.edit_task(task_id, **fields)
        return self._kore_edit(task_id, what, who)

    def _agent(self) -> str:
        """Somebody of the account acts from here on."""
        agent = self._rng.choice(self._kore.agents)
        self._kore.author = Author(id=agent["agentId"], name=agent["name"])
        return str(agent["name"])

    def _kore_changes(self) -> list[Callable[[JsonObject], Change]]:
        names = [status["name"] for status in self._kore.statuses if status["isEnabled"]]
        priorities = [priority["name"] for priority in self._kore.priorities]
        return [
            lambda task: self._another("status", names, task["status"]["name"]),
            lambda task: self._another("priority", priorities, task["priority"]["name"]),
            lambda task: self._retitled("name", task["name"]),
            lambda task: self._noted("desc", task.get("desc", "")),
            lambda task: self._assigned(
                {person["agentId"]: person["name"] for person in self._kore.agents}
            ),
            lambda _: self._rescheduled(self._kore.time.now()),
        ]

    def _kore_edit(self, task_id: str, what: str, who: str) -> Edit:
        reference = self._kore.tasks[task_id]["refId"]
        return Edit(side="kore", task_id=task_id, reference=reference, what=what, who=who)

    # ---- v2 ---------------------------------------------------------------------------

    def _add_in_v2(self) -> Edit:
        v2, title = self._v2, fieldwork.title(self._rng)
        with v2.lock:
            who = self._user()
            kind = self._rng.choice(list(v2.task_types))
            text = fieldwork.description(self._rng) or None
            task_id = v2.add_task(title=title, description=text, task_type_id=kind)
        return self._v2_edit(task_id, f"opened “{title}”", who)

    def _edit_in_v2(self, task_id: str) -> Edit:
        v2 = self._v2
        with v2.lock:
            who = self._user()
            fields, what = self._rng.choice(self._v2_changes())(v2.tasks[task_id])
            v2.edit_task(task_id, **fields)
        return self._v2_edit(task_id, what, who)

    def _user(self) -> str:
        """Somebody of the company, never the key's own user, acts from here on."""
        users = [user for user in self._v2.world.users.values() if user.is_active]
        user = self._rng.choice([user for user in users if user.id != self._v2.self_user_id])
        self._v2.author = user.id
        return user.name

    def _v2_changes(self) -> list[Callable[[JsonObject], Change]]:
        people = {user.id: user.name for user in self._v2.world.users.values()}
        return [
            lambda task: self._another("task_status", list(STATUSES), task["taskStatus"]),
            lambda task: self._another("priority", list(PRIORITIES), task.get("priority")),
            lambda task: self._retitled("title", task["title"] or ""),
            lambda task: self._noted("description", task["description"] or ""),
            lambda _: self._assigned(people),
            lambda _: self._rescheduled(self._v2.time.now()),
        ]

    def _v2_edit(self, task_id: str, what: str, who: str) -> Edit:
        reference = self._v2.reference(task_id)
        return Edit(side="v2", task_id=task_id, reference=reference, what=what, who=who)

    # ---- what is changed, on either side ----------------------------------------------

    def _another(self, field: str, values: list[str], present: str | None) -> Change:
        value = self._rng.choice([value for value in values if value != present])
        word = field.removeprefix("task_")
        return {field: value}, f"changed the {word} from {present or 'none'} to {value}"

    def _retitled(self, field: str, present: str) -> Change:
        title = fieldwork.title(self._rng)
        return {field: title}, f"renamed “{present}” to “{title}”"

    def _noted(self, field: str, present: str) -> Change:
        note = self._rng.choice(fieldwork.NOTES)
        return {field: f"{present}\n\n{note}" if present else note}, f"noted “{note}”"

    def _assigned(self, people: dict[str, str]) -> Change:
        person = self._rng.choice([*people, None])
        what = f"assigned it to {people[person]}" if person else "took the assignee off"
        return {"assignee": person}, what

    def _rescheduled(self, now: int) -> Change:
        if self._rng.random() < 0.2:
            return {"due": None}, "removed the due date"
        due = fieldwork.moment(now + self._rng.randrange(1, 30) * DAY)
        return {"due": due}, f"set the due date to {due:%Y-%m-%d %H:%M} UTC"
