"""The report as a page: everything of the services is data, and what differs is marked."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.overview import Overview, TrendPoint
from bridge.domain.reading import LastRead
from bridge.domain.reconciled import Difference, Row
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Case
from bridge.domain.values import UNSEEN
from bridge.report.charts import bars, trend_line
from bridge.report.marked import marked
from bridge.report.report_html import Page, render_report_html
from bridge.report.report_object import render_report_object
from tests.domain.making import NOON, at, text
from tests.report.test_rendering import ROW as ANY_ROW
from tests.report.test_rendering import a_report

VIEW = Overview(
    in_step=1, asked=2, drift={}, words={name: {s: {} for s in SIDES} for name in (Field.STATUS,)},
    ages={}, oldest=None,
)  # fmt: skip
ROW = replace(ANY_ROW, fields=())
NO_URLS: dict[Side, str | None] = dict.fromkeys(SIDES)


def page(*rows: Row, **given: Any) -> str:
    usual: dict[str, Any] = {"pair": "default", "view": VIEW, "urls": NO_URLS}
    shown = Page(report=a_report(*rows), rows=rows, **{**usual, **given})
    return "".join(render_report_html(shown))


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_title_never_becomes_markup(title: str) -> None:
    field = Difference(name=Field.TITLE, kore=text(title), v2=text(f"{title} x"))
    found = page(replace(ROW, title=title, reason=title, fields=(field,)))
    assert title not in found
    assert found.count("<script>") == 1
    assert "onerror=alert(1)>" not in found.replace("onerror=alert(1)&gt;", "")


def test_a_title_of_which_nothing_is_seen_is_shown_as_none() -> None:
    assert "<h3>(no title)</h3>" in page(replace(ROW, title="\u200b"))


def test_the_page_needs_nothing_from_elsewhere() -> None:
    found = page(ROW)
    assert not re.search(r"(src|href)=\"(?!#)", found)
    assert "default-src 'none'" in found


def test_a_task_is_linked_where_the_configuration_names_its_page() -> None:
    row = replace(ROW, case=Case(id="ci-1"))
    urls = {Side.KORE: "https://kore.example.com/{case_id}/{id}", Side.V2: "https://v2/{reference}"}
    found = page(row, urls=urls)
    assert f'href="https://kore.example.com/ci-1/{ROW.kore_id}"' in found
    assert 'href="https://v2/REC-1234"' in found
    assert "kore.example.com" not in page(ROW, urls=urls)  # no case is known


def test_both_values_stand_side_by_side_with_what_differs_marked() -> None:
    field = Difference(name=Field.TITLE, kore=text("cold boiler"), v2=text("hot boiler"))
    found = page(replace(ROW, fields=(field,)))
    assert "<mark>cold</mark> boiler" in found
    assert "<mark>hot</mark> boiler" in found


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u2028"])
@pytest.mark.parametrize("name", [Field.TITLE, Field.DESCRIPTION, Field.STATUS])
def test_no_value_steers_or_turns_what_stands_beside_it(sign: str, name: Field) -> None:
    long, short = text(f"Boiler {sign}relioB\n" * 60), text(f"Stove {sign}evotS\nline")
    for one in (
        Difference(name=name, kore=long, v2=short, base=(short, long)),
        Difference(name=name, kore=short, v2=UNSEEN),
    ):
        row = replace(ROW, fields=(one,))
        found = page(row)
        assert sign not in found
        assert "Stove \ufffdevotS" in re.sub("</?mark>", "", found)
        assert "\nline" in re.sub("</?mark>", "", found)
        values = render_report_object(a_report(row), (row,), dict.fromkeys(SIDES, ()))
        assert sign in str(values["rows"][0]["fields"][name]["kore"])


def test_the_words_of_a_chart_and_a_note_are_shown_without_such_signs_too() -> None:
    words = {Field.STATUS: {side: {"Open\u202enepO": 2} for side in SIDES}}
    found = page(ROW, view=replace(VIEW, words=words), notes=["Kore said: \x1b[31mno"])
    assert "Open\ufffdnepO" in found
    assert not {"\u202e", "\x1b"} & {*found}


def test_an_empty_value_and_one_not_seen_are_told_apart() -> None:
    field = Difference(name=Field.DESCRIPTION, kore=UNSEEN, v2=None)
    found = page(replace(ROW, fields=(field,)))
    assert ">not seen<" in found
    assert ">empty<" in found


def test_where_nothing_was_agreed_yet_the_page_does_not_say_that_it_was_not_seen() -> None:
    field = Difference(name=Field.TITLE, kore=text("boiler"), v2=text("stove"))
    found = page(replace(ROW, fields=(field,)))
    assert ">nothing<" in found
    assert ">not seen<" not in found


def test_a_long_text_is_there_whole_and_folded() -> None:
    long = "word " * 1000
    found = page(replace(ROW, fields=(Difference(name=Field.TITLE, kore=text(long), v2=None),)))
    assert "<summary>word word" in found
    assert "characters)</summary>" in found
    assert long.strip() in found


def test_rows_can_be_hidden_by_the_thousand_without_a_pause() -> None:
    # Of list items a browser numbers all the others anew with each that is hidden: of 2,000 rows
    # a search took eight seconds.
    style = re.search(r"^\.row \{([^}]*)\}", page(ROW), re.MULTILINE)
    assert style is not None
    assert "display: block" in style.group(1)
    assert "content-visibility: auto" in style.group(1)


def test_where_nothing_is_to_be_done_the_page_says_so() -> None:
    assert "every task is in step or out of scope" in page()
    assert "No row fits" in page(is_part=True)


def test_a_page_from_the_database_alone_says_how_old_it_is_for_each_side() -> None:
    found = page(ROW, last_read={Side.KORE: LastRead(polled_at=at(-3600)), Side.V2: LastRead()})
    head = found.split("<header>")[1].split("</header>")[0]
    assert "neither service was asked" in head
    assert "Kore: never read whole, last polled" in head
    assert "v2: never read whole, never polled." in head
    assert "live from both services" in page(ROW)


# ---- parts --------------------------------------------------------------------------------------


def test_the_pieces_of_two_texts_are_the_texts() -> None:
    one, other = "The boiler, on floor 3", "A boiler on floor  4!"
    for pieces, whole in zip(marked(one, other), (one, other), strict=True):
        assert "".join(piece.text for piece in pieces) == whole
    assert not any(piece.is_other for piece in marked(one, one)[0])


def test_a_comparison_of_very_long_texts_is_left_out() -> None:
    one, other = marked("a " * 2000, "b " * 2000)
    assert len(one) == len(other) == 1
    assert one[0].is_other


def test_the_last_of_many_bars_counts_all_the_others() -> None:
    found = bars({f"status {number}": 20 - number for number in range(15)})
    assert len(found) == 11
    assert (found[-1].label, found[-1].count) == ("others", 10 + 9 + 8 + 7 + 6)
    assert max(bar.percent for bar in found) == 100


def test_a_trend_is_drawn_from_the_first_reading_to_the_last() -> None:
    points = [TrendPoint(at=at(60 * n), in_step=n, links=10) for n in range(1, 11)]
    line = trend_line(points)
    assert line is not None
    assert (line.begin, line.end, line.last_percent) == (points[0].at, points[-1].at, 100)
    assert line.points[-1][1] == 0
    assert trend_line(points[:1]) is None


def test_a_year_of_readings_is_drawn_with_a_few_hundred_points() -> None:
    points = [TrendPoint(at=NOON + timedelta(hours=n), in_step=1, links=2) for n in range(9000)]
    line = trend_line(points)
    assert line is not None
    assert len(line.points) < 700
