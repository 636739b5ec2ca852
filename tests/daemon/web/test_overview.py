"""The overview: how the bridge is, in one word and in figures; pausing and going on."""

import re
from dataclasses import replace

import pytest

from bridge.daemon.web.doors import FORM_FIELD
from bridge.domain.gone import missing
from bridge.domain.guard import GuardKind, nothing_stands, raised
from bridge.domain.side import Side
from bridge.errors import StoreError
from tests.daemon.bench import Bench
from tests.daemon.web.opened import Visitor

HTMX = {"HX-Request": "true"}


def test_it_tells_the_state_in_one_word_and_why(bench: Bench, visitor: Visitor) -> None:
    bench.tick()
    assert 'class="word running">running<' in visitor.read("/")
    bench.clock.pass_time(4 * bench.interval)
    page = visitor.read("/")
    assert 'class="word stale">stale<' in page
    assert "Kore was last polled at" in page


def test_it_tells_lag_sweeps_and_the_last_cycle(bench: Bench, visitor: Visitor) -> None:
    bench.sandbox.kore.edit_task(bench.kore_id, name="Mend the door")
    bench.tick(2)
    bench.clock.pass_time(7)
    page = visitor.read("/")
    assert ">7 s<" in page or ">8 s<" in page
    for text in ("Last poll", "Last sweep", "Next sweep", "no limit is set", "Last cycle"):
        assert text in page


def test_a_pause_is_asked_for_carried_out_by_the_daemon_and_taken_back(
    bench: Bench, visitor: Visitor
) -> None:
    page = visitor.press("/", "Pause v2")
    assert "The daemon carries it out with its next cycle" in page
    bench.sandbox.kore.edit_task(bench.kore_id, name="Mend the door")
    bench.tick(2)
    assert bench.sandbox.v2.tasks[bench.v2_id]["title"] == "Mend the gate"
    assert 'class="word paused">paused<' in visitor.read("/")
    visitor.press("/", "Resume v2")
    bench.tick(2)
    assert bench.sandbox.v2.tasks[bench.v2_id]["title"] == "Mend the door"
    assert 'class="word running">running<' in visitor.read("/")


def tiles(visitor: Visitor) -> dict[str, str]:
    """What each tile of the overview counts."""
    found = re.findall(r'<div class="tile[^>]*><dt>(.*?)</dt><dd>(.*?)</dd>', visitor.read("/"))
    return {re.sub("<[^>]*>", "", label): count for label, count in found}


def test_what_a_pause_holds_up_is_counted_while_it_does(bench: Bench, visitor: Visitor) -> None:
    visitor.press("/", "Pause v2")
    bench.sandbox.kore.edit_task(bench.kore_id, name="Mend the door")
    bench.tick(2)
    assert tiles(visitor)["held up by a pause or a guard"] == "1"
    visitor.press("/", "Resume v2")
    bench.tick(2)
    assert "held up by a pause or a guard" not in tiles(visitor)


def test_pairs_of_which_a_task_is_gone_are_counted_and_listed(
    bench: Bench, visitor: Visitor
) -> None:
    assert tiles(visitor)["missing"] == "0"
    assert "No link is missing." in visitor.read("/links?state=missing")
    with bench.bridge.store.begin() as unit:
        link = unit.links_of(Side.V2, [bench.v2_id])[bench.v2_id]
        unit.save_link(missing(link, Side.V2, bench.clock.now()))
    assert tiles(visitor)["missing"] == "1"
    (place,) = re.findall(r'href="([^"]*)">missing<', visitor.read("/"))
    assert visitor.read(place).count('<th scope="row">') == 1
    assert "No links." not in visitor.read("/links?state=none-of-that-name")
    with bench.bridge.store.begin() as unit:
        unit.save_link(link)


