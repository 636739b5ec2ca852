"""A paused side is read and not written to, until people say otherwise."""

from datetime import datetime

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import say

DONE = InstructionOutcome.DONE
both_sides = pytest.mark.parametrize("side", list(Side))


def instruct(bench: Bench, kind: InstructionKind, side: Side | None = None) -> int:
    with bench.store.begin() as unit:
        return unit.give_instruction(kind, {"side": side}, by="me", at=bench.clock.now())


@both_sides
def test_a_change_waits_while_its_side_is_paused_and_arrives_when_it_goes_on(
    bench: Bench, side: Side
) -> None:
    kore_id, v2_id = bench.pair()
    ids = {Side.KORE: kore_id, Side.V2: v2_id}
    number = instruct(bench, InstructionKind.PAUSE, side)
    bench.service(side.other).edit(ids[side.other], title="New")
    bench.service(side.other).add("Ladder")
    bench.sync()
    assert bench.service(side).value(ids[side], Field.TITLE) == "Boiler"
    assert len(bench.service(side).records) == 1
    with bench.store.begin() as unit:
        done = unit.instruction(number)
    assert done is not None
    assert done.outcome is InstructionOutcome.DONE
    instruct(bench, InstructionKind.RESUME, side)
    bench.settle()
    assert bench.service(side).value(ids[side], Field.TITLE) == "New"
    assert len(bench.service(side).records) == 2


def test_the_side_that_is_not_paused_is_written_to(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    instruct(bench, InstructionKind.PAUSE, Side.KORE)
    bench.kore.edit(kore_id, title="New")
    bench.sync()
    assert bench.v2.value(v2_id, Field.TITLE) == "New"


def test_no_probe_is_sent_to_a_paused_side(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.add("Boiler", "text")
    instruct(bench, InstructionKind.PAUSE)
    bench.sync()
    assert bench.kore.writes == bench.v2.writes == []


def test_a_dry_run_leaves_instructions_to_others(bench: Bench) -> None:
    number = instruct(bench, InstructionKind.PAUSE)
    bench.sync(is_dry=True)
    with bench.store.begin() as unit:
        found = unit.instruction(number)
    assert found is not None
    assert found.outcome is None
    assert bench.heard.of("instruction") == []


def paused(bench: Bench) -> dict[Side, datetime]:
    """The sides that are paused, and since when."""
    with bench.store.begin() as unit:
        return dict(unit.pair_state().paused)


def pause(bench: Bench, side: Side | None = None) -> str:
    done = say(bench, InstructionKind.PAUSE, {"side": side})
    assert done.outcome is DONE
    return done.note


def resume(bench: Bench, side: Side | None = None) -> str:
    done = say(bench, InstructionKind.RESUME, {"side": side})
    assert done.outcome is DONE
    return done.note


@both_sides
def test_who_pauses_is_told_which_side_and_what_it_means(bench: Bench, side: Side) -> None:
    assert pause(bench, side) == f"{side.label} is paused: read, and not written to."
    assert [*paused(bench)] == [side]
    assert resume(bench, side) == f"{side.label} is written to again."
    assert paused(bench) == {}


def test_both_sides_are_paused_at_once_and_go_on_one_by_one(bench: Bench) -> None:
    assert pause(bench).startswith("Both sides are paused")
    assert {*paused(bench)} == {*Side}
    resume(bench, Side.V2)
    assert {*paused(bench)} == {Side.KORE}
    assert resume(bench).startswith("Both sides are written to")
    assert paused(bench) == {}


def test_a_side_that_is_paused_already_stays_so_since_then(bench: Bench) -> None:
    pause(bench, Side.KORE)
    since = paused(bench)[Side.KORE]
    bench.clock.pass_time(600)
    again = pause(bench, Side.KORE)
    assert again.startswith("Kore is paused already")
    assert "not written to. Nothing changed" in again
    pause(bench)
    assert paused(bench)[Side.KORE] == since < paused(bench)[Side.V2]
    assert pause(bench).startswith("Both sides are paused already")


def test_going_on_with_what_was_not_paused_changes_nothing_and_says_so(bench: Bench) -> None:
    assert resume(bench) == "No side was paused. Nothing changed."
    pause(bench, Side.V2)
    assert resume(bench, Side.KORE) == "Kore was not paused. Nothing changed."
    assert {*paused(bench)} == {Side.V2}
    assert bench.heard.of("resumed") == []


def test_what_people_say_is_carried_out_in_the_order_in_which_it_was_said(bench: Bench) -> None:
    for kind in (InstructionKind.PAUSE, InstructionKind.RESUME, InstructionKind.PAUSE):
        instruct(bench, kind, Side.KORE)
    bench.sync()
    assert [one["kind"] for one in bench.heard.of("instruction")] == ["pause", "resume", "pause"]
    assert {*paused(bench)} == {Side.KORE}


def test_only_what_was_paused_is_told_to_go_on(bench: Bench) -> None:
    pause(bench, Side.V2)
    assert resume(bench) == "Both sides are written to again."
    assert bench.heard.of("resumed") == [{"side": Side.V2}]
