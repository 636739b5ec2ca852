"""The simulated v2 /tasks service as an HTTP service.

Lists, reads and writes under `/v2`, with the trailing slashes of its documents. What they leave
open, and where the live service was seen to depart from them, follows `V2Switches`.
"""

from collections.abc import Mapping
from dataclasses import replace

from starlette.applications import Starlette

from bridge.sandbox.answers import Answer, Asked, JsonObject, Refusal
from bridge.sandbox.desk import application_of
from bridge.sandbox.identity import seeded
from bridge.sandbox.moments import Clock
from bridge.sandbox.service import Operation
from bridge.sandbox.v2.filters import tests_of
from bridge.sandbox.v2.listing import page_of, window_of
from bridge.sandbox.v2.people import shown_user
from bridge.sandbox.v2.people_side import V2People
from bridge.sandbox.v2.sorting import order_of
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import Task, User
from bridge.sandbox.v2.world import V2World
from bridge.sandbox.v2.write import created, parsed_id, patched

ROOT = "/v2"
CALLS = (
    ("GET", "/tasks/", "listTasks"),
    ("POST", "/tasks/", "createTask"),
    ("POST", "/tasks/delete", "deleteTasks"),
    ("GET", "/tasks/{id}", "getTask"),
    ("PATCH", "/tasks/{id}", "updateTask"),
    ("POST", "/tasks/{id}/complete", "completeTask"),
    ("GET", "/users/", "listUsers"),
    ("GET", "/users/self", "getSelf"),
    ("GET", "/taskTypes/", "listTaskTypes"),
)
FINISHED = ("completed", "cancelled")


