"""How the daemon and both sides are, from the database alone: what `status` tells as JSON.

`state`: running, paused, guarded, stale or stopped; `reasons`: why it is not just running, and
what can be done about it. `guards`: those that stand, each with kind, side, since, reason and
next. `paused`: the sides that people paused, each with the moment. `daemon` (null without one):
owner, started_at, beat_at, interval_seconds. `sides`: per side polled_at, fault, failed_at,
not_before, not_before_reason, is_sorted (null: not tried), cursor_at, tasks, sweep (null, or
started_at, rows, total), last_sweep (null, or completed_at, rows, is_complete), budget (calls left
per window), pace (null, or calls_a_minute and since: what refusals have taught, a window of the
budget too). `first_contact`: lasts, ends_with_next_cycle, ended_at, how. `links`: count per state.
`waits`: count per kind (`held`: of linked pairs), `unroutable`, `on_hold`, tasks without a
counterpart, and `held_up`, pairs and tasks with something to do while a guard or a pause keeps it
from being written. `last_run`: null, or id, kind, started_at, ended_at and the counts of its
summary. Times are UTC.
Without a database there are only `state` and `reasons`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bridge.bootstrap import SystemClock, budgets_for
from bridge.daemon.heart import is_fresh
from bridge.domain.guard import NEXT, Guard
from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing
from bridge.report.plain import local_time
from bridge.sync.contact import ends_by_itself

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.domain.reading import Sweep
    from bridge.domain.records import Heartbeat, Run
    from bridge.store.budget import SqlBudget
    from bridge.store.sql_store import SqlStore
    from bridge.store.unit import SqlUnit

RUNNING, STALE, STOPPED = "running", "stale", "stopped"
PAUSED, GUARDED = "paused", "guarded"
INTERVALS = 3
# What is not the name with blanks, for one and for many: `held` and `on_hold` are told apart.
_WAIT_WORDS = {
    "held": ("held back", "held back"),
    "on_hold": ("task on hold", "tasks on hold"),
    "held_up": ("held up by a pause or a guard", "held up by a pause or a guard"),
    "unroutable": ("unroutable task", "unroutable tasks"),
}
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One moment of a pair's database, and the settings that it belongs to."""

    unit: SqlUnit
    store: SqlStore
    settings: Settings
    clock: SystemClock
    now: datetime

    @property
    def has_daemon(self) -> bool:
        """Whether a daemon is alive, so that the next cycle is near."""
        heartbeat = self.unit.heartbeat()
        lease_seconds = self.settings.sync.lease_seconds
        return heartbeat is not None and is_fresh(heartbeat, self.now, lease_seconds)


def facts_of(look: Look) -> Facts:
    """Everything that `status` and the console show."""
    unit = look.unit
    heartbeat = unit.heartbeat()
    guards = [one for one in unit.guards() if one.holds]
    paused = unit.pair_state().paused
    budgets = budgets_for(look.settings, look.store, look.clock)
    return {
        "state": word_of(look),
        "reasons": [*_why(look, heartbeat, guards), *_paused(paused)],
        "guards": [_guard(one) for one in guards],
        "paused": {str(side): at for side, at in paused.items()},
        "daemon": asdict(heartbeat) if heartbeat else None,
        "sides": {str(side): {**_side(unit, side), **_calls(budgets[side])} for side in SIDES},
        "first_contact": _first_contact(look, is_guarded=bool(guards)),
        "links": _links(unit),
        "waits": _waits(unit, is_held_up=bool(guards or paused)),
        "last_run": _last_run(unit.last_run()),
    }


def word_of(look: Look) -> str:
    """The one word: running, paused, guarded, stale or stopped."""
    heartbeat = look.unit.heartbeat()
    if heartbeat is None:
        return STOPPED
    if any(_silence(look, heartbeat)):
        return STALE
    # Before old polls: the guard may be what keeps a side from being read.
    if any(one.holds for one in look.unit.guards()):
        return GUARDED
    if any(_unread(look, heartbeat)):
        return STALE
    return PAUSED if look.unit.pair_state().paused else RUNNING


def is_well(look: Look) -> bool:
    """Whether a daemon is alive and reads both sides, whatever keeps it from writing."""
    heartbeat = look.unit.heartbeat()
    return heartbeat is not None and not any((
        *_silence(look, heartbeat), *_unread(look, heartbeat),
    ))  # fmt: skip


