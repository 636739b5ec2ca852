"""What the bridge says to people without being asked: that something needs them, or is over.

Each notice has a name, so that it is said once while it lasts and once when it is over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.domain.guard import Guard
from bridge.domain.operation import WaitKind
from bridge.domain.reading import SideState, Sweep
from bridge.domain.side import Side

_WAITING = {
    WaitKind.CONFLICT: ("conflicts", "conflicts wait for a person: task-bridge conflicts list"),
    WaitKind.FAILED: ("failures", "failures wait for a person: task-bridge failures list"),
    WaitKind.UNMAPPED: ("unmapped", "values have no counterpart in the mapping: task-bridge check"),
    WaitKind.HELD: ("held", "changes are on hold: task-bridge report"),
    WaitKind.CASE_CLOSED: ("case_closed", "changes wait for a closed case: task-bridge report"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that lasts; `since` is when it began, as far as that is known."""

    name: str
    text: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What notices are made of: what stands, is paused, was read, and waits."""

    guards: Sequence[Guard]
    paused: Mapping[Side, datetime]
    states: Sequence[SideState]
    sweeps: Mapping[Side, Sweep | None]
    oldest_waits: Iterable[tuple[WaitKind, int, datetime]]


def notices_of(now: Circumstances, at: datetime, after_seconds: float) -> Iterator[Notice]:
    """Everything that people should be told of at this moment."""
    for guard in now.guards:
        if guard.holds:
            name = f"guard:{guard.kind}:{guard.side or 'pair'}"
            yield Notice(name=name, text=guard.reason, since=guard.since)
    for side, since in now.paused.items():
        text = f"{side.label} is paused; go on with: task-bridge resume {side}"
        yield Notice(name=f"paused:{side}", text=text, since=since)
    for state in now.states:
        if state.is_refused:
            yield Notice(name=f"refused:{state.side}", text=state.fault, since=state.failed_at)
    for side, sweep in now.sweeps.items():
        if sweep is not None and sweep.completed_at is not None and not sweep.is_complete:
            text = f"{side.label} cannot be read whole: what is gone there is not noticed."
            yield Notice(name=f"sweep:{side}", text=text, since=sweep.completed_at)
    yield from _long_waits(now, at - timedelta(seconds=after_seconds))


def _long_waits(now: Circumstances, before: datetime) -> Iterator[Notice]:
    for kind, count, since in now.oldest_waits:
        if kind in _WAITING and since <= before:
            name, text = _WAITING[kind]
            yield Notice(name=f"waits:{name}", text=f"{count} {text}", since=since)
