"""Where people come to: after the login, and after an error; never to another's place."""

import re
from urllib.parse import quote

import pytest

from bridge.daemon.web import links
from bridge.daemon.web.doors import FORM_FIELD
from bridge.errors import UsageError
from tests.daemon.web.opened import TOKEN, Visitor

ELSEWHERE = (
    "https://evil.example.com/",
    "//evil.example.com",
    "/\\evil.example.com",
    "\\\\evil.example.com",
    "/\t/evil.example.com",
    "/\n/evil.example.com",
    " //evil.example.com",
    "javascript:alert(1)",
    "failures",
    "",
)


def enter(stranger: Visitor, place: str) -> str:
    """Log in at the form that one is led to; where one comes to then."""
    fields = stranger.forms(place)["/login Log in"]
    answer = stranger.send("/login", {**fields, "token": TOKEN})
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.mark.parametrize(
    "path", ["/failures", "/conflicts?settled=1&page=2", "/tasks/%C3%BC%20x", "/links?q=%26%3C"]
)
def test_who_logs_in_comes_to_the_page_that_was_asked_for(stranger: Visitor, path: str) -> None:
    login = stranger.client.get(path).headers["location"]
    assert login.startswith("/login?next=")
    assert enter(stranger, login) == path
    assert stranger.client.get(login).headers["location"] == path  # the session is there by now


def test_a_wrong_token_before_it_changes_nothing(stranger: Visitor) -> None:
    login = stranger.client.get("/failures").headers["location"]
    fields = stranger.forms(login)["/login Log in"]
    again = stranger.send("/login", {**fields, "token": "another-token-than-ours"})
    assert again.status_code == 401
    assert 'name="next" value="/failures"' in again.text


def test_a_part_of_a_page_leads_back_to_its_page(stranger: Visitor) -> None:
    page = str(stranger.client.base_url.join("/conflicts?page=2"))
    htmx = {"HX-Request": "true", "HX-Current-URL": page}
    part = stranger.client.get("/overview/word", headers=htmx)
    assert enter(stranger, part.headers["hx-redirect"]) == "/conflicts?page=2"


def test_a_form_leads_back_to_its_page(stranger: Visitor) -> None:
    page = str(stranger.client.base_url.join("/conflicts?page=2"))
    sent = stranger.send("/pause", {}, {"Referer": page})
    assert enter(stranger, sent.headers["location"]) == "/conflicts?page=2"


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_led_to_another_place(stranger: Visitor, place: str) -> None:
    assert enter(stranger, f"/login?next={quote(place)}") == "/"
    assert stranger.client.get("/login", params={"next": place}).headers["location"] == "/"
    sent = stranger.send("/login", {"token": TOKEN, "next": place})
    assert sent.headers["location"] == "/"


def back(visitor: Visitor, path: str, headers: dict[str, str]) -> str:
    """Where an action that cannot be done says that one may look again."""
    answer = visitor.send(path, {FORM_FIELD: visitor.word(), "take": "kore"}, headers)
    assert answer.status_code == 422
    found = re.search(r'href="([^"]*)">(?:Look again|To the overview)<', answer.text)
    assert found
    return found[1]


def test_after_an_error_one_looks_again_at_the_page_that_one_came_from(visitor: Visitor) -> None:
    base = visitor.client.base_url
    for place in ("/conflicts?settled=1&page=2", "/tasks/TS000100"):
        came = str(base.join(place))
        for headers in ({"Referer": came}, {"HX-Request": "true", "HX-Current-URL": came}):
            shown = back(visitor, "/conflicts/999/resolve", headers)
            assert shown == place.replace("&", "&amp;")
    asked = {"Referer": str(base.join("/failures?page=2&asked=7"))}
    assert back(visitor, "/failures/999/retry", asked) == "/failures?page=2"


@pytest.mark.parametrize("came", ["", "http://evil.example.com/conflicts", "http://[", "null"])
def test_where_it_is_not_told_where_one_came_from_it_is_the_list(
    visitor: Visitor, came: str
) -> None:
    assert back(visitor, "/failures/999/retry", {"Referer": came}) == "/failures"


def test_a_page_that_cannot_be_shown_is_looked_at_again_itself(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise UsageError("Not now.")

    monkeypatch.setattr(links, "_found", fail)
    answer = visitor.client.get("/links?q=a&page=2")
    assert answer.status_code == 422
    assert 'href="/links?q=a&amp;page=2">Look again<' in answer.text
