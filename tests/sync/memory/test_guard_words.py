"""What a guard says and what a confirmation of it covers; and which probes are asked for."""

from dataclasses import replace

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import Instruction, InstructionKind
from bridge.domain.policy import Limits, Scope
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import Stopped
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import say
from tests.sync.memory.test_guards import (
    NEW_TABLE,
    confirm,
    paired,
    remove,
    shown,
    standing,
    sweeps,
    veiled,
)

__all__ = ["paired", "veiled"]  # fixtures

NONE = Limits(percent=0, count=0)


def confirmed_now(bench: Bench, guards: list[Guard]) -> Instruction:
    return say(bench, InstructionKind.CONFIRM, {"guards": shown(guards)})


def kinds(bench: Bench) -> set[GuardKind]:
    return {one.kind for one in standing(bench)}


# --- words ---------------------------------------------------------------------------------------


def test_a_guard_names_five_pairs_by_both_references_and_counts_the_rest(paired: Bench) -> None:
    gone = remove(paired, Side.KORE, 6)
    sweeps(paired, 2)
    (guard,) = standing(paired)
    refs = [paired.v2.records[paired.across(Side.KORE, one)].ref for one in gone[:5]]
    named = [f"TS{number + 1} / {ref}" for number, ref in enumerate(refs)]
    assert guard.reason == (
        "6 of 10 links have lost a task: 6 of Kore are not shown any more. "
        f"{'; '.join(named)}, and 1 more."
    )


def test_a_guard_names_those_that_were_linked_first_of_many(paired: Bench) -> None:
    for number in (10, 6, 5, 4, 3, 2):
        paired.kore.remove(f"k{number:04}")
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert "TS10 / " not in guard.reason
    assert "TS2 / REC-" in guard.reason
    assert guard.reason.endswith(", and 1 more.")


