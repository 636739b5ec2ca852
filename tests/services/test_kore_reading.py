"""Kore's lists are read to their end, whatever the account makes of the request."""

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.domain.exchange import Order, Page, Purpose, Row
from bridge.domain.side import Field
from bridge.domain.vocabulary import WordKind
from bridge.errors import BadAnswer, KeyRefused, NotFound, NotYet, Refused, UsageError
from bridge.sandbox import Fault
from bridge.services.kore import KoreService
from tests.naming import stable_name
from tests.services.clients import Bench
from tests.services.odd_server import OddServer, answer
from tests.services.sandboxes import CUSTOMER, World

TASKS = 23


@pytest.fixture(scope="module", autouse=True)
def filled(running: World) -> None:
    """Twenty-three tasks; each was changed once, in another order than they were made in."""
    side, clock = running.kore_side, running.bench.clock
    case = side.add_case(name="Delivery", customer=CUSTOMER)
    made = []
    for number in range(TASKS):
        clock.sleep(1)
        made.append(side.add_task(case_id=case, name=f"Task {number}", desc="Some text"))
    for number in range(TASKS):
        clock.sleep(1)
        side.edit_task(made[(number * 7) % TASKS], tags=["x"])


def pages(service: KoreService, order: Order, limit: int = 5) -> Iterator[Page]:
    offset = 0
    for _ in range(100):
        page = service.page(order, offset, purpose=Purpose.SWEEP, limit=limit)
        yield page
        offset += page.length
        if page.is_last:
            return
    raise AssertionError("the list has no end")


def rows(service: KoreService, order: Order, limit: int = 5) -> list[Row]:
    return [row for page in pages(service, order, limit) for row in page.rows]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"sort": "ignored"},
        {"sort": "string_form_only"},
        {"sort": "object_form_only"},
        {"sort": "refused"},
        {"sort": "string_form_only", "string_sort": "asc"},
        {"sort": "refused", "bad_request_status": 422, "selected_columns": "refused"},
        {"updated_sort": "ignored"},
        {"selected_columns": "help"},
        {"selected_columns": "refused"},
        {"selected_columns": "refused", "sort": "string_form_only", "error_shape": "html"},
        {"selected_columns": "refused", "sort": "refused", "error_shape": "plain"},
        {"rows": "full"},
        {"rows": "full_without_empty"},
        {"page_cap": 3},
        {"page_overlap": 2},
        {"has_more": "until_empty_page"},
        {"total_results": "low"},
        {"total_results": "absent"},
        {"time_precision": "seconds"},
        {"empty_list_filter": "nothing"},
        {"timezone_offset": "shifts"},
        {"headers_required": frozenset({"client-app", "state", "Iid", "bot-language"})},
        {"jti": "required"},
        {"clock_skew_seconds": 30.0},
    ],
    ids=stable_name,
)
def test_every_task_is_read(world: World, order: Order, switches: dict[str, Any]) -> None:
    world.set_kore(**switches)
    found = rows(world.kore(), order)
    assert {row.id for row in found} == set(world.kore_side.tasks)
    assert {row.normalise().title for row in found} == {f"Task {n}" for n in range(TASKS)}
    assert all(row.changed_at is not None and row.order_key for row in found)


def test_a_sort_that_is_taken_puts_rows_in_order(world: World) -> None:
    service = world.kore()
    newest = [row.changed_at for row in rows(service, Order.NEWEST_FIRST)]
    oldest = [row.changed_at for row in rows(service, Order.OLDEST_FIRST)]
    stable = [row.order_key or "" for row in rows(service, Order.STABLE)]
    assert newest == sorted(newest, key=str, reverse=True) == oldest[::-1]
    assert stable == sorted(stable)


@pytest.mark.parametrize(
    ("switches", "asked", "is_taken"),
    [
        ({}, 1, True),
        ({"selected_columns": "refused"}, 2, True),
        ({"sort": "string_form_only"}, 3, True),
        ({"sort": "refused"}, 5, False),
        ({"sort": "string_form_only", "selected_columns": "refused"}, 4, True),
        ({"sort": "refused", "selected_columns": "refused"}, 6, False),
    ],
)
def test_what_an_account_refuses_is_found_out_once(
    world: World, switches: dict[str, Any], asked: int, is_taken: bool
) -> None:
    world.set_kore(**switches)
    service = world.kore()
    page = service.page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL)
    assert len(world.kore_side.calls) == asked
    assert page.is_sort_taken is is_taken
    service.page(Order.OLDEST_FIRST, 0, purpose=Purpose.POLL)
    assert len(world.kore_side.calls) == asked + 1


