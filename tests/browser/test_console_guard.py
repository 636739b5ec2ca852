"""A guard stands, and a person confirms it by a click; in a world of its own, for it stops all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Open, log_in
from tests.browser.looks import faults_of
from tests.browser.working import Working, a_pair_in_step

pytestmark = pytest.mark.browser


@pytest.fixture
def emptied(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    """A bridge whose v2 has lost every task while its daemon was down."""
    with a_pair_in_step(tmp_path_factory.mktemp("emptied")) as working:
        for task_id in [*working.sandbox.v2.tasks]:
            working.sandbox.v2.remove_task(task_id)
        with working.daemon():
            yield working


def test_a_guard_is_shown_with_its_reason_and_confirmed_by_a_click(
    window: Open, emptied: Working
) -> None:
    page = window(emptied.address)
    log_in(page)
    expect(page.locator(".word")).to_have_text("guarded")
    # Whether it stood already or came to stand since, the page shows it by itself.
    guard = page.locator(".guard")
    expect(guard).to_contain_text("v2")
    assert faults_of(page, "overview-guarded") == []
    page.get_by_role("button", name="Confirm what stands, and go on").click()
    expect(page.get_by_role("status").first).to_contain_text("Carried out")
    expect(page.locator(".word")).to_have_text("running")
    expect(guard).to_have_count(0)
