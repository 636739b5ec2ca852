"""Whose life is told: a name means one task or pair, or whoever asks is told what to name."""

from dataclasses import replace

import pytest

from bridge.domain.reconciled import State
from bridge.domain.side import Side, TaskId
from bridge.errors import UsageError
from bridge.sync.life import find_subject
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove
from tests.sync.memory.test_importing_links import take_in
from tests.sync.memory.test_life import told
from tests.sync.memory.test_only import sync_only

KORE, V2 = Side.KORE, Side.V2


def refused(bench: Bench, name: str) -> str:
    """Why nobody is meant by that name."""
    with bench.store.look() as unit, pytest.raises(UsageError) as caught:
        find_subject(unit, name)
    return str(caught.value)


def call(bench: Bench, side: Side, task_id: str, ref: str) -> None:
    """The task has that reference from now on."""
    service = bench.service(side)
    service.records[task_id] = replace(service.records[task_id], ref=ref)
    service.edit(task_id)


def test_no_name_at_all_asks_for_one(bench: Bench) -> None:
    assert "Name a task" in refused(bench, " ")
    bench.kore.add("Boiler")
    bench.sync()
    assert [one.id for one in told(bench, " TS1 ").tasks] == ["k0001", "v0001"]


def test_a_reference_that_both_tasks_of_a_pair_have_means_the_pair_until_it_is_taken_apart(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair("Boiler " * 9)
    for side, task_id in ((KORE, kore_id), (V2, v2_id)):
        call(bench, side, task_id, "X-1")
    bench.settle()
    assert told(bench, "X-1").state is State.IN_STEP
    remove(bench, kore_id)
    title = ("Boiler " * 9)[:40]
    assert refused(bench, "X-1") == (
        "X-1 is the name of several tasks. Name one by its id: "
        f"{kore_id} of Kore ({title}); {v2_id} of v2 ({title})"
    )


def test_two_tasks_without_a_link_that_have_one_reference_are_two(bench: Bench) -> None:
    bench.set_rules(routes=())
    for title in ("Boiler", "Ladder"):
        call(bench, V2, bench.v2.add(title), "X-1")
    bench.sync()
    assert "v0001 of v2 (Boiler); v0002 of v2 (Ladder)" in refused(bench, "X-1")


def test_ids_that_only_a_file_named_are_told_apart_by_their_sides(bench: Bench) -> None:
    take_in(bench, "same,same,removed", "k0009,,removed")
    assert refused(bench, "same").endswith("by its id: same of Kore; same of v2")
    with bench.store.look() as unit:
        assert find_subject(unit, "k0009").title == ""


# --- tasks whose link was removed ----------------------------------------------------------------


def test_a_task_whose_link_was_removed_tells_who_it_was_linked_with(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.sync(is_full=True)
    remove(bench, kore_id)
    for name in (kore_id, v2_id):
        found = told(bench, name)
        assert (found.state, found.standing) == (
            State.OUT_OF_SCOPE,
            "Its link was removed by a person.",
        )
        assert [one.id for one in found.tasks] == [name]
        assert "which ended" in found.tasks[0].seen
        assert found.advice.commands == (f"task-bridge links add {kore_id} {v2_id}",)
        assert found.steps[-1].text.startswith("Removed: a person removed the link")


def test_a_task_that_a_file_keeps_apart_is_so_before_a_cycle_has_decided_it(bench: Bench) -> None:
    take_in(bench, "k0001,,removed")
    found = told(bench, "k0001")
    assert (found.state, found.reason) == (State.OUT_OF_SCOPE, "Its link was removed.")
    bench.kore.add("Boiler")
    bench.kore.add("Other")
    sync_only(bench, "k0002")
    found = told(bench, "k0001")
    assert (found.state, found.reason) == (State.OUT_OF_SCOPE, "Its link was removed.")
    assert (found.title, found.is_due) == ("Boiler", True)


def test_a_task_that_waits_for_its_counterpart_is_due(bench: Bench) -> None:
    bench.sync()
    bench.v2.is_down = True
    kore_id = bench.kore.add("Boiler")
    bench.sync()
    assert told(bench, kore_id).due == "Due: the next cycle looks at it."


def test_while_first_contact_lasts_a_backfill_is_what_a_task_without_counterpart_needs(
    bench: Bench,
) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.sync()
    assert "task-bridge backfill --dry-run" in told(bench, "k0001").next
    bench.backfill()
    assert told(bench, TaskId("k0001")).state is State.IN_STEP
