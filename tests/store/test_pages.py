"""Long lists come a page at a time, in an order that people can follow."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import Operation, OperationKind, Outcome, WaitKind
from bridge.domain.side import Field
from bridge.store.sql_store import SqlStore
from tests.store.clocks import after
from tests.store.samples import KORE, V2, add_pair, journal, known, update, wait
from tests.store.test_query_plans import asked

UNMAPPED = WaitKind.UNMAPPED


@pytest.fixture
def store(memory_store: SqlStore) -> SqlStore:
    return memory_store


def test_links_come_by_id_with_both_tasks(store: SqlStore) -> None:
    with store.begin() as unit:
        ids = [add_pair(unit, number) for number in range(5)]
        assert [view.link.id for view in unit.link_page(2)] == ids[:2]
        last = unit.link_page(2, 4)
        assert [view.link.id for view in last] == ids[4:]
        assert last[0].kore is not None
        assert last[0].kore.task.title == "Broken boiler"


def test_links_of_one_state_come_by_id_a_page_at_a_time(store: SqlStore) -> None:
    with store.begin() as unit:
        states = (LinkState.MISSING, LinkState.LINKED, LinkState.MISSING, LinkState.MISSING)
        ids = [add_pair(unit, number, state) for number, state in enumerate(states)]
        pages = [unit.link_page(2, begin, state=LinkState.MISSING) for begin in (0, 2)]
        assert [[view.link.id for view in page] for page in pages] == [[ids[0], ids[2]], ids[3:]]
        assert [view.link.id for view in unit.link_page(9, state=LinkState.LINKED)] == [ids[1]]


def test_what_waits_for_one_reason_comes_oldest_first(store: SqlStore) -> None:
    with store.begin() as unit:
        for number, seconds in ((1, 20), (2, 0), (3, 10)):
            waiting = [wait(), wait(WaitKind.HELD)]
            unit.replace_waits(waiting, link_id=add_pair(unit, number), at=after(seconds))
        first, second = unit.wait_page(WaitKind.FAILED, 2), unit.wait_page(WaitKind.FAILED, 2, 2)
        assert [one.since for one in (*first, *second)] == [after(0), after(10), after(20)]


def test_writes_come_newest_first_without_probes(store: SqlStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        numbers = [journal(unit, update(link_id, title=text)) for text in ("a", "b", "c")]
        unit.settle(numbers[0], Outcome.DONE, "", after(0))
        probe = update(link_id)
        journal(unit, _as_probe(probe))
        assert [one.id for one in unit.write_page(2)] == [numbers[2], numbers[1]]
        assert [one.outcome for one in unit.write_page(2, 2)] == [Outcome.DONE]


def test_writes_come_by_when_they_were_settled_page_after_page(store: SqlStore) -> None:
    with store.begin() as unit:
        link_id = add_pair(unit, 1)
        numbers = [journal(unit, update(link_id, title=text)) for text in ("a", "b", "c", "d")]
        for place, seconds in ((1, 50), (0, 70), (2, 90)):
            unit.settle(numbers[place], Outcome.DONE, "", after(seconds))
        pages = [unit.write_page(2, offset) for offset in (0, 2)]
        assert [[numbers.index(one.id) for one in page] for page in pages] == [[2, 0], [1, 3]]


def test_conflicts_that_wait_come_oldest_first_and_settled_ones_newest_first(
    store: SqlStore,
) -> None:
    with store.begin() as unit:
        for number in range(6):
            unit.save_conflict(
                add_pair(unit, number), Field.TITLE, {}, rule="manual", at=after(number),
                winner=KORE if number % 2 else None,
            )  # fmt: skip
        pages = [unit.conflict_page(is_settled=False, limit=2, offset=begin) for begin in (0, 2)]
        assert [[one["kore_id"] for one in page] for page in pages] == [["k0", "k2"], ["k4"]]
        settled = unit.conflict_page(is_settled=True, limit=2, offset=1)
        assert [one["kore_id"] for one in settled] == ["k3", "k1"]


def test_runs_that_ended_come_newest_first_and_say_how_many_idle_ones_they_are(
    store: SqlStore,
) -> None:
    with store.begin() as unit:
        for seconds in (0, 10, 20):
            number = unit.start_run("sync", after(seconds))
            unit.finish_run(number, {"is_idle": seconds > 0}, {}, after(seconds + 1))
        unit.start_run("sync", after(30))
        idle, busy = unit.run_page(5)
        assert (idle.times, idle.first_started_at, busy.times) == (2, after(10), 1)
        assert [one.id for one in unit.run_page(5, 1)] == [busy.id]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("boiler", ["Broken boiler", "The boiler 100%"]),
        ("BOIL", ["Broken boiler", "The boiler 100%"]),
        ("100%", ["The boiler 100%"]),
        ("_", ["a_b"]),
        ("\\", []),
        ("'; DROP", []),
    ],
)
def test_a_title_is_found_by_any_part_of_it(store: SqlStore, text: str, titles: list[str]) -> None:
    with store.begin() as unit:
        named = ("Broken boiler", "The boiler 100%", "a_b", "Gate")
        unit.save_known([known(KORE, f"k{n}", title=title) for n, title in enumerate(named)])
        assert [one.task.title for one in unit.titled(text, 5)] == titles
        assert len(unit.titled(text, 1)) == min(1, len(titles))


def test_what_waits_alike_is_one_group_the_largest_first(store: SqlStore) -> None:
    with store.begin() as unit:
        for number in range(5):
            reason = "no rule for Waiting" if number else "nobody is Ada"
            field = Field.STATUS if number else Field.ASSIGNEE
            unit.replace_waits(
                [wait(UNMAPPED, field, reason=reason), wait()],
                link_id=add_pair(unit, number),
                at=after(number),
            )
        large, small = unit.wait_groups(UNMAPPED, 5, each=2)
        assert (large.count, large.reason, large.since) == (4, "no rule for Waiting", after(1))
        assert [one.since for one in large.first] == [after(1), after(2)]
        assert (small.count, small.field, small.side) == (1, Field.ASSIGNEE, V2)
        assert len(unit.wait_groups(UNMAPPED, 5, 1, each=2)) == 1


QUESTIONS: dict[str, Any] = {
    "links": lambda unit: unit.link_page(50, 100),
    "missing": lambda unit: unit.link_page(50, state=LinkState.MISSING),
    "waits": lambda unit: unit.wait_page(UNMAPPED, 50),
    "writes": lambda unit: unit.write_page(50),
    "conflicts": lambda unit: unit.conflict_page(is_settled=False, limit=50),
    "settled": lambda unit: unit.conflict_page(is_settled=True, limit=50),
}
ORDERED_BY = {
    "waits": "ix_waits_kind",
    "writes": "ix_operations_written",
    "settled": "ix_conflicts_settled",
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_page_is_found_without_sorting_everything(store: SqlStore, name: str) -> None:
    steps = _plan(store, QUESTIONS[name])
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
    if name in ORDERED_BY:
        assert any(ORDERED_BY[name] in step for step in steps), steps


def _plan(store: SqlStore, question: Any) -> list[str]:
    with asked(store) as statements, store.begin() as unit:
        question(unit)
    steps = []
    with store.transaction() as connection:
        for sql, parameters in statements:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            steps += [step for *_, step in found]
    return steps


def _as_probe(operation: Operation) -> Operation:
    return replace(operation, kind=OperationKind.PROBE)
