"""Links are made and taken apart by people who were shown both tasks; the daemon does it."""

from collections.abc import Iterator

import pytest

from bridge.daemon.web.doors import FORM_FIELD
from bridge.domain.instruction import InstructionKind
from bridge.domain.link import LinkState
from tests.daemon.bench import TITLE, Bench
from tests.daemon.web.opened import Visitor


def states(bench: Bench) -> list[LinkState]:
    with bench.bridge.store.look() as unit:
        return [view.link.state for view in unit.all_links()]


def titles(bench: Bench) -> tuple[str, str]:
    kore, v2 = bench.sandbox.kore.tasks[bench.kore_id], bench.sandbox.v2.tasks[bench.v2_id]
    return str(kore["name"]), str(v2["title"])


def form(visitor: Visitor, path: str, button: str) -> tuple[str, dict[str, str]]:
    """Where the form with that button goes, and what it sends."""
    found = [(key.split()[0], it) for key, it in visitor.forms(path).items() if button in key]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def again(bench: Bench) -> Iterator[Bench]:
    """Whatever a test took apart is linked again after it."""
    yield bench
    if states(bench) == [LinkState.REMOVED]:
        details, now = {"first": bench.kore_id, "second": bench.v2_id}, bench.clock.now()
        with bench.bridge.store.begin() as unit:
            unit.give_instruction(InstructionKind.ADD_LINK, details, by="a test", at=now)
        bench.tick(2)
    assert states(bench) == [LinkState.LINKED]


def test_a_link_is_taken_apart_and_made_again_from_the_page_of_its_task(
    again: Bench, visitor: Visitor
) -> None:
    page = visitor.press(f"/tasks/{again.kore_id}", "Take the link apart")
    assert "Asked for: remove link" in page
    again.tick(2)
    assert states(again) == [LinkState.REMOVED]
    again.sandbox.kore.edit_task(again.kore_id, name="Mend the door")
    again.tick(2)
    assert titles(again) == ("Mend the door", TITLE)

    place = f"/links/new?first={again.kore_id}&second={again.v2_id}"
    shown = place.replace("&", "&amp;")
    for task_id in (again.kore_id, again.v2_id):
        assert f'href="{shown}">Link both again' in visitor.read(f"/tasks/{task_id}")
    both = visitor.read(place)
    for text in ("Mend the door", TITLE, f"task-bridge links add {again.kore_id} {again.v2_id}"):
        assert text in both
    assert "Asked for: add link" in visitor.press(place, "Link these two")
    again.tick(3)
    assert states(again) == [LinkState.LINKED]
    kore, v2 = titles(again)
    assert kore == v2


def test_texts_are_forgotten_if_that_is_ticked(again: Bench, visitor: Visitor) -> None:
    path, fields = form(visitor, f"/tasks/{again.kore_id}", "Take the link apart")
    assert "forget" not in fields
    assert visitor.send(path, {**fields, "forget": "yes"}).status_code == 303
    again.tick(2)
    page = visitor.read(f"/tasks/{again.kore_id}")
    assert TITLE not in page
    assert "(forgotten)" in page


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("TS999999", "GEN-1", "No task is known as TS999999"),
        ("<b>x", "GEN-1", "No task is known as &lt;b&gt;x"),
        ("{kore}", "{kore}", "are both tasks of Kore"),
    ],
)
def test_what_cannot_be_linked_is_told_on_the_page_that_asks(
    bench: Bench, visitor: Visitor, first: str, second: str, said: str
) -> None:
    names = {"first": first.format(kore=bench.kore_id), "second": second.format(kore=bench.kore_id)}
    answer = visitor.client.get("/links/new", params=names)
    assert answer.status_code == 200
    assert said in answer.text
    assert "Link these two" not in answer.text
    assert visitor.send("/links/add", {**names, FORM_FIELD: visitor.word()}).status_code == 422


def test_a_link_that_is_another_than_the_page_showed_is_not_taken_apart(
    bench: Bench, visitor: Visitor
) -> None:
    path, fields = form(visitor, f"/tasks/{bench.kore_id}", "Take the link apart")
    assert visitor.send(path, {**fields, "seen": "0" * 16}).status_code == 409
    for number in ("0", "999999", "x"):
        answer = visitor.send(f"/links/{number}/remove", fields)
        assert (answer.status_code, "There is no such link" in answer.text) == (422, True)
    with bench.bridge.store.look() as unit:
        assert not unit.open_instructions()


def test_two_tasks_that_read_otherwise_than_the_page_showed_are_not_linked(
    bench: Bench, visitor: Visitor
) -> None:
    place = f"/links/new?first={bench.kore_id}&second={bench.v2_id}"
    path, fields = form(visitor, place, "Link these two")
    bench.sandbox.kore.edit_task(bench.kore_id, name="Nobody's <b>task")
    bench.tick(2)
    assert visitor.send(path, fields).status_code == 409
    assert "Nobody&#39;s &lt;b&gt;task" in visitor.read(place)
