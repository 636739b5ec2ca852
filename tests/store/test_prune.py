"""What is old is forgotten, but for what may still be needed; and nothing of another pair."""

import pytest
from sqlalchemy import select

from bridge.domain.link import LinkState
from bridge.domain.operation import Operation, OperationKind, Outcome
from bridge.domain.reading import SideState
from bridge.domain.records import Happening
from bridge.domain.side import Field, LinkId, TaskId
from bridge.domain.values import text_value
from bridge.ports import Unit
from bridge.store.sql_store import SqlStore
from bridge.store.tables import sides
from tests.store.both import AnyStore, ids_in
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, add_pair, link, request, update, wait

DAY = 86_400.0
NOW = after(100 * DAY)
LIMIT = after(10 * DAY)


def write(
    unit: Unit, operation: Operation, outcome: Outcome | None = Outcome.DONE, *, days: float = 0
) -> int:
    """A write of a run of its own, so many days after the start; open without an outcome."""
    run_id = unit.start_run("sync", after(days * DAY))
    number = unit.commit_operation(
        operation, request(), run_id=run_id, token=0, at=after(days * DAY)
    )
    if outcome is not None:
        unit.settle(number, outcome, "", after(days * DAY + 1))
    unit.finish_run(run_id, {}, {}, after(days * DAY + 2))
    return number


def create(link_id: LinkId) -> Operation:
    return Operation(side=V2, kind=OperationKind.CREATE, reason="none", link_id=link_id)


def pruned(store: AnyStore, limit: int = 500) -> int:
    """Prune to the end; how many steps it took."""
    steps = 1
    while prune_once(store, limit):
        steps += 1
    return steps


def prune_once(store: AnyStore, limit: int) -> int:
    with store.begin() as unit:
        return unit.prune(LIMIT, limit)


def left(store: AnyStore, name: str = "operations") -> set[int]:
    return ids_in(store, name)


