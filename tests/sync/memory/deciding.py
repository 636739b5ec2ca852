"""What people say about conflicts and failures, as the commands write it down."""

from collections.abc import Mapping
from typing import Any

from bridge.domain.instruction import Instruction, InstructionKind
from bridge.domain.operation import WaitKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import Field, Side
from bridge.sync.obey import carry_out_alone
from tests.sync.memory.bench import Bench

MANUAL = ConflictRule.MANUAL


def told(bench: Bench, kind: InstructionKind, details: Mapping[str, Any]) -> int:
    """An instruction, written down for whoever carries it out; gives its id."""
    with bench.store.begin() as unit:
        return unit.give_instruction(kind, details, by="me", at=bench.clock.now())


def outcome_of(bench: Bench, number: int) -> Instruction:
    with bench.store.begin() as unit:
        found = unit.instruction(number)
    assert found is not None
    return found


def say(bench: Bench, kind: InstructionKind, details: Mapping[str, Any]) -> Instruction:
    """An instruction that is carried out at once."""
    number = told(bench, kind, details)
    carry_out_alone(bench.new_desk())
    return outcome_of(bench, number)


def open_conflicts(bench: Bench) -> list[Mapping[str, Any]]:
    with bench.store.begin() as unit:
        return list(unit.conflicts(is_settled=False))


def the_conflict(bench: Bench) -> Mapping[str, Any]:
    (found,) = open_conflicts(bench)
    return found


def details_of(conflict: Mapping[str, Any], take: Side) -> dict[str, Any]:
    """What `conflicts resolve` writes down."""
    shown = {side: conflict[side] for side in ("kore", "v2") if side in conflict}
    return {"conflict": conflict["id"], "take": str(take), **shown}


def resolve(bench: Bench, take: Side) -> Instruction:
    """A person decides the one open conflict by what it shows now."""
    return say(bench, InstructionKind.RESOLVE, details_of(the_conflict(bench), take))


def take_back(bench: Bench, take: Side) -> Instruction:
    """A person takes the lost value of the newest settled conflict back."""
    return say(bench, InstructionKind.RESOLVE, details_of(bench.conflicts()[-1], take))


def about_failures(bench: Bench, kind: InstructionKind) -> Instruction:
    """A person retries or discards every failure that is listed now."""
    shown = [
        {"id": wait.id, "kore": wait.kore, "v2": wait.v2} for wait in bench.waits(WaitKind.FAILED)
    ]
    return say(bench, kind, {"failures": shown})


def a_conflict(bench: Bench, **more: Any) -> tuple[str, str]:
    """A pair whose title both sides changed; under manual it waits. Gives both ids."""
    bench.set_policy(conflict=MANUAL)
    kore_id, v2_id = bench.pair()
    bench.kore.edit(kore_id, title="Of Kore")
    bench.v2.edit(v2_id, title="Of v2", **more)
    bench.sync()
    return kore_id, v2_id


def titles(bench: Bench, kore_id: str, v2_id: str) -> tuple[str | None, str | None]:
    return bench.values(Field.TITLE, kore_id, v2_id)
