"""A create of which nobody knows what became of it: what is told until it is known, and then."""

from dataclasses import replace

import pytest

from bridge.domain.operation import OperationKind, Outcome, WaitKind
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))


def lost(side: Side) -> Unreachable:
    return Unreachable(str(side), "It hung up.", is_outcome_unknown=True)


def withhold(bench: Bench, side: Side) -> None:
    """What is created there is shown by no list and found by no search."""
    service = bench.service(side)
    page = service.page

    def page_without(*args: object, **given: object) -> object:
        found = page(*args, **given)  # type: ignore[arg-type]
        return replace(found, rows=(), length=0)

    service.page = page_without  # type: ignore[method-assign,assignment]
    service.search_finds = False


@both_sides
def test_a_success_without_a_trace_is_told_and_not_searched_for_any_more(
    bench: Bench, side: Side
) -> None:
    bench.sync()
    service = bench.service(side)
    service.create_answer = "nothing"
    service.on_send = lambda request: withhold(bench, side)
    mine = bench.service(side.other).add("Boiler")
    for _ in range(5):
        bench.sync(sweeps=False)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert f"Whether it was created in {side.label} is not known" in wait.reason
    assert "answered with success, but no task with its marker was found" in wait.reason
    known = bench.known(side.other, mine)
    assert (known.standing, known.why) == (Standing.UNCERTAIN, wait.reason)
    assert [one["candidates"] for one in bench.heard.of("create_parked")] == [()]
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert "search" not in service.calls
    assert len(bench.heard.of("create_parked")) == 1


@both_sides
def test_what_was_not_applied_is_told_and_its_task_is_new_again(bench: Bench, side: Side) -> None:
    bench.sync()
    mine = bench.service(side.other).add("Boiler")
    bench.service(side).fail("create", lost(side))
    run = bench.sync(sweeps=False).summary["run_id"]
    (link,) = [view.link.id for view in bench.links()]
    for _ in range(3):
        bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        (left,) = unit.operations_of(run)
    assert (left.outcome, "not found after the settle time" in left.note) == (Outcome.DROPPED, True)
    assert link not in bench.desk.unsure
    told = [row for row in bench.rows()["history"] if "'not created'" in row]
    assert len(told) == 1
    assert mine in told[0]
    assert bench.is_linked(side.other, mine)
    assert len(bench.service(side).records) == 1


@both_sides
def test_a_search_that_fails_leaves_the_create_open_and_the_side_alone(
    bench: Bench, side: Side
) -> None:
    bench.sync()
    service = bench.service(side)
    mine = bench.service(side.other).add("Boiler")
    service.fail("create", lost(side), applied=True)
    bench.sync(sweeps=False)
    service.left_out = set(service.records)
    service.fail("search", Unreachable(str(side), "No route."))
    bench.sync(sweeps=False)
    assert {*bench.desk.faults} == {side}
    assert bench.known(side.other, mine).standing is Standing.UNCERTAIN
    service.left_out = set()
    bench.settle()
    assert bench.is_linked(side.other, mine)
    assert len(service.records) == 1


@both_sides
def test_a_create_is_found_by_search_alone_although_no_list_shows_it(
    bench: Bench, side: Side
) -> None:
    bench.sync()
    service = bench.service(side)
    mine = bench.service(side.other).add("Boiler")
    service.fail("create", lost(side), applied=True)
    bench.sync(sweeps=False)
    service.left_out = set(service.records)
    bench.sync(sweeps=False)
    assert bench.across(side.other, mine) in service.records
    assert bench.waits() == []


def test_while_its_side_is_down_nothing_is_said_of_an_open_create(bench: Bench) -> None:
    bench.sync()
    mine = bench.kore.add("Boiler")
    bench.v2.fail("create", lost(Side.V2))
    bench.sync(sweeps=False)
    bench.v2.is_down = True
    for _ in range(4):
        outcome = bench.sync(sweeps=False)
    assert outcome.summary["uncertain"] == {"kore": 0, "v2": 1}
    assert bench.known(Side.KORE, mine).standing is Standing.UNCERTAIN
    with bench.store.begin() as unit:
        kinds = [one.operation.kind for one in unit.open_operations()]
    assert kinds == [OperationKind.CREATE]


@both_sides
def test_while_a_record_cannot_be_read_no_create_counts_as_not_applied(
    bench: Bench, side: Side
) -> None:
    bench.sync()
    service = bench.service(side)
    mine = bench.service(side.other).add("Boiler")
    service.fail("create", lost(side), applied=True)
    bench.sync(sweeps=False)
    (created,) = service.records
    service.unreadable.add(created)
    for _ in range(6):
        bench.sync(sweeps=False)
    assert [*service.records] == [created]
    service.unreadable.clear()
    bench.sync(sweeps=False)
    assert bench.across(side.other, mine) == created


@pytest.mark.parametrize("renamed", list(Side))
def test_what_was_created_is_found_where_its_text_is_hidden_whatever_people_call_either_by_now(
    bench: Bench, renamed: Side
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.sync()
    mine = bench.v2.add("Ladder")
    bench.kore.fail("create", lost(Side.KORE), applied=True)
    bench.sync(sweeps=False)
    (created,) = bench.kore.records
    bench.kore.edit(created, status="Closed")
    ids = {Side.KORE: created, Side.V2: mine}
    bench.service(renamed).edit(ids[renamed], title="Door")
    bench.kore.unreadable.add(created)
    bench.sync(sweeps=False)
    bench.kore.unreadable.clear()
    for _ in range(6):
        bench.sync(sweeps=False)
    assert [*bench.kore.records] == [created]
    assert bench.across(Side.V2, mine) == created
