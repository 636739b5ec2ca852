"""What a cycle asks is answered from indexes, however many links and tasks there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bridge.domain.link import LinkState
from bridge.domain.operation import Outcome
from bridge.domain.overview import COUNTED
from bridge.domain.reading import Sweep
from bridge.domain.records import Happening
from bridge.domain.side import SIDES, Field, LinkId, OperationId, TaskId
from bridge.domain.task import Standing
from bridge.domain.vocabulary import Word, WordKind
from bridge.ports import Unit
from bridge.store.sql_store import SqlStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, known, link, request, update, wait

LARGE = ("observations", "links", "operations", "history", "waits", "conflicts")
IDS = ["k1", "k2"]
WORD = Word(KORE, WordKind.STATUS, "waiting", "Waiting")

Question = Callable[[Unit], object]
QUESTIONS: dict[str, Question] = {
    "digests": lambda unit: unit.digests(KORE, IDS),
    "known": lambda unit: unit.known(KORE, IDS),
    "save_known": lambda unit: unit.save_known([known(KORE, "k1")]),
    "mark_due": lambda unit: unit.mark_due(KORE, IDS),
    "mark_due_v2": lambda unit: unit.mark_due(V2, IDS),
    "clear_due_task": lambda unit: unit.clear_due_task(KORE, TaskId("k1")),
    "due_tasks": lambda unit: unit.due_tasks(KORE, 50, "k0"),
    "unlinked_by_standing": lambda unit: [*unit.unlinked(KORE, [Standing.NEW])],
    "count_standing": lambda unit: unit.count_standing(Standing.UNROUTABLE),
    "count_standings": lambda unit: unit.count_standings([Standing.UNROUTABLE, Standing.NEW]),
    "tagged": lambda unit: [*unit.tagged()],
    "unlinked_titled": lambda unit: unit.unlinked_titled(V2, ["Broken boiler"]),
    "bearers": lambda unit: unit.bearers(KORE, TaskId("k1")),
    "find_task": lambda unit: unit.find_task("TS1"),
    "link": lambda unit: unit.link(LinkId(1)),
    "links_of": lambda unit: (unit.links_of(KORE, IDS), unit.links_of(V2, IDS)),
    "due_links": lambda unit: unit.due_links(50, LinkId(0)),
    "save_link": lambda unit: unit.save_link(link("k1", "v1", id=LinkId(1))),
    "set_due": lambda unit: unit.set_due(LinkId(1), True),
    "drop_link": lambda unit: unit.drop_link(LinkId(1)),
    "waits_of_a_kind": lambda unit: unit.waits([wait().kind]),
    "count_waits": lambda unit: unit.count_waits(),
    "unread": lambda unit: unit.unread(),
    "waits_until": lambda unit: unit.waits_until("next cycle"),
    "waits_by_id": lambda unit: unit.waits_by_id([1, 2]),
    "replace_waits": lambda unit: unit.replace_waits([wait()], link_id=LinkId(1), at=START),
    "replace_task_waits": lambda unit: unit.replace_waits([], task=(V2, TaskId("v1")), at=START),
    "waiting_for": lambda unit: unit.waiting_for([WORD]),
    "commit": lambda unit: unit.commit_operation(
        update(title="a"), request(), run_id=1, token=0, at=START
    ),
    "mark_sent": lambda unit: unit.mark_sent(OperationId(1), token=0, at=START),
    "settle": lambda unit: unit.settle(OperationId(1), Outcome.DONE, "", START),
    "open_operations": lambda unit: unit.open_operations(),
    "operations_of": lambda unit: unit.operations_of(1),
    "last_values": lambda unit: unit.last_values(LinkId(1), V2),
    "done_updates": lambda unit: unit.done_updates(LinkId(1), START),
    "conflict": lambda unit: unit.conflict(1),
    "turn_conflict": lambda unit: unit.turn_conflict(1, "manual", V2, START),
    "sweeps": lambda unit: (unit.open_sweep(KORE), unit.last_sweep(KORE)),
    "complete_sweeps": lambda unit: unit.complete_sweeps(KORE),
    "unseen_titled": lambda unit: unit.unseen_titled(KORE, ["Broken boiler"]),
    "set_gone": lambda unit: unit.set_gone(KORE, IDS, START),
    "links_missing": lambda unit: unit.links_in(LinkState.MISSING),
    "due_missing": lambda unit: unit.due_links(50, LinkId(0), LinkState.MISSING),
    "mark_seen": lambda unit: unit.mark_seen(1, KORE, IDS),
    "finish_run": lambda unit: unit.finish_run(1, {"is_idle": True}, {}, START),
    "last_run": lambda unit: (unit.last_run(), unit.last_run("cycle")),
    "remember": lambda unit: unit.remember([Happening(what="seen")], 1, START),
    "history": lambda unit: unit.history(LinkId(1)),
    "prune": lambda unit: unit.prune(after(60), 50),
    "story": lambda unit: unit.story([(KORE, TaskId("k1")), (V2, TaskId("v1"))], LinkId(1)),
    "operations_about": lambda unit: unit.operations_about([LinkId(1), LinkId(2)]),
    "forgotten": lambda unit: unit.forgotten(V2, [TaskId("v1")]),
    "waits_on_task": lambda unit: unit.waits_on_task(V2, TaskId("v1")),
    "conflicts_of": lambda unit: unit.conflicts_of(LinkId(1)),
    "is_link_due": lambda unit: unit.is_link_due(LinkId(1)),
    "is_task_due": lambda unit: unit.is_task_due(KORE, TaskId("k1")),
    "was_seen": lambda unit: unit.was_seen(1, KORE, TaskId("k1")),
    "save_conflict": lambda unit: unit.save_conflict(
        LinkId(1), update(title="a").fields[0], {}, rule="newest", winner=KORE, at=START
    ),
}


def reads_all(step: str) -> bool:
    """Whether a step of a plan reads a large table whole, or all that the pair has in it."""
    table = step.split()[1]
    is_wide = step.startswith("SCAN") or step.endswith(("(pair=?)", "(pair=? AND side=?)"))
    # An index of what is open or due holds that alone.
    is_partial = any(name in step for name in ("ix_operations_open", "ix_waits_unread", "_due "))
    is_partial |= "COVERING INDEX ix_waits_kind (pair=?)" in step  # the count by kind
    return table in LARGE and is_wide and not is_partial


@contextmanager
def asked(store: SqlStore) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, sql: str, parameters: Any, _x: Any, many: bool) -> None:
        if sql.split(maxsplit=1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            statements.append((sql, parameters[0] if many else parameters))

    event.listen(store._engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(store._engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_of_a_cycle_reads_a_whole_table(sql_store: SqlStore, name: str) -> None:
    with sql_store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "v1")])
        unit.add_link(link("k1", "v1"))
        unit.save_sweep(unit.open_sweep(KORE) or _sweep())
        unit.start_run("cycle", START)
        settled = unit.commit_operation(
            update(LinkId(1), title="a"), request(), run_id=1, token=0, at=START
        )
        unit.settle(settled, Outcome.DONE, "", START)
    with asked(sql_store) as statements, sql_store.begin() as unit:
        QUESTIONS[name](unit)
    assert statements
    with sql_store.transaction() as connection:
        for sql, parameters in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            for *_, step in plan:
                assert not reads_all(step), (sql, step)


def test_the_tasks_of_many_links_are_each_found_by_their_id(sql_store: SqlStore) -> None:
    with asked(sql_store) as statements, sql_store.begin() as unit:
        unit.settled_links([*Field])
        for side in SIDES:
            unit.count_texts(side, COUNTED, [LinkId(1)])
    with sql_store.transaction() as connection:
        for sql, parameters in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            steps = [step for *_, step in plan if "observations" in step or "waits" in step]
            assert steps
            assert not [step for step in steps if reads_all(step)], (sql, steps)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("due_tasks", "ix_observations_due"),
        ("due_links", "ix_links_due"),
        ("links_missing", "ix_links_apart"),
        ("due_missing", "ix_links_due"),
        ("open_operations", "ix_operations_open"),
        ("digests", "uq_observations_task"),
        ("links_of", "uq_links_kore"),
        ("bearers", "ix_observations_marker"),
        ("unlinked_titled", "ix_observations_title"),
        ("tagged", "ix_observations_tagged"),
        ("unlinked_by_standing", "ix_observations_standing"),
        ("last_values", "ix_operations_link"),
        ("done_updates", "ix_operations_link"),
        ("waiting_for", "ix_waits_word"),
        ("waits_until", "ix_waits_word"),
        ("unread", "ix_waits_unread"),
        ("count_waits", "COVERING INDEX ix_waits_kind"),
        ("count_waits", "COVERING INDEX ix_waits_on_hold"),
        ("prune", "ix_history_at"),
        ("prune", "ix_operations_run"),
        ("prune", "ix_runs_pair"),
    ],
)
def test_each_question_uses_the_index_made_for_it(
    sql_store: SqlStore, name: str, index: str
) -> None:
    with asked(sql_store) as statements, sql_store.begin() as unit:
        QUESTIONS[name](unit)
    steps = []
    with sql_store.transaction() as connection:
        for sql, parameters in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            steps += [step for *_, step in plan]
    assert any(index in step for step in steps), steps


def _sweep() -> Any:
    return Sweep(side=KORE)
