"""A paused side is read and not written to, until people say otherwise."""

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.side import Field, Side
from tests.sync.memory.bench import Bench

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
