"""What follows from a create, answered or not, for what it made and for whom it was made."""

from typing import Any

import pytest

from bridge.domain.exchange import Page, Purpose
from bridge.domain.operation import WaitKind, WriteRequest
from bridge.domain.policy import Route
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import NotYet, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import Write

KORE, V2 = Side.KORE, Side.V2
HIDDEN = frozenset({Field.DESCRIPTION})
both_sides = pytest.mark.parametrize("side", list(Side))


def lost(side: Side) -> Unreachable:
    return Unreachable(str(side), "It hung up.", is_outcome_unknown=True)


# --- without an answer ---------------------------------------------------------------------------


@both_sides
def test_what_was_not_applied_is_sent_again_in_the_cycle_that_finds_it_out(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    mine = bench.service(side.other).add("Ladder")
    bench.service(side).fail("create", lost(side))
    bench.sync(sweeps=False)
    assert bench.known(side.other, mine).standing is Standing.UNCERTAIN
    bench.clock.pass_time(400)
    bench.sync(sweeps=False)
    assert bench.service(side).value(bench.across(side.other, mine), Field.TITLE) == "Ladder"
    assert len(bench.service(side).records) == 2
    assert bench.known(side.other, mine).standing is Standing.LINKED
    assert bench.waits() == []


def test_all_that_may_be_what_was_created_are_named_in_order(bench: Bench) -> None:
    bench.pair()
    bench.settle()
    bench.kore.hides = HIDDEN
    mine = bench.v2.add("Ladder", "rungs")
    bench.kore.fail("create", lost(KORE), applied=True)
    bench.sync(sweeps=False)
    for _ in range(5):
        bench.kore.add("Ladder", "of somebody")
    bench.kore.refuses = lambda request: request.call == "probe"
    bench.clock.pass_time(400)
    bench.sync(sweeps=False)
    (wait,) = (one for one in bench.waits(WaitKind.FAILED) if one.candidates)
    assert wait.candidates == tuple(sorted({*bench.kore.records} - {"k0001"}))
    assert bench.known(V2, mine).standing is Standing.UNCERTAIN


@pytest.mark.parametrize("is_edited", [False, True])
def test_what_was_seen_whole_is_probed_again_only_if_it_changed_since(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_edited: bool
) -> None:
    bench.kore.hides = HIDDEN
    done = bench.kore.add("Ladder", "of somebody", status="Closed")
    bench.backfill()
    assert bench.known(KORE, done).task.hidden == ()
    mine = bench.v2.add("Ladder", "rungs")
    bench.kore.fail("create", lost(KORE))
    bench.sync(sweeps=False)
    assert bench.known(V2, mine).standing is Standing.UNCERTAIN
    bench.clock.pass_time(400)
    bench.forget_calls()
    page = bench.kore.page

    def edited_since_the_poll(*args: Any, purpose: Purpose, **more: Any) -> Page:
        if is_edited and purpose is Purpose.ASK and not bench.kore.writes:
            bench.kore.edit(done, text="more words")
        return page(*args, purpose=purpose, **more)

    monkeypatch.setattr(bench.kore, "page", edited_since_the_poll)
    bench.sync(sweeps=False)
    assert "page:ask" in bench.kore.calls
    assert (Write("probe", done) in bench.kore.writes) is is_edited
    assert bench.kore.value(bench.across(V2, mine), Field.DESCRIPTION) == "rungs"
    assert bench.waits() == []


@both_sides
def test_pairs_that_changed_later_are_passed_over_when_what_was_created_is_looked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, side: Side
) -> None:
    paired = dict(zip(Side, bench.pair(), strict=True))
    bench.clock.slept.clear()
    service = bench.service(side)
    service.create_answer, service.search_finds = "nothing", False
    create = service._create

    def below_a_pair(request: WriteRequest) -> TaskId:
        task_id = create(request)
        service.edit(paired[side], text="later")
        return task_id

    monkeypatch.setattr(service, "_create", below_a_pair)
    mine = bench.service(side.other).add("Ladder")
    bench.sync(sweeps=False)
    assert bench.service(side).value(bench.across(side.other, mine), Field.TITLE) == "Ladder"
    assert bench.clock.slept == [0.0]


# --- answered ------------------------------------------------------------------------------------


def test_a_task_is_created_in_kore_by_the_template_of_its_route(bench: Bench) -> None:
    sent: list[WriteRequest] = []
    bench.set_rules(routes=(Route(case="ci-1", task_template="tt-7"),))
    bench.v2.add("Boiler")
    bench.kore.on_send = sent.append
    bench.sync()
    assert [one.body["template"] for one in sent if one.call == "create"] == ["tt-7"]


@both_sides
@pytest.mark.parametrize("answer", ["task", "id", "nothing"])
def test_both_tasks_of_a_new_pair_stand_as_linked(bench: Bench, side: Side, answer: str) -> None:
    bench.service(side).create_answer = answer
    mine = bench.service(side.other).add("Boiler")
    bench.sync()
    for of, one in ((side.other, mine), (side, bench.across(side.other, mine))):
        assert (bench.known(of, one).standing, bench.known(of, one).why) == (Standing.LINKED, "")


@both_sides
def test_what_a_create_could_not_carry_at_once_is_carried_by_the_next_cycle(
    bench: Bench, side: Side
) -> None:
    status = {KORE: ("in_progress", "In Progress"), V2: ("In Progress", "in_progress")}[side]
    mine = bench.service(side.other).add("Ladder", status=status[0])
    bench.service(side).fail("update", NotYet(str(side), "Too many requests.", seconds=9))
    bench.sync()
    made = bench.across(side.other, mine)
    assert bench.service(side).value(made, Field.STATUS) != status[1]
    (view,) = bench.links()
    with bench.store.begin() as unit:
        assert unit.is_link_due(view.link.id)
    bench.sync(sweeps=False)
    assert bench.service(side).value(made, Field.STATUS) == status[1]


# --- other forms --------------------------------------------------------------------------------


def test_where_a_look_between_two_forms_tells_nothing_the_next_one_is_tried(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    kore_id, v2_id = bench.pair(due="2027-01-01T00:00:00.000Z")
    bench.v2.forms, bench.v2.taken_form = 3, 2
    read, looks = bench.v2.read, list[Any]()

    def look(task_id: Any) -> Any:
        looks.append(task_id)
        return None if bench.v2.calls.count("update") == 2 else read(task_id)

    monkeypatch.setattr(bench.v2, "read", look)
    bench.kore.edit(kore_id, due=None)
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert bench.v2.calls.count("update") == 3
    assert bench.v2.value(v2_id, Field.DUE) is None
    assert bench.waits() == []
