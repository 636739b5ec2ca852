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
    news = [side for side in _sides(wanted) if side not in state.paused]
    if not news:
        done = f"{_named(wanted)} paused already: read, and not written to. Nothing changed."
        return InstructionOutcome.DONE, done
    unit.save_pair_state(replace(state, paused={**state.paused, **dict.fromkeys(news, now)}))
    for side in news:
        desk.tell("paused", side=side)
    return InstructionOutcome.DONE, f"{_named(wanted)} paused: read, and not written to."


def resume(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Write to `details["side"]`, or to both sides, again."""
    state = unit.pair_state()
    sides = _sides(wanted)
    if not any(side in state.paused for side in sides):
        was = f"{sides[0].label} was not paused" if len(sides) == 1 else "No side was paused"
        return InstructionOutcome.DONE, f"{was}. Nothing changed."
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
