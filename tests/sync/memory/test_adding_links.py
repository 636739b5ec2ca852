"""Links that people add: two tasks made one, whatever stood on either of them before."""

from typing import Any

import pytest

from bridge.domain.instruction import Instruction, InstructionKind, InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.marker import kore_marker
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule, Scope
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from bridge.sync.obey import carry_out_alone
from tests.sync.memory.bench import Bench

DUE = "2026-05-01T12:00:00Z"
DONE, REFUSED = InstructionOutcome.DONE, InstructionOutcome.REFUSED


def tell(bench: Bench, kind: InstructionKind, **details: Any) -> Instruction:
    """Give the instruction and carry it out at once; what came of it."""
    with bench.store.begin() as unit:
        number = unit.give_instruction(kind, details, by="me", at=bench.clock.now())
    bench.desk = bench.new_desk()
    carry_out_alone(bench.desk)
    with bench.store.begin() as unit:
        found = unit.instruction(number)
    assert found is not None
    return found


def add(bench: Bench, first: str, second: str) -> Instruction:
    return tell(bench, InstructionKind.ADD_LINK, first=first, second=second)


def remove(bench: Bench, task_id: str, side: Side = Side.KORE, **more: Any) -> Instruction:
    with bench.store.begin() as unit:
        link = unit.links_of(side, [task_id])[task_id]
    ids = {"link_id": link.id, "kore_id": link.kore_id, "v2_id": link.v2_id}
    return tell(bench, InstructionKind.REMOVE_LINK, **{**ids, **more})


def link_of(bench: Bench, side: Side, task_id: str) -> Link:
    with bench.store.begin() as unit:
        return unit.links_of(side, [task_id])[task_id]


@pytest.fixture
def met(bench: Bench) -> Bench:
    """One task on each side that was read, and not linked: first contact lasts."""
    bench.kore.add("Boiler", "of the desk", status="In Progress", priority="High")
    bench.v2.add("Boiler in the field", "", status="in_progress", priority="high", due=DUE)
    bench.sync()
    return bench


def test_two_tasks_are_linked_by_id_or_by_reference(met: Bench) -> None:
    done = add(met, "TS1", "v0001")
    assert (done.outcome, done.note) == (DONE, "TS1 and REC-1 are linked.")
    assert met.across(Side.KORE, "k0001") == "v0001"
    assert met.known(Side.KORE, "k0001").standing is Standing.LINKED
    assert met.waits() == []


def test_they_may_be_named_in_either_order(met: Bench) -> None:
    assert add(met, "REC-1", "TS1").note == "TS1 and REC-1 are linked."
    assert met.across(Side.V2, "v0001") == "k0001"


def test_what_agrees_sets_the_base_and_an_empty_side_takes_the_others_value(met: Bench) -> None:
    add(met, "TS1", "REC-1")
    met.settle()
    assert met.values(Field.STATUS, "k0001", "v0001") == ("In Progress", "in_progress")
    assert met.values(Field.DESCRIPTION, "k0001", "v0001") == ("of the desk", "of the desk")
    assert met.values(Field.DUE, "k0001", "v0001") == (DUE, DUE)
    link = link_of(met, Side.KORE, "k0001")
    assert link.base(Field.STATUS).is_known
    assert (link.origin, link.marker) == (None, "")
    met.forget_calls()
    met.sync()
    assert met.kore.writes == met.v2.writes == []


@pytest.mark.parametrize(
    ("rule", "title"), [(ConflictRule.KORE, "Boiler"), (ConflictRule.V2, "Boiler in the field")]
)
def test_what_differs_goes_by_the_conflict_rule_and_the_loser_is_kept(
    met: Bench, rule: ConflictRule, title: str
) -> None:
    met.set_policy(conflict=rule)
    add(met, "TS1", "REC-1")
    met.settle()
    assert met.values(Field.TITLE, "k0001", "v0001") == (title, title)
    (lost,) = [one for one in met.conflicts() if one["field"] is Field.TITLE]
    assert {lost["kore"].text, lost["v2"].text} == {"Boiler", "Boiler in the field"}


def test_nothing_is_created_from_either_of_them_afterwards(met: Bench) -> None:
    add(met, "TS1", "REC-1")
    met.backfill()
    assert len(met.kore.records) == len(met.v2.records) == 1


