"""A dry run writes nothing, sends nothing but reads, and plans what the real run then does."""

from typing import Any

import pytest

from bridge.domain.operation import OperationKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.policy import Route, Scope
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT
from tests.sync.plans import assert_came_true, plan_of

HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})
WRITES = {"create", "update", "probe", "complete"}


def a_busy_world(bench: Bench) -> None:
    """Linked pairs with changes on both sides, and new tasks of every kind."""
    ids = [bench.kore.add(f"Task {number}", "old") for number in range(6)]
    bench.v2.add("From the field", "old")
    bench.backfill()
    bench.settle()
    across = {one: bench.across(Side.KORE, one) for one in ids}
    bench.kore.edit(ids[0], title="By an agent", text="by an agent")
    bench.v2.edit(across[ids[0]], priority="high")
    bench.v2.edit(across[ids[1]], text="from the field")
    bench.kore.edit(ids[2], title="Of kore")
    bench.v2.edit(across[ids[2]], title="Of v2")
    bench.kore.edit(ids[3], status="Resolved")
    bench.kore.add("New in Kore", "text", due="2027-01-01T00:00:00.000Z", status="On Hold")
    bench.kore.add("Finished", status="Closed")
    bench.v2.add("New in v2", "text", status="in_progress")
    bench.v2.add(None, "no title")
    bench.v2.add("Unroutable", facts=Facts(tags=("no",), contact=None))


@pytest.mark.parametrize("hides", [frozenset(), HIDDEN], ids=["full", "sparse"])
def test_the_plan_of_a_cycle_is_what_the_cycle_then_does(
    bench: Bench, hides: frozenset[Field]
) -> None:
    bench.kore.hides = hides
    a_busy_world(bench)
    planned = bench.sync(is_dry=True)
    plan = plan_of(bench.reports)
    assert all(one.outcome is Result.PLANNED for one in bench.reports)
    done = bench.sync()
    assert plan
    assert_came_true(plan, plan_of(bench.reports))
    assert planned.summary["created"] == done.summary["created"]


@pytest.mark.parametrize("hides", [frozenset(), HIDDEN], ids=["full", "sparse"])
def test_the_plan_of_a_backfill_is_what_the_backfill_then_does(
    bench: Bench, hides: frozenset[Field]
) -> None:
    bench.kore.hides = hides
    for number in range(4):
        bench.kore.add(f"Task {number}", "text", assignee="Robin" if number else None)
        bench.v2.add(f"Ladder {number}", status="in_progress")
    bench.kore.add("Finished", status="Closed")
    bench.set_rules(routes=(Route(case="ci-1", task_template="t"),), scope=Scope())
    planned = bench.backfill(is_dry=True)
    plan = plan_of(bench.reports)
    probes = [one for one in bench.reports if one.operation.kind is OperationKind.PROBE]
    assert len(probes) == (5 if hides else 0)
    assert bench.kore.writes == bench.v2.writes == []
    done = bench.backfill()
    assert_came_true(plan, plan_of(bench.reports))
    assert planned.summary["created"] == done.summary["created"] == {"kore": 4, "v2": 4}


@pytest.mark.parametrize("is_backfill", [True, False])
def test_a_dry_run_changes_nothing_in_the_database_and_sends_nothing_but_reads(
    bench: Bench, is_backfill: bool
) -> None:
    bench.kore.hides = HIDDEN
    a_busy_world(bench)
    before = bench.rows()
    bench.forget_calls()
    if is_backfill:
        bench.backfill(is_dry=True)
    else:
        bench.sync(is_dry=True, is_full=True)
    assert bench.rows() == before
    assert not WRITES & {*bench.kore.calls, *bench.v2.calls}
    assert bench.reports


def test_a_dry_run_with_nothing_known_plans_on_a_database_in_memory(bench: Bench) -> None:
    bench.kore.add("Boiler")
    outcome = bench.sync(is_dry=True)
    assert outcome.summary["created"] == {"kore": 0, "v2": 1}
    assert outcome.summary["dry_run"] is True
    assert bench.links() == []


def test_a_dry_run_respects_a_limit(bench: Bench) -> None:
    for number in range(4):
        bench.kore.add(f"Task {number}")
        bench.v2.add(f"Ladder {number}")
    outcome = bench.backfill(is_dry=True, limit=3, is_whole=False)
    assert sum(outcome.summary["created"].values()) == 3


def test_a_dry_run_ends_where_a_side_asks_to_wait_behind_its_plan(bench: Bench) -> None:
    from bridge.errors import NotYet

    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.kore.fail("find_case", NotYet("kore", "Too many requests.", seconds=30))
    outcome = bench.backfill(is_dry=True)
    assert outcome.faults == {} or Side.KORE in outcome.faults
    assert bench.links() == []


def test_where_only_a_probe_can_tell_the_plan_says_so(bench: Bench) -> None:
    bench.kore.hides = HIDDEN
    kore_id, v2_id = bench.pair(text="old")
    bench.v2.edit(v2_id, text="new")
    bench.kore.edit(kore_id, priority="High")
    bench.sync(is_dry=True)
    unsure: list[Any] = [one.operation.after_read for one in bench.reports]
    assert any(Field.DESCRIPTION in fields for fields in unsure)
    assert CONTACT.is_reachable
