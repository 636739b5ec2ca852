"""Giving the bridge an instruction: written down, and carried out at once if nobody works now.

Beside a daemon it is the daemon that carries it out, in its next cycle; with `--wait SECONDS` the
command waits until that is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.one_shot import LONGEST_WAIT_SECONDS, PAUSE_SECONDS, Command
from bridge.domain.instruction import Instruction, InstructionOutcome, Order
from bridge.domain.owner import label_of
from bridge.domain.signs import readable
from bridge.errors import LeaseTaken, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.sync.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An instruction that was given; `left_to` names who will carry it out, if it is not done."""

    instruction: Instruction
    left_to: str = ""


def wait_until_done_option() -> Callable[[Command], Command]:
    """`--wait SECONDS`."""
    return click.option(
        "--wait",
        type=click.IntRange(0, LONGEST_WAIT_SECONDS),
        metavar="SECONDS",
        help="Wait so long until it is carried out, where another process works on this pair; "
        "ends with 5 if it was not.",
    )


def give(
    invocation: Invocation,
    order: Order,
    wait: int | None = None,
) -> Given:
    """Write an instruction down and have it carried out; what came of it, or who will do it.

    Raises LeaseTaken if it was to be waited for and is not done in time, ConfigError, StoreError,
    or UsageError if it cannot be done.
    """
    from bridge.bootstrap import Listeners, SystemClock, bridge_for
    from bridge.cli.watching import watching

    settings = invocation.settings()
    clock, listeners = SystemClock(), Listeners()
    with bridge_for(settings, listeners, clock) as bridge:
        desk = bridge.desk()
        with watching(invocation, settings) as listener, invocation.signals.asking(clock.stop):
            listeners.all.append(listener)
            with desk.store.begin() as unit:
                number = unit.give_instruction(
                    order.kind, order.details, by=desk.rules.owner, at=desk.clock.now()
                )
            return _carried_out(desk, number, wait)


def end_with(given: Given) -> Exit:
    """Tell people what came of it; the exit code."""
    done = given.instruction
    if given.left_to:
        who = label_of(given.left_to)
        click.echo(f"Noted. {who[0].upper()}{who[1:]} works on this pair and carries it out soon.")
        return Exit.DONE
    if done.outcome is not InstructionOutcome.DONE:
        raise UsageError(done.note)
    click.echo(readable(done.note))
    return Exit.DONE


def tell(given: Given) -> Exit:
    """As `end_with`; a decision about what has changed meanwhile is void, and still waits."""
    if given.instruction.outcome is not InstructionOutcome.VOID:
        return end_with(given)
    click.echo(readable(given.instruction.note), err=True)
    return Exit.WAITING


def _carried_out(desk: Desk, number: int, wait: int | None) -> Given:
    until = desk.clock.now() + timedelta(seconds=wait or 0)
    while True:
        taken = _try(desk)
        with desk.store.begin() as unit:
            found = unit.instruction(number)
        if found is None:
            raise ValueError("an instruction that was written down is there")
        if found.outcome is not None:
            return Given(instruction=found)
        if taken is not None and wait is None:
            return Given(instruction=found, left_to=taken.owner)
        if taken is not None and desk.clock.now() >= until:
            raise taken
        desk.clock.sleep(PAUSE_SECONDS)


def _try(desk: Desk) -> LeaseTaken | None:
    """Carry out what waits, if nobody else works now."""
    from bridge.sync.obey import carry_out_alone

    try:
        carry_out_alone(desk)
    except LeaseTaken as taken:
        return taken
    return None
