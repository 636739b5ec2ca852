"""A slice of a pair's work: a whole cycle, or some seconds of the sweeps. Nobody else runs one.

Here the schedule of one machine calls it; a job of a fleet may call it as well: it knows neither.
"""

from dataclasses import dataclass
from enum import StrEnum

from bridge.domain.side import SIDES, Side
from bridge.errors import OtherAccount, OverBudget, ServiceError
from bridge.sync.cycle import (
    Outcome,
    Wish,
    finish,
    judge,
    prepare,
    run_cycle,
    sweep,
)
from bridge.sync.desk import Desk
from bridge.sync.lease import under_lease

MOST_SECONDS = 10.0


class Part(StrEnum):
    """What a slice is of."""

    CYCLE = "cycle"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A wish for a slice: a sweep is of these sides, for so many seconds of all of them."""

    part: Part = Part.CYCLE
    sides: tuple[Side, ...] = SIDES
    seconds: float = MOST_SECONDS


def run_slice(desk: Desk, wanted: Slice) -> Outcome:
    """Run one slice under the lease, which is kept for as long as it takes and then offered.

    A cycle polls, plans and applies, and leaves the sweeps alone. A sweep only reads: what it
    finds is due for the next cycle. Raises LeaseTaken, Stopped or StoreError.
    """
    if wanted.part is Part.CYCLE:
        return run_cycle(desk, Wish(sweep_seconds=0))
    return _sweep(desk, wanted)


def _sweep(desk: Desk, wanted: Slice) -> Outcome:
    started_at = desk.clock.now()
    with under_lease(desk):
        prepare(desk, "sweep")
        for place, side in enumerate(wanted.sides):
            spent = (desk.clock.now() - started_at).total_seconds()
            share = (wanted.seconds - spent) / (len(wanted.sides) - place)
            _sweep_side(desk, side, max(0.0, share))
        judge(desk)
        return finish(desk, "sweep", started_at)


def _sweep_side(desk: Desk, side: Side, seconds: float) -> None:
    """A page at least. What polls leave of the budget may be spent: that pauses no poll."""
    if desk.has_failed(side) or side in desk.barred:
        return
    desk.clock.check()
    try:
        sweep(desk, side, seconds)
    except OtherAccount as error:
        desk.tell("side_not_read", side=side, reason=str(error))
    except OverBudget as error:
        desk.faults[side] = error
    except ServiceError as error:
        desk.give_up(side, error)
