"""Activity, links, the life of a task, unmapped values and runs: what is shown, and how much."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bridge.daemon.web import console
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.side import Field, Side
from bridge.domain.values import person_value, status_value
from tests.daemon.bench import TITLE, Bench
from tests.daemon.web.opened import Opened, Visitor

HTMX = {"HX-Request": "true"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
LONG = "y" * 5_000


def text_in(page: str) -> str:
    """What people read of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.fixture
def carried(bench: Bench) -> Bench:
    """A change that was carried to v2."""
    bench.sandbox.kore.edit_task(bench.kore_id, name="Mend the door")
    bench.tick(2)
    return bench


def test_no_page_shows_a_sign_that_steers_or_turns(bench: Bench, visitor: Visitor) -> None:
    bench.sandbox.kore.edit_task(bench.kore_id, name="Pay \u202e\u2066\x9bnow")
    bench.tick(2)
    for path in ("/", "/activity", "/links", f"/tasks/{bench.kore_id}", "/links?q=Pay"):
        page = visitor.read(path)
        assert not {*page} & {"\u202e", "\u2066", "\x9b"}, path
    assert "Pay ���now" in visitor.read("/links")


def test_a_title_of_which_nothing_is_seen_leaves_no_link_and_no_heading_empty(
    bench: Bench, visitor: Visitor
) -> None:
    bench.sandbox.kore.edit_task(bench.kore_id, name="\u200b\u2060")
    bench.tick(2)
    for path in ("/activity", "/links", f"/tasks/{bench.kore_id}"):
        page = visitor.read(path)
        shown = re.findall(r"<(?:a|h1)\b[^>]*>([^<]*)</", page)
        assert shown, path
        assert all(text.strip("\u200b\u2060 \n") for text in shown), path
    assert "(no title)" in visitor.read("/links")
    assert "<h1>(no title)</h1>" in visitor.read(f"/tasks/{bench.kore_id}")
    last = text_in(visitor.read("/activity").partition('role="status"')[2])
    assert "of “(no title)”" in last


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows."""
    monkeypatch.setattr(console, "PER_PAGE", 2)


def test_what_was_carried_is_listed_with_value_reason_and_outcome(
    carried: Bench, visitor: Visitor
) -> None:
    newest = text_in(visitor.read("/activity").partition("<tbody>")[2].partition("</tr>")[0])
    for text in ("Mend the door", "update in v2", "title", "Kore changed", "done"):
        assert text in newest


def test_an_update_that_completes_a_created_task_says_so_and_names_nobody_as_its_author(
    bench: Bench, visitor: Visitor
) -> None:
    bench.sandbox.v2.add_task(title="Begun already", task_status="in-progress")
    bench.tick(3)
    table = visitor.read("/activity").partition("<tbody>")[2]
    rows = [text_in(row) for row in table.split("<tr>") if "Begun" in row]
    steps = [row for row in rows if "update in Kore" in row]
    assert steps
    for row in steps:
        assert "completing the created task" in row
        assert "changed" not in row


def test_an_update_that_ends_the_work_on_a_task_says_so(bench: Bench, visitor: Visitor) -> None:
    def newest() -> str:
        bench.tick(2)
        page = visitor.read("/activity")
        return text_in(page.partition("<tbody>")[2].partition("</tr>")[0])

    bench.sandbox.kore.edit_task(bench.kore_id, status="Resolved")
    assert "update in v2: task completed" in newest()
    last = text_in(visitor.read("/activity").partition('role="status"')[2])
    assert f"update in v2 of “{TITLE}” (task completed), done" in last
    bench.sandbox.kore.edit_task(bench.kore_id, status="Open")
    assert "update in v2 status" in newest()
    bench.sandbox.v2.edit_task(bench.v2_id, task_status="completed")
    assert "update in Kore: task resolved" in newest()
    bench.sandbox.v2.edit_task(bench.v2_id, task_status="open")
    assert "update in Kore status" in newest()


def test_new_lines_come_by_themselves_and_old_ones_not_again(
    carried: Bench, visitor: Visitor
) -> None:
    for path in ("/activity/newest", "/activity/last"):
        part = visitor.client.get(path, headers=HTMX).text
        seen = part.rpartition('name="seen" value="')[2].partition('"')[0]
        assert visitor.client.get(f"{path}?seen={seen}", headers=HTMX).status_code == 204
    carried.sandbox.kore.edit_task(carried.kore_id, name="Mend the fence")
    carried.tick(2)
    again = visitor.client.get(f"/activity/last?seen={seen}", headers=HTMX)
    assert "Mend the fence" in again.text


def test_long_lists_come_a_page_at_a_time(carried: Bench, visitor: Visitor, few: None) -> None:
    for name in ("Mend the wall", "Mend the roof"):
        carried.sandbox.kore.edit_task(carried.kore_id, name=name)
        carried.tick(2)
    first, second = visitor.read("/activity"), visitor.read("/activity?page=2")
    assert first.count('<th scope="row">') == 2
    assert 'href="/activity?page=2"' in first
    assert "Mend the roof" in first
    assert "Mend the door" in second
    assert 'href="/activity?page=1"' in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "²"])
def test_a_page_that_is_none_does_no_harm(visitor: Visitor, page: str) -> None:
    for path in ("/activity", "/links", "/runs", "/conflicts", "/failures", "/unmapped"):
        assert visitor.client.get(path, params={"page": page}).status_code == 200


def test_a_link_is_found_by_id_reference_and_title(bench: Bench, visitor: Visitor) -> None:
    ref = bench.sandbox.kore.tasks[bench.kore_id]["refId"]
    for asked in (bench.kore_id, bench.v2_id, ref, TITLE, TITLE[3:9].upper()):
        page = visitor.client.get("/links", params={"q": asked}).text
        assert page.count('<th scope="row">') == 1, asked
        for text in (TITLE, bench.kore_id, bench.v2_id, "linked"):
            assert text in page


def test_what_is_nowhere_is_told_so(visitor: Visitor) -> None:
    page = visitor.client.get("/links", params={"q": "<b>nothing"}).text
    assert "No task is called so." in page
    assert "<b>nothing" not in page
    answer = visitor.client.get("/tasks/nothing-of-that-name")
    assert answer.status_code == 404
    assert "No task is known as nothing-of-that-name" in answer.text


def test_the_life_of_a_task_tells_both_sides_and_what_was_done(
    carried: Bench, visitor: Visitor
) -> None:
    for name in (carried.kore_id, carried.v2_id):
        page = text_in(visitor.read(f"/tasks/{name}"))
        for text in ("in step", carried.kore_id, carried.v2_id, "Mend the door", "What was done"):
            assert text in page
        assert f"task-bridge explain {carried.kore_id}" in page


def test_titles_that_mean_harm_do_none(bench: Bench, visitor: Visitor) -> None:
    bench.sandbox.kore.edit_task(bench.kore_id, name=HOSTILE, desc=LONG)
    bench.tick(2)
    pages = ("/activity", "/activity/last", "/links", f"/tasks/{bench.kore_id}")
    for path in pages:
        page = visitor.read(path)
        assert "alert(1)" in page, path
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
    assert "5000 characters" in visitor.read(f"/tasks/{bench.kore_id}")
    found = visitor.client.get("/links", params={"q": HOSTILE}).text
    assert "<script>alert" not in found
    assert found.count('<th scope="row">') == 1


def test_a_title_as_long_as_a_text_is_shortened_where_it_is_a_heading_or_a_link(
    bench: Bench, visitor: Visitor
) -> None:
    bench.sandbox.kore.edit_task(bench.kore_id, name=LONG)
    bench.tick(2)
    assert LONG[:100] in visitor.read("/links")
    assert LONG not in visitor.read("/links")
    life = visitor.read(f"/tasks/{bench.kore_id}")
    assert life.count(LONG) == life.count(f"characters)</summary>{LONG}") > 0


@pytest.fixture
def waiting(bench: Bench) -> Iterator[Bench]:
    """Two values that no rule translates, one of them hostile."""
    with bench.bridge.store.begin() as unit:
        link = unit.links_of(Side.KORE, [bench.kore_id])[bench.kore_id]
        status = Wait(
            kind=WaitKind.UNMAPPED,
            link_id=link.id,
            side=Side.V2,
            field=Field.STATUS,
            reason="No rule <i>says</i> it.",
            kore=status_value("Waiting </pre>for parts"),
            v2=status_value("open"),
        )
        person = replace(
            status,
            side=Side.KORE,
            field=Field.ASSIGNEE,
            reason="Nobody is Ada.",
            kore=None,
            v2=person_value("u1", "Ada"),
        )
        unit.replace_waits([status, person], link_id=link.id, at=bench.clock.now())
    yield bench
    with bench.bridge.store.begin() as unit:
        unit.replace_waits([], link_id=link.id, at=bench.clock.now())


def test_a_value_without_a_counterpart_is_shown_with_its_tasks_and_the_row_that_maps_it(
    waiting: Bench, visitor: Visitor
) -> None:
    page = visitor.read("/unmapped")
    assert "No rule &lt;i&gt;says&lt;/i&gt; it." in page
    assert (
        "[[status]]\nkore = &#34;Waiting &lt;/pre&gt;for parts&#34;\nv2 = &#34;V2_WORD&#34;" in page
    )
    assert "It may be: new, open, in_progress" in page
    assert "[[people.table]]\nkore = &#34;KORE_ID&#34;\nv2 = &#34;u1&#34;" in page
    assert page.count(f'<a href="/tasks/{waiting.kore_id}">{TITLE}</a>') == 2


def test_runs_are_listed_and_drawn(carried: Bench, visitor: Visitor) -> None:
    carried.tick(2)
    page = visitor.read("/runs")
    assert "In step over time" in page
    assert page.count("<svg") >= 1
    assert " changes in " in page
    assert "found nothing to do" in page


def test_without_anything_every_list_says_so(fresh: Bench) -> None:
    with Opened(fresh) as client:
        visitor = Visitor(client.base_url)
        visitor.log_in()
        for path, text in {
            "/": "First contact",
            "/activity": "Nothing was written yet.",
            "/conflicts": "No conflicts.",
            "/failures": "No failures.",
            "/links": "No links.",
            "/unmapped": "Every value has a counterpart.",
            "/runs": "No run has ended yet.",
        }.items():
            assert text in visitor.read(path)
        visitor.close()
