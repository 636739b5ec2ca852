"""What createTask and updateTask of the simulated Kore take, refuse and answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge.sandbox.moments import to_ms
from tests.sandbox.contracts import is_valid_request
from tests.sandbox.desk import NOON, Desk

MakeDesk = Callable[..., Desk]
KEYS = ("caseId", "caseRefId", "taskTmp", "name", "userInfo", "source", "desc")


def test_a_created_task_is_open_and_nobodys(desk: Desk) -> None:
    answer = desk.create()
    shown = answer.json()
    assert answer.status_code == 200
    assert shown["status"] == {
        "_id": shown["status"]["_id"],
        "name": "Open",
        "statusCategory": "open",
    }
    assert (shown["assigneeType"], shown["currAssignee"], shown["ETA"]) == ("unassigned", {}, "")
    assert "dueDate" not in shown
    assert shown["taskTmp"] == "Default"
    assert "emailId" not in shown["userInfo"]
    assert shown["createdBy"]["_id"] == desk.kore.app_user_id


def test_sending_a_create_twice_makes_two_tasks(desk: Desk) -> None:
    first, second = desk.create().json(), desk.create().json()
    assert first["_id"] != second["_id"]
    assert len(desk.kore.tasks) == 2


@pytest.mark.parametrize("key", KEYS)
def test_a_create_without_a_required_key_is_refused_as_the_contract_says(
    desk: Desk, key: str
) -> None:
    body = desk.creation(**{key: None})
    assert not is_valid_request("kore", "createTask", body)
    assert desk.ask("createTask", body).status_code == 400
    assert len(desk.kore.tasks) == 0


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"name": ""}, 400),
        ({"userInfo": {"name": "Nobody"}}, 400),
        ({"userInfo": {"emailId": "a@example.com"}}, 400),
        ({"caseRefId": "CS000999"}, 400),
        ({"caseId": "ci-0000000-none"}, 404),
        ({"taskTmp": "ttm-other"}, 400),
        ({"desc": 3}, 400),
    ],
)
def test_a_create_that_does_not_fit_is_refused(
    desk: Desk, wrong: dict[str, Any], status: int
) -> None:
    assert desk.create(**wrong).status_code == status


def test_a_closed_case_takes_neither_tasks_nor_edits_until_it_is_reopened(desk: Desk) -> None:
    task_id = desk.task()
    desk.kore.close_case(desk.case_id)
    assert desk.create().status_code == 400
    assert desk.update(task_id, name="New").status_code == 400
    assert desk.update(task_id).status_code == 400
    desk.kore.reopen_case(desk.case_id)
    assert desk.update(task_id, name="New").status_code == 200


def test_an_update_changes_only_what_it_names_and_answers_the_whole_record(desk: Desk) -> None:
    task_id = desk.task(desc="stays", priority="High")
    desk.clock.forward(5)
    shown = desk.update(task_id, name="Renamed").json()
    assert (shown["name"], shown["lname"], shown["desc"]) == ("Renamed", "renamed", "stays")
    assert shown["priority"]["name"] == "High"
    assert shown["updatedAt"] == "2026-03-04T12:00:05.250Z"
    assert shown["createdAt"] == "2026-03-04T12:00:00.250Z"
    assert shown["updatedBy"]["_id"] == desk.kore.app_user_id


def test_an_update_of_nothing_shows_the_record_and_moves_nothing(desk: Desk) -> None:
    task_id = desk.task(desc="seen")
    before = desk.kore.tasks[task_id]
    desk.clock.forward(5)
    assert desk.update(task_id).json() == before
    assert desk.update(task_id, _id=task_id).json() == before


def test_a_status_and_a_priority_are_set_by_their_ids(desk: Desk) -> None:
    task_id = desk.task()
    waiting = desk.kore.add_status("Pending Customer Response", "On Hold")
    emergency = desk.kore.add_priority("Emergency", 15)
    shown = desk.update(task_id, status={"_id": waiting}, priority={"_id": emergency}).json()
    assert shown["status"]["statusCategory"] == "on-hold"
    assert (shown["priority"]["name"], shown["priority"]["score"]) == ("Emergency", 15)


def test_an_agent_is_put_in_charge_and_taken_off(desk: Desk) -> None:
    task_id, agent = desk.task(queue="FieldQueue"), desk.kore.agents[1]
    shown = desk.update(task_id, currAssignee=agent, assigneeType="agent").json()
    assert (shown["currAssignee"], shown["assigneeType"], shown["queues"]) == (agent, "agent", [])
    assert shown["participants"][0]["agentId"] == agent["agentId"]
    shown = desk.update(task_id, currAssignee={}, assigneeType="unassigned").json()
    assert (shown["currAssignee"], shown["assigneeType"]) == ({}, "unassigned")


def test_a_due_date_is_set_in_milliseconds_and_removed_by_null(desk: Desk) -> None:
    task_id, due = desk.task(), NOON + timedelta(days=1)
    shown = desk.update(task_id, dueDate=to_ms(due)).json()
    assert (shown["dueDate"], shown["ETA"]) == (to_ms(due), "2026-03-05T12:00:00.250Z")
    values = [field.get("selectedValue") for field in shown["fields"]]
    assert "2026-03-05T12:00:00.250Z" in values
    shown = desk.update(task_id, dueDate=None, ETA="").json()
    assert "dueDate" not in shown
    assert shown["ETA"] == ""


def test_where_both_keys_name_a_moment_the_milliseconds_count(desk: Desk) -> None:
    later = (NOON + timedelta(days=2)).isoformat()
    shown = desk.update(desk.task(), dueDate=to_ms(NOON), ETA=later).json()
    assert shown["dueDate"] == to_ms(NOON)


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": 1},
        {"desc": 1},
        {"tags": "one"},
        {"tags": [1]},
        {"userInfo": "me"},
        {"status": {}},
        {"status": "Open"},
        {"status": {"_id": "sts-none"}},
        {"status": {"name": "Open"}},
        {"priority": {"name": "High"}},
        {"currAssignee": "me"},
        {"currAssignee": {"agentId": "u-none", "aId": "a-none"}},
        {"dueDate": "tomorrow"},
        {"dueDate": True},
        {"ETA": "tomorrow"},
        {"ETA": 5},
    ],
)
def test_an_update_with_a_value_of_the_wrong_kind_changes_nothing(
    desk: Desk, body: dict[str, Any]
) -> None:
    task_id = desk.task()
    before = desk.kore.tasks[task_id]
    assert desk.update(task_id, **{"desc": "new", **body}).status_code == 400
    assert desk.kore.tasks[task_id] == before


def test_an_update_of_a_task_that_does_not_exist_is_not_found(desk: Desk) -> None:
    assert desk.update("ti-0000000-none", name="x").status_code == 404


def test_text_that_is_no_json_is_refused(desk: Desk) -> None:
    root = f"{desk.kore.url}/caseManagement/api/public/analytics/{desk.kore.stream_id}/getTasks"
    headers = {"auth": desk.token(), "AccountId": desk.kore.account_id}
    assert desk.http.post(root, content=b"{", headers=headers).status_code == 400
    assert desk.kore.calls[-1].body == "{"


def test_a_case_can_be_opened_and_closed_through_the_api(desk: Desk) -> None:
    body = desk.creation(caseTmp=desk.kore.case_template_id, dueDate="2026-05-01T10:00:00Z")
    made = desk.ask("createCase", body).json()
    assert made["refId"] == "CS000101"
    assert made["ETA"] == "2026-05-01T10:00:00.000Z"
    assert "dueDate" not in made
    closed = next(status for status in desk.kore.statuses if status["name"] == "Closed")
    answer = desk.ask(f"updateCase/{made['_id']}", {"status": {"_id": closed["_id"]}})
    assert answer.json()["status"]["name"] == "Closed"
    body = desk.creation(caseId=made["_id"], caseRefId=made["refId"])
    assert desk.ask("createTask", body).status_code == 400


def test_people_change_only_what_they_name_and_stand_as_authors(desk: Desk) -> None:
    agent = desk.kore.agents[0]["agentId"]
    task_id = desk.task(desc="a", assignee=agent, due=NOON, tags=["x"])
    desk.clock.forward(1)
    desk.kore.edit_task(task_id, status="Resolved")
    shown = desk.kore.tasks[task_id]
    assert (shown["desc"], shown["tags"], shown["dueDate"]) == ("a", ["x"], to_ms(NOON))
    assert shown["currAssignee"]["agentId"] == agent
    assert shown["updatedBy"]["_id"] == desk.kore.agents[0]["agentId"]
    desk.kore.edit_task(task_id, assignee=None, due=None)
    assert desk.kore.tasks[task_id]["currAssignee"] == {}
    assert "dueDate" not in desk.kore.tasks[task_id]
    desk.kore.edit_task(task_id, queue="Night shift")
    assert desk.kore.tasks[task_id]["queues"][0]["name"] == "Night shift"
    desk.kore.edit_task(task_id, queue=None)
    assert desk.kore.tasks[task_id]["assigneeType"] == "unassigned"
