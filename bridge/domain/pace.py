"""The pace at which a side is asked that refuses more calls (429): learnt from its refusals.

A refusal halves the calls a minute; once the side has been left alone as long as it asked, each
minute without a refusal gives a tenth of them back, and one call at least; after an hour without
any nothing is assumed any more. What the configuration allows is not touched: a pace only comes
on top.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = 60.0
LEAST_CALLS = 1.0
# What was too much for the side at a first refusal, at the least: where it was asked twice a minute
# that says nothing of its limits, and changes are to go on flowing.
LEAST_BEFORE = 60.0
LEAST_GROWTH = 1.0
GROWTH = 0.1
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many `calls` a minute were assumed at `lowered_at`; `quiet_from` they grow again."""

    calls: float
    lowered_at: datetime
    quiet_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A 429: when its request left, when it came, how long it asks to wait.

    `calls` were made in the last `span_of(seconds)`, this one among them. `has_passed`: another
    one was answered since the refusal before.
    """

    sent_at: datetime
    at: datetime
    seconds: float
    calls: int
    has_passed: bool = True


class Learnt(NamedTuple):
    """What is assumed now, for people and for the budget: whole calls a minute, and since when."""

    calls_a_minute: int
    lowered_at: datetime


def span_of(seconds: float) -> float:
    """The seconds whose calls tell the pace that was too high.

    Whoever has to wait for long has used up a long window, and in a short one what is counted
    over a minute would be too few.
    """
    return min(max(seconds, 1.0), MINUTE)


def learnt(pace: Pace | None, now: datetime) -> Learnt | None:
    """What is assumed at that moment, None if nothing is."""
    if pace is None or now - pace.quiet_from >= FORGOTTEN_AFTER:
        return None
    minutes = max(0.0, (now - pace.quiet_from).total_seconds() / MINUTE)
    growth = max(GROWTH * pace.calls, LEAST_GROWTH)
    return Learnt(int(pace.calls + growth * minutes), pace.lowered_at)


def slower(before: Pace | None, refusal: Refusal) -> Pace:
    """The pace after a refusal.

    Requests that were under way when it was lowered, or that nothing could hold back yet, are not
    new refusals: they only say for how long to leave the side alone. So does a side that answers
    nothing else, at whatever pace.
    """
    quiet_from = refusal.at + timedelta(seconds=refusal.seconds)
    known = learnt(before, refusal.at)
    kept = before if known else None
    if kept is not None and not _is_news(kept, refusal):
        return replace(kept, quiet_from=max(kept.quiet_from, quiet_from))
    seen = refusal.calls * MINUTE / span_of(refusal.seconds)
    was = known.calls_a_minute if known else max(seen, LEAST_BEFORE)
    calls = max(was / 2, LEAST_CALLS)
    return Pace(calls=calls, lowered_at=refusal.at, quiet_from=quiet_from)


def _is_news(before: Pace, refusal: Refusal) -> bool:
    """Whether the request left when the lower pace had been kept for a whole minute."""
    kept_from = max(before.quiet_from, before.lowered_at + timedelta(seconds=MINUTE))
    return refusal.has_passed and refusal.sent_at >= kept_from
