"""Every answer is one that the contract files describe, under the defaults and under others.

Left out are switches whose point is to leave the contract: plain-text errors, what a gateway
puts in place of an answer, and a Kore create that answers less than the record.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.sandbox.contracts import check_answer, contract
from tests.sandbox.desk import Desk

KORE_SETS: list[dict[str, Any]] = [
    {},
    {"rows": "full", "create_record": "whole", "customer_shown": "whole", "removed_due": "null"},
    {"rows": "full_without_empty", "hidden_keys": frozenset({"refId"}), "api_author": "absent"},
    {"selected_columns": "help", "create_status": 201, "category_spelling": "IN_PROGRESS"},
    {"total_results": "absent", "time_precision": "seconds", "error_shape": "html"},
    {"template_shown": "id", "empty_desc": "empty_string", "new_assignee": "queue"},
]
V2_SETS: list[dict[str, Any]] = [
    {},
    {"dates": "millis", "due_dates": "millis_string", "create_answer": "task"},
    {"dates": "millis_string", "due_dates": "float", "patch_answer": "task"},
    {"dates": "float", "due_dates": "millis", "patch_status": 204, "delete_status": 204},
    {"nobody_assigned": "empty_object", "no_priority": "absent", "related": "ids"},
    {"nobody_assigned": "absent", "no_priority": "empty_string", "empty_keys": "absent"},
    {"entity_status": "string", "user_status": "int", "task_type_shown": "object"},
    {"create_answer": "id", "create_status": 201, "patch_answer": "ack", "user_fields": "id_only"},
    {"last_modified_by": "hidden", "delete_answer": "empty_object", "error_detail": "message"},
]


def kore_story(desk: Desk) -> list[tuple[str, httpx.Response]]:
    """One call of each kind, good and bad."""
    desk.kore.seed(tasks=30, cases=4)
    task_id = desk.task(desc="d", assignee=desk.kore.agents[0]["agentId"], queue=None)
    agent, update = desk.kore.agents[1], f"updateTask/{task_id}"
    changes = {"currAssignee": agent, "dueDate": 1_800_000_000_000, "tags": ["a"]}
    case = desk.creation(caseTmp=desk.kore.case_template_id, dueDate="2026-05-01T10:00:00Z")
    story = [
        ("getTasks", desk.ask("getTasks", {"limit": 20, "selectedColumns": ["desc", "ETA"]})),
        ("getTasks", desk.ask("getTasks", {"skip": 1000})),
        ("getTasks", desk.ask("getTasks", {"limit": 0})),
        ("getTasks", desk.ask("getTasks", auth=None)),
        ("getCases", desk.ask("getCases")),
        ("createTask", desk.create()),
        ("createTask", desk.create(name=None)),
        ("updateTask", desk.ask(update)),
        ("updateTask", desk.ask(update, changes)),
        ("updateTask", desk.ask(update, {"dueDate": None, "ETA": "", "currAssignee": {}})),
        ("updateTask", desk.update("ti-none", name="x")),
        ("createCase", desk.ask("createCase", case)),
        ("updateCase", desk.ask(f"updateCase/{desk.case_id}", {"name": "Renamed"})),
    ]
    return [*story, *limited(desk)]


def limited(desk: Desk) -> list[tuple[str, httpx.Response]]:
    """A call too many."""
    desk.kore.switches = replace(desk.kore.switches, limits=((1, 60.0),), retry_after="seconds")
    return [("getTasks", desk.ask("getTasks")) for _ in range(2)]


def v2_story(desk: Desk) -> list[tuple[str, httpx.Response]]:
    """One call of each kind, good and bad."""
    desk.v2.seed(tasks=30)
    user = desk.v2.self_user_id
    task_id = desk.job(assignee=user, customers=["Northwind"], priority="low")
    path, sort = f"/tasks/{task_id}", '{"by":"_id","direction":1}'
    return [
        ("listTasks", desk.send("GET", "/tasks/", sort=sort)),
        ("listTasks", desk.send("GET", "/tasks/")),
        ("listTasks", desk.send("GET", "/tasks/", sort="_id:1")),
        ("listTasks", desk.send("GET", "/tasks/", key=None)),
        ("createTask", desk.send("POST", "/tasks/", {"title": "Paint", "assigneeId": user})),
        ("createTask", desk.send("POST", "/tasks/", {"tags": []})),
        ("getTask", desk.send("GET", path)),
        ("getTask", desk.send("GET", f"/tasks/{'f' * 24}")),
        ("updateTask", desk.patch(task_id, taskStatus="open", assignee=None)),
        ("updateTask", desk.patch(task_id, status={})),
        ("completeTask", desk.send("POST", f"{path}/complete", {"sendEmail": False})),
        ("completeTask", desk.send("POST", f"{path}/complete")),
        ("deleteTasks", desk.send("POST", "/tasks/delete", {"ids": [task_id]})),
        ("deleteTasks", desk.send("POST", "/tasks/delete", {"ids": []})),
        ("listUsers", desk.send("GET", "/users/")),
        ("getSelf", desk.send("GET", "/users/self")),
        ("listTaskTypes", desk.send("GET", "/taskTypes/")),
    ]


@pytest.mark.parametrize("switches", KORE_SETS, ids=lambda each: ",".join(each) or "default")
def test_every_answer_of_kore_is_in_the_contract(
    make_desk: Callable[..., Desk], switches: dict[str, Any]
) -> None:
    for operation, response in kore_story(make_desk(kore=switches)):
        check_answer("kore", operation, response)


@pytest.mark.parametrize("switches", V2_SETS, ids=lambda each: ",".join(each) or "default")
def test_every_answer_of_v2_is_in_the_contract(
    make_desk: Callable[..., Desk], switches: dict[str, Any]
) -> None:
    for operation, response in v2_story(make_desk(v2=switches)):
        check_answer("v2", operation, response)


def test_the_stories_tell_of_every_operation_and_of_many_statuses(desk: Desk) -> None:
    told = kore_story(desk) + v2_story(desk)
    operations = {
        method["operationId"]
        for name in ("kore", "v2")
        for path in contract(name)["paths"].values()
        for method in path.values()
        if "operationId" in method
    }
    webhooks = {name for name in operations if name.endswith(("Webhook", "Webhooks"))}
    assert {operation for operation, _ in told} == operations - webhooks
    assert {200, 400, 401, 404, 429} == {response.status_code for _, response in told}


def test_an_answer_that_the_contract_does_not_describe_is_found_out() -> None:
    wrong = httpx.Response(200, json={"results": [{"_id": "ti-1"}], "hasMore": False})
    with pytest.raises(AssertionError):
        check_answer("kore", "getTasks", wrong)
