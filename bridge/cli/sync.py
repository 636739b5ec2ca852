"""`task-bridge sync`: one cycle, and with `--full` a reading of everything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.one_shot import (
    Errand,
    begin_anew,
    confirm_guard_option,
    done_once,
    wait_option,
)
from bridge.cli.only import only_option
from bridge.cli.output import Format, format_option
from bridge.cli.planned_waits import would_wait
from bridge.cli.run_ending import end_run, first_contact, first_contact_code
from bridge.cli.run_result import show_result
from bridge.errors import ServiceError, Unreachable

if TYPE_CHECKING:
    from bridge.domain.side import Side
    from bridge.sync.cycle import Outcome, Wish
    from bridge.sync.desk import Desk

SWEEP_SECONDS = 60.0
PAUSE_SECONDS = 2.0
CONTACT_LASTS = "First contact lasts, so nothing was created: {step}"


@click.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Read and plan; write nothing.")
@click.option("--full", "is_full", is_flag=True, help="Read all of both sides, to the end.")
@only_option()
@wait_option()
@confirm_guard_option()
@format_option()
@click.pass_obj
def command(
    invocation: Invocation,
    /,
    *,
    is_dry: bool,
    is_full: bool,
    only: tuple[str, ...],
    wait: int | None,
    confirms_guards: bool,
    form: Format,
) -> Exit:
    """Carry what changed on either side to the other, once.

    Ends with 1 if failures or conflicts wait, 4 while first contact lasts or a guard stands, 5 if
    another process works on this pair, 6 if a service cannot be reached or refuses the key.
    """
    from bridge.sync.cycle import Wish

    settings = invocation.settings()
    wish = Wish(
        sweep_seconds=None if is_full else SWEEP_SECONDS,
        forces_sweep=is_full,
        confirms_guards=confirms_guards,
        only=only,
    )
    patience = settings.sync.give_up_seconds
    errand = Errand(
        settings=settings,
        work=lambda desk: _cycle(desk, wish, patience),
        is_dry=is_dry,
        wait=wait,
    )
    with done_once(invocation, errand) as (outcome, desk):
        contact = first_contact(outcome, desk)
        stop = CONTACT_LASTS.format(step=contact.first_step) if contact else ""
        show_result(outcome, form, waiting=would_wait(desk), stop=stop)
        return end_run(outcome, first_contact_code(outcome, contact))


def _cycle(desk: Desk, wish: Wish, patience: float) -> Outcome:
    """A cycle, and another one if a side that was dead comes back before patience is over.

    A dry run does not wait for a dead side: what it planned for the other it would plan twice.
    """
    from bridge.sync.cycle import run_cycle

    until = desk.clock.now() + timedelta(seconds=patience)
    outcome = run_cycle(desk, wish)
    while not desk.is_dry and (dead := _dead_sides(outcome)) and _comes_back(desk, dead, until):
        begin_anew(desk)
        outcome = run_cycle(desk, wish)
    return outcome


def _dead_sides(outcome: Outcome) -> list[Side]:
    return [side for side, error in outcome.faults.items() if isinstance(error, Unreachable)]


def _comes_back(desk: Desk, sides: list[Side], until: datetime) -> bool:
    """Ask the sides, without the lease in hand, until all answer or the time is over."""
    while (left := (until - desk.clock.now()).total_seconds()) > 0:
        desk.tell("waiting", seconds=min(PAUSE_SECONDS, left), reason=str(desk.faults[sides[0]]))
        desk.clock.sleep(min(PAUSE_SECONDS, left))
        if all(_answers(desk, side) for side in sides):
            return True
    return False


def _answers(desk: Desk, side: Side) -> bool:
    """Whether the side says anything at all, were it that it refuses the key."""
    from bridge.domain.exchange import Order, Purpose

    try:
        desk.services[side].page(Order.NEWEST_FIRST, 0, purpose=Purpose.ASK, limit=1)
    except Unreachable:
        return False
    except ServiceError:
        return True
    return True
