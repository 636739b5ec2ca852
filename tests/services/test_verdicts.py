"""Every status means one error, with the side, what was asked and the service's own words."""

import pytest

from bridge.domain.exchange import Answer, Order, Purpose
from bridge.domain.reading import ProbeForm
from bridge.domain.side import TaskId
from bridge.errors import (
    BadAnswer,
    ConfigError,
    KeyRefused,
    NotFound,
    Refused,
    ServiceError,
    Unreachable,
    UsageError,
)
from bridge.services.v2 import V2Service
from tests.services.clients import Bench
from tests.services.odd_server import OddServer, answer

WORDS = b'{"message": "Could not.", "errors": [{"message": "because"}]}'


def complete(service: V2Service) -> Answer:
    return service.send(service.draft_complete(TaskId("a1")))


@pytest.mark.parametrize(
    ("status", "kind", "is_unknown"),
    [
        (400, Refused, False),
        (401, KeyRefused, False),
        (403, KeyRefused, False),
        (404, NotFound, False),
        (405, Refused, False),
        (408, Refused, False),
        (409, Refused, False),
        (413, Refused, False),
        (422, Refused, False),
        (500, Unreachable, True),
        (502, Unreachable, True),
        (503, Unreachable, True),
        (504, Unreachable, True),
    ],
)
def test_a_write_is_judged_by_its_status(
    status: int, kind: type[ServiceError], is_unknown: bool
) -> None:
    bench = Bench()
    with OddServer(answer(WORDS, f"{status} Word")) as server, pytest.raises(kind) as caught:
        complete(bench.v2(server.url))
    assert type(caught.value) is kind
    assert caught.value.side == "v2"
    assert caught.value.is_outcome_unknown is is_unknown
    assert getattr(caught.value, "status", status) == status
    text = str(caught.value)
    assert text.startswith(f"v2, asked for POST /tasks/{{id}}/complete, answered {status}: ")
    assert "Could not.; because" in text


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_read_has_no_unknown_outcome(status: int) -> None:
    bench = Bench()
    with (
        OddServer(*[answer(WORDS, f"{status} Word")] * 9) as server,
        pytest.raises(ServiceError) as caught,
    ):
        bench.v2(server.url, retry_seconds=0).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert not caught.value.is_outcome_unknown


def test_a_refused_key_says_what_to_look_at() -> None:
    bench = Bench()
    with OddServer(
        *[answer(WORDS, f"{status} Word") for status in (401, 403, 401, 401, 403)]
    ) as at:
        v2, kore = bench.v2(at.url), bench.kore(at.url)
        for service, words in (
            (v2, "Check v2.api_key"),
            (v2, "The key may not do this"),
            (kore, "Check kore.client_id"),
            (kore, "Case Management Configuration"),
        ):
            with pytest.raises(KeyRefused, match=words):
                service.page(Order.STABLE, 0, purpose=Purpose.POLL)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><title>Gateway</title></html>", "an HTML page"),
        (b'{"errors": [{"msg": "no"}]}', "an error object"),
        (b'{"message": "no"}', "an error object"),
        (b'{"_id": "other-task"}', "another task"),
        (b'{"_id": "a1', "something else than JSON"),
    ],
)
def test_a_success_that_shows_none_leaves_the_outcome_of_a_write_open(
    body: bytes, kind: str
) -> None:
    bench = Bench()
    with OddServer(answer(body)) as server, pytest.raises(BadAnswer, match=kind) as caught:
        complete(bench.v2(server.url))
    assert caught.value.is_outcome_unknown


@pytest.mark.parametrize(
    "body", [b"", b"null", b"{}", b'{"ok": true}', b'{"completed": true, "message": "done"}', b"[]"]
)
def test_an_acknowledgement_names_neither_task_nor_id(body: bytes) -> None:
    bench = Bench()
    with OddServer(answer(body)) as server:
        got = complete(bench.v2(server.url))
    assert (got.task_id, got.task) == (None, None)


@pytest.mark.parametrize("odd", ["../users", "a/b", "", "a" * 129, "a?b", "é", "a\n"])
def test_an_id_that_is_none_reaches_no_path(odd: str) -> None:
    bench = Bench()
    with OddServer() as server:
        v2, kore = bench.v2(server.url), bench.kore(server.url)
        with pytest.raises(UsageError):
            v2.read(TaskId(odd))
        with pytest.raises(UsageError):
            v2.send(v2.draft_complete(TaskId(odd)))
        with pytest.raises(UsageError):
            kore.send(kore.draft_probe(TaskId(odd), ProbeForm.EMPTY))
    assert server.requests == []


@pytest.mark.parametrize("odd", ["", "key\nx: y", "schlüssel", " key"])
def test_a_key_that_no_header_can_carry_is_a_configuration_error(odd: str) -> None:
    with pytest.raises(ConfigError, match=r"v2\.api_key"):
        Bench().v2("http://127.0.0.1:9", api_key=odd)
    with pytest.raises(ConfigError, match=r"kore\.account_id"):
        Bench().kore("http://127.0.0.1:9", account_id=odd)


def test_a_stream_id_that_is_none_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"kore\.stream_id"):
        Bench().kore("http://127.0.0.1:9", stream_id="../x")


def test_an_unknown_zone_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"v2\.timezone"):
        Bench().v2("http://127.0.0.1:9", timezone="Mars/Base")
