"""Starting, stopping, recording and limiting."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import httpx
import pytest

from bridge.sandbox import KoreSwitches, Sandbox, V2Switches, describe_connection
from tests.sandbox.desk import NOON, Desk

MakeDesk = Callable[..., Desk]


def test_a_sandbox_comes_back_on_the_same_ports_with_its_world(desk: Desk) -> None:
    task_id, before = desk.task(), (desk.sandbox.kore_url, desk.sandbox.v2_url)
    desk.sandbox.stop()
    with pytest.raises(httpx.ConnectError):
        desk.ask("getTasks")
    desk.sandbox.start()
    assert (desk.sandbox.kore_url, desk.sandbox.v2_url) == before
    assert [row["_id"] for row in desk.rows()] == [task_id]


def test_a_sandbox_has_no_address_before_it_was_started() -> None:
    with pytest.raises(RuntimeError):
        Sandbox().kore_url  # noqa: B018 - asking is what is tested
    assert Sandbox(v2_port=4711).v2_url == "http://127.0.0.1:4711/v2"


def test_a_port_that_is_taken_is_told_and_leaves_nothing_running(desk: Desk) -> None:
    other = Sandbox(v2_port=desk.v2.port)
    with pytest.raises(RuntimeError, match=str(desk.v2.port)):
        other.start()
    with pytest.raises(httpx.ConnectError):
        desk.http.get(other.kore_url)
    other.stop()


def test_a_sandbox_is_a_context_that_ends_its_servers() -> None:
    with Sandbox() as sandbox, httpx.Client(verify=False) as http:
        url = sandbox.v2_url
        assert http.get(f"{url}/tasks/").status_code == 401
    with httpx.Client(verify=False) as http, pytest.raises(httpx.ConnectError):
        http.get(f"{url}/tasks/")


def test_the_same_seed_makes_the_same_world_and_another_seed_another() -> None:
    one, same, other = Sandbox(seed=7), Sandbox(seed=7), Sandbox(seed=8)
    for sandbox in (one, same, other):
        sandbox.kore.seed(tasks=3, cases=2)
    assert list(one.kore.tasks) == list(same.kore.tasks)
    assert one.v2.api_key == same.v2.api_key
    assert list(one.kore.tasks) != list(other.kore.tasks)
    assert one.kore.client_secret != other.kore.client_secret


def test_calls_are_recorded_with_all_that_was_asked(desk: Desk) -> None:
    desk.send("GET", "/tasks/", limit=5, offset=2)
    desk.patch(desk.job(), title="x")
    listed, patched = desk.v2.calls
    assert (listed.method, listed.path, listed.status) == ("GET", "/v2/tasks/", 200)
    assert (listed.query, listed.body, listed.operation) == (
        {"limit": "5", "offset": "2"},
        None,
        "listTasks",
    )
    assert (patched.operation, patched.body, patched.at) == ("updateTask", {"title": "x"}, NOON)
    desk.v2.clear_calls()
    assert desk.v2.calls == []


def test_the_date_header_is_the_services_own(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"clock_skew_seconds": -90.0})
    shown = desk.ask("getTasks").headers.get_list("date")
    assert shown == ["Wed, 04 Mar 2026 11:58:30 GMT"]
    assert desk.send("GET", "/tasks/").headers["date"] == "Wed, 04 Mar 2026 12:00:00 GMT"


def test_a_window_lets_so_many_calls_through_and_opens_again(make_desk: MakeDesk) -> None:
    desk = make_desk(v2={"limits": ((2, 10.0),), "retry_after": "seconds"})
    assert [desk.send("GET", "/tasks/").status_code for _ in range(3)] == [200, 200, 429]
    desk.clock.forward(6)
    limited = desk.send("GET", "/tasks/")
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "4")
    desk.clock.forward(4)
    assert desk.send("GET", "/tasks/").status_code == 200


def test_every_window_counts_at_once(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"limits": ((2, 1.0), (3, 100.0))})
    statuses = []
    for _ in range(5):
        statuses.append(desk.ask("getTasks").status_code)
        desk.clock.forward(1)
    assert statuses == [200, 200, 200, 429, 429]


def test_kores_documented_limits_hold_by_default(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"limits": KoreSwitches().limits})
    statuses = [desk.ask("getTasks").status_code for _ in range(61)]
    assert (statuses[59], statuses[60]) == (200, 429)
    assert "retry-after" not in desk.ask("getTasks").headers
    assert "Rate limit for this API" in desk.ask("getTasks").json()["errors"][0]["msg"]


def test_a_date_to_wait_for_is_never_too_early(make_desk: MakeDesk) -> None:
    desk = make_desk(v2={"limits": ((1, 10.0),), "retry_after": "alternating"})
    desk.send("GET", "/tasks/")
    waits = [desk.send("GET", "/tasks/").headers["retry-after"] for _ in range(2)]
    assert waits[0] == "10"
    assert (parsedate_to_datetime(waits[1]) - NOON).total_seconds() >= 10


def test_the_connection_is_told_as_toml_that_says_where_and_with_what(desk: Desk) -> None:
    import tomllib

    told = tomllib.loads(describe_connection(desk.sandbox))
    assert told["kore"]["base_url"] == desk.sandbox.kore_url
    assert told["kore"]["client_secret"] == desk.kore.client_secret
    assert told["kore"]["routes"] == [
        {"case": "CS000100", "task_template": desk.kore.task_template_id}
    ]
    assert told["v2"] == {"base_url": desk.sandbox.v2_url, "api_key": desk.v2.api_key}


def test_switches_of_both_services_can_be_left_out() -> None:
    sandbox = Sandbox()
    assert sandbox.kore.switches == KoreSwitches()
    assert sandbox.v2.switches == V2Switches()


def test_many_callers_at_once_lose_nothing(desk: Desk) -> None:
    with ThreadPoolExecutor(max_workers=8) as callers:
        made = list(callers.map(lambda number: desk.create(name=f"T{number}"), range(40)))
    assert len({answer.json()["_id"] for answer in made}) == 40
    assert len({row["_id"] for row in desk.rows(limit=50)}) == 40
    references = [task["refId"] for task in desk.kore.tasks.values()]
    assert references == [f"TS{number:06d}" for number in range(102, 142)]


def test_people_and_callers_work_side_by_side(desk: Desk) -> None:
    task_id = desk.job()

    def somebody_types() -> None:
        for number in range(200):
            desk.v2.edit_task(task_id, title=str(number))

    with ThreadPoolExecutor(max_workers=2) as hands:
        typing = hands.submit(somebody_types)
        pages = hands.submit(lambda: {len(desk.listed()) for _ in range(20)})
        typing.result()
        assert pages.result() == {1}
    assert desk.read(task_id)["title"] == "199"
