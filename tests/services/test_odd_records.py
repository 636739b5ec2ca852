"""Odd records in good answers harm nobody but themselves."""

import json
from typing import Any

import pytest

from bridge.domain.exchange import Order, Purpose
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, TaskId
from bridge.domain.values import text_value
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.errors import BadAnswer, Refused, UnreadableRecord
from bridge.services.searches import MOST_PAGES
from tests.services.clients import Bench
from tests.services.odd_server import OddServer, Script, answer

KORE_ID, V2_ID = TaskId("ti-1"), TaskId("a1")


def shown(payload: object) -> Script:
    return answer(json.dumps(payload).encode())


def test_a_written_task_that_cannot_be_read_is_still_named() -> None:
    bench = Bench()
    kore_record = {"_id": KORE_ID, "name": "N", "status": {}, "updatedAt": "", "desc": ["odd"]}
    v2_record = {"_id": V2_ID, "title": ["odd"], "identifierNumber": 1, "status": {}}
    with OddServer(shown(kore_record), shown(v2_record)) as server:
        kore, v2 = bench.kore(server.url), bench.v2(server.url)
        of_kore = kore.send(kore.draft_probe(KORE_ID, ProbeForm.EMPTY))
        of_v2 = v2.send(v2.draft_complete(V2_ID))
    assert (of_kore.task_id, of_kore.task) == (KORE_ID, None)
    assert (of_v2.task_id, of_v2.task) == (V2_ID, None)


@pytest.mark.parametrize("more", [{}, {"name": "N"}, {"refId": "TS1", "status": {"name": "Open"}}])
def test_a_part_of_a_kore_record_is_not_taken_for_a_full_one(more: dict[str, Any]) -> None:
    bench = Bench()
    with OddServer(shown({"_id": KORE_ID, **more})) as server:
        kore = bench.kore(server.url)
        got = kore.send(kore.draft_probe(KORE_ID, ProbeForm.EMPTY))
    assert (got.task_id, got.task) == (KORE_ID, None)


def test_a_kore_write_that_answers_with_another_task_is_a_bad_answer() -> None:
    bench = Bench()
    with OddServer(shown({"_id": "ti-2"})) as server:
        kore = bench.kore(server.url)
        request = kore.draft_update(KORE_ID, {Field.TITLE: text_value("T")}, Vocabulary())
        with pytest.raises(BadAnswer, match="another task") as caught:
            kore.send(request)
    assert caught.value.is_outcome_unknown


def test_a_case_that_cannot_be_read_is_passed_over() -> None:
    cases = [{"_id": "../x"}, 7, {"name": "no id"}, {"_id": "ci-1", "status": "Closed"}]
    bench = Bench()
    with OddServer(shown({"results": cases, "hasMore": False})) as server:
        found = bench.kore(server.url).find_case("ci-1")
    assert found is not None
    assert (found.id, found.ref, found.is_closed) == ("ci-1", None, None)


def test_people_and_types_that_cannot_be_read_are_passed_over() -> None:
    bench = Bench()
    people = [{"_id": "u1", "general": None, "status": None}, {"name": "no id"}, 7, {"_id": "a/b"}]
    refused = answer(b'{"message": "page must be positive"}', "400 Bad Request")
    types = [{"_id": "t1", "name": None, "prefix": None}, {"prefix": "X"}]
    answers = [answer(b"{}", "404 Not Found"), shown(people), shown([]), refused, shown(types)]
    with OddServer(*answers, shown(types)) as server:
        service = bench.v2(server.url)
        words = service.learn()
    assert [(word.kind, word.key, word.label) for word in words] == [
        (WordKind.PERSON, "u1", "u1"),
        (WordKind.TASK_TYPE, "t1", "t1"),
    ]
    assert service.prefixes == {}


@pytest.mark.parametrize("body", [b"7", b'{"a": [], "b": []}', b'{"errors": []}'])
def test_what_is_no_list_of_types_is_a_bad_answer(body: bytes) -> None:
    gone = answer(b"{}", "404 Not Found")
    with OddServer(gone, gone, answer(body)) as server, pytest.raises(BadAnswer, match="a list"):
        Bench().v2(server.url, retry_seconds=0).learn()


def test_types_refused_after_the_first_page_are_told() -> None:
    gone, refused = answer(b"{}", "404 Not Found"), answer(b"{}", "400 Bad Request")
    with OddServer(gone, gone, refused, refused) as server, pytest.raises(Refused):
        Bench().v2(server.url).learn()


def test_a_refusal_that_is_no_question_of_form_is_told_at_once() -> None:
    with OddServer(answer(b"{}", "405 Method Not Allowed")) as server, pytest.raises(Refused):
        Bench().v2(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert len(server.requests) == 1


def test_a_search_ends_even_if_the_service_never_does() -> None:
    pages = [
        shown({"results": [{"_id": f"ti-{n}", "name": "Same"}, {"_id": f"x-{n}", "name": [1]}]})
        for n in range(MOST_PAGES + 5)
    ]
    with OddServer(*pages) as server:
        found = Bench().kore(server.url).search("same")
    assert len(server.requests) == MOST_PAGES
    assert len(found) == 2 * MOST_PAGES


def test_an_unreadable_task_stops_only_itself() -> None:
    rows = [{"_id": "a1", "title": "Good"}, {"_id": "a2", "title": {"odd": 1}}]
    with OddServer(shown(rows)) as server:
        page = Bench().v2(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    good, odd = page.rows
    assert good.normalise().title == "Good"
    with pytest.raises(UnreadableRecord, match=r"^title: "):
        odd.normalise()