def test_who_confirms_two_guards_is_told_if_something_is_left_of_one(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    paired.kore.records.clear()
    paired.sync(sweeps=False)
    missing, empty = sorted(standing(paired), key=lambda one: one.kind, reverse=True)
    assert (missing.kind, empty.kind) == (GuardKind.MISSING, GuardKind.EMPTY)
    one_of_them = replace(missing, shown={"items": missing.items[:1]})
    done = confirmed_now(paired, [one_of_them, empty])
    assert done.note == (
        "Confirmed: 2 guards. Something has come to it since; see task-bridge guard show."
    )


def test_a_guard_about_both_sides_counts_each_and_a_task_without_a_title_is_named_all_the_same(
    paired: Bench,
) -> None:
    paired.set_rules(limits=NONE)
    paired.v2.add(None, text="nameless")
    paired.settle()
    sweeps(paired)
    paired.kore.edit("k0011", title=None)
    paired.v2.edit("v0011", title=None)
    paired.sync()
    for side, number in ((Side.KORE, "k0001"), (Side.V2, "v0011")):
        paired.service(side).remove(number)
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert "2 of 11 links have lost a task: 1 of Kore and 1 of v2 are" in guard.reason
    assert guard.reason.endswith(".")
    assert "TS11 / REC-11." in guard.reason or "TS11 / REC-11;" in guard.reason


def test_a_guard_names_no_title_for_the_log_and_notices_repeat_what_it_says(paired: Bench) -> None:
    paired.set_rules(limits=NONE)
    paired.v2.remove(paired.across(Side.KORE, "k0003"))
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert "TS3 / REC-" in guard.reason
    assert "Task" not in guard.reason


def test_what_is_not_asked_for_yet_is_counted_for_its_side(
    paired: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 1)
    remove(paired, Side.V2, 5)
    sweeps(paired, 2)
    (guard,) = standing(paired)
    assert "5 of v2" in guard.reason
    assert guard.reason.count(";") == 4
    assert "and 0 more" not in guard.reason


def test_one_link_is_told_in_the_singular(bench: Bench) -> None:
    bench.set_rules(limits=NONE)
    bench.pair()
    sweeps(bench)
    bench.set_rules(mapping=NEW_TABLE)

    def stop(*_: object) -> None:
        bench.v2.on_page = None
        raise Stopped

    bench.v2.on_page = stop
    with pytest.raises(Stopped):
        bench.sync()
    (guard,) = standing(bench)
    assert guard.reason.startswith("The mapping has changed; ")
    bench.sync()
    (guard,) = standing(bench)
    assert "1 of 1 link no longer agree" in guard.reason
    assert "TS1 / REC-1." in guard.reason


# --- confirmations -------------------------------------------------------------------------------


def test_a_confirmation_says_how_many_guards_it_was_and_whether_more_has_come(
    paired: Bench,
) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    first = standing(paired)
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    done = confirmed_now(paired, first)
    assert (done.note or "").startswith("Confirmed: 1 guard. Something has come to it since;")
    assert "task-bridge guard show" in (done.note or "")
    paired.set_rules(mapping=NEW_TABLE)
    paired.sync()
    over = Guard(kind=GuardKind.EMPTY, side=Side.V2, reason="", shown={"items": [1]})
    both = standing(paired)
    assert {one.kind for one in both} == {GuardKind.MISSING, GuardKind.TABLE}
    assert confirmed_now(paired, [over, *both]).note == "Confirmed: 2 guards."
    assert standing(paired) == []
    assert "does not stand any more" in (confirmed_now(paired, both).note or "")


def test_a_confirmed_table_says_nothing_of_tasks_that_are_lost_later(paired: Bench) -> None:
    paired.set_rules(mapping=NEW_TABLE)
    paired.sync()
    confirm(paired, standing(paired))
    paired.settle()
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    assert kinds(paired) == {GuardKind.MISSING}


def test_who_confirms_an_empty_side_still_has_confirmed_what_was_missing_before(
    paired: Bench,
) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    confirm(paired, standing(paired))
    paired.sync()
    paired.v2.records = {}
    paired.sync()
    confirm(paired, standing(paired))
    sweeps(paired, 3)
    assert standing(paired) == []


def test_an_empty_side_without_links_is_confirmed_for_no_link(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.sync()
    bench.v2.records = {}
    bench.sync(is_full=True)
    confirm(bench, standing(bench))
    for is_full in (False, True):
        bench.sync(is_full=is_full, sweeps=False)
        with bench.store.begin() as unit:
            assert GuardKind.MISSING not in {one.kind for one in unit.guards()}


# --- probes --------------------------------------------------------------------------------------


@pytest.fixture
def seen(veiled: Bench) -> Bench:
    """Four pairs that were probed with a person's word: the next ones are asked for."""
    for number in range(4):
        veiled.kore.add(f"Task {number}", "text")
    veiled.sync(confirms_guards=True)
    veiled.settle()
    assert len(veiled.links()) == 4
    veiled.forget_calls()
    return veiled


def test_changes_that_need_no_probe_are_carried_unasked(seen: Bench) -> None:
    for number in range(1, 5):
        seen.v2.edit(f"v000{number}", title=f"Renamed {number}")
    assert seen.sync().guards == ()
    assert [write.call for write in seen.kore.writes] == ["update"] * 4


def test_a_probe_beside_a_write_is_asked_for_too(seen: Bench) -> None:
    for number in range(1, 5):
        seen.kore.edit(f"k000{number}", title=f"Renamed {number}")
    (guard,) = seen.sync().guards
    assert guard.items == ("k0001", "k0002", "k0003", "k0004")
    assert seen.kore.writes == seen.v2.writes == []


def test_pairs_and_new_tasks_are_counted_together(seen: Bench) -> None:
    for number in range(1, 4):
        seen.kore.edit(f"k000{number}", text="changed")
    record = seen.kore.records.pop(seen.kore.add("New", "text"))
    seen.kore.records[TaskId("A1")] = replace(record, id=TaskId("A1"))
    (guard,) = seen.sync().guards
    assert guard.items == ("A1", "k0001", "k0002", "k0003")


def test_tasks_that_get_no_counterpart_are_no_probes(seen: Bench) -> None:
    for number in range(4):
        seen.kore.add(f"Long done {number}", "text", status="Closed")
    assert seen.sync().guards == ()
    assert seen.kore.writes == []


def test_tasks_whose_scope_only_a_probe_shows_are_probes(seen: Bench) -> None:
    seen.kore.hides_facts = True
    seen.set_rules(scope=Scope(kore_queues=("Field",)))
    for number in range(4):
        seen.kore.add(f"Task {number}", "text")
    (guard,) = seen.sync().guards
    assert len(guard.items) == 4


def test_tasks_that_were_left_are_no_probes(veiled: Bench) -> None:
    ids = [veiled.kore.add(f"Task {number}", "text") for number in range(4)]
    veiled.v2.add("Ladder")
    assert veiled.sync().guards == ()  # first contact lasts: a backfill asks
    veiled.backfill(skips=True)
    for task_id in ids:
        veiled.kore.edit(task_id, text="changed")
    veiled.forget_calls()
    assert veiled.sync().guards == ()
    assert veiled.kore.writes == []


def test_tasks_that_are_none_of_their_own_are_no_probes(
    veiled: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    veiled.v2.add("Boiler")
    veiled.sync()
    line = veiled.kore.records[TaskId("k0001")].text.splitlines()[-1]
    lines = [line, line, "[task-bridge v2:REC-9 v0099]", "[task-bridge v2:REC-8 v0098]"]
    ids = [veiled.kore.add("Boiler", one, author="app") for one in lines]
    veiled.sync(confirms_guards=True)
    veiled.settle()
    standings = [veiled.known(Side.KORE, one).standing for one in ids]
    assert standings == [Standing.DUPLICATE] * 2 + [Standing.ORPHAN] * 2
    monkeypatch.setattr("bridge.sync.guard.MOST_UNASKED_PROBES", 1)
    for task_id in ids:
        veiled.kore.edit(task_id, priority="High")
    veiled.forget_calls()
    assert veiled.sync().guards == ()
    assert veiled.kore.writes == []


def test_tasks_whose_create_was_refused_are_probed_again_when_they_change_and_asked_for(
    veiled: Bench,
) -> None:
    veiled.v2.refuses = lambda request: request.call == "create"
    ids = [veiled.kore.add(f"Task {number}", "text") for number in range(4)]
    veiled.sync(confirms_guards=True)
    veiled.settle()
    assert len(veiled.waits()) == 4
    for task_id in ids:
        veiled.kore.edit(task_id, text="changed")
    veiled.forget_calls()
    veiled.sync()
    assert veiled.kore.writes == []
    assert kinds(veiled) == {GuardKind.PROBES}
