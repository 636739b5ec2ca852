"""Without the token nothing is shown and nothing can be done, from another origin neither."""

from collections.abc import Callable
from datetime import datetime

import httpx
import pytest

from bridge.daemon.web.app import ACTIONS, PAGES
from bridge.daemon.web.doors import FORM_FIELD, Doors
from tests.daemon.bench import TITLE, Bench, Log
from tests.daemon.web.opened import TOKEN, Visitor

OPEN = ("/healthz", "/readyz", "/login", "/static/style.css", "/static/htmx.min.js")
EVERY_PAGE = [path.replace("{number}", "1").replace("{name:path}", "TS000100") for path in PAGES]
EVERY_ACTION = [path.replace("{number}", "1") for path in ACTIONS]
HTMX = {"HX-Request": "true"}


def asked_for(bench: Bench) -> int:
    """How many instructions wait."""
    with bench.bridge.store.look() as unit:
        return len(unit.open_instructions())


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_leads_a_stranger_to_the_login(stranger: Visitor, path: str) -> None:
    answer = stranger.client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].partition("?")[0] == "/login"
    assert answer.text == ""
    part = stranger.client.get(path, headers=HTMX)
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login")
    assert part.text == ""


@pytest.mark.parametrize("path", [*EVERY_ACTION, "/logout"])
def test_an_action_does_nothing_for_a_stranger(paired: Bench, stranger: Visitor, path: str) -> None:
    answer = stranger.send(path, {FORM_FIELD: "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert asked_for(paired) == 0


@pytest.mark.parametrize("path", EVERY_ACTION)
def test_nothing_is_done_by_a_get(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path).status_code == 405


@pytest.mark.parametrize("path", EVERY_ACTION)
def test_a_form_without_its_word_or_with_another_sessions_does_nothing(
    paired: Bench, visitor: Visitor, path: str
) -> None:
    other = Visitor(visitor.client.base_url)
    other.log_in()
    for word in ({}, {FORM_FIELD: ""}, {FORM_FIELD: other.word()}):
        answer = visitor.send(path, {"side": "kore", "take": "kore", **word})
        assert answer.status_code == 403
        assert "Nothing was done" in answer.text
    other.close()
    assert asked_for(paired) == 0


@pytest.mark.parametrize("path", EVERY_ACTION)
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example.com"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_from_another_origin_does_nothing(
    paired: Bench, visitor: Visitor, path: str, headers: dict[str, str]
) -> None:
    answer = visitor.send(path, {FORM_FIELD: visitor.word(), "side": "kore"}, headers)
    assert answer.status_code == 403
    assert asked_for(paired) == 0


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_page_logs_nobody_in(stranger: Visitor, headers: dict[str, str]) -> None:
    answer = stranger.send("/login", {"token": TOKEN}, headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def bearer(visitor: Visitor, text: str) -> httpx.Response:
    return visitor.client.get("/metrics", headers={"Authorization": text})


def test_a_wrong_bearer_is_refused_late_with_words_of_its_own(
    paired: Bench, stranger: Visitor
) -> None:
    before = paired.clock.now()
    answer = bearer(stranger, "Bearer another-token-than-ours")
    assert (answer.status_code, answer.text) == (401, "the token is wrong\n")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert _seconds(paired.clock.now(), before) >= 0.5


def test_a_wrong_bearer_is_logged_with_the_address_it_came_from_and_never_the_word_itself(
    log: Log, stranger: Visitor
) -> None:
    bearer(stranger, "bearer another-token-than-ours")
    assert bearer(stranger, f"Bearer {TOKEN}").status_code == 200
    (line,) = log.lines("console: wrong token")
    assert (line["level"], line["peer"]) == ("warning", "127.0.0.1")
    assert "another-token" not in log.getvalue()


@pytest.mark.parametrize("text", ["", "Bearer", "Basic YTpi"])
def test_who_gives_no_bearer_is_told_at_once_what_is_wanted_and_is_not_logged(
    paired: Bench, log: Log, stranger: Visitor, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(paired.clock, "sleep", waits.append)
    answer = bearer(stranger, text)
    assert (answer.status_code, answer.text) == (401, "the token is wanted as a bearer\n")
    assert waits == []
    assert log.lines("console: wrong token") == []


def test_a_wrong_token_is_refused_with_a_sentence_and_late(
    paired: Bench, stranger: Visitor
) -> None:
    before = paired.clock.now()
    answer = stranger.log_in("another-token-than-ours")
    assert answer.status_code == 401
    assert "That is not the token" in answer.text
    assert "set-cookie" not in answer.headers
    assert _seconds(paired.clock.now(), before) >= 0.5


def test_a_wrong_token_is_logged_with_the_address_it_came_from_and_never_the_word_itself(
    log: Log, stranger: Visitor
) -> None:
    assert stranger.log_in("another-token-than-ours").status_code == 401
    assert stranger.log_in().status_code == 303
    (line,) = log.lines("console: wrong token")
    assert (line["level"], line["peer"]) == ("warning", "127.0.0.1")
    assert "another-token" not in log.getvalue()


def give_to_the_form(visitor: Visitor) -> httpx.Response:
    return visitor.log_in("another-token-than-ours")


def give_as_bearer(visitor: Visitor) -> httpx.Response:
    return bearer(visitor, "Bearer another-token-than-ours")


@pytest.mark.parametrize("give", [give_to_the_form, give_as_bearer])
def test_wrong_tokens_that_wait_keep_nobody_else_waiting_and_only_so_many_wait(
    paired: Bench,
    stranger: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    give: Callable[[Visitor], httpx.Response],
) -> None:
    answers: list[int] = []

    def meanwhile(_: float) -> None:
        """While one wrong token waits for its answer another one is given."""
        other = Visitor(stranger.client.base_url)
        assert other.client.get("/healthz").text == "ok"
        answers.append(give(other).status_code)
        other.close()

    monkeypatch.setattr(paired.clock, "sleep", meanwhile)
    answers.append(give(stranger).status_code)
    assert answers == [429, 401, 401, 401, 401]


def test_the_session_is_a_cookie_that_no_script_and_no_other_site_gets(
    stranger: Visitor,
) -> None:
    cookie = stranger.log_in().headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/", "max-age="):
        assert part in cookie
    assert TOKEN not in cookie


def test_whoever_logs_out_is_a_stranger_again(visitor: Visitor) -> None:
    word = visitor.word()
    assert visitor.send("/logout", {FORM_FIELD: word}).headers["location"] == "/login"
    assert visitor.client.get("/").status_code == 303


def test_the_cookie_is_named_by_the_pair_and_the_address(paired: Bench, stranger: Visitor) -> None:
    stranger.log_in()
    listen = paired.bridge.settings.console.listen
    assert [*stranger.client.cookies] == [Doors(TOKEN, f"default {listen}").cookie]


def test_a_session_of_another_token_opens_nothing(stranger: Visitor) -> None:
    stranger.log_in()
    (ours,) = [*stranger.client.cookies]
    stranger.client.cookies.clear()
    stranger.client.cookies.set(ours, Doors("another-token-than-ours").new_session())
    assert stranger.client.get("/").status_code == 303


@pytest.mark.parametrize("path", [*OPEN, "/nothing", "/metrics", "/pause", "/static/../app.py"])
def test_every_answer_tells_the_browser_to_allow_nothing_more(stranger: Visitor, path: str) -> None:
    answer = stranger.client.get(path)
    assert_hardened(answer.headers)
    assert TITLE not in answer.text
    assert "default" not in answer.text.replace("default-src", "") or path.startswith("/static")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_tells_it_as_well_and_holds_nothing_that_it_forbids(
    visitor: Visitor, path: str
) -> None:
    answer = visitor.client.get(path)
    assert_hardened(answer.headers)
    assert answer.headers["cache-control"] == "no-store"
    for forbidden in (" style=", "<style", "<script>", " onclick=", "javascript:", "hx-on"):
        assert forbidden not in answer.text


def test_a_form_that_is_too_long_is_not_read_to_its_end(paired: Bench, visitor: Visitor) -> None:
    answer = visitor.send("/pause", {FORM_FIELD: visitor.word(), "side": "x" * 20_000})
    assert answer.status_code == 413
    assert asked_for(paired) == 0


def test_a_path_that_is_not_there_is_told_with_a_sentence(visitor: Visitor) -> None:
    answer = visitor.client.get("/nothing/<b>here")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text
    assert "<b>here" not in answer.text


def assert_hardened(headers: object) -> None:
    found = dict(headers)  # type: ignore[call-overload]
    policy = found["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert found["x-content-type-options"] == "nosniff"
    assert found["cross-origin-opener-policy"] == "same-origin"


def _seconds(one: datetime, other: datetime) -> float:
    return (one - other).total_seconds()
