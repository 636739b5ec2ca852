"""What besides a cycle a tick has to do: which sides to sweep, for how long, and at what pace."""

from dataclasses import replace
from datetime import datetime

from bridge.bootstrap import POLLS_SHARE, Bridge
from bridge.daemon.slice import MOST_SECONDS
from bridge.domain.pace import MINUTE
from bridge.domain.side import SIDES, Side
from bridge.ports import Unit
from bridge.sync.sweep import is_sweep_owed

_MARGIN, _MOST_MARGIN_SECONDS = 0.1, 1.0


def sides_to_sweep(bridge: Bridge, since: datetime) -> tuple[Side, ...]:
    """The sides whose sweep is due, or not read to its end since the daemon's start."""
    desk = bridge.desk()
    with bridge.store.look() as unit:
        return tuple(
            side for side in SIDES if _is_owed(unit, side, since) or is_sweep_owed(desk, unit, side)
        )


def forget_refusals(bridge: Bridge) -> None:
    """A start tries a refused key at once: it may have been put right. Raises StoreError."""
    with bridge.store.begin() as unit:
        for side in SIDES:
            state = unit.side_state(side)
            if state.is_refused:
                unit.save_side_state(replace(state, not_before=None, not_before_reason=""))


def seconds_left(interval: float, spent: float) -> float:
    """How long a slice of a sweep may take: until shortly before the next tick, ten at most."""
    margin = min(_MARGIN * interval, _MOST_MARGIN_SECONDS)
    return max(0.0, min(MOST_SECONDS, interval - margin - spent))


def pace(bridge: Bridge, interval: float, cycle_seconds: float) -> float:
    """The seconds between polls: where a sort is not proved, polls are sweeps and take longer.

    A pace that refusals have taught leaves half of its calls for them, as limits do.
    """
    known = [budget.learnt() for budget in bridge.budgets.values()]
    learnt = [POLLS_SHARE * MINUTE / one.calls_a_minute for one in known if one]
    with bridge.store.look() as unit:
        is_proved = all(unit.side_state(side).is_sorted is not False for side in SIDES)
    return max(interval, *learnt, 0.0 if is_proved else cycle_seconds)


def _is_owed(unit: Unit, side: Side, since: datetime) -> bool:
    last = unit.last_sweep(side)
    return last is None or last.completed_at is None or last.completed_at < since
