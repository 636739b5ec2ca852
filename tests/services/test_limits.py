"""Nobody waits with the lease in hand: five seconds at most, then the side says not yet."""

from typing import Any

import pytest

from bridge.domain.exchange import Order, Purpose
from bridge.domain.pace import Learnt
from bridge.domain.side import TaskId
from bridge.domain.vocabulary import Vocabulary
from bridge.errors import BadAnswer, NotYet, OverBudget, Stopped, Unreachable
from bridge.services.v2 import V2Service
from tests.services.clients import API_KEY, SECRET, Bench
from tests.services.odd_server import OddServer, Script, answer

EMPTY = answer(b"[]")
FAILED = answer(b'{"message": "down"}', "500 Internal Server Error")
TEN_PAST = "Wed, 04 Mar 2026 12:10:00 GMT"
NOON_DATE = "Wed, 04 Mar 2026 12:00:00 GMT"


def busy(**headers: str) -> Script:
    return answer(b'{"message": "Too many requests"}', "429 Too Many Requests", **headers)


def poll(service: V2Service) -> None:
    service.page(Order.STABLE, 0, purpose=Purpose.POLL)


def write(service: V2Service) -> None:
    service.send(service.draft_complete(TaskId("a1")))


# ---- what the service asks for -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ([{"Retry_After": "2"}], [2.0]),
        ([{"Retry_After": "2"}, {"Retry_After": "3"}], [2.0, 3.0]),
        ([{"Retry_After": "0"}], [1.0]),
        ([{}, {}], [1.0, 2.0]),
        ([{"Retry_After": "soon"}], [1.0]),
        ([{"Retry_After": "Wed, 04 Mar 2026 12:10:04 GMT", "Date": TEN_PAST}], [4.0]),
        ([{"Retry_After": "Wed, 04 Mar 2026 12:00:03 GMT"}], [3.0]),
        ([{"Retry_After": NOON_DATE, "Date": "Wed, 04 Mar 2026 13:00:00 GMT"}], [1.0]),
    ],
)  # fmt: skip
def test_a_read_waits_as_long_as_the_service_asks_and_goes_on(
    headers: list[dict[str, str]], waits: list[float]
) -> None:
    bench = Bench()
    with OddServer(*(busy(**each) for each in headers), EMPTY) as server:
        poll(bench.v2(server.url))
    assert bench.clock.slept == waits


@pytest.mark.parametrize(
    ("headers", "seconds", "requests"),
    [
        ({"Retry_After": "6"}, 6, 1),
        ({"Retry_After": "86400"}, 3600, 1),
        ({"Retry_After": "Wed, 04 Mar 2026 12:01:00 GMT", "Date": NOON_DATE}, 60, 1),
        ({"Retry_After": "3"}, 3, 2),
        ({}, 4, 3),
    ],
)
def test_a_longer_wait_is_told_instead_of_waited(
    headers: dict[str, str], seconds: float, requests: int
) -> None:
    bench = Bench()
    with OddServer(*[busy(**headers)] * 5) as server, pytest.raises(NotYet) as caught:
        poll(bench.v2(server.url))
    assert caught.value.seconds == seconds
    assert len(server.requests) == requests
    assert sum(bench.clock.slept) <= 5


def test_waits_that_are_not_told_grow_until_the_service_answers_again() -> None:
    bench = Bench()
    told = []
    with OddServer(*[busy()] * 3, EMPTY, busy()) as server:
        service = bench.v2(server.url)
        for _ in range(3):
            with pytest.raises(NotYet) as caught:
                write(service)
            told.append(caught.value.seconds)
        poll(service)
        with pytest.raises(NotYet) as caught:
            write(service)
    assert [*told, caught.value.seconds] == [1, 2, 4, 1]


def test_a_write_that_meets_429_is_not_sent_again_and_was_not_applied() -> None:
    bench = Bench()
    with OddServer(busy(Retry_After="1"), EMPTY) as server, pytest.raises(NotYet) as caught:
        write(bench.v2(server.url))
    assert not caught.value.is_outcome_unknown
    assert len(server.requests) == 1
    assert bench.clock.slept == []