@pytest.mark.parametrize("columns", ["ignored", "help", "refused"])
def test_what_the_list_shows_unasked_is_told_and_asking_for_the_rest_goes_on(
    world: World, columns: str
) -> None:
    world.set_kore(selected_columns=columns)
    service = world.kore()
    shown = service.shown_unasked()
    assert shown is not None
    assert {Field.TITLE, Field.STATUS} <= shown
    assert Field.DESCRIPTION not in shown
    (call,) = world.kore_side.calls
    assert "selectedColumns" not in call.body
    page = service.page(Order.NEWEST_FIRST, 0, purpose=Purpose.POLL)
    assert "selectedColumns" in world.kore_side.calls[1].body
    hides = any(Field.DESCRIPTION in row.normalise().hidden for row in page.rows)
    assert hides is (columns != "help")


def test_a_400_that_has_nothing_to_do_with_the_form_is_raised_and_nothing_is_given_up(
    world: World,
) -> None:
    world.kore_side.faults.add("getTasks", Fault.BAD_REQUEST, times=6)
    service = world.kore()
    with pytest.raises(Refused, match="Bad request"):
        service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    world.kore_side.clear_calls()
    service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    (call,) = world.kore_side.calls
    assert "selectedColumns" in call.body
    assert call.body["sortBy"] == {"createdAt": "asc"}


@pytest.mark.parametrize(
    ("switches", "hidden"),
    [
        ({}, {Field.DESCRIPTION, Field.ASSIGNEE, Field.DUE}),
        ({"selected_columns": "help"}, set()),
        ({"rows": "full"}, set()),
        ({"rows": "full", "hidden_keys": frozenset({"desc"})}, {Field.DESCRIPTION}),
        ({"rows": "full", "hidden_keys": frozenset({"currAssignee", "assigneeType"})},
         {Field.ASSIGNEE}),
        ({"rows": "full", "hidden_keys": frozenset({"ETA", "dueDate"})}, {Field.DUE}),
        ({"rows": "full_without_empty"}, {Field.DUE}),
    ],
    ids=["sparse", "helped", "full", "no desc", "no assignee", "no due", "no empty keys"],
)  # fmt: skip
def test_what_a_list_hides_is_not_observed(
    world: World, switches: dict[str, Any], hidden: set[Field]
) -> None:
    world.set_kore(**switches)
    for row in rows(world.kore(), Order.STABLE):
        assert set(row.normalise().hidden) == hidden


def test_the_keys_that_a_list_carries_are_remembered_and_can_be_given(world: World) -> None:
    world.set_kore(rows="full_without_empty")
    service = world.kore()
    assert service.carried_columns == set()
    words = {word.key for row in rows(service, Order.STABLE) for word in row.normalise().words
             if word.kind is WordKind.COLUMN}  # fmt: skip
    assert service.carried_columns == words == {"desc", "tags", "userInfo", "assigneeType"}


def test_a_page_says_what_it_knows(world: World) -> None:
    page = world.kore().page(Order.STABLE, 20, purpose=Purpose.POLL, limit=10)
    assert (page.offset, page.length, page.total, page.is_last) == (20, 3, TASKS, True)
    assert page.sent_at == world.bench.clock.now()
    assert page.service_date is not None
    assert abs((page.service_date - page.sent_at).total_seconds()) <= 1


