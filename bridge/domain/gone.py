"""What becomes of a linked pair of which one task is gone, and when it comes back; pure.

| the survivor | then |
| --- | --- |
| nothing is to be closed, or it is finished already | it is reported |
| it has changes that were not carried, or may hide some | it is spared, and reported |
| the table translates no closing to a finished status | it is reported |
| anything else, with `on_missing = "close"` | it is closed |

Closed means what the status table says: a Kore task is given the translation of v2's `cancelled`,
a v2 task that of Kore's category `closed`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bridge.domain.agreement import Agreement
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Operation, OperationKind, Wait, WaitKind
from bridge.domain.plan import Pair, plan_pair
from bridge.domain.policy import MergePolicy, OnMissing
from bridge.domain.relation import Unmapped
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import FINISHED, Known
from bridge.domain.values import UNSEEN, Observed, Unseen, status_value

_LAST_WORD = {Side.KORE: status_value("Closed", "closed"), Side.V2: status_value("cancelled")}
CAME_BACK = "The task came back after its counterpart had been closed for it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is done about a survivor: the operation that closes it, or why it is only reported."""

    operation: Operation | None = None
    why: str = ""


def lost_sides(kore: Known | None, v2: Known | None) -> tuple[Side, ...]:
    """The sides whose task is gone; one of which nothing was ever seen is not."""
    known = {Side.KORE: kore, Side.V2: v2}
    return tuple(side for side in SIDES if (one := known[side]) and one.gone_at is not None)


def missing(link: Link, side: Side, at: datetime) -> Link:
    """The link, once the task of that side is gone."""
    return replace(link, state=LinkState.MISSING, gone_side=side, gone_at=at, changed_at=at)


def found_again(link: Link, lost: tuple[Side, ...], at: datetime) -> Link:
    """The link, once a task of it is there again and those of `lost` are not."""
    if not lost:
        return replace(link, state=LinkState.LINKED, gone_side=None, gone_at=None, changed_at=at)
    if link.gone_side in lost:
        return link
    return replace(link, gone_side=lost[0], changed_at=at)


def conflict_of_return(pair: Pair, agreement: Agreement) -> Wait | None:
    """What waits for a person where a task came back to a survivor that was closed for it.

    The own close stands in the base beside a status that it does not agree with; as long as both
    sides show just that, nobody has decided anything since.
    """
    name = Field.STATUS
    base, relation = pair.link.base(name), agreement.of(name)
    kore, v2 = pair.kore.task.shown(name), pair.v2.task.shown(name)
    if isinstance(kore, Unseen) or isinstance(v2, Unseen):
        return None
    if relation.agrees(kore, v2) or (base.kore, base.v2) != (kore, v2) or base.carry is not None:
        return None
    finished = [side for side in SIDES if pair.known(side).task.is_finished]
    if len(finished) != 1 or relation.table != base.table:
        return None
    return Wait(
        kind=WaitKind.CONFLICT,
        reason=CAME_BACK,
        side=finished[0],
        link_id=pair.link.id,
        field=name,
        kore=kore,
        v2=v2,
    )


def close_survivor(
    pair: Pair, agreement: Agreement, policy: MergePolicy, on_missing: OnMissing
) -> Closing:
    """Whether and how the task whose counterpart is gone is closed."""
    gone = pair.link.gone_side
    if gone is None or on_missing is OnMissing.REPORT:
        return Closing()
    survivor = gone.other
    spared = _why_spared(pair, agreement, policy, survivor)
    if spared:
        return Closing(why=spared)
    value = _closed(agreement, survivor)
    if isinstance(value, Unmapped):
        return Closing(why=value.reason)
    return _closing(pair, survivor, value)


def _why_spared(pair: Pair, agreement: Agreement, policy: MergePolicy, survivor: Side) -> str:
    task = pair.known(survivor).task
    if task.is_finished:
        return f"{task.name} is finished."
    if not policy.direction.may_write(survivor):
        return f"The direction writes nothing to {survivor.label}."
    if pair.is_case_closed:
        return f"{task.name} waits for its case, which is closed in Kore."
    if _has_uncarried(pair, agreement, policy, survivor):
        return f"{task.name} has changes that were not carried."
    return ""


def _closed(agreement: Agreement, side: Side) -> Observed | Unmapped:
    """The status that closes a task of that side."""
    value = agreement.of(Field.STATUS).translate(_LAST_WORD[side.other], side)
    if isinstance(value, Unmapped) or _is_finish(value, side):
        return value
    name = value.text if value else "nothing"
    return Unmapped(f"The status table closes a task of {side.label} as {name!r}, which is open.")


def _is_finish(value: Observed, side: Side) -> bool:
    word = None if value is None else value.kind if side is Side.KORE else value.key
    return word in FINISHED[side]


def _has_uncarried(pair: Pair, agreement: Agreement, policy: MergePolicy, survivor: Side) -> bool:
    """Whether anything of the pair waits, or was to be written, or the survivor may hide it."""
    plan = plan_pair(pair, agreement, policy)
    waits = (wait for wait in (*plan.waits, *pair.waits) if not _is_over(wait, agreement))
    if any(wait.kind is not WaitKind.DRIFT and not _is_lifted(wait, pair) for wait in waits):
        return True
    return any(one.kind is OperationKind.UPDATE or one.side is survivor for one in plan.operations)


def _is_over(wait: Wait, agreement: Agreement) -> bool:
    """Whether it only missed an id that a record has told since."""
    return agreement.vocabulary.has_id(wait.waits_for)


def _is_lifted(wait: Wait, pair: Pair) -> bool:
    """Whether it is a close that was refused and that a person wants to be tried again, or what
    waits for a case that is open.
    """
    if wait.kind is WaitKind.CASE_CLOSED:
        return not pair.is_case_closed
    gone = pair.link.gone_side
    survivor = gone.other if gone else None
    failure = (wait.kind, wait.side, wait.field)
    return failure == (WaitKind.FAILED, survivor, Field.STATUS) and isinstance(wait.value, Unseen)


def _closing(pair: Pair, survivor: Side, value: Observed) -> Closing:
    lost = pair.known(survivor.other).task
    if pair.known(survivor).task.shown(Field.STATUS) is UNSEEN:
        return Closing(why="Its status was not seen.")
    shown = lost.shown(Field.STATUS)
    operation = Operation(
        side=survivor,
        kind=OperationKind.UPDATE,
        reason=f"{lost.name} of {lost.side.label} is gone",
        kore_id=pair.link.kore_id,
        v2_id=pair.link.v2_id,
        link_id=pair.link.id,
        fields=(Field.STATUS,),
        values={Field.STATUS: value},
        origin={} if isinstance(shown, Unseen) else {Field.STATUS: shown},
    )
    return Closing(operation=operation)
