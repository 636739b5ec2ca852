"""Stops and kills in the middle: nothing is made twice, nothing is lost without a word."""

import pytest

from bridge.domain.operation import Operation, OperationKind, OperationState
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import LeaseTaken, Stopped, Unreachable
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


class Killed(BaseException):
    """The process is gone: nothing that comes after is done."""


def kill_at(bench: Bench, side: Side, *, applied: bool) -> None:
    """The process dies when its next create leaves, before or after the service took it."""
    service = bench.service(side)
    send = service.send

    def dying(request: object) -> object:
        service.send = send  # type: ignore[method-assign]
        if applied:
            send(request)  # type: ignore[arg-type]
        raise Killed

    service.send = dying  # type: ignore[method-assign,assignment]


@both_sides
def test_a_create_that_the_process_died_over_is_completed_by_its_bearer(
    bench: Bench, side: Side
) -> None:
    mine = bench.service(side.other).add("Boiler")
    kill_at(bench, side, applied=True)
    with pytest.raises(Killed):
        bench.sync()
    bench.settle()
    assert len(bench.service(side).records) == 1
    assert bench.is_linked(side.other, mine)
    assert bench.waits() == []


@both_sides
def test_a_create_that_the_process_died_over_is_sent_again_where_no_bearer_shows(
    bench: Bench, side: Side
) -> None:
    mine = bench.service(side.other).add("Boiler")
    kill_at(bench, side, applied=False)
    with pytest.raises(Killed):
        bench.sync()
    bench.sync()
    assert bench.known(side.other, mine).standing is Standing.UNCERTAIN
    assert bench.service(side).records == {}
    for _ in range(3):
        bench.sync()
    assert len(bench.service(side).records) == 1
    assert bench.is_linked(side.other, mine)
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


def test_what_was_committed_and_never_sent_is_planned_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = bench.kore.add("Boiler")

    def killed(*args: object) -> object:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("bridge.sync.create.send", killed)
        with pytest.raises(Killed):
            bench.sync()
    with bench.store.begin() as unit:
        assert [one.state for one in unit.open_operations()] == [OperationState.COMMITTED]
    bench.settle()
    assert len(bench.v2.records) == 1
    assert bench.is_linked(Side.KORE, mine)
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


def test_a_probe_that_the_process_died_over_is_made_again(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    mine = bench.kore.add("Boiler", "text")
    kill_at(bench, Side.KORE, applied=False)
    with pytest.raises(Killed):
        bench.sync()
    bench.settle()
    assert bench.v2.value(bench.across(Side.KORE, mine), Field.DESCRIPTION) == "text"


def test_a_dry_run_leaves_the_journal_of_others_alone(bench: Bench) -> None:
    bench.kore.add("Boiler")
    kill_at(bench, Side.V2, applied=False)
    with pytest.raises(Killed):
        bench.sync()
    bench.sync(is_dry=True)
    with bench.store.begin() as unit:
        assert len(unit.open_operations()) == 1


def test_an_update_that_the_process_died_over_is_looked_at_and_carried_once(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="New")
    kill_at(bench, Side.V2, applied=True)
    with pytest.raises(Killed):
        bench.sync()
    bench.v2.forget_calls()
    bench.settle()
    assert bench.v2.records[v2_id].fields is not None
    assert "update" not in bench.v2.calls
    with bench.store.begin() as unit:
        assert unit.open_operations() == []


def test_a_stop_while_a_create_is_looked_for_loses_nothing(bench: Bench) -> None:
    bench.v2.create_answer = "nothing"
    mine = bench.kore.add("Boiler")

    def stop(request: object) -> None:
        bench.clock.is_stopped = True

    bench.v2.on_send = stop
    with pytest.raises(Stopped):
        bench.sync()
    bench.clock.is_stopped, bench.v2.on_send = False, None
    bench.settle()
    assert len(bench.v2.records) == 1
    assert bench.is_linked(Side.KORE, mine)


def test_another_owner_of_the_lease_is_left_alone(bench: Bench) -> None:
    with bench.store.begin() as unit:
        unit.take_lease("another", bench.clock.now(), 3600.0)
    bench.kore.add("Boiler")
    with pytest.raises(LeaseTaken):
        bench.sync()
    assert bench.kore.calls == bench.v2.calls == []


def test_a_lease_is_offered_even_after_a_fault(bench: Bench) -> None:
    bench.kore.fail("*", Unreachable("kore", "gone"), times=9)
    bench.sync()
    with bench.store.begin() as unit:
        lease = unit.take_lease("another", bench.clock.now(), 30.0)
    assert lease.owner == "another"


def operation_of(bench: Bench, run_id: int) -> list[tuple[Operation, Result | None]]:
    with bench.store.begin() as unit:
        return [(one.operation, one.outcome) for one in unit.operations_of(run_id)]


def test_every_write_stands_in_the_journal_with_what_came_of_it(bench: Bench) -> None:
    bench.kore.add("Boiler", status="In Progress")
    outcome = bench.sync()
    found = operation_of(bench, outcome.summary["run_id"])
    assert [(one.kind, result) for one, result in found] == [
        (OperationKind.CREATE, Result.DONE),
        (OperationKind.UPDATE, Result.DONE),
    ]
