"""A message repeats what the service said: readable, short, and never with a secret."""

import pytest

from bridge.services.exchange import Reply
from bridge.services.said import Scrubber, said_in
from tests.services.stand_ins import NOON

SECRET = "s3cret-of-these-tests"


def said(body: str, content_type: str = "application/json") -> str:
    reply = Reply(
        status=400,
        headers={"content-type": content_type},
        content=body.encode(),
        sent_at=NOON,
        answered_at=NOON,
        service_date=None,
    )
    return said_in(reply, Scrubber([f"id:{SECRET}", SECRET, "", "ab"]))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"message": "Could not fetch list.", "errors": [{"message": "Sorting needs by"}]}',
         "Could not fetch list.; Sorting needs by"),
        ('{"errors": [{"msg": "caseId is missing", "code": 400}]}', "caseId is missing"),
        ('{"error": {"message": "no"}}', "no"),
        ('{"error": "invalid", "error_description": "x"}', "invalid"),
        ('{"errors": ["one", "two", "one"]}', "one; two"),
        ('["plain"]', "plain"),
        ("not json at all", "not json at all"),
        ("{}", ""),
        ("", ""),
        ("[" * 100_000, "[" * 299 + "…"),
    ],
)  # fmt: skip
def test_every_common_shape_of_an_error_is_read(body: str, words: str) -> None:
    assert said(body) == words


def test_a_page_says_its_title_else_its_first_words() -> None:
    page = "<html><head><title>Bad &amp; gone</title></head><body>x</body></html>"
    assert said(page, "text/html") == "Bad & gone"
    assert said("<html><style>p{}</style><p>Down for <b>work</b></p></html>") == "Down for work"


def test_a_message_is_one_line_of_300_characters_at_most() -> None:
    words = said('{"message": "a\\n\\u001b[31mb ' + "x" * 500 + '"}')
    assert words.startswith("a [31mb x")
    assert len(words) == 300


def test_a_secret_that_is_echoed_is_taken_out() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    words = said(f'{{"message": "key id:{SECRET} or {SECRET}, token {token} refused"}}')
    assert words == "key *** or ***, token *** refused"
