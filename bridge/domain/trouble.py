"""One thing about a pair that is not in step, and whether the next cycle sees to it; pure."""

from dataclasses import dataclass
from datetime import datetime

from bridge.domain.paused import next_of_closed
from bridge.domain.reconciled import State, World
from bridge.domain.side import SIDES, Field, Side

NO_DAEMON = "Nothing carries it while no daemon runs: task-bridge run, or task-bridge sync once."
ONCE_OPEN = "It goes out by itself when the case is open again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing about a pair that is not in step; `name` is the field that it is about.

    `is_on_its_way`, `is_held_up`: see `Row`.
    """

    state: State
    reason: str
    next: str
    name: Field | None = None
    since: datetime | None = None
    is_on_its_way: bool = True
    is_held_up: bool = False


def when_written(
    needed: frozenset[Side], next_: str, world: World, *, is_probed: bool
) -> tuple[State, str]:
    """Whether the next cycle does it, which writes to the sides that are needed."""
    is_soon = world.is_carried_soon
    closed = [side for side in SIDES if side in needed & world.closed]
    if closed:
        is_guarded = world.is_guarded
        next_ = next_of_closed(
            closed, is_probed=is_probed, is_guarded=is_guarded, is_carried_soon=is_soon
        )
    elif not is_soon:
        next_ = NO_DAEMON
    return State.WAITING if is_soon else State.DRIFTED, next_