def test_a_503_that_says_how_long_is_waited_for_by_reads_alone() -> None:
    away = answer(b"", "503 Service Unavailable", Retry_After="120")
    bench = Bench()
    with OddServer(away, away) as server:
        service = bench.v2(server.url)
        with pytest.raises(NotYet) as caught:
            poll(service)
        with pytest.raises(Unreachable) as written:
            write(service)
    assert caught.value.seconds == 120
    assert written.value.is_outcome_unknown


# ---- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (FAILED, Unreachable),
        (answer(b"<html><title>Busy</title>", content_type="text/html"), BadAnswer),
        (answer(b'{"errors": [{"message": "upstream"}]}'), BadAnswer),
        (answer(b'[{"_id": '), BadAnswer),
        (answer(b""), BadAnswer),
    ],
    ids=["500", "html", "error object", "half json", "empty"],
)
def test_a_read_that_fails_is_tried_again_for_five_seconds_in_all(
    script: Script, kind: type[Exception]
) -> None:
    bench = Bench()
    with OddServer(*[script] * 30) as server, pytest.raises(kind):
        poll(bench.v2(server.url))
    assert 4 <= len(server.requests) <= 12
    assert 2 < sum(bench.clock.slept) <= 5
    assert len(bench.ear.details("retry")) == len(server.requests) - 1


def test_a_fault_that_passes_is_not_seen_by_the_caller() -> None:
    bench = Bench()
    with OddServer(FAILED, answer(b"<html>"), EMPTY) as server:
        poll(bench.v2(server.url))
    assert [told["status"] for told in bench.ear.details("request")] == [500, 200, 200]


def test_without_time_for_retries_a_read_is_sent_once() -> None:
    bench = Bench()
    with OddServer(FAILED, EMPTY) as server, pytest.raises(Unreachable):
        poll(bench.v2(server.url, retry_seconds=0))
    assert len(server.requests) == 1


def test_a_stop_interrupts_the_wait_between_two_attempts() -> None:
    class Stopping(list[float]):
        def append(self, seconds: float) -> None:
            raise Stopped

    bench = Bench()
    bench.clock.slept = Stopping()
    with OddServer(FAILED, EMPTY) as server, pytest.raises(Stopped):
        poll(bench.v2(server.url))
    assert len(server.requests) == 1


def test_a_stop_lets_no_new_request_out() -> None:
    bench = Bench()
    with OddServer(EMPTY) as server:
        service = bench.v2(server.url)
        bench.clock.is_stopped = True
        with pytest.raises(Stopped):
            poll(service)
    assert server.requests == []


# ---- our own budget ----------------------------------------------------------------------------


def test_every_request_takes_a_call_from_the_budget_for_its_purpose() -> None:
    bench = Bench()
    with OddServer(FAILED, EMPTY, answer(b"{}")) as server:
        service = bench.v2(server.url)
        service.page(Order.STABLE, 0, purpose=Purpose.SWEEP)
        write(service)
    assert bench.budget.taken == [Purpose.SWEEP, Purpose.SWEEP, Purpose.WRITE]


def test_a_short_wait_for_the_budget_is_waited_by_reads_and_writes() -> None:
    bench = Bench(1.5, 0.0, 2.0)
    with OddServer(EMPTY, answer(b"{}")) as server:
        service = bench.v2(server.url)
        poll(service)
        write(service)
    assert bench.clock.slept == [1.5, 2.0]


def test_every_429_teaches_the_budget_when_it_was_asked_and_how_long_to_wait() -> None:
    bench = Bench()
    away = answer(b"", "503 Service Unavailable", Retry_After="1")
    with OddServer(busy(Retry_After="2"), away, busy(), EMPTY, busy()) as server:
        service = bench.v2(server.url)
        poll(service)
        with pytest.raises(NotYet):
            write(service)
    asked = [told for told in bench.ear.details("request") if told["status"] == 429]
    assert len(asked) == 3
    assert [seconds for _, seconds in bench.budget.refusals] == [2.0, 1.0, 1.0]
    sent = [at for at, _ in bench.budget.refusals]
    assert sent == sorted(sent)
    assert (sent[1] - sent[0]).total_seconds() >= 2


