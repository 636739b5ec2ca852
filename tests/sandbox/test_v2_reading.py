"""What the lists and reads of the simulated v2 service show."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.desk import NOON, Desk

MakeDesk = Callable[..., Desk]
NEWEST = '{"by":"status.lastModifiedAt","direction":-1}'


def add_five(desk: Desk) -> list[str]:
    """Five tasks, a second apart."""
    ids = []
    for number in range(5):
        ids.append(desk.job(title=f"Job {number}"))
        desk.clock.forward(1)
    return ids


@pytest.mark.parametrize("key", [None, "nobody:nothing"])
@pytest.mark.parametrize("path", ["/tasks/", "/users/", "/users/self", "/taskTypes/"])
def test_every_path_wants_the_whole_key(desk: Desk, path: str, key: str | None) -> None:
    assert desk.send("GET", path, key=key).status_code == 401
    assert desk.send("GET", path, key=desk.v2.api_key.partition(":")[0]).status_code == 401
    assert desk.send("GET", path).status_code == 200


def test_the_trailing_slash_is_part_of_the_path(desk: Desk) -> None:
    assert desk.send("GET", "/tasks").status_code == 404
    assert desk.send("GET", "/users").status_code == 404


def test_the_documented_sort_is_refused_and_json_works(desk: Desk) -> None:
    ids = add_five(desk)
    colon = desk.send("GET", "/tasks/", sort="status.lastModifiedAt:-1")
    assert colon.status_code == 400
    assert colon.json() == {
        "message": "Could not fetch list.",
        "errors": [{"message": "Sorting needs by and direction"}],
    }
    assert [row["_id"] for row in desk.listed(sort=NEWEST)] == ids[::-1]


def test_pages_are_cut_by_offset_and_limit(desk: Desk) -> None:
    ids = add_five(desk)
    pages = [desk.listed(sort=NEWEST, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [row["_id"] for page in pages for row in page] == ids[::-1]
    assert pages[-1] == []


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"offset": -1}])
def test_a_page_outside_the_documented_range_is_refused(desk: Desk, query: dict[str, Any]) -> None:
    assert desk.send("GET", "/tasks/", **query).status_code == 400


def test_without_a_sort_rows_are_missed_between_pages(desk: Desk) -> None:
    for number in range(40):
        desk.job(title=str(number))
    seen = {
        title
        for offset in range(0, 40, 10)
        for title in desk.titles(sort=None, limit=10, offset=offset)
    }
    assert len(seen) < 40


def test_a_task_without_anything_shows_null_for_it(desk: Desk) -> None:
    shown = desk.read(desk.job(title=None, task_status=None))
    empty = ("title", "taskStatus", "assignee", "priority", "dueDate", "description")
    assert {shown[key] for key in empty} == {None}
    assert shown["identifierNumber"] == 1


def test_identifiers_count_within_the_task_type(desk: Desk) -> None:
    kinds = {kind["prefix"]: kind["_id"] for kind in desk.v2.task_types.values()}
    shown = [desk.read(desk.job(task_type_id=kinds[prefix])) for prefix in ("GEN", "REC", "REC")]
    assert [task["identifierNumber"] for task in shown] == [1, 1, 2]
    assert [task["number"] for task in shown] == [1, 2, 3]


def test_filters_narrow_the_list(desk: Desk) -> None:
    user = desk.v2.self_user_id
    desk.job(title="Fix the pump", task_status="open", priority="high", assignee=user)
    desk.job(title="Paint", customers=["Northwind"])
    assert desk.titles(taskStatus="open,completed") == ["Fix the pump"]
    assert desk.titles(priority="high") == ["Fix the pump"]
    assert desk.titles(taskAssignee=user) == ["Fix the pump"]
    assert desk.titles(taskByTitleIdentifier="PUM") == ["Fix the pump"]
    assert desk.titles(taskByTitleIdentifier="GEN-2") == ["Paint"]
    related = desk.listed(taskByTitleIdentifier="Paint")[0]["related"]["customers"][0]
    assert related["name"] == "Northwind"
    assert desk.titles(customer=related["entityId"]) == ["Paint"]
    assert desk.titles(relatedInvoices="0" * 24) == []
    assert len(desk.titles(status="1")) == 2
    assert desk.titles(taskFromRecurringTemplate="true") == []


def test_a_task_that_is_not_there_and_an_id_that_is_none(desk: Desk) -> None:
    missing = desk.send("GET", f"/tasks/{'0' * 24}")
    assert (missing.status_code, missing.json()) == (404, {"message": "Not found."})
    odd = desk.send("GET", "/tasks/abc")
    assert (odd.status_code, odd.json()) == (400, {"message": "Failed to parse Id: abc"})


def test_user_records_hold_private_fields_for_clients_to_drop(desk: Desk) -> None:
    user = desk.send("GET", "/users/self").json()
    assert user["_id"] == desk.v2.self_user_id
    assert {"password", "tokens", "email"} <= user.keys()
    assert {"birthDate", "insuranceNumber"} <= user["general"].keys()
    assert user in desk.send("GET", "/users/").json()


def test_users_are_paged_and_sorted_like_tasks(desk: Desk) -> None:
    sort = '{"by":"_id","direction":-1}'
    ids = [
        desk.send("GET", "/users/", sort=sort, limit=1, offset=n).json()[0]["_id"] for n in range(3)
    ]
    assert ids == sorted(desk.v2.users, reverse=True)
    assert desk.send("GET", "/users/", sort="_id:1").status_code == 400


def test_a_list_that_lags_shows_the_old_row_and_a_read_the_new_one(make_desk: MakeDesk) -> None:
    desk = make_desk(v2={"rows_late_seconds": 10.0})
    task_id = desk.job(title="old")
    desk.clock.forward(10)
    desk.v2.edit_task(task_id, title="new")
    assert desk.titles() == ["old"]
    assert desk.read(task_id)["title"] == "new"
    desk.clock.forward(10)
    assert desk.titles() == ["new"]


def test_the_world_can_change_between_two_pages(desk: Desk) -> None:
    ids = add_five(desk)
    desk.v2.on_page = lambda operation, passed: desk.v2.remove_task(ids[4 - passed])
    first = desk.listed(sort=NEWEST, limit=2)
    second = desk.listed(sort=NEWEST, limit=2, offset=2)
    assert [row["_id"] for row in first + second] == [ids[4], ids[3], ids[1], ids[0]]


def test_people_change_only_what_they_name_and_stand_as_authors(desk: Desk) -> None:
    task_id = desk.job(description="a", due=NOON, tags=["x"], priority="low")
    desk.clock.forward(1)
    desk.v2.edit_task(task_id, title="b")
    shown = desk.v2.tasks[task_id]
    assert (shown["title"], shown["description"], shown["tags"]) == ("b", "a", ["x"])
    assert shown["status"]["lastModifiedAt"] == "2026-03-04T12:00:01.250Z"
    assert shown["status"]["lastModifiedBy"] != desk.v2.self_user_id
