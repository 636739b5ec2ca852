"""The seeded worlds and the simulated people in them."""

from collections import Counter
from collections.abc import Callable

from bridge.sandbox import People
from tests.sandbox.desk import Desk


def test_a_seeded_kore_account_has_of_everything(desk: Desk) -> None:
    desk.kore.seed(tasks=200, cases=12)
    tasks = list(desk.kore.tasks.values())
    assert len(tasks) == 200
    assert len(desk.kore.cases) == 13
    categories = Counter(task["status"]["statusCategory"] for task in tasks)
    assert categories.keys() == {"open", "in-progress", "on-hold", "resolved", "closed"}
    assert {task["assigneeType"] for task in tasks} == {"unassigned", "agent", "queues"}
    assert any("desc" not in task for task in tasks)
    assert any("\r\n" in task.get("desc", "") for task in tasks)
    assert any("<p>" in task.get("desc", "") for task in tasks)
    assert any("dueDate" in task for task in tasks)
    assert any(priority["type"] == "custom" for priority in desk.kore.priorities)
    assert any(case["status"]["name"] == "Closed" for case in desk.kore.cases.values())
    assert all(
        task["createdAt"] <= task["updatedAt"] < "2026-03-04T12:00:00.250Z" for task in tasks
    )


def test_a_seeded_v2_company_has_of_everything(desk: Desk) -> None:
    desk.v2.seed(tasks=150)
    tasks = list(desk.v2.tasks.values())
    assert len(tasks) == 150
    assert {task["taskStatus"] for task in tasks} == {
        None,
        "new",
        "open",
        "in_progress",
        "in_review",
        "completed",
        "cancelled",
    }
    for key in ("title", "priority", "assignee", "dueDate", "identifierNumber"):
        assert any(task[key] is None for task in tasks), key
        assert any(task[key] is not None for task in tasks), key
    assert all(task["status"]["createdAt"] <= task["status"]["lastModifiedAt"] for task in tasks)


def test_some_people_have_equal_names_on_both_sides_and_some_have_nobody(desk: Desk) -> None:
    desk.kore.seed(tasks=1, cases=1)
    desk.v2.seed(tasks=1)
    agents = {agent["name"] for agent in desk.kore.agents}
    users = {
        f"{user['general']['firstName']} {user['general']['lastName']}"
        for user in desk.v2.users.values()
    }
    assert agents & users
    assert agents - users
    assert users - agents


def test_people_do_believable_things_on_both_sides(desk: Desk) -> None:
    desk.kore.seed(tasks=20, cases=3)
    desk.v2.seed(tasks=20)
    people = People(desk.sandbox, seed=3)
    edits = [people.act() for _ in range(120)]
    assert {edit.side for edit in edits} == {"kore", "v2"}
    assert all(edit.what and edit.who and edit.reference for edit in edits)
    assert any(edit.what.startswith("opened") for edit in edits)
    assert all(
        edit.task_id in (desk.kore.tasks if edit.side == "kore" else desk.v2.tasks)
        for edit in edits
    )


def test_the_same_people_do_the_same_things(desk: Desk, make_desk: Callable[..., Desk]) -> None:
    other = make_desk()
    for place in (desk, other):
        place.kore.seed(tasks=5, cases=2)
        place.v2.seed(tasks=5)
    one, same = People(desk.sandbox, seed=3), People(other.sandbox, seed=3)
    assert [one.act() for _ in range(40)] == [same.act() for _ in range(40)]


def test_an_edit_of_people_is_what_the_api_shows(desk: Desk) -> None:
    people = People(desk.sandbox, seed=1)
    edits = [people.act() for _ in range(30)]
    shown = {row["_id"] for row in desk.rows()} | {row["_id"] for row in desk.listed()}
    assert {edit.task_id for edit in edits} <= shown


def test_people_leave_an_account_without_an_open_case_alone(desk: Desk) -> None:
    desk.kore.close_case(desk.case_id)
    people = People(desk.sandbox, seed=1)
    assert {people.act().side for _ in range(20)} == {"v2"}
