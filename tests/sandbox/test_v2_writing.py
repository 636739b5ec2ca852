"""What creates, patches, completions and deletes of the simulated v2 service do."""

from typing import Any

import pytest

from tests.sandbox.contracts import is_valid_request
from tests.sandbox.desk import Desk

READ_ONLY = (
    "_id",
    "number",
    "identifierNumber",
    "companyId",
    "status",
    "chatId",
    "firstStartedAt",
    "firstTerminatedAt",
)


def test_a_create_answers_200_without_a_body_and_makes_a_new_task(desk: Desk) -> None:
    body = {"title": "Paint", "priority": "high", "dueDate": "2026-05-01T10:00:00+02:00"}
    answer = desk.send("POST", "/tasks/", body)
    assert (answer.status_code, answer.content) == (200, b"")
    shown = desk.listed()[0]
    assert (shown["taskStatus"], shown["tags"], shown["priority"]) == ("new", [], "high")
    assert shown["dueDate"] == "2026-05-01T08:00:00.000Z"
    assert shown["status"]["createdBy"] == desk.v2.self_user_id


@pytest.mark.parametrize(
    "body",
    [
        {"taskStatus": "open"},
        {"tags": []},
        {"priority": "Critical"},
        {"title": 5},
        {"dueDate": 1770000000000},
        {"dueDate": "tomorrow"},
        {"assigneeId": "me"},
        {"assigneeId": "0" * 24},
        {"taskTypeId": "0" * 24},
        {"customerIds": ["one"]},
        {"customerIds": "one"},
    ],
)
def test_a_create_that_does_not_fit_is_refused_and_makes_nothing(
    desk: Desk, body: dict[str, Any]
) -> None:
    assert desk.send("POST", "/tasks/", body).status_code == 400
    assert len(desk.v2.tasks) == 0


def test_a_patch_changes_what_it_names_as_the_keys_user(desk: Desk) -> None:
    task_id = desk.job(description="stays")
    desk.clock.forward(5)
    answer = desk.patch(task_id, title="Paint", taskStatus="in_progress", tags=["a"])
    assert (answer.status_code, answer.content) == (200, b"")
    shown = desk.read(task_id)
    assert (shown["title"], shown["description"], shown["tags"]) == ("Paint", "stays", ["a"])
    assert shown["firstStartedAt"] == shown["status"]["lastModifiedAt"]
    assert shown["status"]["lastModifiedBy"] == desk.v2.self_user_id


@pytest.mark.parametrize("key", READ_ONLY)
def test_a_patch_with_a_read_only_key_is_refused_as_the_contract_says(desk: Desk, key: str) -> None:
    task_id = desk.job()
    body = {"title": "x", key: None}
    assert not is_valid_request("v2", "updateTask", body)
    assert desk.patch(task_id, **body).status_code == 400
    assert desk.read(task_id)["title"] == "Fix the pump"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"taskStatus": "done"},
        {"priority": "Critical"},
        {"priority": 3},
        {"title": 3},
        {"tags": "a"},
        {"assignee": "me"},
        {"assignee": {"entityId": "0" * 24}},
        {"dueDate": 5},
        {"taskTypeId": "x"},
    ],
)
def test_a_patch_that_does_not_fit_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.patch(desk.job(), **body).status_code == 400


def test_everything_that_can_be_emptied_is_emptied_by_null(desk: Desk) -> None:
    user = desk.v2.self_user_id
    task_id = desk.job(assignee=user, priority="low", description="x")
    desk.patch(task_id, dueDate="2026-05-01T10:00:00Z")
    names = ("assignee", "priority", "description", "dueDate", "taskStatus", "taskTypeId", "title")
    desk.patch(task_id, **dict.fromkeys(names))
    shown = desk.read(task_id)
    assert [shown[name] for name in names] == [None] * len(names)


def test_an_assignee_is_named_by_the_entity(desk: Desk) -> None:
    task_id, user = desk.job(), desk.v2.self_user_id
    desk.patch(task_id, assigneeId=user)
    assert desk.read(task_id)["assignee"] is None
    desk.patch(task_id, assignee={"entityId": user})
    assert desk.read(task_id)["assignee"]["entityId"] == user


def test_a_task_is_completed_once(desk: Desk) -> None:
    task_id = desk.job()
    done = desk.send("POST", f"/tasks/{task_id}/complete", {"sendEmail": False})
    assert (done.status_code, done.json()) == (200, {"completed": True})
    shown = desk.read(task_id)
    assert shown["taskStatus"] == "completed"
    assert shown["firstTerminatedAt"] == shown["status"]["lastModifiedAt"]
    again = desk.send("POST", f"/tasks/{task_id}/complete")
    assert (again.status_code, again.json()) == (400, {"message": "Task is already completed"})
    cancelled = desk.job(task_status="cancelled")
    assert desk.send("POST", f"/tasks/{cancelled}/complete").status_code == 400


def test_deleted_tasks_are_gone_from_lists_and_reads(desk: Desk) -> None:
    first, second = desk.job(), desk.job(title="stays")
    assert desk.send("POST", "/tasks/delete", {"ids": [first, "0" * 24]}).status_code == 200
    assert desk.titles() == ["stays"]
    assert desk.send("GET", f"/tasks/{first}").status_code == 404
    assert desk.patch(first, title="x").status_code == 404
    assert desk.send("POST", "/tasks/delete", {}).status_code == 400
    assert desk.send("POST", "/tasks/delete", {"ids": ["x"]}).status_code == 400
    assert desk.read(second)["title"] == "stays"


def test_resolve_is_not_served(desk: Desk) -> None:
    assert desk.send("POST", f"/tasks/{desk.job()}/resolve").status_code == 404
