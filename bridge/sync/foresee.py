"""What a dry run tells beside its plan: what the sight of hidden Kore tasks may lead to.

Kore's answer to a probe, and to an update as well, shows what its list hides; a dry run sends
neither. What is hidden may have changed and go to v2; where v2 changed it too, or nothing was
agreed yet, it may be Kore that is written; and a record may tell a word that a field waits for.
Such fields are `after_read`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bridge.domain.merge import Act
from bridge.domain.operation import Operation, OperationKind, WaitKind
from bridge.domain.plan import Pair, PairPlan, wants_probe
from bridge.domain.policy import Direction, Unobserved
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Known
from bridge.domain.values import Observed, Value
from bridge.ports import Unit
from bridge.sync.desk import Desk

_FOR_WORDS = (WaitKind.UNMAPPED, WaitKind.FAILED)


def foresee(pair: Pair, plan: PairPlan, direction: Direction, *, learns: bool) -> list[Operation]:
    """The operations of the plan with what may follow from them.

    `learns`: the run may learn words that fields wait for, see `may_learn`.
    """
    found = [one for one in plan.operations if one.kind is OperationKind.PROBE]
    planned = {one.side: one for one in plan.operations if one not in found}
    is_seen = any(one.side is Side.KORE for one in plan.operations)
    for side in SIDES:
        names: set[Field] = set()
        if direction.may_write(side):
            names |= {*_hidden(pair, plan, side)} if is_seen else set()
            names |= {*_waiting(plan)} if learns else set()
        update = planned.get(side)
        if update is not None or names:
            found.append(_with(update or _update(pair, side), names))
    return found


def may_learn(desk: Desk, unit: Unit) -> bool:
    """Whether probes may teach the run words, people above all, that Kore's list hides."""
    is_hidden = bool(unit.side_state(Side.KORE).hidden)
    return is_hidden and desk.policy.unobserved is Unobserved.PROBE


def unsure_of_create(
    desk: Desk, unit: Unit, known: Known, values: Mapping[Field, Observed], *, is_open: bool
) -> tuple[Field, ...]:
    """The fields of a create that a probe may add, change or take off.

    All of them where its row hides whether it is in scope (`is_open`).
    """
    task, found = known.task, set[Field]()
    if wants_probe(known, desk.policy):
        found |= {*task.hidden}
    if may_learn(desk, unit):
        found |= {name for name in Field if isinstance(task.shown(name), Value)} - {*values}
    if is_open:
        found |= {name for name, value in values.items() if value is not None}
    return tuple(name for name in desk.agreement.fields if name in found)


def _hidden(pair: Pair, plan: PairPlan, side: Side) -> Iterator[Field]:
    """The hidden fields that may be written to that side once they are seen."""
    for name, decision in plan.decisions.items():
        if name not in pair.kore.task.hidden:
            continue
        if side is Side.V2 or decision.act is Act.HOLD or not pair.link.base(name).is_known:
            yield name


def _waiting(plan: PairPlan) -> Iterator[Field]:
    """The fields that wait for a word, or for its id, which a record may tell."""
    for wait in plan.waits:
        if wait.kind in _FOR_WORDS and wait.waits_for and wait.field is not None:
            yield wait.field


def _update(pair: Pair, side: Side) -> Operation:
    return Operation(
        side=side,
        kind=OperationKind.UPDATE,
        reason="what Kore's list hides may have changed",
        kore_id=pair.link.kore_id,
        v2_id=pair.link.v2_id,
        link_id=pair.link.id,
    )


def _with(update: Operation, names: Collection[Field]) -> Operation:
    fields, unsure = {*update.fields, *names}, {*update.after_read, *names}
    return replace(
        update,
        fields=tuple(name for name in Field if name in fields),
        after_read=tuple(name for name in Field if name in unsure),
    )
