"""Who comes in: what a request has to bear, and from where it may come."""

import time

import pytest
from starlette.requests import Request

from bridge.daemon.web.doors import SESSION_SECONDS, Doors

DOORS = Doors("a-token-of-the-tests")
HOST = "bridge.example.com"


def request(scheme: str = "http", **headers: str) -> Request:
    named = {"host": HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}
    sent = [(name.encode(), text.encode("latin-1")) for name, text in named.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "scheme": scheme, "headers": sent,
             "query_string": b"", "server": ("127.0.0.1", 8321)}  # fmt: skip
    return Request(scope)


def in_session(**headers: str) -> Request:
    return request(cookie=f"{DOORS.cookie}={DOORS.new_session()}", **headers)


def is_own(sent: Request) -> bool:
    return DOORS.is_own_form(sent, DOORS.form_word(sent))


def test_a_session_that_the_token_opened_is_known_and_another_tokens_is_not() -> None:
    assert DOORS.has_session(in_session())
    assert not Doors("another-token-than-ours").has_session(in_session())


@pytest.mark.parametrize(
    "beside",
    [
        Doors("a-token-of-the-tests", "north 127.0.0.1:8322"),
        Doors("a-token-of-the-tests", "south 127.0.0.1:8321"),
        Doors("another-token-than-ours", "north 127.0.0.1:8321"),
    ],
)
def test_consoles_beside_each_other_on_one_host_leave_each_others_sessions(beside: Doors) -> None:
    ours = Doors("a-token-of-the-tests", "north 127.0.0.1:8321")
    cookies = {ours.cookie: ours.new_session()}
    cookies[beside.cookie] = beside.new_session()  # the browser keeps one of each name
    sent = request(cookie="; ".join(f"{name}={text}" for name, text in cookies.items()))
    assert len(cookies) == 2
    assert ours.has_session(sent)
    assert beside.has_session(sent)


def test_the_name_of_the_cookie_does_not_change_with_the_process_and_is_plain() -> None:
    again = Doors("a-token-of-the-tests", "the pair, “north” 127.0.0.1:8321")
    assert again.cookie == Doors("a-token-of-the-tests", "the pair, “north” 127.0.0.1:8321").cookie
    assert again.cookie.replace("-", "").isalnum()
    assert again.cookie.isascii()


def test_a_session_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, sent = time.time(), in_session()
    monkeypatch.setattr(time, "time", lambda: begun + SESSION_SECONDS - 60)
    assert DOORS.has_session(sent)
    monkeypatch.setattr(time, "time", lambda: begun + SESSION_SECONDS + 60)
    assert not DOORS.has_session(sent)


@pytest.mark.parametrize("cookie", ["", "x", "1.a.b", "99999999999.a.b", "é.ü.ß"])
def test_whatever_else_stands_in_the_cookie_opens_nothing(cookie: str) -> None:
    assert not DOORS.has_session(request(cookie=f"{DOORS.cookie}={cookie}"))


def test_a_form_bears_the_word_of_its_own_session() -> None:
    one, other = in_session(), in_session()
    assert DOORS.is_own_form(one, DOORS.form_word(one))
    assert not DOORS.is_own_form(one, DOORS.form_word(other))
    assert not DOORS.is_own_form(one, "")
    assert not DOORS.is_own_form(one, "ü")


@pytest.mark.parametrize(
    "origin", ["http://evil.example.com", f"http://{HOST}:8080", "null", "", "http://[", "x"]
)
def test_a_form_of_another_origin_is_none_of_ours(origin: str) -> None:
    assert not is_own(in_session(origin=origin))


def test_a_form_is_ours_behind_a_proxy_that_ends_tls_as_well() -> None:
    assert is_own(in_session(origin=f"http://{HOST}"))
    assert is_own(in_session(origin=f"https://{HOST}"))


@pytest.mark.parametrize(
    ("site", "is_ours"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False)],
)
def test_what_the_browser_says_of_the_sender_counts(site: str, is_ours: bool) -> None:
    assert is_own(in_session(sec_fetch_site=site)) is is_ours
