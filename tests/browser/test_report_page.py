"""The report as a page in a browser: offline, without scripts, on paper, with harmful titles."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import LOOKS, SCREENSHOTS, faults_of, photograph
from tests.browser.working import FORMULA, LONG, SCRIPT, SEEN, Working

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(working: Working) -> Path:
    """A report of the working bridge, as somebody got it by mail."""
    assert working.command("report", "--format", "html", "--output", "report.html") == 3
    return working.folder / "report.html"


@pytest.fixture
def report(window: Open, file: Path) -> Page:
    """The file in a window that reaches nothing else."""
    page = window(file.as_uri())
    page.context.set_offline(True)
    page.goto(file.as_uri())
    return page


def shown_rows(page: Page) -> list[str]:
    """The titles of the rows that people see, in their order."""
    return page.locator(".row:visible h3").all_text_contents()


def test_it_reads_well_at_any_size_and_in_any_light(report: Page) -> None:
    expect(report.locator("h1")).to_contain_text("in step")
    assert faults_of(report, "report") == []


def test_without_scripts_everything_but_search_and_order_is_there(window: Open, file: Path) -> None:
    page = window(file.as_uri(), java_script_enabled=False)
    page.goto(file.as_uri())
    expect(page.locator(".tools")).to_be_hidden()
    row = page.locator(".row", has_text=SEEN)
    expect(row).to_contain_text("urgent")
    expect(row).to_contain_text("since Monday")
    folded = page.locator("details", has_text=f"{LONG} of Kore").first
    folded.locator("summary").click()
    expect(folded).to_have_attribute("open", "")


def test_search_state_and_order_narrow_and_sort_the_rows(report: Page) -> None:
    everything = shown_rows(report)
    report.get_by_label("Search").fill("SINCE monday")
    (found,) = shown_rows(report)
    assert found.startswith(SEEN)
    expect(report.locator("output")).to_have_text(f"1 of {len(everything)}")
    report.get_by_label("Search").fill("")
    report.locator("select[name=state]").select_option("failed")
    assert 0 < len(shown_rows(report)) < len(everything)
    report.locator("select[name=state]").select_option("")
    report.locator("select[name=order]").select_option("title")
    titles = shown_rows(report)
    assert sorted(titles) == sorted(everything)
    assert titles.index(next(one for one in titles if one.startswith("Radiator"))) < titles.index(
        next(one for one in titles if one.startswith("Survey"))
    )


def test_titles_that_mean_harm_are_shown_as_they_are_written(report: Page) -> None:
    titles = shown_rows(report)
    assert any(one.startswith(FORMULA) for one in titles)
    assert any(one.startswith(LONG[:200]) for one in titles)
    report.get_by_label("Search").fill(SCRIPT)
    expect(report.locator("output")).to_be_visible()


def test_on_paper_all_of_it_is_there_and_nothing_to_press(report: Page) -> None:
    # As wide as a sheet of A4 between its margins.
    report.set_viewport_size({"width": 718, "height": 1000})
    for look in LOOKS[:2]:
        report.emulate_media(media="print", color_scheme=look.scheme)
        expect(report.locator(".tools")).to_be_hidden()
        assert report.evaluate("document.documentElement.scrollWidth") <= 718
        cut = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"
        assert report.locator(".scroll").evaluate_all(cut) == 0
        paper = report.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        photograph(report, f"report-print-{look.scheme}")
    folded = report.locator("details", has_text=f"{LONG} of Kore")
    # A sheet holds about fifty lines of a hundred characters; five thousand need more than a few.
    height = folded.evaluate("node => node.getBoundingClientRect().height")
    assert height > 300
    report.pdf(path=SCREENSHOTS / "report.pdf", format="A4")
