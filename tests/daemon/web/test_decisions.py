"""Conflicts and failures: shown with both values, decided by people, carried out by the daemon."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bridge.daemon.web.doors import FORM_FIELD
from bridge.domain.policy import ConflictRule
from bridge.sandbox import Fault
from tests.daemon.bench import TITLE, Bench
from tests.daemon.web.opened import Visitor

HOSTILE = "<script>alert(1)</script>"
LONG = "x" * 5_000


@pytest.fixture
def manual(bench: Bench) -> Iterator[Bench]:
    """A daemon that leaves conflicts to people."""
    before = bench.bridge.rules
    bench.bridge.rules = replace(
        before, policy=replace(before.policy, conflict=ConflictRule.MANUAL)
    )
    yield bench
    bench.bridge.rules = before


def disagree(bench: Bench, kore: str = "Of Kore", v2: str = "Of v2") -> None:
    """Both sides change the title, and a cycle sees both."""
    bench.sandbox.kore.edit_task(bench.kore_id, name=kore)
    bench.sandbox.v2.edit_task(bench.v2_id, title=v2)
    bench.tick(2)


def titles(bench: Bench) -> tuple[str, str]:
    kore, v2 = bench.sandbox.kore.tasks[bench.kore_id], bench.sandbox.v2.tasks[bench.v2_id]
    return str(kore["name"]), str(v2["title"])


def asked_for(bench: Bench) -> int:
    with bench.bridge.store.look() as unit:
        return len(unit.open_instructions())


# --- conflicts -----------------------------------------------------------------------------------


def test_a_conflict_shows_both_values_and_what_was_agreed_and_one_is_taken(
    manual: Bench, visitor: Visitor
) -> None:
    disagree(manual)
    page = visitor.read("/conflicts")
    for text in ("Of <mark>Kore</mark>", "Of <mark>v2</mark>", TITLE, "Last agreed"):
        assert text in page
    assert "task-bridge conflicts resolve" in page
    page = visitor.press("/conflicts", "Take v2")
    assert "The daemon carries it out with its next cycle" in page
    # Until then nothing else can be said about it.
    assert not [key for key in visitor.forms("/conflicts") if "resolve" in key]
    manual.tick(2)
    assert titles(manual) == ("Of v2", "Of v2")
    assert "No conflicts." in visitor.read("/conflicts")


def test_the_value_that_lost_is_written_back(bench: Bench, visitor: Visitor) -> None:
    disagree(bench)
    winner = titles(bench)[0]
    loser = "Of Kore" if winner == "Of v2" else "Of v2"
    assert titles(bench) == (winner, winner)
    page = visitor.press("/conflicts?settled=1", "value back")
    assert "Asked for" in page
    bench.tick(3)
    assert titles(bench) == (loser, loser)


def test_a_decision_over_values_that_changed_since_the_page_is_void(
    manual: Bench, visitor: Visitor
) -> None:
    disagree(manual)
    forms = visitor.forms("/conflicts")
    ((path, fields),) = [(key.split()[0], it) for key, it in forms.items() if "Take Kore" in key]
    manual.sandbox.v2.edit_task(manual.v2_id, title="Of v2 again")
    manual.tick(2)
    answer = visitor.send(path, fields)
    assert answer.status_code == 409
    assert "Nothing was decided" in answer.text
    assert "<h1>Conflict</h1>" not in answer.text  # HTTP's word means something else here
    assert asked_for(manual) == 0
    visitor.press("/conflicts", "Take v2")
    manual.tick(2)
    assert titles(manual) == ("Of v2 again", "Of v2 again")


def test_what_is_not_listed_can_neither_be_decided_nor_retried(
    bench: Bench, visitor: Visitor
) -> None:
    word = {FORM_FIELD: visitor.word()}
    for place in ("0", "999999", "99999999999999999999999", "x", "-1", "%C3%BC"):
        for path in (f"/conflicts/{place}/resolve", f"/failures/{place}/retry"):
            answer = visitor.send(path, {"take": "kore", **word})
            assert answer.status_code == 422, path
            assert "There is no" in answer.text
    assert visitor.send("/conflicts/1/resolve", {"take": "both", **word}).status_code == 422
    assert asked_for(bench) == 0


# --- failures ------------------------------------------------------------------------------------


def refuse(bench: Bench) -> None:
    """Kore refuses the title that v2 has."""
    bench.sandbox.kore.faults.add("updateTask", Fault.BAD_REQUEST, times=3)
    bench.sandbox.v2.edit_task(bench.v2_id, title="Refused <by> Kore")
    bench.tick(2)
    bench.sandbox.kore.faults.clear()


def test_a_failure_shows_the_services_own_words_and_is_tried_again(
    bench: Bench, visitor: Visitor
) -> None:
    refuse(bench)
    page = visitor.read("/failures")
    for text in ("answered 400", "To be written to Kore", "Refused &lt;by&gt; Kore", TITLE):
        assert text in page
    page = visitor.press("/failures", "Try it again")
    assert "Asked for" in page
    assert not [key for key in visitor.forms("/failures") if "/failures/" in key]
    bench.tick(2)
    assert titles(bench) == ("Refused <by> Kore", "Refused <by> Kore")
    assert "No failures." in visitor.read("/failures")


def test_all_failures_of_a_page_are_tried_again(bench: Bench, visitor: Visitor) -> None:
    refuse(bench)
    bench.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST)
    bench.sandbox.v2.add_task(title="Refused as well")
    bench.tick(2)
    page = visitor.press("/failures", "Try all 2 on this page again")
    assert "Asked for" in page
    bench.tick(2)
    assert "No failures." in visitor.read("/failures")
    assert titles(bench) == ("Refused <by> Kore", "Refused <by> Kore")


def test_a_failure_is_left_as_it_is(bench: Bench, visitor: Visitor) -> None:
    refuse(bench)
    visitor.press("/failures", "Leave both values")
    bench.tick(2)
    assert "No failures." in visitor.read("/failures")
    assert titles(bench) == (TITLE, "Refused <by> Kore")


def test_leaving_values_that_changed_since_the_page_is_void(bench: Bench, visitor: Visitor) -> None:
    refuse(bench)
    forms = visitor.forms("/failures")
    ((path, fields),) = [(key.split()[0], it) for key, it in forms.items() if "Leave" in key]
    assert visitor.send(path, {**fields, "seen": "0" * 16}).status_code == 409
    assert asked_for(bench) == 0
    visitor.press("/failures", "Try it again")
    bench.tick(2)


def test_a_create_that_was_refused_is_made_again(bench: Bench, visitor: Visitor) -> None:
    bench.sandbox.kore.faults.add("createTask", Fault.BAD_REQUEST)
    bench.sandbox.v2.add_task(title="Refused at first")
    bench.tick(2)
    page = visitor.read("/failures")
    assert "Create in Kore" in page
    assert "Leave the task without a counterpart" in page
    visitor.press("/failures", "Create it")
    bench.tick(2)
    assert "Refused at first" in [task["name"] for task in bench.sandbox.kore.tasks.values()]