def test_old_lines_of_the_history_go_and_young_ones_stay(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.remember([Happening(what="old")] * 7, 1, START)
        unit.remember([Happening(what="young")], 2, LIMIT)
    pruned(store, 3)
    assert left(store, "history") == {8}


def test_old_runs_go_but_never_the_newest(store: AnyStore) -> None:
    with store.begin() as unit:
        for days in (0, 1, 2):
            unit.finish_run(unit.start_run("sync", after(days * DAY)), {}, {}, after(days * DAY))
        unit.start_run("sync", after(3 * DAY))
    pruned(store)
    assert left(store, "runs") == {4}
    with store.begin() as unit:
        unit.finish_run(unit.start_run("sync", NOW), {}, {}, NOW)
    pruned(store)
    assert left(store, "runs") == {5}


@pytest.mark.parametrize(
    ("operation", "outcome", "stays"),
    [
        (update(LinkId(1), title="a"), Outcome.DONE, True),
        (update(LinkId(1), title="a"), Outcome.FAILED, False),
        (update(LinkId(1), title="a"), Outcome.DROPPED, False),
        (update(LinkId(1), title="a"), Outcome.UNCERTAIN, True),
        (update(LinkId(1), title="a"), None, True),
        (create(LinkId(1)), Outcome.DONE, True),
        (create(LinkId(1)), Outcome.UNCERTAIN, True),
        (create(LinkId(9)), Outcome.FAILED, False),
        (create(LinkId(9)), Outcome.UNCERTAIN, True),
        (update(None, KORE), Outcome.DONE, False),
        (Operation(side=KORE, kind=OperationKind.PROBE, reason="seen", link_id=LinkId(1)),
         Outcome.DONE, False),
    ],
)  # fmt: skip
def test_of_the_journal_stays_what_may_still_be_needed(
    store: AnyStore, operation: Operation, outcome: Outcome | None, stays: bool
) -> None:
    with store.begin() as unit:
        add_pair(unit, 1)
        number = write(unit, operation, outcome)
    pruned(store)
    assert (number in left(store)) is stays


def test_what_is_young_stays_whatever_it_is(store: AnyStore) -> None:
    with store.begin() as unit:
        old = write(unit, update(None), Outcome.FAILED)
        young = write(unit, update(None), Outcome.FAILED, days=10)
    pruned(store)
    assert left(store) == {young}
    assert old not in left(store)


def test_the_values_last_sent_are_the_same_after_as_before(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        for number in range(60):
            write(unit, update(link_id, title=f"v {number}"), days=number / 60)
            write(unit, update(link_id, KORE, status=f"k {number}"), days=number / 60)
        before = [unit.last_values(link_id, side) for side in (KORE, V2)]
    pruned(store, 7)
    with store.begin() as unit:
        assert [unit.last_values(link_id, side) for side in (KORE, V2)] == before
        assert before[1][Field.TITLE][0] == text_value("v 59")
    assert len(left(store)) == 40


def test_a_value_that_was_kept_as_the_last_one_goes_when_it_is_replaced(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        first = [write(unit, update(link_id, title=f"a{number}")) for number in range(20)]
    pruned(store)
    assert left(store) == set(first)
    with store.begin() as unit:
        later = [write(unit, update(link_id, title=f"b{n}"), days=1) for n in range(20)]
    pruned(store)
    assert left(store) == set(later)


def test_what_is_kept_is_looked_at_once_and_not_again(store: AnyStore) -> None:
    with store.begin() as unit:
        for number in range(30):
            write(unit, create(add_pair(unit, number)))
    assert pruned(store, 10) == 4
    assert pruned(store, 10) == 1
    assert len(left(store)) == 30


def test_the_place_stands_beside_what_else_is_remembered_of_a_side(sql_store: SqlStore) -> None:
    with sql_store.begin() as unit:
        unit.save_side_state(SideState(side=KORE, fault="down"))
        write(unit, update(None), Outcome.FAILED)
    with sql_store.transaction() as connection:
        connection.execute(sides.update().values(further={"other": 1}))
    pruned(sql_store)
    with sql_store.transaction() as connection:
        found = connection.execute(select(sides.c.further)).scalar_one()
    assert (found["other"], "pruned" in found) == (1, True)
    with sql_store.begin() as unit:
        assert unit.side_state(KORE).fault == "down"
        unit.save_side_state(unit.side_state(KORE))
    assert pruned(sql_store) == 1


def test_the_place_makes_no_odd_state_of_a_side_that_was_never_read(store: AnyStore) -> None:
    with store.begin() as unit:
        write(unit, update(None), Outcome.FAILED)
    pruned(store)
    with store.begin() as unit:
        assert unit.side_state(KORE) == SideState(side=KORE)


def test_links_what_waits_and_conflicts_are_never_pruned(store: AnyStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        unit.save_known([])
        unit.add_link(link("gone", None, LinkState.REMOVED, created_at=START))
        unit.replace_waits([wait(since=START)], link_id=link_id, at=START)
        unit.save_conflict(link_id, Field.TITLE, {}, rule="newest", winner=KORE, at=START)
        unit.remember([Happening(what="old", link_id=link_id)], 1, START)
    pruned(store)
    with store.begin() as unit:
        assert len(list(unit.all_links())) == 2
        assert len(unit.waits()) == 1
        assert len(unit.conflicts(is_settled=True)) == 1
        assert unit.known(KORE, ["k1"])[TaskId("k1")].task.id == "k1"
        assert unit.history(link_id) == []


def test_another_pair_of_the_database_keeps_what_it_has(store: AnyStore) -> None:
    other = store.of_pair("other")
    with other.begin() as unit:
        write(unit, update(None), Outcome.FAILED)
        unit.remember([Happening(what="old")], 1, START)
    before = [left(store, name) for name in ("operations", "history", "runs")]
    pruned(store)
    assert [left(store, name) for name in ("operations", "history", "runs")] == before