def test_that_fewer_calls_are_made_from_now_on_is_told() -> None:
    bench = Bench()
    with OddServer(busy(Retry_After="1"), EMPTY) as server:
        poll(bench.v2(server.url))
    assert bench.ear.details("slowed_down") == []
    bench.budget.pace = Learnt(30, bench.clock.now())
    with OddServer(busy(Retry_After="1"), EMPTY) as server:
        poll(bench.v2(server.url))
    assert bench.ear.details("slowed_down") == [{"side": "v2", "calls_a_minute": 30}]


def test_who_waits_for_a_pace_that_was_learnt_is_not_sent_to_the_limits_that_are_set() -> None:
    bench = Bench(40.0)
    bench.budget.pace = Learnt(30, bench.clock.now())
    with OddServer(EMPTY) as server, pytest.raises(OverBudget) as caught:
        poll(bench.v2(server.url))
    assert str(caught.value) == (
        "The 30 calls a minute that v2 is taken to allow since it refused more (429) are used up; "
        "the next may be made in 40 s."
    )


@pytest.mark.parametrize(
    ("pace", "begins"),
    [
        (30, "The 30 calls a minute that v2 is taken to allow since it refused more (429) are "),
        (None, "The calls that v2.limits allows are "),
    ],
)
def test_who_waits_while_calls_are_left_is_told_that_these_are_kept_for_polls(
    pace: int | None, begins: str
) -> None:
    bench = Bench(40.0)
    bench.budget.pace = Learnt(pace, bench.clock.now()) if pace else None
    bench.budget.remaining = {"1800/3600s": 900, "30/60s": 12}
    with OddServer(EMPTY) as server, pytest.raises(OverBudget) as caught:
        write(bench.v2(server.url))
    assert str(caught.value) == (
        f"{begins}used up, but for 12 kept for polls; the next other one may be made in 40 s."
    )


def test_a_poll_that_waits_is_told_of_no_calls_kept_for_polls() -> None:
    bench = Bench(40.0)
    bench.budget.remaining = {"30/60s": 0}
    with OddServer(EMPTY) as server, pytest.raises(OverBudget) as polled:
        poll(bench.v2(server.url))
    assert "kept" not in str(polled.value)


def test_where_no_call_is_left_none_is_said_to_be_kept() -> None:
    bench = Bench(40.0)
    bench.budget.remaining = {"1800/3600s": 900, "30/60s": 0}
    with OddServer(EMPTY) as server, pytest.raises(OverBudget) as caught:
        write(bench.v2(server.url))
    assert "kept" not in str(caught.value)


@pytest.mark.parametrize(("waits", "seconds"), [([5.5], 5.5), ([3.0, 3.0], 3.0)])
def test_a_long_wait_for_the_budget_is_told_and_nothing_is_sent(
    waits: list[float], seconds: float
) -> None:
    bench = Bench(*waits)
    with OddServer(EMPTY) as server, pytest.raises(NotYet, match=r"v2\.limits") as caught:
        poll(bench.v2(server.url))
    assert caught.value.seconds == seconds
    assert server.requests == []


def test_what_is_told_of_a_request_names_no_id_and_no_text() -> None:
    bench = Bench()
    with OddServer(answer(b"{}")) as server:
        write(bench.v2(server.url))
    (told,) = bench.ear.details("request")
    assert {key: told[key] for key in ("side", "operation", "purpose", "status")} == {
        "side": "v2",
        "operation": "POST /tasks/{id}/complete",
        "purpose": "write",
        "status": 200,
    }
    assert 0 <= told["seconds"] < 5
    assert not any("a1" in str(value) for value in told.values())


def test_secrets_stand_in_no_repr_and_no_message() -> None:
    bench = Bench()
    echo: Any = answer(f'{{"message": "bad key {API_KEY} {SECRET}"}}'.encode(), "400 Bad Request")
    with OddServer(echo, echo) as server:
        v2, kore = bench.v2(server.url), bench.kore(server.url)
        for service in (v2, kore):
            with pytest.raises(Exception, match=r"\*\*\*") as caught:
                service.send(service.draft_update(TaskId("a1"), {}, Vocabulary(), tags=["x"]))
            texts = [repr(service), repr(vars(service)), str(caught.value)]
            own = API_KEY if service is v2 else SECRET
            assert not any(own in text for text in texts)