def test_the_page_that_asks_hears_what_came_of_it(bench: Bench, visitor: Visitor) -> None:
    fields = visitor.forms("/")["/pause Pause Kore"]
    place = visitor.send("/pause", fields).headers["location"]
    number = place.partition("asked=")[2]
    before = visitor.client.get(f"/asked/{number}", headers=HTMX)
    assert before.status_code == 200
    assert "next cycle" in before.text
    bench.tick()
    after = visitor.client.get(f"/asked/{number}", headers=HTMX)
    # 286 tells htmx to ask no more.
    assert (after.status_code, after.headers["hx-trigger"]) == (286, "carried-out")
    assert "Kore is paused" in after.text
    assert "Kore is paused" in visitor.read(place)
    visitor.press("/", "Resume Kore")
    bench.tick()


def test_a_side_that_is_none_is_refused(paired: Bench, visitor: Visitor) -> None:
    for side in ("both", "KORE", "<b>", "kore\x00"):
        answer = visitor.send("/pause", {FORM_FIELD: visitor.word(), "side": side})
        assert answer.status_code == 422
    with paired.bridge.store.look() as unit:
        assert not unit.open_instructions()


def test_the_live_parts_come_anew_only_once_they_changed(bench: Bench, visitor: Visitor) -> None:
    bench.tick()
    first = visitor.client.get("/overview/word", headers=HTMX)
    seen = first.text.partition('name="seen" value="')[2].partition('"')[0]
    assert visitor.client.get(f"/overview/word?seen={seen}", headers=HTMX).status_code == 204
    bench.clock.pass_time(4 * bench.interval)
    assert "stale" in visitor.client.get(f"/overview/word?seen={seen}", headers=HTMX).text
    assert "<html" not in first.text


def test_a_guard_is_confirmed_for_exactly_what_was_shown(bench: Bench, visitor: Visitor) -> None:
    stand(bench, "one")
    form = visitor.forms("/")["/guards/confirm Confirm what stands, and go on"]
    assert "Many tasks are gone &lt;i&gt;" in visitor.read("/")
    stand(bench, "one", "two")
    assert visitor.send("/guards/confirm", form).status_code == 409
    with bench.bridge.store.look() as unit:
        assert not unit.open_instructions()
    page = visitor.press("/", "Confirm what stands")
    assert "Asked for" in page
    with bench.bridge.store.begin() as unit:
        (asked,) = unit.open_instructions()
        assert asked.details["guards"][0]["items"] == ["one", "two"]
        unit.drop_guard(GuardKind.MISSING, Side.V2)
    bench.tick()


def test_a_guard_that_comes_to_stand_comes_to_the_page_and_stands_above_the_figures(
    bench: Bench, visitor: Visitor
) -> None:
    first = visitor.client.get("/overview/guards", headers=HTMX).text
    seen = first.partition('name="seen" value="')[2].partition('"')[0]
    place = f"/overview/guards?seen={seen}"
    assert visitor.client.get(place, headers=HTMX).status_code == 204
    stand(bench, "one")
    assert "Confirm what stands" in visitor.client.get(place, headers=HTMX).text
    page = visitor.read("/")
    assert page.index("Confirm what stands") < page.index("Both sides")
    with bench.bridge.store.begin() as unit:
        unit.drop_guard(GuardKind.MISSING, Side.V2)


def stand(bench: Bench, *items: str) -> None:
    with bench.bridge.store.begin() as unit:
        guard = nothing_stands(GuardKind.MISSING, Side.V2)
        unit.save_guard(replace(raised(guard, items, "Many tasks are gone <i>", bench.clock.now())))


def test_a_database_that_does_not_answer_is_told_with_a_sentence(
    bench: Bench, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("The file <gone> cannot be read.")

    monkeypatch.setattr(bench.bridge.store, "transaction", fail)
    for headers in ({}, HTMX):
        answer = visitor.client.get("/", headers=headers)
        assert answer.status_code == 503
        assert "The database does not answer now" in answer.text
        assert "&lt;gone&gt;" in answer.text
    assert visitor.client.get("/healthz").text == "ok"


def test_a_bug_is_told_with_a_sentence_and_logged(
    bench: Bench, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret inner workings")

    monkeypatch.setattr(bench.bridge.store, "look", fail)
    answer = visitor.client.get("/")
    assert answer.status_code == 500
    assert "bug of task-bridge" in answer.text
    assert "inner workings" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert bench.log.count("console failed: a bug") == 1
