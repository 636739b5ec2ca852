"""Runs and the history: what was done, when and why; what did nothing takes no room."""

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from bridge.domain.records import Happening
from bridge.domain.side import Field, LinkId, TaskId
from bridge.domain.values import text_value
from bridge.ports import Unit
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, add_pair


def run(unit: Unit, seconds: float, *, is_idle: bool = True, kind: str = "cycle") -> int:
    number = unit.start_run(kind, after(seconds))
    summary = {"is_idle": is_idle, "read": {"kore": 3}}
    unit.finish_run(number, summary, {"in_step": 3}, after(seconds + 1))
    return number


def rows(store: SqlStore) -> list[tuple[Any, ...]]:
    with store.transaction() as connection:
        found = connection.execute(text("SELECT kind, times, is_idle FROM runs ORDER BY id"))
        return [tuple(row) for row in found]


def test_the_last_run_is_the_newest_that_ended(store: AnyStore) -> None:
    with store.begin() as unit:
        assert unit.last_run() is None
        cycle = run(unit, 0, is_idle=False)
        report = run(unit, 10, is_idle=False, kind="report")
        unit.start_run("cycle", after(20))
        found, of_kind = unit.last_run(), unit.last_run("cycle")
        assert found is not None
        assert of_kind is not None
        assert (found.id, of_kind.id) == (report, cycle)
        assert found.started_at == after(10)
        assert found.ended_at == after(11)
        assert found.summary == {"is_idle": False, "read": {"kore": 3}}
        assert found.totals == {"in_step": 3}


def test_what_was_counted_over_time_comes_oldest_first_without_what_is_older(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        for seconds in (0, 100, 200):
            run(unit, seconds, is_idle=False)
        unit.finish_run(unit.start_run("cycle", after(300)), {}, {}, after(301))
        unit.start_run("cycle", after(400))
        found = unit.totals_since(after(101))
    assert found == [(after(101), {"in_step": 3}), (after(201), {"in_step": 3})]


def test_idle_runs_in_a_row_are_one_row_that_counts_them(sql_store: SqlStore) -> None:
    with sql_store.begin() as unit:
        numbers = [run(unit, seconds) for seconds in range(0, 300, 30)]
        found = unit.last_run()
        assert found is not None
        assert (found.id, found.started_at) == (numbers[-1], after(270))
    assert rows(sql_store) == [("cycle", 10, 1)]
    with sql_store.transaction() as connection:
        first = connection.execute(text("SELECT first_started_at FROM runs")).scalar_one()
    assert first == "2026-03-02T09:00:00.000000Z"


def test_a_run_that_did_something_stands_between_idle_ones(sql_store: SqlStore) -> None:
    with sql_store.begin() as unit:
        run(unit, 0)
        run(unit, 30, is_idle=False)
        run(unit, 60)
        run(unit, 90)
        run(unit, 120, kind="backfill")
        run(unit, 150)
    assert rows(sql_store) == [
        ("cycle", 1, 1),
        ("cycle", 1, 0),
        ("backfill", 1, 1),
        ("cycle", 3, 1),
    ]


def test_the_history_of_a_link_comes_oldest_first_and_whole(store: AnyStore) -> None:
    happening = Happening(
        what="wrote",
        why="Kore changed it",
        side=V2,
        task_id=TaskId("v1"),
        field=Field.TITLE,
        details={"value": text_value("Boiler"), "tries": [1, None]},
    )
    with store.begin() as unit:
        link_id, other = add_pair(unit, 1), add_pair(unit, 2)
        unit.remember([of(happening, link_id), Happening(what="met", link_id=other)], 1, START)
        unit.remember([Happening(what="settled", link_id=link_id, at=after(9))], 2, after(60))
        unit.remember([], 3, after(60))
        found = unit.history(link_id)
    assert [(one.what, one.at) for one in found] == [("wrote", START), ("settled", after(9))]
    assert found[0] == of(happening, link_id, at=START)


def test_what_happened_to_a_task_before_it_had_a_link_belongs_to_the_link(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.remember(
            [
                Happening(what="seen", side=KORE, task_id=TaskId("k1")),
                Happening(what="seen", side=V2, task_id=TaskId("k1")),
                Happening(what="seen", side=V2, task_id=TaskId("v1"), link_id=LinkId(99)),
            ],
            1,
            START,
        )
        found = unit.history(add_pair(unit, 1))
        assert [(one.what, one.side) for one in found] == [("seen", KORE)]
        assert len(unit.story([(V2, TaskId("v1"))], None)) == 1


def of(happening: Happening, link_id: LinkId, **more: Any) -> Happening:
    return replace(happening, link_id=link_id, **more)