# --- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("TS9", "REC-1", "No task is known as TS9. If it is there, task-bridge sync --full"),
        ("k0001", "TS2", "TS1 and TS2 are both tasks of Kore"),
        ("TS2", "REC-1", "TS2 is linked already: Kore k0002 and v2 v0002, linked."),
        ("TS1", "REC-2", "REC-2 is linked already"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    met: Bench, first: str, second: str, why: str
) -> None:
    met.kore.add("Other")
    met.v2.add("Other")
    met.sync()
    add(met, "TS2", "REC-2")
    before = [view.link for view in met.links()]
    refused = add(met, first, second)
    assert refused.outcome is REFUSED
    assert why in refused.note
    assert [view.link for view in met.links()] == before


def test_a_reference_that_several_tasks_have_is_refused_with_their_ids(met: Bench) -> None:
    from dataclasses import replace

    met.kore.add("Other")
    met.kore.records["k0002"] = replace(met.kore.records["k0002"], ref="TS1")
    met.sync(is_full=True)
    assert "k0001, k0002" in add(met, "TS1", "REC-1").note
    assert add(met, "k0002", "REC-1").outcome is DONE


def test_saying_it_twice_changes_nothing(met: Bench) -> None:
    add(met, "TS1", "REC-1")
    met.settle()
    before = met.links()
    assert add(met, "TS1", "REC-1").outcome is DONE
    assert met.links() == before


# --- what stood there before ---------------------------------------------------------------------


def test_tasks_that_were_left_are_linked(met: Bench) -> None:
    met.backfill(skips=True)
    add(met, "TS1", "REC-1")
    met.settle()
    assert met.values(Field.DESCRIPTION, "k0001", "v0001") == ("of the desk", "of the desk")


def test_a_task_out_of_scope_is_linked_and_kept_in_step(met: Bench) -> None:
    met.set_rules(scope=Scope(kore_queues=("None of these",)))
    met.backfill(sides=(Side.KORE,))
    add(met, "TS1", "REC-1")
    met.settle()
    met.kore.edit("k0001", title="New")
    met.settle()
    assert met.v2.value("v0001", Field.TITLE) == "New"


