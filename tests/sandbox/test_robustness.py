"""Whatever is sent, a service answers it or refuses it, and never breaks over it."""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.sandbox import KoreSwitches, Sandbox, V2Switches
from bridge.sandbox.answers import Answer, Asked, Refusal
from bridge.sandbox.service import AnyService
from bridge.sandbox.shelf import Shelf
from tests.sandbox.desk import MovableClock

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
AWKWARD: list[Any] = [
    *(None, True, False, 0, 1, -1, 10**30, 1.5, float("inf"), float("nan")),
    *("", "x", "1", "9" * 40, "1e999", "0001-01-01", "9999-12-31T23:59:59+00:00", "f" * 24),
    *([], [None], [1], [[]], [{}], {}, {"a": 1}, {"a": []}, {"_id": []}, {"name": {}}),
    *({"entityId": []}, {"agentId": [], "aId": {}}, {"name": "A", "_id": {}}, {1: 2}),
]
SANDBOX = Sandbox(
    kore=KoreSwitches(case_due_number="taken", status_by_name="taken", sort="honoured"),
    v2=V2Switches(due_accepts="any", assign_by="either", refused_moves=frozenset({("a", "b")})),
    clock=MovableClock(),
)
CASE = SANDBOX.kore.add_case(name="One", customer={"name": "A", "emailId": "a@example.com"})
TASK = SANDBOX.kore.add_task(case_id=CASE, name="Task")
JOB = SANDBOX.v2.add_task(title="Job")
LIKELY: dict[str, Any] = {
    "caseId": CASE,
    "caseRefId": "CS000100",
    "taskTmp": SANDBOX.kore.task_template_id,
    "caseTmp": "any",
    "name": "Name",
    "userInfo": {"name": "A", "emailId": "a@example.com"},
    "source": "rtm",
    "desc": "Text",
    "title": "Title",
}
KEYS = (
    *LIKELY,
    *("skip", "limit", "searchText", "sortBy", "status", "priority", "agents", "queues", "channel"),
    *("startDate", "endDate", "dueDate", "ETA", "selectedColumns", "mytask", "unassigned", "tags"),
    *("currAssignee", "assigneeType", "description", "taskStatus", "assignee", "assigneeId"),
    *("taskTypeId", "customerIds", "userIds", "ids", "email", "emailText", "completionResponse"),
)


class Ready(Asked):
    """A request whose body was parsed already, so that any value can stand in it."""

    def object(self) -> dict[str, Any]:
        return BODY


BODY: dict[str, Any] = {}


def outcome(service: AnyService, operation: str, body: dict[str, Any], task_id: str) -> int:
    """The status of one call, past the credentials; any other exception is the failure."""
    BODY.clear()
    BODY.update(body)
    asked = Ready(operation=operation, method="POST", path="/", body=b"{}", ids={"id": task_id})
    try:
        answer: Answer = service.operations()[operation](asked)
    except Refusal as refusal:
        return refusal.status
    return answer.status


@pytest.mark.parametrize("operation", ["getTasks", "getCases", "createTask", "createCase"])
def test_no_value_breaks_a_list_or_a_create_of_kore(operation: str) -> None:
    good = LIKELY if operation.startswith("create") else {}
    for key, value in product(KEYS, AWKWARD):
        assert outcome(SANDBOX.kore, operation, {**good, key: value}, "") < 500, (key, value)


def test_no_value_breaks_an_update_of_kore() -> None:
    for key, value in product(KEYS, AWKWARD):
        assert outcome(SANDBOX.kore, "updateTask", {key: value}, TASK) < 500, (key, value)
        assert SANDBOX.kore.tasks[TASK]["_id"] == TASK, (key, value)


@pytest.mark.parametrize("operation", ["createTask", "updateTask", "completeTask", "deleteTasks"])
def test_no_value_breaks_a_write_of_v2(operation: str) -> None:
    for key, value in product(KEYS, AWKWARD):
        assert outcome(SANDBOX.v2, operation, {key: value}, JOB) < 500, (key, value)
        assert SANDBOX.v2.tasks[JOB]["_id"] == JOB, (key, value)


@QUICK
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.integers(0, 3)), max_size=30))
def test_a_shelf_is_always_in_order(writes: list[tuple[str, int | None]]) -> None:
    shelf: Shelf[int] = Shelf()
    for at, (row_id, value) in enumerate(writes):
        if value is not None:
            shelf.put(row_id, value, at)
        elif row_id in shelf.rows:
            shelf.remove(row_id)
        up = shelf.ordered("value", lambda row: row, is_down=False)
        assert [shelf.rows[each] for each in up] == sorted(shelf.rows.values())
        assert shelf.ordered("value", lambda row: row, is_down=True) == up[::-1]
        assert set(up) == shelf.rows.keys()
