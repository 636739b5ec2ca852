"""People decide by clicking, and the services show the result; with scripts and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from tests.browser.conftest import Open, log_in
from tests.browser.looks import faults_of
from tests.browser.working import (
    DISPUTED,
    DISPUTED_TOO,
    REFUSED,
    REFUSED_TOO,
    Working,
    until,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def scriptless(window: Open, working: Working, session: StorageState) -> Page:
    """A window of somebody who has logged in and lets no script run."""
    return window(working.address, storage_state=session, java_script_enabled=False)


def row(page: Page, title: str) -> Locator:
    """The card that is headed so."""
    return page.locator("li.card").filter(has=page.get_by_role("heading").filter(has_text=title))


def look_again_until(page: Page, wanted: Locator) -> None:
    """As people do where no script does it for them."""

    def is_there() -> bool:
        page.reload()
        return wanted.is_visible()

    until(is_there)


def test_a_conflict_is_resolved_by_a_click_and_both_services_show_the_value(
    console: Page, working: Working
) -> None:
    console.goto("/conflicts")
    disputed = row(console, DISPUTED)
    expect(disputed).to_contain_text("Boiler without pressure, urgent")
    disputed.get_by_role("button", name="Take v2's value").click()
    expect(console.get_by_role("status")).to_contain_text("Carried out")
    expect(disputed).to_have_count(0)
    until(lambda: working.titles(working.pair(DISPUTED)) == (f"{DISPUTED} since Monday",) * 2)
    console.get_by_role("link", name="Settled").click()
    expect(row(console, DISPUTED)).to_contain_text("v2's value was taken")


def test_a_conflict_is_resolved_without_any_script(scriptless: Page, working: Working) -> None:
    scriptless.goto("/conflicts")
    row(scriptless, "Gate").get_by_role("button", name="Take Kore's value").click()
    expect(scriptless).to_have_title("Conflicts · default · task-bridge")
    expect(scriptless.locator("#asked")).to_be_visible()
    look_again_until(scriptless, scriptless.get_by_text("Carried out:"))
    pair = working.pair(DISPUTED_TOO)
    until(lambda: working.titles(pair) == ("Gate does not open", "Gate does not open"))


def test_a_failure_is_tried_again_by_a_click_and_the_service_shows_the_value(
    console: Page, working: Working
) -> None:
    pair, wanted = working.pair(REFUSED), f"{REFUSED}, tried twice"
    assert working.titles(pair) == (wanted, REFUSED)
    console.goto("/failures")
    refused = row(console, REFUSED)
    expect(refused).to_contain_text("title cannot be changed")
    refused.get_by_role("button", name="Try it again").click()
    expect(console.get_by_role("status")).to_contain_text("Carried out")
    expect(refused).to_have_count(0)
    until(lambda: working.titles(pair) == (wanted, wanted))


def test_a_failure_is_left_as_it_is_by_a_click(console: Page, working: Working) -> None:
    console.goto("/failures")
    refused = row(console, REFUSED_TOO)
    refused.get_by_role("button", name="Leave both values as they are").click()
    expect(console.get_by_role("status")).to_contain_text("Carried out")
    expect(refused).to_have_count(0)
    assert working.titles(working.pair(REFUSED_TOO))[1] == REFUSED_TOO


def test_the_life_of_a_task_is_found_by_a_part_of_its_title(
    console: Page, working: Working
) -> None:
    pair = working.pair(REFUSED)
    console.goto("/")
    console.get_by_role("link", name="Links").click()
    console.get_by_label("Id, reference or part of a title").fill("stuck ON floor")
    console.get_by_role("button", name="Find").click()
    console.get_by_role("link", name=REFUSED).click()
    expect(console.get_by_role("heading", level=1)).to_contain_text(REFUSED)
    for task_id in (pair.kore_id, pair.v2_id):
        expect(console.get_by_text(task_id, exact=True)).to_be_visible()
    expect(console.locator(".steps").last).to_contain_text("Create in v2")


@pytest.fixture
def resumed(working: Working) -> Iterator[None]:
    """Whatever a test paused, both sides are written to after it."""
    yield
    working.command("resume")


@pytest.mark.usefixtures("resumed")
def test_a_paused_side_is_not_written_to_until_it_is_resumed(
    console: Page, working: Working
) -> None:
    kore_id = working.task("Mend the fence")
    until(lambda: "Mend the fence" in working.v2_titles())
    console.goto("/")
    console.get_by_role("button", name="Pause v2").click()
    expect(console.locator(".word")).to_have_text("paused")
    assert faults_of(console, "overview-paused") == []
    working.sandbox.kore.edit_task(kore_id, name="Mend the garden fence")
    # What the last cycle read tells that it saw the change, and let it wait.
    console.goto(f"/tasks/{kore_id}")
    look_again_until(console, console.get_by_role("heading", name="Mend the garden fence"))
    assert "Mend the garden fence" not in working.v2_titles()
    console.goto("/")
    console.get_by_role("button", name="Resume v2").click()
    expect(console.locator(".word")).to_have_text("running")
    until(lambda: "Mend the garden fence" in working.v2_titles())


def test_a_link_is_taken_apart_and_made_again_by_clicks(console: Page, working: Working) -> None:
    kore_id = working.task("Paint the door")
    until(lambda: "Paint the door" in working.v2_titles())
    console.goto(f"/tasks/{kore_id}")
    look_again_until(console, console.locator(".state", has_text="in step"))
    console.locator("summary", has_text="Take the link apart").click()
    assert faults_of(console, "life-taking-apart") == []
    console.get_by_role("button", name="Take the link apart").click()
    expect(console.get_by_role("status")).to_contain_text("Carried out")
    working.sandbox.kore.edit_task(kore_id, name="Paint the red door")
    look_again_until(console, console.get_by_role("heading", name="Paint the red door"))
    console.get_by_role("link", name="Link both again").click()
    expect(console.locator(".card")).to_have_count(2)
    assert faults_of(console, "links-new") == []
    assert "Paint the door" in working.v2_titles()
    # What was agreed on before is not any more: the two titles are for people to choose from.
    console.get_by_role("button", name="Link these two").click()
    expect(console.get_by_role("status")).to_contain_text("Carried out")
    expect(console.locator(".state").first).to_have_text("conflict")


def test_what_was_carried_comes_to_the_page_by_itself(console: Page, working: Working) -> None:
    console.goto("/activity")
    expect(console.locator("tbody tr").first).to_be_visible()
    working.task("Water the plants")
    expect(console.get_by_role("link", name="Water the plants")).to_be_visible()


def test_a_session_ends_where_people_log_out(window: Open, working: Working) -> None:
    page = window(working.address)
    log_in(page)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Token")).to_be_visible()
    page.goto("/conflicts")
    expect(page.get_by_label("Token")).to_be_visible()