class V2Service(V2People):
    """One company of the simulated v2 service; see `V2People` for what people do in it."""

    def __init__(self, switches: V2Switches, clock: Clock, port: int, seed: int) -> None:
        self.world = world = V2World(seed)
        self.author = list(world.users)[1]
        self._disorder = seeded(seed, "v2", "order")
        super().__init__(switches, clock, port)

    # ---- how to reach it --------------------------------------------------------------

    @property
    def url(self) -> str:
        """Scheme, host, port and `/v2`."""
        return f"http://127.0.0.1:{self.port}{ROOT}"

    @property
    def api_key(self) -> str:
        """The key: id, colon, secret."""
        return self.world.api_key

    @property
    def company_id(self) -> str:
        return self.world.company_id

    @property
    def self_user_id(self) -> str:
        return self.world.self_user_id

    # ---- being a service --------------------------------------------------------------

    def application(self) -> Starlette:
        return application_of(self)

    def routes(self) -> list[tuple[str, str, str]]:
        return [(method, ROOT + path, name) for method, path, name in CALLS]

    def operations(self) -> Mapping[str, Operation]:
        return {
            "listTasks": self._list_tasks,
            "createTask": self._create_task,
            "deleteTasks": self._delete_tasks,
            "getTask": self._get_task,
            "updateTask": self._update_task,
            "completeTask": self._complete_task,
            "listUsers": self._list_users,
            "getSelf": self._get_self,
            "listTaskTypes": self._list_task_types,
        }

    def authorise(self, asked: Asked) -> None:
        """The key, whole and exact."""
        if asked.headers.get("x-api-key") != self.api_key:
            raise Refusal(401, "Unauthorized")

    def error_payload(self, refusal: Refusal) -> JsonObject:
        """`message`, and the telling text perhaps in `errors[].message` (observed)."""
        if not refusal.detail:
            return {"message": refusal.message}
        if self.switches.error_detail == "message":
            return {"message": refusal.detail}
        return {"message": refusal.message, "errors": [{"message": refusal.detail}]}

    def rows_passed(self, asked: Asked) -> int | None:
        if asked.operation not in ("listTasks", "listUsers"):
            return None
        value = asked.value("offset") or "0"
        return int(value) if value.isdecimal() else None

    # ---- tasks ------------------------------------------------------------------------

    def _list_tasks(self, asked: Asked) -> Answer:
        switches, now = self.switches, self.time.now()
        tests = tests_of(asked, self.world, switches, now)
        tasks = page_of(self.world.tasks, asked, tests, switches, self._disorder, now)
        return Answer(payload=[self._show(task) for task in tasks])

    def _create_task(self, asked: Asked) -> Answer:
        switches, at = self.switches, self.time.stamp()
        task = created(asked.object(), self.world, switches, at)
        task = self.world.put(task, self.self_user_id, at)
        if switches.create_answer == "nothing":
            return Answer(status=switches.create_status)
        payload = {"_id": task.id} if switches.create_answer == "id" else self._show(task)
        return Answer(status=switches.create_status, payload=payload)

    def _get_task(self, asked: Asked) -> Answer:
        task_id = parsed_id(asked.ids["id"])
        if self.switches.deleted_task == "readable" and task_id in self.world.deleted:
            return Answer(payload=self._show(self.world.deleted[task_id]))
        return Answer(payload=self._show(self._found(task_id)))

    def _update_task(self, asked: Asked) -> Answer:
        switches = self.switches
        before = self._found(parsed_id(asked.ids["id"]))
        after = patched(before, asked.object(), self.world, switches)
        if after != before or switches.unchanged_patch == "moves":
            after = self.world.put(after, self.self_user_id, self.time.stamp())
        if switches.patch_status == 204 or switches.patch_answer == "nothing":
            return Answer(status=switches.patch_status)
        return Answer(payload={"ok": True} if switches.patch_answer == "ack" else self._show(after))

    def _complete_task(self, asked: Asked) -> Answer:
        task = self._found(parsed_id(asked.ids["id"]))
        body = asked.object() if asked.body else {}
        if task.task_status in FINISHED:
            raise Refusal(400, f"Task is already {task.task_status}")
        after = replace(task, task_status="completed")
        if self.switches.complete_sets_response and body.get("emailText"):
            after = replace(after, completion_response=str(body["emailText"]))
        self.world.put(after, self.self_user_id, self.time.stamp())
        return Answer(payload={"completed": True})

    def _delete_tasks(self, asked: Asked) -> Answer:
        switches, ids = self.switches, asked.object().get("ids")
        if not isinstance(ids, list) or not ids:
            raise Refusal(400, "Missing parameters. Required parameters are: ids")
        known = [task_id for task_id in map(parsed_id, ids) if task_id in self.world.tasks.rows]
        if len(known) < len(ids) and switches.delete_missing == "not_found":
            raise Refusal(404, "Not found.")
        for task_id in dict.fromkeys(known):
            self.world.delete(task_id)
        if switches.delete_status == 204 or switches.delete_answer == "nothing":
            return Answer(status=switches.delete_status)
        return Answer(payload={})

    def _found(self, task_id: str) -> Task:
        task = self.world.tasks.rows.get(task_id)
        if task is None:
            raise Refusal(404, "Not found.")
        return task

    # ---- people and types -------------------------------------------------------------

    def _list_users(self, asked: Asked) -> Answer:
        offset, limit = window_of(asked, self.switches)
        order = order_of(asked.value("sort"), self.switches)
        users = [
            user
            for user in self.world.users.values()
            if user.is_active or self.switches.inactive_users == "listed"
        ]
        if order is not None:
            users.sort(key=lambda user: user.id, reverse=order[1])
        return Answer(payload=[self._user(user) for user in users[offset : offset + limit]])

    def _get_self(self, _: Asked) -> Answer:
        if self.switches.self_endpoint == "missing":
            raise Refusal(404, "Not found.")
        return Answer(payload=self._user(self.world.users[self.self_user_id]))

    def _list_task_types(self, asked: Asked) -> Answer:
        kinds = [kind.wire() for kind in self.world.task_types.values()]
        page, limit = asked.value("page"), asked.value("limit")
        if limit is None or not limit.isdecimal() or int(limit) < 1:
            return Answer(payload=kinds)
        base = self.switches.task_type_page_base
        number = max(0, int(page) - base) if page and page.isdecimal() else 0
        start = number * int(limit)
        return Answer(payload=kinds[start : start + int(limit)])

    def _user(self, user: User) -> JsonObject:
        return shown_user(user, self.company_id, self.switches)
