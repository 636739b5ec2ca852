"""What each ordered fault does to a call, and whether the call is applied all the same."""

import threading

import httpx
import pytest

from bridge.sandbox import Fault
from tests.sandbox.desk import Desk

REFUSED = {
    Fault.FAIL_BEFORE: 500,
    Fault.UNAUTHORIZED: 401,
    Fault.FORBIDDEN: 403,
    Fault.NOT_FOUND: 404,
    Fault.BAD_REQUEST: 400,
    Fault.TOO_MANY_SECONDS: 429,
    Fault.TOO_MANY_DATE: 429,
    Fault.TOO_MANY_PLAIN: 429,
    Fault.LATE_APPLY: 500,
}


def wait_for_a_call(desk: Desk) -> None:
    """Until a request of another thread has arrived in Kore."""
    patience = threading.Event()
    while not desk.kore.calls:
        patience.wait(0.001)


@pytest.mark.parametrize(("fault", "status"), REFUSED.items())
def test_a_refusing_fault_strikes_once_and_nothing_is_applied(
    desk: Desk, fault: Fault, status: int
) -> None:
    desk.kore.faults.add("createTask", fault)
    assert desk.create().status_code == status
    assert len(desk.kore.tasks) == 0
    assert desk.create().status_code == 200


def test_a_failure_after_the_write_leaves_the_write(desk: Desk) -> None:
    desk.kore.faults.add("createTask", Fault.FAIL_AFTER)
    assert desk.create().status_code == 500
    assert len(desk.kore.tasks) == 1


@pytest.mark.parametrize(
    ("fault", "made"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1), (Fault.LATE_APPLY_DROP, 0)]
)
def test_a_dropped_connection_gives_no_answer(desk: Desk, fault: Fault, made: int) -> None:
    desk.v2.faults.add("createTask", fault)
    with pytest.raises(httpx.RemoteProtocolError):
        desk.send("POST", "/tasks/", {"title": "x"})
    assert len(desk.v2.tasks) == made
    assert desk.v2.calls[-1].status is None


@pytest.mark.parametrize("operation", ["createTask", "getTasks"])
def test_a_truncated_answer_ends_before_its_length(desk: Desk, operation: str) -> None:
    desk.kore.faults.add(operation, Fault.TRUNCATE)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        desk.ask(operation, desk.creation() if operation == "createTask" else {})
    assert len(desk.kore.tasks) == (operation == "createTask")


def test_an_answer_without_a_body_can_be_truncated_too(desk: Desk) -> None:
    desk.v2.faults.add("updateTask", Fault.TRUNCATE)
    task_id = desk.job()
    with pytest.raises(httpx.RemoteProtocolError):
        desk.patch(task_id, title="applied")
    assert desk.read(task_id)["title"] == "applied"


def test_a_gateway_answers_200_with_a_page_or_an_error(desk: Desk) -> None:
    desk.kore.faults.add("getTasks", Fault.HTML_200)
    desk.kore.faults.add("getTasks", Fault.ERROR_OBJECT_200)
    page, error = desk.ask("getTasks"), desk.ask("getTasks")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (error.status_code, "results" in error.json()) == (200, False)


def test_too_many_calls_come_with_seconds_a_date_or_nothing(desk: Desk) -> None:
    for fault in (Fault.TOO_MANY_SECONDS, Fault.TOO_MANY_DATE, Fault.TOO_MANY_PLAIN):
        desk.v2.faults.add("listTasks", fault, seconds=7)
    waits = [desk.send("GET", "/tasks/").headers.get("retry-after") for _ in range(3)]
    assert waits == ["7", "Wed, 04 Mar 2026 12:00:08 GMT", None]


def test_faults_are_served_in_order_and_a_star_fits_any_call(desk: Desk) -> None:
    desk.kore.faults.add("getCases", Fault.FORBIDDEN)
    desk.kore.faults.add("*", Fault.NOT_FOUND, times=2)
    assert [desk.ask(call).status_code for call in ("getTasks", "getCases", "getCases")] == [
        404,
        403,
        404,
    ]
    desk.kore.faults.add("*", Fault.NOT_FOUND)
    assert len(desk.kore.faults.waiting) == 1
    desk.kore.faults.clear()
    assert desk.ask("getTasks").status_code == 200


def test_a_late_write_takes_effect_when_the_clock_gets_there(desk: Desk) -> None:
    desk.kore.faults.add("createTask", Fault.LATE_APPLY, seconds=30)
    assert desk.create().status_code == 500
    desk.clock.forward(29)
    assert desk.rows() == []
    desk.clock.forward(60)
    assert [row["createdAt"] for row in desk.rows()] == ["2026-03-04T12:00:30.250Z"]


def test_a_late_write_that_was_never_allowed_is_not_applied(desk: Desk) -> None:
    desk.kore.faults.add("createTask", Fault.LATE_APPLY, times=2, seconds=1)
    desk.ask("createTask", desk.creation(), auth=desk.token(sub=None))
    desk.create()
    desk.kore.close_case(desk.case_id)
    desk.clock.forward(2)
    assert len(desk.kore.tasks) == 0


def test_a_call_hangs_for_the_seconds_given_and_is_not_applied(desk: Desk) -> None:
    desk.kore.faults.add("createTask", Fault.HANG, seconds=0.02)
    assert desk.create().status_code == 504
    assert len(desk.kore.tasks) == 0


def test_a_call_that_hangs_after_the_write_was_applied(desk: Desk) -> None:
    desk.kore.faults.add("createTask", Fault.HANG_AFTER, seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        desk.http.post(
            f"{desk.kore.url}/caseManagement/api/public/analytics/{desk.kore.stream_id}/createTask",
            json=desk.creation(),
            headers={"auth": desk.token()},
            timeout=0.1,
        )
    assert len(desk.kore.tasks) == 1


def test_what_hangs_can_be_released_while_others_are_served(desk: Desk) -> None:
    desk.kore.faults.add("createTask", Fault.HANG, seconds=60)
    answers: list[int] = []
    caller = threading.Thread(target=lambda: answers.append(desk.create().status_code))
    caller.start()
    wait_for_a_call(desk)
    assert desk.ask("getTasks").status_code == 200
    desk.kore.faults.release()
    caller.join(timeout=5)
    assert answers == [504]


def test_stopping_does_not_wait_for_what_hangs(desk: Desk) -> None:
    desk.kore.faults.add("getTasks", Fault.HANG, seconds=60)
    caller = threading.Thread(target=lambda: desk.ask("getTasks"))
    caller.start()
    wait_for_a_call(desk)
    desk.sandbox.stop()
    caller.join(timeout=5)
    assert not caller.is_alive()
