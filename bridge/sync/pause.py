"""Pausing a side and going on: a paused side is read as ever, and not written to."""

from dataclasses import replace

from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.side import SIDES, Side
from bridge.ports import Unit
from bridge.sync.desk import Desk

Result = tuple[InstructionOutcome, str]


def pause(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Pause `details["side"]`, or both sides; one that is paused already stays so since then."""
    state = unit.pair_state()
    now = desk.clock.now()
    paused = {side: state.paused.get(side, now) for side in _sides(wanted)}
    unit.save_pair_state(replace(state, paused={**state.paused, **paused}))
    for side in paused:
        desk.tell("paused", side=side)
    return InstructionOutcome.DONE, f"{_named(wanted)} paused: read, and not written to."


def resume(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Write to `details["side"]`, or to both sides, again."""
    state = unit.pair_state()
    sides = _sides(wanted)
    left = {side: at for side, at in state.paused.items() if side not in sides}
    unit.save_pair_state(replace(state, paused=left))
    for side in sides:
        if side in state.paused:
            desk.tell("resumed", side=side)
    return InstructionOutcome.DONE, f"{_named(wanted)} written to again."


def _sides(wanted: Instruction) -> tuple[Side, ...]:
    side = wanted.details.get("side")
    return (Side(side),) if side else SIDES


def _named(wanted: Instruction) -> str:
    sides = _sides(wanted)
    return f"{sides[0].label} is" if len(sides) == 1 else "Both sides are"
