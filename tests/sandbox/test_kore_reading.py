"""What getTasks and getCases of the simulated Kore show."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bridge.sandbox import KoreSwitches
from tests.sandbox.desk import NOON, Desk

MakeDesk = Callable[..., Desk]
EIGHT = {"_id", "caseId", "caseRefId", "name", "priority", "status", "createdAt", "updatedAt"}


def add_five(desk: Desk) -> list[str]:
    """Five tasks, a second apart."""
    ids = []
    for number in range(5):
        ids.append(desk.task(name=f"Task {number}"))
        desk.clock.forward(1)
    return ids


def test_a_sparse_row_shows_eight_fields_and_no_more(desk: Desk) -> None:
    agent = desk.kore.agents[0]["agentId"]
    desk.task(desc="hidden", assignee=agent, due=NOON, tags=["hidden"])
    row = desk.rows()[0]
    assert row.keys() == EIGHT
    assert row["priority"].keys() == {"name", "color"}
    assert row["status"].keys() == {"name", "statusCategory"}


def test_asking_for_columns_does_not_help_by_default(desk: Desk) -> None:
    desk.task(desc="hidden")
    assert desk.rows(selectedColumns=["desc", "currAssignee"])[0].keys() == EIGHT


def test_ids_have_seven_signs_in_their_first_group(desk: Desk) -> None:
    row = desk.kore.tasks[desk.task()]
    for value in (row["_id"], row["caseId"], row["status"]["_id"], row["priority"]["_id"]):
        assert len(value.split("-")[1]) == 7
    assert row["refId"] == "TS000102"
    assert row["caseRefId"] == "CS000100"


def test_pages_follow_each_other_and_the_last_one_says_so(desk: Desk) -> None:
    add_five(desk)
    pages = [desk.ask("getTasks", {"skip": skip, "limit": 2}).json() for skip in (0, 2, 4, 6)]
    assert [len(page["results"]) for page in pages] == [2, 2, 1, 0]
    assert [page["hasMore"] for page in pages] == [True, True, False, False]
    assert (pages[1]["page"], pages[1]["limit"]) == (2, 2)
    assert (pages[0]["totalResults"], pages[0]["totalPages"]) == (5, 3)


@pytest.mark.parametrize("body", [{"skip": -1}, {"limit": 0}, {"limit": "10"}, {"skip": True}, []])
def test_a_page_that_makes_no_sense_is_refused(desk: Desk, body: object) -> None:
    assert desk.ask("getTasks", body).status_code == 400


def test_a_sort_by_change_time_runs_both_ways(desk: Desk) -> None:
    ids = add_five(desk)
    desk.kore.edit_task(ids[2], desc="touched")
    newest = [row["_id"] for row in desk.rows(sortBy={"updatedAt": "desc"})]
    oldest = [row["_id"] for row in desk.rows(sortBy={"updatedAt": "asc"})]
    assert newest[0] == ids[2]
    assert oldest == newest[::-1]


def test_the_order_is_kept_up_when_tasks_change_come_and_go(desk: Desk) -> None:
    ids = add_five(desk)
    desk.rows(sortBy={"name": "asc"})
    desk.kore.edit_task(ids[0], name="Task 9")
    desk.kore.remove_task(ids[1])
    desk.task(name="Task 2b")
    assert desk.names(sortBy={"name": "asc"}) == [
        "Task 2",
        "Task 2b",
        "Task 3",
        "Task 4",
        "Task 9",
    ]


def test_a_search_looks_into_names_alone(desk: Desk) -> None:
    desk.task(name="Repair the pump")
    desk.task(name="Else", desc="pump")
    assert desk.names(searchText="PUMP") == ["Repair the pump"]


def test_filters_narrow_by_names_and_flags(desk: Desk) -> None:
    agent = desk.kore.agents[0]["agentId"]
    desk.task(name="one", status="In Progress", priority="High", assignee=agent)
    desk.task(name="two", status="Closed", queue="FieldQueue")
    desk.task(name="three")
    assert desk.names(status=["In-Progress"]) == ["one"]
    assert desk.names(priority=["high"]) == ["one"]
    assert desk.names(agents=[agent]) == ["one"]
    assert desk.names(queues=["FieldQueue"]) == ["two"]
    assert desk.names(unassigned=True) == ["three"]
    assert set(desk.names(unresolved=True)) == {"one", "three"}
    assert desk.names(channel=["email"]) == []


def test_a_filter_of_the_wrong_kind_is_refused(desk: Desk) -> None:
    assert desk.ask("getTasks", {"status": "Open"}).status_code == 400
    assert desk.ask("getTasks", {"startDate": "yesterday"}).status_code == 400
    assert desk.ask("getTasks", {"sortBy": 3}).status_code == 400


def test_a_window_of_time_narrows_by_the_creation(desk: Desk) -> None:
    desk.task(name="early")
    desk.clock.forward(3600)
    desk.task(name="late")
    border = (NOON + timedelta(minutes=30)).isoformat()
    assert desk.names(startDate=border) == ["late"]
    assert desk.names(endDate=border) == ["early"]


def test_my_tasks_are_those_of_the_agent_whom_the_token_names(desk: Desk) -> None:
    agent = desk.kore.agents[1]["agentId"]
    desk.task(name="mine", assignee=agent)
    desk.task(name="not mine")
    named = desk.ask("getTasks", {"mytask": True}, auth=desk.token(sub=agent)).json()
    assert [row["name"] for row in named["results"]] == ["mine"]
    assert desk.names(mytask=True) == []


def test_a_case_is_listed_whole_with_its_tasks_and_addresses(desk: Desk) -> None:
    task_id = desk.task()
    case = desk.ask("getCases").json()["results"][0]
    assert case["_id"] == desk.case_id
    assert case["taskIds"] == [task_id]
    assert case["userInfo"]["emailId"] == "customer.one@example.com"
    assert case["conversationType"] == "CASE"


def test_the_world_can_change_between_two_pages(desk: Desk) -> None:
    ids = add_five(desk)
    seen: list[tuple[str, int]] = []

    def someone_edits(operation: str, passed: int) -> None:
        seen.append((operation, passed))
        if passed == 0:
            desk.kore.edit_task(ids[0], desc="now the newest")

    desk.kore.on_page = someone_edits
    first = desk.rows(sortBy={"updatedAt": "desc"}, limit=2)
    second = desk.rows(sortBy={"updatedAt": "desc"}, limit=2, skip=2)
    assert first[1]["_id"] == second[0]["_id"]
    assert seen == [("getTasks", 0), ("getTasks", 2)]


def test_what_runs_between_two_pages_may_call_the_service_itself(desk: Desk) -> None:
    add_five(desk)
    seen: list[int] = []

    def someone_looks(operation: str, passed: int) -> None:
        desk.kore.on_page = None
        seen.append(len(desk.rows()))

    desk.kore.on_page = someone_looks
    assert len(desk.rows(limit=2)) == 2
    assert seen == [5]


def test_a_list_that_lags_shows_the_old_row_and_not_the_new_one(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"rows_late_seconds": 10.0})
    task_id = desk.task(name="old name")
    assert desk.names() == []
    desk.clock.forward(10)
    desk.kore.edit_task(task_id, name="new name")
    assert desk.names() == ["old name"]
    desk.clock.forward(10)
    assert desk.names() == ["new name"]


def test_nothing_but_the_six_calls_is_served(desk: Desk) -> None:
    task_id = desk.task()
    for call in ("getTask", f"getTask/{task_id}", f"deleteTask/{task_id}", "getAgents"):
        assert desk.ask(call).status_code == 404
    assert desk.kore.calls[-1].operation == "unknown"


def test_switches_take_effect_while_the_service_runs(desk: Desk) -> None:
    desk.task(desc="shown")
    desk.kore.switches = KoreSwitches(limits=(), rows="full")
    assert desk.rows()[0]["desc"] == "shown"
