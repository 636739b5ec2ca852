"""Guards in the database: raised by a cause, lowered when it is over, confirmed by people.

A cause is judged anew whenever what it goes by was read; a guard that does not change is not
written again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bridge.domain.guard import (
    Guard,
    GuardKind,
    Item,
    confirmed,
    lowered,
    nothing_stands,
    raised,
    uncovered,
)
from bridge.domain.side import Side
from bridge.ports import Unit
from bridge.sync.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What a guard may stand for: the things it is about, and when they are too many.

    `still` are the things for which an earlier confirmation goes on; those of the cause, if None.
    """

    kind: GuardKind
    side: Side | None = None
    items: Collection[Item] = ()
    is_too_much: Callable[[Sequence[Item]], bool] = bool
    reason: Callable[[Sequence[Item]], str] = lambda items: ""
    still: Collection[Item] | None = None


def guard_of(guards: Sequence[Guard], kind: GuardKind, side: Side | None) -> Guard | None:
    """The guard of that kind, whether it stands or only remembers a confirmation."""
    return next((one for one in guards if one.kind is kind and one.side is side), None)


def stand(desk: Desk, unit: Unit, cause: Cause, guards: Sequence[Guard]) -> None:
    """Raise or lower the guard of the cause; what people have confirmed counts no more.

    `guards` are those of the transaction; none of this cause was stored in it since.
    """
    before = guard_of(guards, cause.kind, cause.side)
    guard = before or nothing_stands(cause.kind, cause.side)
    left = uncovered(guard, cause.items)
    after: Guard | None
    if cause.is_too_much(left):
        after = raised(guard, left, cause.reason(left), desk.clock.now())
    else:
        after = lowered(guard, cause.items if cause.still is None else cause.still)
    keep(desk, unit, before, after)


def keep(desk: Desk, unit: Unit, before: Guard | None, after: Guard | None) -> None:
    """Store the guard as it is now, and tell if it begins or ends."""
    one = after or before
    if one is None or after == before:
        return
    if after is None:
        unit.drop_guard(one.kind, one.side)
    else:
        unit.save_guard(after)
    was, is_ = bool(before and before.holds), bool(after and after.holds)
    if is_ and not was:
        desk.tell("guard_raised", kind=one.kind, side=one.side, reason=one.reason)
    if was and not is_:
        desk.tell("guard_over", kind=one.kind, side=one.side)


def agree(desk: Desk, unit: Unit, guard: Guard, items: Collection[Item]) -> Guard:
    """A person confirmed these things of the guard; what is left of it still stands."""
    after = confirmed(guard, items, desk.clock.now())
    keep(desk, unit, guard, after)
    return after


def note_holds(desk: Desk, unit: Unit) -> None:
    """What keeps this run from writing: the sides that people paused, the guards that stand."""
    desk.paused = frozenset(unit.pair_state().paused)
    desk.guards = tuple(guard for guard in unit.guards() if guard.holds)
