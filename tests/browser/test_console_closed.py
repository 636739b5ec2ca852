"""What a browser keeps from strangers and from pages of other origins."""

from html import escape

import pytest
from playwright.sync_api import Page, Response, StorageState, expect

from bridge.daemon.web.app import PAGES
from tests.browser.conftest import Open
from tests.browser.working import SEEN, Working

pytestmark = pytest.mark.browser
# The first is of the same site as the console, so that its forms bring the session's cookie.
ELSEWHERE = ("http://127.0.0.1:9", "http://evil.example")


def test_a_stranger_sees_the_login_whatever_is_asked_for(window: Open, working: Working) -> None:
    page = window(working.address)
    for path in PAGES:
        page.goto(path.replace("{number}", "1").replace("{name:path}", "TS000100"))
        expect(page.get_by_label("Token")).to_be_visible()
        assert page.url.partition("?")[0] == f"{working.address}/login"
        for secret in (SEEN, "default", "running"):
            assert secret not in page.content()
    for path, word in {"/healthz": "ok", "/readyz": "ready"}.items():
        # Not as a page: for one that is no HTML the browser asks for an icon that is not there.
        assert page.request.get(path).text() == word


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_form_of_another_origins_page_does_nothing_even_if_it_knows_the_word(
    window: Open, working: Working, session: StorageState, origin: str
) -> None:
    own = window(working.address, storage_state=session)
    own.goto("/")
    word = own.locator("form[action='/pause'] input[name=form]").first.get_attribute("value")
    other = own.context.new_page()
    serve(other, origin, form_of(f"{working.address}/pause", {"form": word or "", "side": ""}))
    other.goto(f"{origin}/")
    with other.expect_response(f"{working.address}/**") as answer:
        other.get_by_role("button").click()
    assert is_refused(answer.value, working)
    own.reload()
    expect(own.locator(".word")).to_have_text("running")
    expect(own.get_by_role("button", name="Pause both")).to_be_visible()


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_another_origins_page_neither_frames_the_console_nor_reads_it(
    window: Open, working: Working, session: StorageState, origin: str
) -> None:
    own = window(working.address, storage_state=session)
    other = own.context.new_page()
    serve(other, origin, f"<iframe src='{working.address}/'></iframe>")
    other.goto(f"{origin}/")
    (frame,) = other.frames[1:]
    assert frame.locator(".word").count() == 0
    reading = "address => fetch(address, {credentials: 'include'}).then(it => it.text(), () => '')"
    assert other.evaluate(reading, f"{working.address}/") == ""


def serve(page: Page, origin: str, body: str) -> None:
    """What another origin shows, without a server of its own."""
    page.route(
        f"{origin}/**",
        lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html>{body}"),
    )


def form_of(address: str, fields: dict[str, str]) -> str:
    inputs = "".join(
        f"<input type=hidden name={name} value='{escape(text)}'>" for name, text in fields.items()
    )
    return f"<form method=post action='{address}'>{inputs}<button>Win a prize</button></form>"


def is_refused(answer: Response, working: Working) -> bool:
    """Whether the console did nothing: it says so, or asks for the token."""
    if answer.status == 303:
        return answer.header_value("location") == "/login"
    return answer.status == 403 and "Nothing was done" in answer.text()