def test_rows_that_are_none_are_told_apart_and_counted() -> None:
    body = (
        b'{"results": [{"_id": "ti-1", "name": "a"}, {"name": "b"}, 7, {"_id": "../x"}],'
        b' "hasMore": true, "totalResults": "many"}'
    )
    with OddServer(answer(body)) as server:
        page = Bench().kore(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert [row.id for row in page.rows] == ["ti-1"]
    assert (page.length, len(page.unreadable), page.is_last, page.total) == (4, 3, False, None)
    assert page.rows[0].changed_at is None
    assert page.rows[0].order_key is None


@pytest.mark.parametrize(
    "switches", [{"gateway": "html_200"}, {"gateway": "error_object_200"}], ids=stable_name
)
def test_a_gateways_page_is_never_an_empty_list(world: World, switches: dict[str, Any]) -> None:
    world.set_kore(**switches)
    with pytest.raises(BadAnswer):
        world.kore().page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert len(world.kore_side.calls) > 3


@pytest.mark.parametrize(
    "fault",
    [Fault.FAIL_BEFORE, Fault.DROP_BEFORE, Fault.TRUNCATE, Fault.HTML_200, Fault.ERROR_OBJECT_200],
)
def test_one_fault_is_not_noticed(world: World, fault: Fault) -> None:
    world.kore_side.faults.add("getTasks", fault)
    assert world.kore().page(Order.STABLE, 0, purpose=Purpose.POLL, limit=50).length == TASKS


# ---- keys and limits ---------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["HS256", "RS256", "ES256"])
@pytest.mark.parametrize("jwe", [False, True])
@pytest.mark.parametrize("jti", ["off", "required"])
def test_an_app_may_insist_on_any_kind_of_token(
    world: World, algorithm: str, jwe: bool, jti: str
) -> None:
    world.set_kore(algorithm=algorithm, jwe=jwe, jti=jti, token_longest_seconds=300)
    side = world.kore_side
    key = None if algorithm == "HS256" else side.signing_key_pem()
    service = world.kore(
        algorithm=algorithm, private_key=key, jwe_key=side.jwe_key_pem() if jwe else None
    )
    for _ in range(2):
        assert service.page(Order.STABLE, 0, purpose=Purpose.POLL).length == TASKS


@pytest.mark.parametrize(
    ("switches", "status", "words"),
    [
        ({"scope": "missing"}, 403, "Case Management Configuration"),
        ({"scope": "missing", "scope_status": 401}, 401, "Case Management Configuration"),
        ({"algorithm": "HS512"}, 401, "kore.algorithm"),
        ({"algorithm": "HS512", "unauthorized_status": 403}, 403, "Token not accepted"),
        ({"token_longest_seconds": 60.0}, 401, "kore.client_secret"),
        ({"clock_skew_seconds": -60.0}, 401, "6[01] s behind ours"),
        ({"clock_skew_seconds": 900.0}, 401, "(899|900) s ahead of ours"),
    ],
    ids=stable_name,
)
def test_a_refused_key_says_so(
    world: World, switches: dict[str, Any], status: int, words: str
) -> None:
    world.set_kore(**switches)
    with pytest.raises(KeyRefused, match=words) as caught:
        world.kore().page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert caught.value.status == status


@pytest.mark.parametrize("retry_after", ["seconds", "date", "alternating", "none"])
def test_a_rate_limit_is_waited_for_or_told(world: World, retry_after: str) -> None:
    service = world.kore()
    world.bench.clock.sleep(7200)
    world.bench.clock.slept.clear()
    world.set_kore(limits=((1, 60.0),), retry_after=retry_after, rate_wording="Come back")
    service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    with pytest.raises(NotYet, match="Come back") as caught:
        service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert sum(world.bench.clock.slept) <= 5
    assert caught.value.seconds == 4 if retry_after == "none" else caught.value.seconds > 50


def test_a_wrong_stream_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="Stream not found"):
        world.kore(stream_id="st-1").page(Order.STABLE, 0, purpose=Purpose.POLL)


# ---- search ------------------------------------------------------------------------------------


def test_a_search_finds_every_task_of_the_name(world: World) -> None:
    found = world.kore(page_size=5).search("task 1")
    assert {row.normalise().title for row in found} == {
        "Task 1", *(f"Task 1{number}" for number in range(10)),
    }  # fmt: skip


def test_a_search_that_the_service_ignores_does_not_read_everything(world: World) -> None:
    world.set_kore(filters="ignored")
    found = world.kore(page_size=5).search("no such name")
    assert len(found) == len(world.kore_side.calls) * 5 == 5


def test_a_single_task_cannot_be_read(world: World) -> None:
    service = world.kore()
    assert not service.reads_one
    with pytest.raises(UsageError):
        service.read(next(iter(rows(service, Order.STABLE))).id)
