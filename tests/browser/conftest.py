"""One browser and one working bridge for all tests; windows that notice what goes wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.browser.chromium import FLAGS, NONE, find_browser
from tests.browser.looks import Heard
from tests.browser.working import Working, a_working_bridge
from tests.daemon.web.opened import TOKEN

# On a small, busy machine a page may take long; that says nothing about it.
expect.set_options(timeout=30_000)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail(NONE, pytrace=False)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    with a_working_bridge(tmp_path_factory.mktemp("working")) as found:
        yield found


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    """`window(home)` is an empty window; in the end nothing went wrong in it."""
    opened: list[tuple[Page, Heard]] = []

    def open_(home: str, **options: Any) -> Page:
        context = browser.new_context(base_url=home, **options)
        page = context.new_page()
        opened.append((page, Heard(page, home)))
        return page

    yield open_
    for page, _ in opened:
        page.context.close()
    assert [heard.errors for _, heard in opened if heard.errors] == []


@pytest.fixture(scope="session")
def session(browser: Browser, working: Working) -> StorageState:
    """What a browser keeps of a session that was opened by typing the token."""
    page = browser.new_page(base_url=working.address)
    log_in(page)
    state = page.context.storage_state()
    page.context.close()
    return state


@pytest.fixture
def console(window: Open, working: Working, session: StorageState) -> Page:
    """A window of somebody who has logged in."""
    return window(working.address, storage_state=session)


def log_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_title("Overview · default · task-bridge")
