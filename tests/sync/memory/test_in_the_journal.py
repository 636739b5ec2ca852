"""What the journal keeps of writes whose answer never came, and what a pair that rests keeps."""

from datetime import timedelta

import pytest

from bridge.domain.operation import Journalled, OperationKind, WriteRequest
from bridge.domain.side import Field, Side
from bridge.errors import KeyRefused, NotFound, Unreachable
from tests.sync.memory.bench import Bench

kinds = pytest.mark.parametrize("kind", [OperationKind.CREATE, OperationKind.UPDATE])
SETTLE = timedelta(seconds=60)


@pytest.fixture
def settled(bench: Bench) -> Bench:
    """Two pairs in step."""
    bench.pair("Boiler")
    bench.pair("Ladder")
    bench.settle()
    return bench


def lose(bench: Bench, kind: OperationKind) -> Journalled:
    """A write to v2 whose answer never comes, as it then stands in the journal."""
    if kind is OperationKind.CREATE:
        bench.kore.add("Roof")
    else:
        bench.kore.edit("k0001", title="New")
    bench.v2.fail(str(kind), Unreachable("v2", "no answer", is_outcome_unknown=True))
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        (left,) = unit.open_operations()
    return left


def rest(left: Journalled) -> timedelta:
    assert left.settles_at is not None
    assert left.sent_at is not None
    return left.settles_at - left.sent_at


@kinds
def test_a_lost_write_rests_for_the_settle_time_and_was_no_success(
    settled: Bench, kind: OperationKind
) -> None:
    left = lose(settled, kind)
    assert SETTLE <= rest(left) < SETTLE + timedelta(seconds=0.5)
    assert (left.is_success, left.note) == (False, "no answer")


@kinds
def test_it_rests_from_the_limit_of_its_request_on(settled: Bench, kind: OperationKind) -> None:
    settled.set_rules(timeout_seconds={Side.V2: 100.0, Side.KORE: 5.0})
    settled.sync()
    left = lose(settled, kind)
    assert rest(left) == SETTLE + timedelta(seconds=100)


@kinds
def test_it_rests_from_when_it_was_given_up_where_that_came_later(
    settled: Bench, kind: OperationKind
) -> None:
    def wait(request: WriteRequest) -> None:
        settled.clock.pass_time(20)

    settled.v2.on_send = wait
    left = lose(settled, kind)
    settled.v2.on_send = None
    assert SETTLE + timedelta(seconds=20) <= rest(left) < SETTLE + timedelta(seconds=21)


@pytest.mark.parametrize("name", ["update", "read"])
def test_a_task_that_is_not_there_tells_nothing_while_the_key_is_refused(
    settled: Bench, name: str
) -> None:
    settled.kore.edit("k0001", title="New")
    settled.v2.on_page = lambda order, offset: settled.clock.pass_time(5)
    settled.v2.fail(name, NotFound("v2", "There is no such task."))
    settled.v2.fail("page:ask", KeyRefused("v2", "The key is refused.", status=401))
    settled.sync(sweeps=False)
    settled.v2.on_page = None
    assert {side: str(error) for side, error in settled.desk.faults.items()} == {
        Side.V2: "The key is refused."
    }
    assert settled.waits() == []
    settled.clock.pass_time(600)
    settled.settle()
    assert settled.v2.value("v0001", Field.TITLE) == "New"


def test_a_pair_of_which_nothing_moved_is_as_old_as_it_was(settled: Bench) -> None:
    before = settled.links()
    settled.set_policy(tolerance_seconds=7.0)
    settled.sync()
    assert settled.links() == before


def test_a_pair_that_waits_for_no_case_asks_for_none(settled: Bench) -> None:
    settled.forget_calls()
    settled.kore.edit("k0001", title="New")
    settled.v2.edit("v0002", title="Newer")
    settled.sync(sweeps=False)
    assert "find_case" not in settled.kore.calls


def test_a_lost_update_that_arrived_is_done_and_says_so(settled: Bench) -> None:
    settled.kore.edit("k0001", title="New", priority="High")
    error = Unreachable("v2", "no answer", is_outcome_unknown=True)
    settled.v2.fail("update", error, applied=True)
    run = settled.sync(sweeps=False).summary["run_id"]
    settled.sync(sweeps=False)
    with settled.store.begin() as unit:
        (left,) = unit.operations_of(run)
        told = unit.history(left.operation.link_id)  # type: ignore[arg-type]
    assert (str(left.outcome), left.note) == ("done", "the task shows it")
    arrived = {one.field: one.details["to"] for one in told if one.what == "arrived"}
    assert arrived == {Field.TITLE: "New", Field.PRIORITY: "high"}


def test_of_two_lost_updates_each_is_told_with_its_own_values(settled: Bench) -> None:
    settled.kore.edit("k0001", title="New")
    settled.v2.edit("v0001", priority="high")
    for side in (settled.kore, settled.v2):
        error = Unreachable(str(side.side), "no answer", is_outcome_unknown=True)
        side.fail("update", error, applied=True)
    run = settled.sync(sweeps=False).summary["run_id"]
    settled.settle()
    with settled.store.begin() as unit:
        left = {one.operation.side: one for one in unit.operations_of(run)}
        told = unit.history(left[Side.V2].operation.link_id)  # type: ignore[arg-type]
    arrived = {(one.side, one.field, one.details["to"]) for one in told if one.what == "arrived"}
    assert arrived == {(Side.V2, Field.TITLE, "New"), (Side.KORE, Field.PRIORITY, "High")}


def test_a_lost_update_of_which_one_field_was_ignored_arrived_with_the_other(
    settled: Bench,
) -> None:
    settled.v2.ignores = {Field.STATUS}
    settled.kore.edit("k0001", title="New", status="In Progress")
    error = Unreachable("v2", "no answer", is_outcome_unknown=True)
    settled.v2.fail("update", error, applied=True)
    run = settled.sync(sweeps=False).summary["run_id"]
    settled.sync(sweeps=False)
    with settled.store.begin() as unit:
        (left,) = unit.operations_of(run)
    assert (str(left.outcome), left.note) == ("done", "the task shows it")


def test_what_was_given_up_is_no_longer_looked_for(settled: Bench) -> None:
    before = [view.link.changed_at for view in settled.links()]
    lose(settled, OperationKind.UPDATE)
    settled.sync(sweeps=False)
    settled.kore.edit("k0002", title="Another")
    settled.sync(sweeps=False)
    assert settled.v2.value("v0001", Field.TITLE) == "New"
    assert [view.link.changed_at for view in settled.links()] != before


def test_what_lost_a_conflict_is_kept_although_no_answer_came_and_other_fields_were_written_too(
    settled: Bench,
) -> None:
    settled.v2.edit("v0001", title="Of v2")
    settled.clock.pass_time(60)
    settled.kore.edit("k0001", title="Of Kore", priority="High")
    error = Unreachable("v2", "no answer", is_outcome_unknown=True)
    settled.v2.fail("update", error, applied=True)
    settled.v2.fail("page:ask", Unreachable("v2", "still gone"))
    settled.sync(sweeps=False)
    settled.settle()
    assert settled.values(Field.TITLE, "k0001", "v0001") == ("Of Kore", "Of Kore")
    (kept,) = settled.conflicts()
    assert (kept["field"], kept["v2"].text) == (Field.TITLE, "Of v2")
