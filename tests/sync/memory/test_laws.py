"""The laws that every run keeps know all that the steps tell, and notice what is missing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.domain.operation import Wait, WaitKind
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import OverBudget
from bridge.ports import Event
from tests.sync.memory.bench import Bench
from tests.sync.memory.laws import events, history, journal, waits

STEPS = Path(__file__).parents[3] / "bridge" / "sync"
# What the steps tell under a name that is put together.
PUT_TOGETHER = {"retried", "discarded", "decided", "restored", "restore_dropped"}


def calls_of(name: str) -> Iterator[ast.Call]:
    """Every call in the steps of a function or method of that name."""
    for path in sorted(STEPS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                if getattr(called, "attr", getattr(called, "id", "")) == name:
                    yield node


def test_the_table_of_events_holds_all_that_the_steps_tell_and_nothing_else() -> None:
    first = [call.args[0] for call in calls_of("tell") if call.args]
    told = {str(one.value) for one in first if isinstance(one, ast.Constant)}
    assert told | PUT_TOGETHER == {*events.EVENTS}


def test_the_table_of_the_history_holds_every_kind_of_line_that_the_steps_name() -> None:
    named = {
        str(word.value.value)
        for call in calls_of("Happening")
        for word in call.keywords
        if word.arg == "what" and isinstance(word.value, ast.Constant)
    }
    assert named
    assert named <= {*history.HISTORY}


@pytest.mark.parametrize("what", sorted(events.EVENTS))
def test_an_event_without_one_of_its_facts_is_a_breach(what: str) -> None:
    for fact in events.EVENTS[what]:
        assert f"event {what}: {fact} is missing" in [*events.unlawful(Event(what, {}))]
    found = [*events.unlawful(Event(what, {"more": 1}))]
    assert f"event {what}: more is not promised" in found


@pytest.mark.parametrize("what", sorted(history.HISTORY))
def test_a_line_of_the_history_that_names_nothing_is_a_breach(what: str) -> None:
    assert [*history.unlawful(Happening(what=what))]


def test_a_wait_without_a_reason_or_a_place_is_a_breach() -> None:
    wait = Wait(kind=WaitKind.FAILED, reason="", side=Side.V2, attempts=0)
    found = "\n".join(waits.unlawful(wait, ()))
    assert "its reason is ''" in found
    assert "on link None and task None" in found
    assert "0 attempts" in found


def test_a_write_that_does_not_stand_in_the_journal_is_a_breach(bench: Bench) -> None:
    request = bench.v2.draft_update(TaskId("v0001"), {}, bench.new_desk().vocabulary)
    assert [*journal.before_it_leaves(bench.store, request)]


@pytest.mark.parametrize("side", SIDES)
def test_a_breach_fails_the_run_in_which_it_was_seen(bench: Bench, side: Side) -> None:
    task_id = bench.service(side).add()
    bench.sync()
    bench.service(side).on_page = lambda order, offset: bench.desk.tell("nothing of use")
    with pytest.raises(AssertionError, match="nothing of use is not in the table"):
        bench.sync()
    bench.service(side).on_page = None
    assert bench.is_linked(side, task_id)


def test_a_task_that_is_left_without_a_word_is_a_breach(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    known = bench.known(Side.KORE, kore_id)
    assert [*waits.unlawful_standing(known.standing_as(Standing.LEFT))]
    assert not [*waits.unlawful_standing(known)]


def test_a_line_about_another_task_than_its_link_holds_is_a_breach(bench: Bench) -> None:
    bench.pair()
    other, _ = bench.pair("Ladder")
    first = LinkId(bench.links()[0].link.id)
    line = Happening(what="gone", why="so", link_id=first, side=Side.KORE, task_id=TaskId(other))
    with bench.store.begin() as unit:
        assert [*history.strangers(line, unit, {})]


# --- events that no other test listens to --------------------------------------------------------


def test_a_sweep_that_has_to_wait_says_how_long_and_why(bench: Bench) -> None:
    bench.kore.add()
    bench.sync()
    bench.kore.fail("page:sweep", OverBudget("kore", "The budget is spent.", seconds=600))
    bench.sync(is_full=True)
    (told,) = bench.heard.of("sweep_waits")
    assert told == {"side": Side.KORE, "seconds": 600, "reason": "The budget is spent."}


@pytest.mark.parametrize("side", SIDES)
def test_a_reading_tells_how_far_it_is(bench: Bench, side: Side) -> None:
    service = bench.service(side)
    service.page_size = 3
    service.total = lambda: len(service.records)
    for number in range(7):
        service.add(f"Boiler {number}")
    bench.sync(is_full=True)
    told = [one for one in bench.heard.of("progress") if one.get("side") is side]
    assert [one["done"] for one in told][:2] == [3, 5]
    assert {one["total"] for one in told} == {7}


def test_a_side_of_another_account_says_that_it_is_not_read_and_why(bench: Bench) -> None:
    bench.set_rules(identities={Side.KORE: "here", Side.V2: "there"})
    bench.kore.account = "first"
    bench.pair()
    bench.kore.account = "second"
    bench.sync()
    (told,) = bench.heard.of("side_not_read")
    assert told["side"] is Side.KORE
    assert "Kore shows the tasks of" in told["reason"]