def _why(look: Look, heartbeat: Heartbeat | None, guards: Sequence[Guard]) -> Iterator[str]:
    """Why the daemon is not running as it should, in the order of the words."""
    if heartbeat is None:
        yield "No daemon is running. Start one with: task-bridge run"
    else:
        yield from _silence(look, heartbeat)
    for guard in guards:
        yield f"A guard stands: {guard.reason} See: task-bridge guard show"
    if heartbeat is not None:
        yield from _unread(look, heartbeat)


def _silence(look: Look, heartbeat: Heartbeat) -> Iterator[str]:
    limit = max(INTERVALS * heartbeat.interval_seconds, look.settings.sync.lease_seconds)
    if _age(look, heartbeat.beat_at) >= limit:
        yield f"The daemon gave no sign of life since {local_time(heartbeat.beat_at)}."


def _unread(look: Look, heartbeat: Heartbeat) -> Iterator[str]:
    """The sides that were not polled lately."""
    limit = INTERVALS * heartbeat.interval_seconds
    for side in SIDES:
        polled_at = look.unit.side_state(side).polled_at
        if polled_at is None:
            yield f"{side.label} was not polled yet."
        elif _age(look, polled_at) > limit:
            yield f"{side.label} was last polled at {local_time(polled_at)}."


def _paused(paused: Mapping[Side, datetime]) -> Iterator[str]:
    """The sides that it does not write to until people say otherwise, and how they say it."""
    for side, at in paused.items():
        yield f"{side.label} is paused since {local_time(at)}: task-bridge resume {side}"


def _guard(guard: Guard) -> Facts:
    return {
        "kind": str(guard.kind),
        "side": str(guard.side) if guard.side else None,
        "since": guard.since,
        "reason": guard.reason,
        "next": NEXT[guard.kind],
    }


def _age(look: Look, moment: datetime) -> float:
    return (look.now - moment).total_seconds()


def _side(unit: SqlUnit, side: Side) -> Facts:
    state = unit.side_state(side)
    sweep, last = unit.open_sweep(side), unit.last_sweep(side)
    return {
        "polled_at": state.polled_at,
        "fault": state.fault or None,
        "failed_at": state.failed_at,
        "not_before": state.not_before,
        "not_before_reason": state.not_before_reason or None,
        "is_sorted": state.is_sorted,
        "cursor_at": state.cursor_at,
        "tasks": unit.count_tasks(side),
        "sweep": _open_sweep(sweep),
        "last_sweep": _last_sweep(last),
    }


def _calls(budget: SqlBudget) -> Facts:
    known = budget.learnt()
    pace = {"calls_a_minute": known.calls_a_minute, "since": known.lowered_at} if known else None
    return {"budget": dict(budget.left()), "pace": pace}


def _open_sweep(sweep: Sweep | None) -> Facts | None:
    if sweep is None:
        return None
    return {"started_at": sweep.started_at, "rows": sweep.rows, "total": sweep.total}


def _last_sweep(sweep: Sweep | None) -> Facts | None:
    if sweep is None:
        return None
    return {
        "completed_at": sweep.completed_at,
        "rows": sweep.rows,
        "is_complete": sweep.is_complete,
    }


def _first_contact(look: Look, *, is_guarded: bool) -> Facts:
    pair = look.unit.pair_state()
    lasts, has_finished = pair.first_contact_ended_at is None, look.settings.scope.finished
    ends = lasts and not is_guarded and ends_by_itself(look.unit, has_finished=has_finished)
    return {
        "lasts": lasts,
        "ends_with_next_cycle": ends,
        "ended_at": pair.first_contact_ended_at,
        "how": pair.first_contact_how or None,
    }


def _links(unit: SqlUnit) -> dict[str, int]:
    found = unit.count_links()
    return {str(state): found.get(state, 0) for state in LinkState}


def _waits(unit: SqlUnit, *, is_held_up: bool) -> dict[str, int]:
    found = unit.count_waits()
    counts = {str(kind): found.get(kind, 0) for kind in WaitKind}
    return {
        **counts,
        "unroutable": unit.count_standing(Standing.UNROUTABLE),
        "on_hold": unit.count_standing(Standing.HELD),
        # A cycle leaves the mark on what it could not write.
        "held_up": unit.count_due() if is_held_up else 0,
    }


def wait_word(name: str, count: int) -> str:
    """What so many of a count of `waits` are called where people read it."""
    plain = name.replace("_", " ")
    one, many = _WAIT_WORDS.get(name, (plain, plain))
    return one if count == 1 else many


def _last_run(run: Run | None) -> Facts | None:
    if run is None:
        return None
    counted = ("linked", "created", "updated", "requests", "seconds")
    return {
        "id": run.id,
        "kind": run.kind,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        **{name: run.summary[name] for name in counted if name in run.summary},
    }
