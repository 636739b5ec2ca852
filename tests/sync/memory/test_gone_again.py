"""Tasks that go and come back more than once, and what a reading under way tells of them."""

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.policy import OnMissing
from bridge.domain.reconciled import State
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import NotYet, OverBudget, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.surveying import recall_of, states_of
from tests.sync.memory.test_gone import (
    CLOSED,
    cannot_be_asked,
    link_of,
    lose,
    pair_of,
    pairs_of,
    question,
    sweeps,
)
from tests.sync.memory.test_guards import confirm, paired, standing

__all__ = ["paired"]  # fixture

both_sides = pytest.mark.parametrize("side", list(Side))


@both_sides
def test_a_task_that_comes_back_twice_to_one_that_was_closed_for_it_is_one_conflict(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    record = bench.service(side).records[ids[side]]
    for _ in range(2):
        lose(bench, side, ids)
        assert link_of(bench, ids).state is LinkState.MISSING
        bench.service(side).records[ids[side]] = record
        sweeps(bench)
    bench.settle()
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.CONFLICT, Field.STATUS)


@both_sides
@pytest.mark.parametrize("tells_date", [True, False])
def test_a_close_whose_answer_is_lost_is_settled_while_its_counterpart_is_still_gone(
    bench: Bench, side: Side, tells_date: bool
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    bench.kore.tells_date = bench.v2.tells_date = tells_date
    ids = pair_of(bench)
    left = bench.service(side.other)
    lost = Unreachable(str(side.other), "no answer", is_outcome_unknown=True)
    left.fail("update", lost, applied=True)
    left.fail("page:ask", Unreachable(str(side.other), "gone"))
    lose(bench, side, ids)
    with bench.store.begin() as unit:
        assert len(unit.open_operations()) == 1
    bench.clock.pass_time(400)
    bench.sync()
    bench.sync()
    number = link_of(bench, ids).id
    with bench.store.begin() as unit:
        assert not unit.open_operations()
        told = [one.what for one in unit.history(number)]
    assert "arrived" in told
    assert left.value(ids[side.other], Field.STATUS) == CLOSED[side.other]
    assert left.calls.count("update") == 1


@both_sides
def test_what_was_parked_for_its_title_and_is_finished_meanwhile_waits_for_nobody(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    service.remove(ids[side])
    sweeps(bench)
    again = service.add("Boiler")
    bench.sync()
    assert [one.task_id for one in bench.waits(WaitKind.FAILED)] == [again]
    service.edit(again, status=CLOSED[side])
    bench.sync()
    assert bench.known(side, again).standing is Standing.FINISHED
    assert bench.waits() == []


@both_sides
def test_a_task_that_a_reading_under_way_has_shown_is_there(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    for number in range(7):
        bench.pair(f"Task {number}")
    service = bench.service(side)
    service.left_out_of_sweeps = {ids[side]}
    sweeps(bench)
    assert states_of(recall_of(bench)) == {State.IN_STEP: 8, State.MISSING: 1}
    service.left_out_of_sweeps, service.page_size = set(), 3
    service.on_page = lambda order, offset: (
        service.fail("page:sweep", NotYet(str(side), "Wait.", seconds=600)) if offset else None
    )
    sweeps(bench)
    service.on_page = None
    with bench.store.begin() as unit:
        assert unit.open_sweep(side) is not None
    assert states_of(recall_of(bench)) == {State.IN_STEP: 9}


@both_sides
def test_what_a_reading_under_way_has_shown_meanwhile_is_asked_for_no_more(
    bench: Bench, side: Side
) -> None:
    ids, *_ = pairs_of(bench, 4)
    service = bench.service(side)
    record = service.records.pop(ids[side])
    sweeps(bench)
    cannot_be_asked(bench, side)
    sweeps(bench)
    service.records[ids[side]] = record
    service.forget_calls()
    service.page_size = 2
    service.on_page = lambda order, offset: (
        service.fail("page:sweep", OverBudget(str(side), "It is spent.", seconds=60))
        if offset and "page:sweep" in service.calls
        else None
    )
    sweeps(bench)
    with bench.store.begin() as unit:
        assert unit.open_sweep(side) is not None
    assert question(side) not in service.calls
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_a_pair_whose_task_comes_back_before_it_is_known_what_became_of_a_close_lives_again(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids, left = pair_of(bench), side.other
    record = bench.service(side).records.pop(ids[side])
    lost = Unreachable(str(left), "no answer", is_outcome_unknown=True)
    bench.service(left).fail("update", lost, applied=True)
    sweeps(bench, 2)
    assert link_of(bench, ids).state is LinkState.MISSING
    bench.service(side).records[ids[side]] = record
    sweeps(bench)
    link = link_of(bench, ids)
    assert (link.state, link.gone_side, link.gone_at) == (LinkState.LINKED, None, None)
    (wait,) = bench.waits()
    assert (wait.kind, wait.field) == (WaitKind.CONFLICT, Field.STATUS)
    assert "came back" in wait.reason
    assert bench.service(left).value(ids[left], Field.STATUS) == CLOSED[left]
    with bench.store.begin() as unit:
        assert not unit.open_operations()


def test_of_a_confirmation_nothing_is_kept_once_all_that_it_was_about_is_back(
    paired: Bench,
) -> None:
    kept = dict(paired.v2.records)
    for one in sorted(kept)[:3]:
        paired.v2.remove(one)
    sweeps(paired, 2)
    confirm(paired, standing(paired))
    paired.sync(sweeps=False)
    with paired.store.begin() as unit:
        assert [len(one.confirmed_items) for one in unit.guards()] == [3]
    paired.v2.records = kept
    sweeps(paired)
    with paired.store.begin() as unit:
        assert list(unit.guards()) == []
