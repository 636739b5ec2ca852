"""v2's lists are read to their end, single tasks as they are now, and people without secrets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.domain.exchange import Order, Page, Purpose, Row
from bridge.domain.side import Field, TaskId
from bridge.domain.vocabulary import WordKind
from bridge.errors import BadAnswer, KeyRefused, NotYet, Refused
from bridge.sandbox import Fault
from bridge.services.v2 import V2Service
from tests.naming import stable_name
from tests.services.clients import Bench
from tests.services.contracts import offences
from tests.services.odd_server import OddServer, answer
from tests.services.sandboxes import World

TASKS = 23
DUE = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def filled(running: World) -> None:
    """Twenty-three tasks; each was changed once, in another order than they were made in."""
    side, clock = running.v2_side, running.bench.clock
    made = []
    for number in range(TASKS):
        clock.sleep(1)
        made.append(side.add_task(title=f"Task {number}", due=DUE, customers=["Acme"]))
    for number in range(TASKS):
        clock.sleep(1)
        side.edit_task(made[(number * 7) % TASKS], tags=["x"])


@pytest.fixture(autouse=True)
def every_request_keeps_the_contract(world: World) -> Iterator[None]:
    yield
    assert [text for call in world.v2_side.calls for text in offences("v2", call)] == []


def pages(service: V2Service, order: Order, limit: int = 5) -> Iterator[Page]:
    """As a client must that knows no end: on until nothing new comes, then once more."""
    offset, seen = 0, set[str]()
    for _ in range(100):
        page = service.page(order, offset, purpose=Purpose.SWEEP, limit=limit)
        yield page
        if page.is_last:
            return
        seen |= {row.id for row in page.rows}
        offset += page.length
    raise AssertionError("the list has no end")


def rows(service: V2Service, order: Order, limit: int = 5) -> list[Row]:
    return [row for page in pages(service, order, limit) for row in page.rows]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"sort": "colon"},
        {"sort": "both"},
        {"sort": "refused", "unsorted_order": "stable"},
        {"sort": "ignored", "unsorted_order": "stable"},
        {"sort": "refused", "unsorted_order": "stable", "error_shape": "html"},
        {"page_cap": 3},
        {"dates": "millis", "due_dates": "millis"},
        {"dates": "millis_string", "due_dates": "millis_string"},
        {"dates": "float", "due_dates": "float"},
        {"nobody_assigned": "empty_object", "no_priority": "empty_string"},
        {"nobody_assigned": "absent", "no_priority": "absent", "empty_keys": "absent"},
        {"last_modified_by": "hidden", "entity_status": "string", "task_type_shown": "object"},
        {"related": "ids", "task_type_shown": "name"},
        {"related": "empty"},
    ],
    ids=stable_name,
)
def test_every_task_is_read_and_understood(
    world: World, order: Order, switches: dict[str, Any]
) -> None:
    world.set_v2(**switches)
    found = rows(world.v2(), order)
    assert {row.id for row in found} == set(world.v2_side.tasks)
    tasks = [row.normalise() for row in found]
    assert {task.title for task in tasks} == {f"Task {number}" for number in range(TASKS)}
    for row, task in zip(found, tasks, strict=True):
        assert task.hidden == ()
        due = task.shown(Field.DUE)
        assert due
        assert due == task.fields[Field.DUE]
        assert str(due.key) == "2026-05-01T08:30:00.000Z"
        assert task.shown(Field.ASSIGNEE) is None
        assert task.shown(Field.PRIORITY) is None
        assert row.changed_at == task.changed_at is not None
        assert row.digest() == task.digest


def test_pages_may_overlap(world: World) -> None:
    world.set_v2(page_overlap=2)
    found = [row.id for page, _ in zip(pages(world.v2(), Order.STABLE), range(8), strict=False)
             for row in page.rows]  # fmt: skip
    assert set(found) == set(world.v2_side.tasks)


def test_a_sort_that_is_taken_puts_rows_in_order(world: World) -> None:
    service = world.v2()
    newest = [row.changed_at for row in rows(service, Order.NEWEST_FIRST)]
    oldest = [row.changed_at for row in rows(service, Order.OLDEST_FIRST)]
    stable = [row.order_key or "" for row in rows(service, Order.STABLE)]
    assert newest == sorted(newest, key=str, reverse=True) == oldest[::-1]
    assert stable == sorted(stable)


@pytest.mark.parametrize(
    ("sort", "asked", "is_taken"),
    [("json", 1, True), ("both", 1, True), ("colon", 2, True), ("refused", 3, False)],
)
def test_the_form_of_sorting_is_found_out_once(
    world: World, sort: str, asked: int, is_taken: bool
) -> None:
    world.set_v2(sort=sort)
    service = world.v2()
    page = service.page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL)
    assert len(world.v2_side.calls) == asked
    assert page.is_sort_taken is is_taken
    service.page(Order.OLDEST_FIRST, 0, purpose=Purpose.POLL)
    assert len(world.v2_side.calls) == asked + 1


def test_a_400_that_has_nothing_to_do_with_sorting_gives_nothing_up(world: World) -> None:
    world.v2_side.faults.add("listTasks", Fault.BAD_REQUEST, times=3)
    service = world.v2()
    with pytest.raises(Refused):
        service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    world.v2_side.clear_calls()
    service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert [call.query["sort"] for call in world.v2_side.calls] == ['{"by":"_id","direction":1}']


def test_only_an_empty_page_is_known_to_be_the_last(world: World) -> None:
    service = world.v2()
    page = service.page(Order.STABLE, 20, purpose=Purpose.POLL, limit=10)
    assert (page.offset, page.length, page.total, page.is_last) == (20, 3, None, None)
    assert service.page(Order.STABLE, 23, purpose=Purpose.POLL).is_last is True


def test_rows_that_are_none_are_told_apart_and_counted() -> None:
    with OddServer(answer(b'[{"_id": "a1", "status": 7}, {"title": "b"}, 7, {"_id": ""}]')) as at:
        page = Bench().v2(at.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert [row.id for row in page.rows] == ["a1"]
    assert (page.length, len(page.unreadable)) == (4, 3)
    assert page.rows[0].changed_at is None


@pytest.mark.parametrize(
    "switches",
    [
        {"gateway": "html_200"},
        {"gateway": "error_object_200"},
        {"gateway": "error_object_200", "error_detail": "message"},
    ],
    ids=stable_name,
)
def test_a_gateways_page_is_never_an_empty_list_nor_a_task(
    world: World, switches: dict[str, Any]
) -> None:
    world.set_v2(**switches)
    service = world.v2(retry_seconds=0)
    with pytest.raises(BadAnswer):
        service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    with pytest.raises(BadAnswer):
        service.read(TaskId("65f0000000000000000000a1"))


@pytest.mark.parametrize("retry_after", ["seconds", "date", "alternating", "none"])
def test_a_rate_limit_is_waited_for_or_told(world: World, retry_after: str) -> None:
    service = world.v2()
    world.bench.clock.sleep(7200)
    world.bench.clock.slept.clear()
    world.set_v2(limits=((1, 60.0),), retry_after=retry_after)
    service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    with pytest.raises(NotYet) as caught:
        service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert sum(world.bench.clock.slept) <= 5
    assert caught.value.seconds == 4 if retry_after == "none" else caught.value.seconds > 50


def test_a_wrong_key_is_refused_and_not_repeated(world: World) -> None:
    with pytest.raises(KeyRefused, match=r"v2\.api_key") as caught:
        world.v2(api_key="id:wrong-secret").page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert caught.value.status == 401
    assert len(world.v2_side.calls) == 1


# ---- one task, and searching -------------------------------------------------------------------


def test_a_task_is_read_as_it_is_now_and_none_if_it_is_gone(world: World) -> None:
    service = world.v2()
    task_id = TaskId(world.v2_side.add_task(title="Here"))
    task = service.read(task_id)
    assert task is not None
    assert (task.id, task.title) == (task_id, "Here")
    world.v2_side.remove_task(task_id)
    assert service.read(task_id) is None


def test_an_answer_about_another_task_is_a_bad_answer() -> None:
    with (
        OddServer(*[answer(b'{"_id": "b2"}')] * 2) as server,
        pytest.raises(BadAnswer, match="something else than the task"),
    ):
        Bench().v2(server.url, retry_seconds=0).read(TaskId("a1"))


@pytest.mark.parametrize("switches", [{}, {"title_filter": "words"}, {"filters": "ignored"}])
def test_a_search_finds_the_task_and_may_find_more(world: World, switches: dict[str, Any]) -> None:
    world.set_v2(**switches)
    found = [row.normalise().title for row in world.v2().search("Task 12")]
    assert "Task 12" in found


def test_a_search_that_the_service_ignores_does_not_read_everything(world: World) -> None:
    world.set_v2(filters="ignored")
    found = world.v2(page_size=5).search("no such title")
    assert len(found) == 5
    assert len(world.v2_side.calls) == 1


# ---- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"user_status": "int", "sort": "colon"},
        {"sort": "refused", "unsorted_order": "stable"},
        {"task_type_page_base": 1},
        {"page_overlap": 1},
        {"page_cap": 2},
    ],
    ids=stable_name,
)
def test_people_and_types_are_learnt(world: World, switches: dict[str, Any]) -> None:
    world.set_v2(**switches)
    gone = world.v2_side.add_user("Gone Person", is_active=False)
    service = world.v2(page_size=3)
    words = {(word.kind, word.key): word for word in service.learn()}
    people = {key: word for (kind, key), word in words.items() if kind is WordKind.PERSON}
    assert set(people) == set(world.v2_side.users)
    assert people[gone].label == "Gone Person"
    assert people[gone].details == {"is_active": False}
    assert words[WordKind.SELF, world.v2_side.self_user_id].label == "Api Key"
    types = {key for kind, key in words if kind is WordKind.TASK_TYPE}
    assert types == set(world.v2_side.task_types) == set(service.prefixes)


def test_nothing_private_of_a_person_is_kept(world: World) -> None:
    told = repr(world.v2().learn())
    for user in world.v2_side.users.values():
        private = [user["password"], user["email"], *user["tokens"], user["general"]["birthDate"]]
        assert not [text for text in private if text in told]


def test_people_of_whom_only_the_id_is_shown_are_called_by_it(world: World) -> None:
    world.set_v2(user_fields="id_only")
    people = [word for word in world.v2().learn() if word.kind is WordKind.PERSON]
    assert people
    assert all(word.label == word.key for word in people)
    assert all(word.details == {"is_active": None} for word in people)


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.NOT_FOUND])
@pytest.mark.parametrize("operation", ["getSelf", "listUsers", "listTaskTypes"])
def test_a_list_that_the_key_may_not_see_teaches_nothing_and_stops_nothing(
    world: World, operation: str, fault: Fault
) -> None:
    world.v2_side.faults.add(operation, fault, times=9)
    kinds = {word.kind for word in world.v2().learn()}
    missing = {"getSelf": WordKind.SELF, "listUsers": WordKind.PERSON,
               "listTaskTypes": WordKind.TASK_TYPE}  # fmt: skip
    assert kinds == set(missing.values()) - {missing[operation]}


def test_a_service_without_self_teaches_the_rest(world: World) -> None:
    world.set_v2(self_endpoint="missing")
    assert WordKind.PERSON in {word.kind for word in world.v2().learn()}


def test_a_refused_key_is_told_when_learning(world: World) -> None:
    with pytest.raises(KeyRefused):
        world.v2(api_key="id:wrong-secret").learn()


def test_references_know_their_prefix_once_the_types_are_learnt(world: World) -> None:
    service = world.v2()
    task_id = TaskId(world.v2_side.add_task(title="T"))
    before, _, after = service.read(task_id), service.learn(), service.read(task_id)
    assert before is not None
    assert after is not None
    number = world.v2_side.tasks[task_id]["identifierNumber"]
    assert (before.ref, after.ref) == (f"#{number}", f"GEN-{number}")
    assert before.digest != after.digest


@pytest.mark.parametrize("body", [b'{"results": [{"_id": "t1", "name": "N", "prefix": "P"}]}'])
def test_task_types_in_an_object_are_found_too(body: bytes) -> None:
    nothing = answer(b"{}", "404 Not Found")
    listed = answer(body)
    with OddServer(nothing, nothing, *[listed] * 3) as server:
        service = Bench().v2(server.url)
        assert [word.key for word in service.learn()] == ["t1"]
    assert service.prefixes == {"t1": "P"}


def test_v2_has_no_cases(world: World) -> None:
    assert world.v2().find_case("CS000100") is None
    assert world.v2_side.calls == []
