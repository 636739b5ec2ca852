"""One exchange: bounded in time and size, never redirected, every fault named and judged."""

import gzip
import inspect
import time
import zlib
from datetime import timedelta

import httpx
import pytest

from bridge.domain.exchange import Order, Purpose
from bridge.domain.side import TaskId
from bridge.errors import BadAnswer, ConfigError, Refused, ServiceError, Unreachable
from bridge.services.http import FAULTS, MOST_BYTES
from bridge.services.v2 import V2Service
from tests.services.clients import Bench
from tests.services.odd_server import OddServer, answer, nobody_listens


def poll(service: V2Service) -> int:
    return service.page(Order.STABLE, 0, purpose=Purpose.POLL).length


def complete(service: V2Service) -> None:
    service.send(service.draft_complete(TaskId("a1")))


def test_every_exception_class_of_httpx_is_judged() -> None:
    classes = {kind for kind in vars(httpx).values() if inspect.isclass(kind)}
    raised = {kind for kind in classes if issubclass(kind, Exception)}
    assert raised == set(FAULTS)


def test_what_cannot_have_left_is_known_not_to_be_applied() -> None:
    known = {kind for kind, fault in FAULTS.items() if not fault.may_have_left}
    assert known == {
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
        httpx.ProxyError,
    }


def test_nobody_there_is_unreachable_and_counts_as_no_request() -> None:
    bench = Bench()
    with pytest.raises(Unreachable, match=r"v2 cannot be reached, .*refused") as caught:
        complete(bench.v2(nobody_listens()))
    assert not caught.value.is_outcome_unknown
    assert bench.ear.details("request") == []
    assert len(bench.ear.details("unreached")) == 1


@pytest.mark.parametrize(
    "script",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2"],
        [b"nonsense\r\n\r\n"],
    ],
    ids=["dropped", "truncated", "nonsense"],
)
def test_a_write_whose_answer_is_lost_has_an_unknown_outcome(script: list[bytes | float]) -> None:
    bench = Bench()
    with OddServer(script) as server, pytest.raises(ServiceError) as caught:
        complete(bench.v2(server.url))
    assert isinstance(caught.value, Unreachable)
    assert caught.value.is_outcome_unknown
    assert [told["status"] for told in bench.ear.details("request")] == [None]


def test_a_write_is_never_sent_twice() -> None:
    bench = Bench()
    with OddServer([], answer(b"{}")) as server, pytest.raises(Unreachable):
        complete(bench.v2(server.url))
    assert len(server.requests) == 1


def test_a_read_whose_answer_is_lost_is_tried_again_and_has_no_unknown_outcome() -> None:
    bench = Bench()
    with OddServer([], [], answer(b"[]")) as server:
        assert poll(bench.v2(server.url)) == 0
    assert [told["why"] for told in bench.ear.details("retry")] == ["Unreachable"] * 2
    assert bench.clock.slept == sorted(bench.clock.slept)


@pytest.mark.parametrize("drip", [b"[" + b" " * 8, b""], ids=["trickles", "silent"])
def test_the_time_limit_covers_everything_to_the_last_byte(drip: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    slow: list[bytes | float] = [head, *(part for _ in range(100) for part in (drip, 0.05))]
    bench = Bench()
    started = time.monotonic()
    with OddServer(slow) as server, pytest.raises(Unreachable, match=r"in time \(0.3 s\)"):
        poll(bench.v2(server.url, timeout_seconds=0.3, retry_seconds=0))
    assert time.monotonic() - started < 2


def test_a_slow_read_is_not_tried_again_for_longer_than_the_retries_last() -> None:
    bench = Bench()
    with OddServer([5.0], [5.0]) as server, pytest.raises(Unreachable):
        poll(bench.v2(server.url, timeout_seconds=0.3, retry_seconds=0.4))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed_and_the_message_says_why(status: str) -> None:
    bench = Bench()
    with OddServer(answer(b"[]")) as other:
        redirect = answer(b"", status, Location=f"{other.url}/tasks/")
        with OddServer(redirect) as server, pytest.raises(BadAnswer, match="the key would go"):
            poll(bench.v2(server.url, retry_seconds=0))
    assert other.requests == []


@pytest.mark.parametrize(("status", "is_unknown"), [("302 Found", True), ("307 Temporary", False)])
def test_a_redirected_write_may_have_been_applied_if_it_says_see_elsewhere(
    status: str, is_unknown: bool
) -> None:
    bench = Bench()
    with (
        OddServer(answer(b"", status, Location="/x")) as server,
        pytest.raises(BadAnswer) as caught,
    ):
        complete(bench.v2(server.url))
    assert caught.value.is_outcome_unknown is is_unknown


def test_a_packed_answer_is_unpacked() -> None:
    bench = Bench()
    packed = answer(gzip.compress(b'[{"_id": "a1"}]'), Content_Encoding="gzip")
    with OddServer(packed) as server:
        assert poll(bench.v2(server.url)) == 1


def test_an_answer_packed_badly_is_a_bad_answer() -> None:
    bench = Bench()
    with (
        OddServer(answer(b"no gzip", Content_Encoding="gzip")) as server,
        pytest.raises(BadAnswer) as caught,
    ):
        complete(bench.v2(server.url))
    assert caught.value.is_outcome_unknown


def test_an_answer_without_end_is_cut_off() -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(MOST_BYTES // (1 << 20) + 2))
    body += bomb.flush()
    bench = Bench()
    with (
        OddServer(answer(body, Content_Encoding="gzip")) as server,
        pytest.raises(BadAnswer, match="64 MiB"),
    ):
        poll(bench.v2(server.url, retry_seconds=0, timeout_seconds=20))


def test_no_cookie_is_kept() -> None:
    bench = Bench()
    with OddServer(answer(b"[]", Set_Cookie="who=me"), answer(b"[]")) as server:
        service = bench.v2(server.url)
        poll(service)
        poll(service)
    assert b"cookie" not in server.requests[1].lower()


@pytest.mark.parametrize(
    "base", ["", "host", "ftp://host", "http://", "https://me:word@host", "http://host/?a=1", "::"]
)
def test_a_base_that_is_no_web_address_is_a_configuration_error(base: str) -> None:
    with pytest.raises(ConfigError, match=r"v2\.base_url"):
        Bench().v2(base)


def test_a_4xx_counts_even_if_its_text_is_cut_off() -> None:
    cut = [b"HTTP/1.1 400 Bad\r\nContent-Length: 100\r\n\r\nnot this"]
    bench = Bench()
    with OddServer(cut) as server, pytest.raises(Refused, match="not this"):
        complete(bench.v2(server.url))


def test_times_and_the_services_own_date_come_with_the_page() -> None:
    bench = Bench()
    with OddServer(answer(b"[]", Date="Wed, 04 Mar 2026 12:00:07 GMT")) as server:
        page = bench.v2(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert page.service_date is not None
    assert page.service_date - page.sent_at == timedelta(seconds=7)
