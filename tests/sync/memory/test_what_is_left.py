"""What a person left as it is stays so, and what anybody changes later counts again."""

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures, say
from tests.sync.memory.test_adding_links import add

DISCARD = InstructionKind.DISCARD


def refuse(bench: Bench, side: Side, name: Field) -> None:
    """The side refuses to change the field; a create may set it."""
    bench.service(side).refuses = lambda request: (
        request.call == "update" and str(name) in request.body["values"]
    )


def accept(bench: Bench, side: Side) -> None:
    bench.service(side).refuses = lambda request: False


def test_an_empty_value_that_a_person_was_not_shown_is_not_agreed_on(bench: Bench) -> None:
    ids = bench.pair()
    refuse(bench, Side.V2, Field.DESCRIPTION)
    bench.kore.edit(ids[0], text="of Kore")
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    done = say(bench, DISCARD, {"failures": [{"id": wait.id, "kore": wait.kore}]})
    assert done.outcome is InstructionOutcome.VOID
    assert done.note.endswith(f"task-bridge failures show {wait.id}")
    assert bench.waits(WaitKind.FAILED) == [wait]


def test_what_a_new_task_could_not_be_given_is_not_given_later(bench: Bench) -> None:
    bench.sync()
    refuse(bench, Side.KORE, Field.STATUS)
    v2_id = bench.v2.add("Ladder", status="in_progress")
    bench.sync()
    kore_id = bench.across(Side.V2, v2_id)
    assert [one.field for one in bench.waits(WaitKind.FAILED)] == [Field.STATUS]
    about_failures(bench, DISCARD)
    accept(bench, Side.KORE)
    bench.kore.edit(kore_id, title="New")
    bench.settle()
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("Open", "in_progress")
    bench.v2.edit(v2_id, status="completed")
    bench.settle()
    assert bench.values(Field.STATUS, kore_id, v2_id) == ("Resolved", "completed")


def test_a_change_that_was_taken_as_agreeing_before_is_no_rival_of_a_later_one(
    bench: Bench,
) -> None:
    ids = bench.pair()
    bench.v2.edit(ids[1], status="open")  # which agrees with what Kore has
    bench.sync()
    bench.clock.pass_time(60)
    refuse(bench, Side.V2, Field.STATUS)
    bench.kore.edit(ids[0], status="Resolved")
    bench.sync()
    about_failures(bench, DISCARD)
    accept(bench, Side.V2)
    bench.set_policy(conflict=ConflictRule.V2)
    before = len(bench.conflicts())
    bench.kore.edit(ids[0], status="In Progress")
    bench.settle()
    assert bench.values(Field.STATUS, *ids) == ("In Progress", "in_progress")
    assert len(bench.conflicts()) == before


@pytest.mark.parametrize("name", [Field.TITLE, Field.DESCRIPTION])
def test_what_was_never_agreed_on_counts_as_agreed_from_then_on(bench: Bench, name: Field) -> None:
    mine, theirs = bench.kore.add("Boiler", "words"), bench.v2.add("Stove", "others")
    bench.sync()
    bench.set_policy(conflict=ConflictRule.KORE)
    refuse(bench, Side.V2, name)
    add(bench, mine, theirs)
    bench.sync()
    assert [one.field for one in bench.waits(WaitKind.FAILED)] == [name]
    about_failures(bench, DISCARD)
    accept(bench, Side.V2)
    before = bench.values(name, mine, theirs)
    bench.set_policy(conflict=ConflictRule.V2)
    bench.settle()
    assert bench.values(name, mine, theirs) == before
    given = {"title": "Later"} if name is Field.TITLE else {"text": "Later"}
    bench.v2.edit(theirs, **given)
    bench.settle()
    assert bench.values(name, mine, theirs) == ("Later", "Later")
