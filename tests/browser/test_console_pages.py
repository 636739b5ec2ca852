"""Every page of the console reads well at any size and in any light, for everybody."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import faults_of
from tests.browser.working import HARMFUL, LONG, SEEN, Working

pytestmark = pytest.mark.browser
PAGES = {
    "overview": "/",
    "activity": "/activity",
    "conflicts": "/conflicts",
    "conflicts-settled": "/conflicts?settled=1",
    "failures": "/failures",
    "links": "/links",
    "links-found": "/links?q=HYPERLINK",
    "links-nothing": "/links?q=nothing+of+that+name",
    "links-unknown": "/links/new?first=TS999999&second=REC-1",
    "unmapped": "/unmapped",
    "runs": "/runs",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_well_at_any_size_and_in_any_light(console: Page, name: str) -> None:
    console.goto(PAGES[name])
    expect(console.locator("h1")).to_be_visible()
    assert faults_of(console, name) == []


@pytest.mark.parametrize("number", range(len(HARMFUL)))
def test_the_life_of_a_task_with_a_harmful_title_reads_well(
    console: Page, working: Working, number: int
) -> None:
    title = HARMFUL[number]
    console.goto(f"/tasks/{working.pair(title).kore_id}")
    expect(console.locator("h1")).to_contain_text(title[:100])
    assert faults_of(console, f"life-harmful-{number}") == []


def test_the_life_of_a_task_with_a_conflict_reads_well(console: Page, working: Working) -> None:
    console.goto(f"/tasks/{working.pair(SEEN).kore_id}")
    expect(console.locator("h2", has_text="What waits")).to_be_visible()
    assert faults_of(console, "life-conflict") == []


def test_the_login_reads_well(window: Open, working: Working) -> None:
    page = window(working.address)
    page.goto("/login")
    assert faults_of(page, "login") == []


def test_a_long_value_is_folded_and_opens(console: Page) -> None:
    console.goto("/conflicts")
    row = console.locator("li.card", has_text="5008 characters")
    row.locator("summary").first.click()
    expect(row.locator("details", has_text=f"{LONG} of Kore")).to_have_attribute("open", "")
    assert faults_of(console, "conflicts-opened") == []
