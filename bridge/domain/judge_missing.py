"""A pair of which a task is not shown any more: since when, and what becomes of the other."""

from collections.abc import Sequence

from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.reconciled import Joined, State, World
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.trouble import ONCE_OPEN, Trouble, when_written
from bridge.domain.values import UNSEEN

IN_STEP_AGAIN = "Nothing is written or deleted. If the task comes back, the two are kept in step."
FOR_GOOD = "not seen since two readings of everything began, and not found when asked for."
CLOSE_REFUSED = "To send it again, or to leave it as it is: task-bridge failures list."
CLOSED_NEXT = "The next cycle tries to close it again."
OVER = "What is left of the pair is finished. If the task comes back, the two are linked again."
TAKE_OUT = "To take the pair out of the list: task-bridge links remove."
_REFUSED = (WaitKind.FAILED, WaitKind.CASE_CLOSED)


def judge_missing(pair: Joined, world: World) -> Trouble | None:
    """What is told of a pair of which a task is not shown; None if both are."""
    link = pair.link
    lost = [side for side in SIDES if _is_lost(link, side, world)]
    if not lost:
        return None
    is_known = link.state is LinkState.MISSING and link.gone_side in lost
    names = " and ".join(f"{side.label} does not show {_name(pair, side)}" for side in lost)
    how = FOR_GOOD if is_known else "not seen when the whole list was read."
    left = next((one for one in (pair.kore, pair.v2) if one and one.task.side not in lost), None)
    is_over = is_known and left is not None and left.task.is_finished
    told = OVER if is_over else IN_STEP_AGAIN
    refused = _refused_close(pair, lost) if is_known and not is_over else None
    if refused is not None:
        how = f"{how} To close what is left of it was refused: {refused.reason}"
        told = _next_of_close(pair, refused, world)
    return Trouble(
        state=State.MISSING,
        reason=f"{names}: {how}",
        next=f"{told} {TAKE_OUT}" if is_known else told,
        since=(link.gone_at or link.changed_at) if is_known else world.first_missed(link, lost),
    )


def _refused_close(pair: Joined, lost: Sequence[Side]) -> Wait | None:
    """What waits of closing what is left; a person's retry has taken the value off a failure."""
    refused = (one for one in pair.waits if one.kind in _REFUSED and one.field is Field.STATUS)
    return next((one for one in refused if one.side not in lost), None)


def _next_of_close(pair: Joined, refused: Wait, world: World) -> str:
    """It goes out once a person says so, or once its case is open."""
    if refused.kind is WaitKind.FAILED and refused.value is not UNSEEN:
        return CLOSE_REFUSED
    if pair.is_case_closed:
        return ONCE_OPEN
    return when_written(frozenset({refused.side}), CLOSED_NEXT, world, is_probed=False)[1]


def _is_lost(link: Link, side: Side, world: World) -> bool:
    return link.task_id(side) is not None and not world.has(link, side)


def _name(pair: Joined, side: Side) -> str:
    known = pair.known(side)
    return known.task.name if known else str(pair.link.task_id(side))
