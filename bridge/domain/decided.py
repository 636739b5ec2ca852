"""What people decided about a field, carried into the merge.

A decision stands on a wait, with the two values that were shown to the person: it counts as long
as both sides show them, and the wait stays until its write was answered, so that no crash loses
it. A conflict that waits is kept while a side hides the field. Pure.

| the wait | then |
| --- | --- |
| a conflict, decided, both sides as shown | that side's value is written over the other's |
| a conflict, decided, a side shows another | void: the conflict is listed anew, and says so |
| a conflict that no change since has touched | it stands |
| a restore, both sides as agreed | the lost value goes to the side that had won, then to its own |
| a restore, a side was changed since | void: that change counts like any other |
"""

from collections.abc import Iterable
from dataclasses import replace

from bridge.domain.merge import (
    NOTHING,
    Act,
    Decision,
    FieldView,
    decide_conflict,
    merge,
    write_over,
)
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.policy import Unobserved
from bridge.domain.side import SIDES, Side
from bridge.domain.values import UNSEEN, Unseen

_OPEN_ENDS = (Act.HOLD, Act.UNMAPPED, Act.DRIFT)


def decide(view: FieldView, waits: Iterable[Wait]) -> Decision:
    """The decision for one field, given what waits in it."""
    for wait in waits:
        if wait.kind is WaitKind.RESTORE:
            return _next_write(view, wait) or merge(view)
        if wait.kind is WaitKind.CONFLICT and wait.decided and is_as_shown(wait, view):
            chosen = replace(view, decided=wait.decided)
            decision = merge(chosen)
            # Where nobody changed anything since, what the base holds may still not agree.
            return decide_conflict(chosen) if _is_untouched(view, decision) else decision
    return merge(view)


def _is_untouched(view: FieldView, decision: Decision) -> bool:
    return decision is NOTHING and all(view.shown(side) is not UNSEEN for side in SIDES)


def is_as_shown(wait: Wait, view: FieldView) -> bool:
    """Whether both sides show what they showed when the person decided."""
    return all(view.shown(side) == wait.shown(side) for side in SIDES)


def is_veiled(wait: Wait, view: FieldView) -> bool:
    """Whether a side hides now what it showed before: what waits stands until it is seen."""
    return any(view.shown(one) is UNSEEN and wait.shown(one) is not UNSEEN for one in SIDES)


def kept(wait: Wait, view: FieldView, decision: Decision) -> Wait | None:
    """The conflict or restore as it waits on, or None if it is over or begins anew."""
    if wait.kind is WaitKind.RESTORE:
        return wait if _next_write(view, wait) else None
    if is_veiled(wait, view):
        return _as_seen(wait, view)
    if decision.conflict is not None:
        return wait  # until the write that settles it was answered
    is_held_up = wait.decided is not None and decision.act in _OPEN_ENDS
    stands = is_held_up or _is_untouched(view, decision)
    return wait if stands and is_as_shown(wait, view) else None


def is_restored(wait: Wait, view: FieldView) -> bool:
    """Whether a restore is done: both sides show what was agreed, its own side another value."""
    base, loser = view.base, wait.decided
    if loser is None or any(view.shown(side) != base.of(side) for side in SIDES):
        return False
    return base.of(loser) != wait.shown(loser)


def reason_anew(wait: Wait | None, view: FieldView, reason: str) -> str:
    """Why a conflict waits for a person, and why a decision about it did not count."""
    if wait is None:
        return reason
    if wait.decided is None:
        return wait.reason
    moved = [one.label for one in SIDES if view.shown(one) not in (wait.shown(one), UNSEEN)]
    shows = "both sides show" if len(moved) == len(SIDES) else f"{moved[0]} shows"
    return (
        f"{reason} The decision for {wait.decided.label}'s value did not count: by the time it "
        f"was carried out {shows} another value."
    )


def _as_seen(wait: Wait, view: FieldView) -> Wait:
    """A conflict with the values as far as they are seen now; a decision about others is void."""
    seen = {one: view.shown(one) for one in SIDES}
    now = {one: wait.shown(one) if value is UNSEEN else value for one, value in seen.items()}
    if all(now[one] == wait.shown(one) for one in SIDES):
        return wait
    reason = reason_anew(wait, view, wait.reason)
    return replace(wait, kore=now[Side.KORE], v2=now[Side.V2], decided=None, reason=reason)


def _next_write(view: FieldView, wait: Wait) -> Decision | None:
    """The next step of writing a lost value back; None if it is done, or a side was changed.

    The base tells how far it is: it moves with each write that was answered.
    """
    loser, value = wait.decided, wait.value
    if loser is None or isinstance(value, Unseen):
        return None
    hidden = [one for one in SIDES if view.shown(one) is UNSEEN]
    if any(view.shown(one) != view.base.of(one) for one in SIDES if one not in hidden):
        return None
    if hidden:
        return _look(view, hidden[0])
    for side in (loser.other, loser):
        wanted = value if side is loser else view.relation.translate(value, side)
        is_written = view.base.of(side) != wait.shown(side) or view.shown(side) == wanted
        if not is_written and view.policy.direction.may_write(side):
            return write_over(view, side, wanted, f"{loser.label}'s lost value is taken back")
    return None


def _look(view: FieldView, side: Side) -> Decision:
    """What has to be seen before anything is written over it."""
    if side is Side.KORE and view.policy.unobserved is Unobserved.PROBE:
        return Decision(act=Act.READ, side=side, reason=f"{side.label}'s list hides it")
    reason = f"{side.label}'s list hides what it would replace."
    return Decision(act=Act.HOLD, side=side, reason=reason)
