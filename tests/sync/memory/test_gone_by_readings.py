"""How many readings tell that a task is gone, and what is left to be told once it was judged."""

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.policy import OnMissing
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import OverBudget, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_gone import CLOSED, link_of, pair_of, sweeps
from tests.sync.memory.test_guards import confirm, paired, standing

__all__ = ["paired"]  # fixture

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def question(side: Side) -> str:
    """The call by which a side is asked for one task."""
    return "read" if side is V2 else "search"


def cannot_be_asked(bench: Bench, side: Side) -> None:
    bench.service(side).fail(question(side), OverBudget(str(side), "It is spent.", seconds=60))


def pairs_of(bench: Bench, count: int) -> list[dict[Side, TaskId]]:
    """So many pairs in step besides another one, made at once and read whole."""
    mine = [bench.kore.add(f"Task {number}") for number in range(count + 1)]
    sweeps(bench, 2)
    bench.forget_calls()
    return [{KORE: one, V2: bench.across(KORE, one)} for one in mine[1:]]


# --- how many readings ---------------------------------------------------------------------------


@both_sides
def test_one_reading_shows_that_a_task_without_a_link_is_gone_and_two_that_a_linked_one_is(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    alone = service.add("Finished", status=CLOSED[side])
    sweeps(bench)
    service.remove(alone)
    service.remove(ids[side])
    sweeps(bench)
    assert bench.known(side, alone).gone_at is not None
    assert bench.known(side, ids[side]).gone_at is None
    assert question(side) not in service.calls
    cannot_be_asked(bench, side)
    sweeps(bench)
    assert bench.known(side, ids[side]).gone_at is None
    bench.sync(sweeps=False)
    assert link_of(bench, ids).state is LinkState.MISSING


@both_sides
def test_the_first_reading_that_proves_anything_does_not_show_alone_that_a_task_is_gone(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    service.total = lambda: 99  # its readings prove nothing
    bench.kore.add("Stays")
    bench.kore.add("Goes")
    bench.backfill()
    lost = sorted(service.records)[-1]
    service.remove(lost)
    service.total = lambda: None
    service.forget_calls()
    cannot_be_asked(bench, side)
    sweeps(bench)
    with bench.store.begin() as unit:
        assert len(unit.complete_sweeps(side)) == 1
    assert question(side) not in service.calls
    sweeps(bench)
    assert service.calls.count(question(side)) == 1
    assert bench.known(side, lost).gone_at is None
    bench.sync(sweeps=False)
    assert bench.known(side, lost).gone_at is not None


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


# --- asked for -----------------------------------------------------------------------------------


def test_when_all_were_asked_for_in_one_cycle_they_are_judged(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 2)
    pairs = pairs_of(bench, 2)
    for ids in pairs:
        bench.v2.remove(ids[V2])
    sweeps(bench, 2)
    assert {link_of(bench, ids).state for ids in pairs} == {LinkState.MISSING}
    assert bench.desk.vanished == {}
    before = bench.dump()
    bench.sync(sweeps=False)
    assert bench.dump() == before


def test_of_more_than_a_cycle_asks_for_the_first_by_id_are_asked_for_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 3)
    lost = sorted(ids[V2] for ids in pairs_of(bench, 7))
    for one in lost:
        bench.v2.remove(one)
    sweeps(bench, 2)
    gone = [one for one in lost if bench.known(V2, one).gone_at is not None]
    assert gone == lost[:3]


# --- confirmed, and back -------------------------------------------------------------------------


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


@both_sides
def test_an_odd_record_waits_beside_what_else_waits_on_tasks_of_either_side(
    bench: Bench, side: Side
) -> None:
    pair_of(bench)
    service = bench.service(side)
    bench.service(side.other).refuses = lambda request: request.call == "create"
    refused = service.add("Refused")
    odd = service.add("Odd")
    service.rotten = {odd}
    sweeps(bench)
    service.remove(odd)
    sweeps(bench)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.task_id, bench.known(side, refused).standing) == (refused, Standing.FAILED)
