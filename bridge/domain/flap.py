"""The flap breaker: whether a field goes back and forth, so that no write will settle it; pure.

A reversal is a write that undoes the last change: it brings back the value that was there before
it. One that brings back an older value is none: people do go through a handful of statuses twice.
"""

from collections.abc import Sequence

from bridge.domain.operation import Operation
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, Shown


def reversals(done: Sequence[Operation], name: Field) -> int:
    """How many of these updates of a link, oldest first, reversed the field."""
    mine = [one for one in done if name in one.values]
    return sum(is_reversal(mine[:place], one, name) for place, one in enumerate(mine))


def is_reversal(before: Sequence[Operation], update: Operation, name: Field) -> bool:
    """Whether the update, done or planned, undoes the last change that those before it made."""
    held = [_held(one, update.side, name) for one in before if name in one.values]
    earlier = [value for value in held if value != held[-1]]
    return bool(earlier) and earlier[-1] == update.values[name]


def _held(update: Operation, side: Side, name: Field) -> Shown:
    """What a side held once the update was done: what was written, or what it was written for."""
    values = update.values if update.side is side else update.origin
    return values.get(name, UNSEEN)