def test_a_duplicate_may_become_the_counterpart_of_another_task(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    line = kore_marker(kore_id, "TS1", "CS-ci-1", "Cold house").line
    surplus = bench.v2.add("Boiler", f"text\n\n{line}", author="app")
    bench.sync()
    assert bench.known(Side.V2, surplus).standing is Standing.DUPLICATE
    bench.set_rules(scope=Scope(created_since=bench.clock.at))
    other = bench.kore.add("Other", created_at=bench.clock.at.replace(year=2020))
    bench.sync()
    add(bench, other, surplus)
    bench.settle()
    assert bench.across(Side.KORE, other) == surplus
    assert bench.across(Side.KORE, kore_id) == v2_id
    assert link_of(bench, Side.KORE, other).origin is None


def test_a_parked_create_gives_way_with_its_operation(bench: Bench) -> None:
    bench.sync()
    bench.v2.fail("create", Unreachable("v2", "gone", is_outcome_unknown=True), applied=True)
    kore_id = bench.kore.add("Boiler")
    bench.v2.search_finds = False
    bench.sync()
    assert link_of(bench, Side.KORE, kore_id).state is LinkState.CREATING
    mine = bench.v2.add("The real one")
    bench.set_rules(scope=Scope(created_since=bench.clock.at))
    _read_only(bench)
    assert add(bench, kore_id, mine).outcome is DONE
    assert bench.across(Side.KORE, kore_id) == mine
    with bench.store.begin() as unit:
        assert [one for one in unit.open_operations() if one.operation.kind == "create"] == []
    assert bench.waits(WaitKind.FAILED) == []
    for _ in range(4):
        bench.clock.pass_time(120)
        bench.sync()
    assert len(bench.v2.records) == 2
    assert bench.across(Side.KORE, kore_id) == mine


def _read_only(bench: Bench) -> None:
    """Let both sides be read and nothing be decided about unlinked tasks."""
    from bridge.domain.exchange import Order, Purpose
    from bridge.sync.normalise import take_in

    desk = bench.new_desk()
    page = bench.v2.page(Order.STABLE, 0, purpose=Purpose.SWEEP)
    with bench.store.begin() as unit:
        take_in(desk, unit, page)


def test_the_lost_half_of_a_link_is_replaced(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    _lose(bench, Side.V2, v2_id)
    found = bench.v2.add("Found again")
    _read_only(bench)
    assert add(bench, kore_id, found).outcome is DONE
    bench.settle()
    assert bench.across(Side.KORE, kore_id) == found
    assert link_of(bench, Side.KORE, kore_id).gone_side is None
    assert link_of(bench, Side.V2, v2_id).state is LinkState.REMOVED


def test_a_lost_half_that_comes_back_after_it_was_replaced_is_left_alone(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    record = bench.v2.records[v2_id]
    _lose(bench, Side.V2, v2_id)
    found = bench.v2.add("Found again")
    _read_only(bench)
    add(bench, kore_id, found)
    bench.settle()
    bench.v2.records[v2_id] = record
    bench.v2.edit(v2_id, title="Back again")
    bench.settle()
    assert bench.across(Side.KORE, kore_id) == found
    assert bench.known(Side.V2, v2_id).standing is Standing.LEFT
    assert len(bench.kore.records) == 1


def test_the_lost_half_itself_cannot_be_linked(bench: Bench) -> None:
    bench.sync()
    kore_id, v2_id = bench.pair()
    _lose(bench, Side.V2, v2_id)
    bench.set_rules(scope=Scope(created_since=bench.clock.at))
    other = bench.kore.add("Other", created_at=bench.clock.at.replace(year=2020))
    bench.sync()
    refused = add(bench, other, v2_id)
    assert (refused.outcome, "is gone from v2" in refused.note) == (REFUSED, True)
    assert link_of(bench, Side.KORE, kore_id).v2_id == v2_id


def _lose(bench: Bench, side: Side, task_id: str) -> None:
    """The task is gone, and its link known to be missing."""
    from dataclasses import replace

    bench.service(side).remove(task_id)
    link = link_of(bench, side, task_id)
    with bench.store.begin() as unit:
        at = bench.clock.now()
        unit.save_link(replace(link, state=LinkState.MISSING, gone_side=side, gone_at=at))


def test_a_removed_link_is_taken_up_without_what_was_agreed_before(met: Bench) -> None:
    add(met, "TS1", "REC-1")
    met.settle()
    remove(met, "k0001")
    met.kore.edit("k0001", title="Kore's")
    met.clock.pass_time(60)
    met.v2.edit("v0001", title="Field's")
    met.settle()
    assert met.values(Field.TITLE, "k0001", "v0001") == ("Kore's", "Field's")
    assert add(met, "TS1", "REC-1").outcome is DONE
    met.settle()
    assert met.values(Field.TITLE, "k0001", "v0001") == ("Field's", "Field's")


def test_a_task_of_a_removed_link_may_be_linked_with_another(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    remove(bench, kore_id)
    other = bench.v2.add("Other")
    _read_only(bench)
    add(bench, kore_id, other)
    bench.settle()
    assert bench.across(Side.KORE, kore_id) == other
    assert link_of(bench, Side.V2, v2_id).state is LinkState.REMOVED
    assert len(bench.kore.records) == 1


def test_two_survivors_are_joined_and_what_was_lost_stays_apart(bench: Bench) -> None:
    bench.sync()
    first, second = bench.pair("First"), bench.pair("Second", Side.V2)
    _lose(bench, Side.V2, first[1])
    _lose(bench, Side.KORE, second[0])
    assert add(bench, first[0], second[1]).outcome is DONE
    bench.settle()
    assert bench.across(Side.KORE, first[0]) == second[1]
    states = [view.link.state for view in bench.links()]
    assert sorted(states) == [LinkState.LINKED, LinkState.REMOVED, LinkState.REMOVED]
    for side, task_id in ((Side.V2, first[1]), (Side.KORE, second[0])):
        assert bench.known(side, task_id).standing is Standing.LEFT


# --- markers -------------------------------------------------------------------------------------


def test_who_bears_the_others_marker_was_created_from_it(bench: Bench) -> None:
    kore_id, v2_id = bench.pair("Boiler", text="words")
    before = link_of(bench, Side.KORE, kore_id)
    with bench.store.begin() as unit:
        unit.save_link(Link(state=LinkState.REMOVED, kore_id=None, v2_id=None, id=before.id))
        unit.drop_link(before.id)
    add(bench, kore_id, v2_id)
    after = link_of(bench, Side.KORE, kore_id)
    assert (after.origin, after.marker) == (Side.KORE, before.marker)
    bench.kore.edit(kore_id, text="other words")
    bench.settle()
    assert bench.v2.records[v2_id].text == f"other words\n\n{before.marker}"
