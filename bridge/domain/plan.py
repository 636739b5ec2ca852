"""What is to be done about one linked pair: the merge of its fields made into operations.

| decision | becomes |
| --- | --- |
| write | part of the one update of that side, unless the same value failed there before |
| rebase | a new base |
| read | a probe of the side that hides the field; what it would decide is `after_read` |
| unmapped, hold, drift, conflict | a wait, told with both values |

A pair that nobody changed plans nothing, and planning twice without a write plans the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.domain.agreement import Agreement
from bridge.domain.create import is_as_created, stand_in_of, tells
from bridge.domain.decided import decide, is_restored, is_veiled, kept, reason_anew
from bridge.domain.link import NO_BASE, FieldBase, Link
from bridge.domain.merge import NOTHING, Act, Conflict, Decision, FieldView, Times
from bridge.domain.observe import is_hidden_anew
from bridge.domain.operation import Operation, OperationKind, Wait, WaitKind
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Known
from bridge.domain.values import Observed, Unseen
from bridge.domain.vocabulary import Vocabulary

_WAITS = {
    Act.UNMAPPED: WaitKind.UNMAPPED,
    Act.HOLD: WaitKind.HELD,
    Act.DRIFT: WaitKind.DRIFT,
    Act.CONFLICT: WaitKind.CONFLICT,
}
_DECIDABLE = (WaitKind.CONFLICT, WaitKind.RESTORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A linked pair as the planner sees it.

    `skew_seconds` is v2's clock minus Kore's; `is_case_closed`: Kore takes no change of it now.
    """

    link: Link
    kore: Known
    v2: Known
    waits: Sequence[Wait] = ()
    skew_seconds: float = 0.0
    is_case_closed: bool = False

    def known(self, side: Side) -> Known:
        """What is known of the task on that side."""
        return self.kore if side is Side.KORE else self.v2

    def with_failures(self, failures: Sequence[Wait]) -> "Pair":
        """The same with these failures instead of those that their fields had."""
        named = {(one.kind, one.field) for one in failures}
        others = [one for one in self.waits if (one.kind, one.field) not in named]
        return replace(self, waits=(*others, *failures))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPlan:
    """What is to be done about a pair: a probe, or updates; bases that move; what waits.

    `restored` are the restores that are done.
    """

    operations: tuple[Operation, ...] = ()
    bases: Mapping[Field, FieldBase]
    waits: tuple[Wait, ...] = ()
    conflicts: Mapping[Field, Conflict]
    decisions: Mapping[Field, Decision]
    restored: tuple[Wait, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to send."""
        return not self.operations


def plan_pair(pair: Pair, agreement: Agreement, policy: MergePolicy) -> PairPlan:
    """The plan for one pair."""
    views = _views(pair, agreement, policy)
    decisions = {name: decide(view, _of(pair, name)) for name, view in views.items()}
    failed = _standing_failures(pair, views, decisions, agreement.vocabulary)
    closed = _closed(pair, decisions)
    decided = _decided(pair, views, decisions)
    veiled = {name for name, one in decided.items() if is_veiled(one, views[name])}
    writes = {
        name: one
        for name, one in decisions.items()
        if one.act is Act.WRITE and not (name in failed or name in closed or name in veiled)
    }
    told = {name: one for name, one in decisions.items() if name not in veiled}
    return PairPlan(
        operations=tuple(_operations(pair, decisions, writes, policy)),
        bases={name: one.base for name, one in decisions.items() if one.base != NO_BASE},
        waits=(*_waits(pair, views, told), *decided.values(), *failed.values(), *closed.values()),
        conflicts={name: one.conflict for name, one in writes.items() if one.conflict},
        decisions=decisions,
        restored=tuple(_restored(pair, views, decided.values())),
    )


def _of(pair: Pair, name: Field) -> list[Wait]:
    """What waits in one field."""
    return [wait for wait in pair.waits if wait.field is name]


def _views(pair: Pair, agreement: Agreement, policy: MergePolicy) -> dict[Field, FieldView]:
    """Every carried field, as the merge looks at it."""
    times = _times(pair)
    stand_in = pair.link.stand_in or stand_in_of(pair.v2.task)
    return {
        name: FieldView(
            name=name,
            base=pair.link.base(name),
            kore=pair.kore.task.shown(name),
            v2=pair.v2.task.shown(name),
            relation=agreement.of(name, stand_in),
            policy=policy,
            times=times,
            touched=_touched(pair, name),
        )
        for name in agreement.fields
    }


def _touched(pair: Pair, name: Field) -> frozenset[Side]:
    """The sides whose task may show in that field what people did since it was created."""
    tasks = {task.side: task for task in (pair.kore.task, pair.v2.task)}
    return frozenset(
        side
        for side, task in tasks.items()
        if not is_as_created(task) and tells(side, name, task.shown(name))
    )


def wants_probe(
    known: Known, policy: MergePolicy, carried: Collection[Field] = tuple(Field)
) -> bool:
    """Whether a Kore task changed since it was last seen whole, so that its row hides what.

    A field that is not carried is never probed for.
    """
    if known.task.side is not Side.KORE or policy.unobserved is not Unobserved.PROBE:
        return False
    return is_hidden_anew(known) and any(name in carried for name in known.task.hidden)


def _times(pair: Pair) -> Times:
    v2 = pair.v2.person_changed_at
    if v2 is not None:
        v2 -= timedelta(seconds=pair.skew_seconds)
    return Times(kore=pair.kore.person_changed_at, v2=v2)


def _operations(
    pair: Pair,
    decisions: Mapping[Field, Decision],
    writes: Mapping[Field, Decision],
    policy: MergePolicy,
) -> list[Operation]:
    hidden = tuple(name for name, one in decisions.items() if one.act is Act.READ)
    found = []
    if hidden or wants_probe(pair.kore, policy, tuple(decisions)):
        found.append(_probe(pair, hidden, decisions))
    for side in Side:
        mine = {name: one for name, one in writes.items() if one.side is side}
        unsure = hidden if side is Side.KORE else ()
        if mine or unsure:
            found.append(_update(pair, side, mine, unsure))
    return found


def _probe(pair: Pair, hidden: tuple[Field, ...], carried: Collection[Field]) -> Operation:
    shows = tuple(name for name in pair.kore.task.hidden if name in carried)
    why = "v2 changed what Kore's list hides" if hidden else "it changed and its row hides fields"
    return Operation(
        side=Side.KORE,
        kind=OperationKind.PROBE,
        reason=why,
        kore_id=pair.link.kore_id,
        v2_id=pair.link.v2_id,
        link_id=pair.link.id,
        fields=shows,
        after_read=shows,
    )


def _update(
    pair: Pair, side: Side, writes: Mapping[Field, Decision], unsure: tuple[Field, ...]
) -> Operation:
    reasons = dict.fromkeys(one.reason for one in writes.values())
    return Operation(
        side=side,
        kind=OperationKind.UPDATE,
        reason="; ".join(reasons) or "v2 changed what Kore's list hides",
        kore_id=pair.link.kore_id,
        v2_id=pair.link.v2_id,
        link_id=pair.link.id,
        fields=tuple(name for name in Field if name in writes or name in unsure),
        after_read=unsure,
        values={name: one.value for name, one in writes.items()},
        origin=_seen(pair.known(side.other), writes),
    )


def _seen(known: Known, names: Collection[Field]) -> dict[Field, Observed]:
    """What a task shows for these fields, as far as it shows them."""
    shown = {name: known.task.shown(name) for name in names}
    return {name: value for name, value in shown.items() if not isinstance(value, Unseen)}


def _decided(
    pair: Pair, views: Mapping[Field, FieldView], decisions: Mapping[Field, Decision]
) -> dict[Field, Wait]:
    """The conflicts and restores that wait on as they are."""
    found = {}
    for name, view in views.items():
        for wait in _of(pair, name):
            now = kept(wait, view, decisions[name]) if wait.kind in _DECIDABLE else None
            if now is not None:
                found[name] = now
    return found


def _restored(
    pair: Pair, views: Mapping[Field, FieldView], waiting: Collection[Wait]
) -> list[Wait]:
    return [
        wait
        for name, view in views.items()
        for wait in _of(pair, name)
        if wait.kind is WaitKind.RESTORE and wait not in waiting and is_restored(wait, view)
    ]


def _standing_failures(
    pair: Pair,
    views: Mapping[Field, FieldView],
    decisions: Mapping[Field, Decision],
    vocabulary: Vocabulary,
) -> dict[Field, Wait]:
    """The failures that stand: the same value would be written to the same side again.

    One that only missed an id is lifted as soon as a record has told it; one whose field a side
    hides now stands until it is seen.
    """
    found = {}
    for wait in pair.waits:
        if wait.kind is not WaitKind.FAILED or wait.field is None:
            continue
        if vocabulary.has_id(wait.waits_for):
            continue
        decision = decisions.get(wait.field)
        if decision is None:
            continue
        if decision.act is Act.READ and is_veiled(wait, views[wait.field]):
            found[wait.field] = wait
        if decision.act is not Act.WRITE or decision.side is not wait.side:
            continue
        if decision.value == wait.value:
            found[wait.field] = wait
    return found


def _waits(
    pair: Pair, views: Mapping[Field, FieldView], decisions: Mapping[Field, Decision]
) -> list[Wait]:
    conflicts = {wait.field: wait for wait in pair.waits if wait.kind is WaitKind.CONFLICT}
    found = []
    for name, one in decisions.items():
        if one.act in _WAITS:
            is_conflict = one.act is Act.CONFLICT
            before = conflicts.get(name) if is_conflict else None
            reason = reason_anew(before, views[name], one.reason)
            found.append(field_wait(pair, name, _WAITS[one.act], reason, one))
    return found


def _closed(pair: Pair, decisions: Mapping[Field, Decision]) -> dict[Field, Wait]:
    """The changes that wait for their case: they go out by themselves when it is open again."""
    if not pair.is_case_closed:
        return {}
    return {
        wait.field: wait
        for wait in pair.waits
        if wait.kind is WaitKind.CASE_CLOSED
        and wait.field is not None
        and decisions.get(wait.field, NOTHING).act is Act.WRITE
        and decisions[wait.field].side is Side.KORE
    }


def field_wait(pair: Pair, name: Field, kind: WaitKind, reason: str, one: Decision) -> Wait:
    """A wait of one field, with both values."""
    return Wait(
        kind=kind,
        reason=reason,
        side=one.side or Side.V2,
        link_id=pair.link.id,
        field=name,
        kore=pair.kore.task.shown(name),
        v2=pair.v2.task.shown(name),
        value=one.value,
        waits_for=one.waits_for,
    )
