"""The three-way merge of one field: base, Kore's value, v2's value; out comes one decision.

| since base, Kore | since base, v2 | then |
| --- | --- | --- |
| same | same | nothing |
| changed | same | they agree: move the base, the change is absorbed; else write to v2 |
| same | changed | the mirror of it |
| changed, or absorbed and not agreeing now | changed | they agree: move the base; else a conflict |
| unobserved | changed | probe, hold or write |
| changed | unobserved | the mirror of it; nothing changed: leave it |

Without a base: what agrees sets one, an empty side takes the other's value, else a conflict.
The rule decides a conflict; under `manual` the field waits until a person has decided it. In one
direction the source wins, whatever the rule. What people set on a created task before it was seen
first gives way to the origin's value, and is kept as the value that lost.
A value without a counterpart makes the field wait; no rule writes it. Merging twice changes
nothing: the base after a decision leads to no other decision.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.domain.link import NO_BASE, FieldBase
from bridge.domain.policy import ConflictRule, MergePolicy, Unobserved
from bridge.domain.relation import Relation, Unmapped
from bridge.domain.side import Field, Side
from bridge.domain.values import UNSEEN, Observed, Shown, Unseen


class Act(StrEnum):
    """What is to be done about a field."""

    NOTHING = "nothing"
    REBASE = "rebase"
    WRITE = "write"
    READ = "read"
    HOLD = "hold"
    UNMAPPED = "unmapped"
    DRIFT = "drift"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A conflict as it was decided: which rule let which side win over which value."""

    rule: str
    winner: Side
    lost: Observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done about one field, and why.

    REBASE: `base` is the base from now on. WRITE: `value` goes to `side`. READ and HOLD: `side`
    hides the field, or may not be written over. UNMAPPED: `waits_for` names the missing word.
    CONFLICT: a person has to decide.
    With any act, a `base` that is not NO_BASE is to be kept: a created side was seen first.
    """

    act: Act
    reason: str = ""
    side: Side | None = None
    value: Observed = None
    base: FieldBase = NO_BASE
    waits_for: str = ""
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When people last changed either side, on one clock; None is not known."""

    kore: datetime | None = None
    v2: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """All that the merge of one field looks at; `decided` is the side that a person chose.

    `touched` are the sides whose task people may have been at since it was created, as this field
    shows: it counts where a created side is seen first.
    """

    name: Field
    base: FieldBase
    kore: Shown
    v2: Shown
    relation: Relation
    policy: MergePolicy
    times: Times = Times()
    decided: Side | None = None
    touched: frozenset[Side] = frozenset()

    def shown(self, side: Side) -> Shown:
        """What that side shows."""
        return self.kore if side is Side.KORE else self.v2


NOTHING = Decision(act=Act.NOTHING)
LEFT = Decision(
    act=Act.DRIFT, reason="A person left the two as they are; the next change of either counts."
)
ORIGIN_FIRST = "origin first"
BOTH_CHANGED = "Both sides changed it."
NEVER_AGREED = "The two differ, and no value was agreed before."


def merge(view: FieldView) -> Decision:
    """The decision for one field; pure, and NOTHING where nobody changed anything."""
    seen = _with_first_sight(view)
    decision = _decide(seen)
    if seen is view or decision.act is Act.REBASE:
        return decision
    return replace(decision, base=seen.base)


def _decide(view: FieldView) -> Decision:
    decision = _decide_anew(view)
    is_left = view.base.is_left and decision is NOTHING and not _agree(view)
    return LEFT if is_left else decision


def _agree(view: FieldView) -> bool:
    if isinstance(view.kore, Unseen) or isinstance(view.v2, Unseen):
        return False
    return _gap(view) is None and view.relation.agrees(view.kore, view.v2)


def _decide_anew(view: FieldView) -> Decision:
    if view.kore is UNSEEN or view.v2 is UNSEEN:
        return _half_seen(view)
    if _is_unchanged(view):
        if view.base.table == view.relation.table:
            return NOTHING
        view = _under_new_table(view)
    return _gap(view) or _both_seen(view)


def base_after_create(
    origin: Side, value: Shown, created: Shown, relation: Relation, *, was_sent: bool
) -> FieldBase:
    """The base of a field right after a create.

    `value` is what the origin shows, `created` what the created side's answer or first read
    shows; what it filled in where the origin is empty flows back. `was_sent` says that the create
    carried the whole value, so that another non-empty text or date is the service's form of it.
    """
    if value is UNSEEN and created is UNSEEN:
        return NO_BASE
    base = FieldBase(table=relation.table).moved(origin, value).moved(origin.other, created)
    still = replace(base, carry=origin.other if _is_empty(value) else origin)
    if value is UNSEEN or created is UNSEEN:
        return base if value is UNSEEN or was_sent else still
    kore, v2 = (value, created) if origin is Side.KORE else (created, value)
    is_mapped = not (relation.gap(Side.KORE, kore) or relation.gap(Side.V2, v2))
    is_own_form = was_sent and created is not None and value is not None
    return base if is_own_form or (is_mapped and relation.agrees(kore, v2)) else still


def _with_first_sight(view: FieldView) -> FieldView:
    """The first sight of a created side is its base, not a change."""
    base = view.base
    if base.carry is None:
        return view
    other = base.carry.other
    if base.of(other) is not UNSEEN or view.shown(other) is UNSEEN:
        return view
    is_edited = base.is_edited or other in view.touched
    return replace(view, base=replace(base.moved(other, view.shown(other)), is_edited=is_edited))


def _is_unchanged(view: FieldView) -> bool:
    base = view.base
    return base.carry is None and base.kore == view.kore and base.v2 == view.v2


def _under_new_table(view: FieldView) -> FieldView:
    """Under a changed table a field that still agrees keeps its base, else it has none."""
    kore, v2 = _observed(view.kore), _observed(view.v2)
    return view if view.relation.agrees(kore, v2) else replace(view, base=NO_BASE)


def _gap(view: FieldView) -> Decision | None:
    for side in Side:
        gap = view.relation.gap(side, _observed(view.shown(side)))
        if gap is not None:
            return _unmapped(gap, side.other)
    return None


def _unmapped(gap: Unmapped, side: Side) -> Decision:
    return Decision(act=Act.UNMAPPED, reason=gap.reason, side=side, waits_for=gap.waits_for)


def _changed(view: FieldView, side: Side) -> bool | None:
    """Whether that side changed since the base; None where the base does not know it."""
    if view.base.carry is side:
        return True
    known = view.base.of(side)
    if known is UNSEEN:
        return None
    return view.shown(side) != known


def _both_seen(view: FieldView) -> Decision:
    kore, v2 = _observed(view.kore), _observed(view.v2)
    if view.relation.agrees(kore, v2):
        return _agreeing(view, kore, v2)
    changed = {side: _changed(view, side) for side in Side}
    if not view.base.is_known:
        return _without_base(view, changed)
    absorbed = view.base.absorbed
    if changed[Side.KORE] and changed[Side.V2]:
        return decide_conflict(view)
    for side in Side:
        if changed[side]:
            if absorbed is side.other:
                return decide_conflict(view)
            return _keeping(view, _write(view, side.other, f"{side.label} changed"))
    return NOTHING


def _keeping(view: FieldView, decision: Decision) -> Decision:
    """A first value that people may have set is written over, and kept as one that lost."""
    to = decision.side
    if not view.base.is_edited or decision.act is not Act.WRITE or to is None:
        return decision
    lost = _observed(view.shown(to))
    return replace(decision, conflict=Conflict(rule=ORIGIN_FIRST, winner=to.other, lost=lost))


def _agreeing(view: FieldView, kore: Observed, v2: Observed) -> Decision:
    """They agree: the base moves; a change of one side alone is marked as absorbed."""
    changed = [side for side in Side if _changed(view, side)]
    alone = changed[0] if len(changed) == 1 and view.base.is_known else None
    if alone and not view.relation.absorbs(alone, kore, v2):
        return _write(view, alone.other, f"{alone.label} changed")
    absorbed = None if changed else view.base.absorbed
    if alone and view.base.absorbed is not alone.other and view.shown(alone) != view.base.of(alone):
        absorbed = alone
    base = FieldBase(kore=kore, v2=v2, absorbed=absorbed, table=view.relation.table)
    return NOTHING if base == view.base else Decision(act=Act.REBASE, base=base, reason="agree")


def _without_base(view: FieldView, changed: dict[Side, bool | None]) -> Decision:
    """No base knows both values: an empty side takes the other's value, else a conflict."""
    for side in Side:
        if _is_empty(view.shown(side)) and not changed[side]:
            return _write(view, side, f"empty in {side.label}")
    return decide_conflict(view)


def _is_empty(shown: Shown) -> bool:
    return shown is None or (not isinstance(shown, Unseen) and shown.is_queue)


def _half_seen(view: FieldView) -> Decision:
    """One side, or both, hide the field."""
    seen = next((side for side in Side if view.shown(side) is not UNSEEN), None)
    if seen is None:
        return NOTHING
    changed = _changed(view, seen)
    if changed is None and view.base.of(seen.other) is UNSEEN:
        base = view.base.moved(seen, view.shown(seen))
        half = replace(base, table=view.relation.table)
        return Decision(act=Act.REBASE, base=half, reason="seen")
    return NOTHING if changed is False else _hidden_change(view, seen)


def _hidden_change(view: FieldView, seen: Side) -> Decision:
    """A change whose other side is hidden: look (in Kore), write over what is known, or wait."""
    hidden = seen.other
    if not view.policy.direction.may_write(hidden):
        return Decision(act=Act.DRIFT, side=hidden, reason=_one_way(seen))
    last = view.base.of(hidden)
    if view.policy.unobserved is Unobserved.PROBE and hidden is Side.KORE:
        return Decision(act=Act.READ, side=hidden, reason=f"{hidden.label}'s list hides it")
    if view.policy.unobserved is Unobserved.WRITE and last is not UNSEEN:
        known = replace(view, kore=last) if hidden is Side.KORE else replace(view, v2=last)
        return _gap(known) or _both_seen(known)
    return Decision(
        act=Act.HOLD, side=hidden, reason=f"{hidden.label}'s list hides what it would replace."
    )


def _write(view: FieldView, to: Side, reason: str) -> Decision:
    """Write the other side's value to `to`, as far as the direction and the relation let."""
    if not view.policy.direction.may_write(to):
        return Decision(act=Act.DRIFT, side=to, reason=_one_way(to.other))
    return write_over(
        view, to, view.relation.translate(_observed(view.shown(to.other)), to), reason
    )


def write_over(view: FieldView, to: Side, value: Observed | Unmapped, reason: str) -> Decision:
    """Write a value over what `to` shows, as far as the relation lets."""
    held = view.relation.hold(to, _observed(view.shown(to)))
    if held:
        return Decision(act=Act.HOLD, side=to, reason=held)
    if isinstance(value, Unmapped):
        return _unmapped(value, to)
    return Decision(act=Act.WRITE, side=to, value=value, reason=reason)


def _one_way(changed: Side) -> str:
    return f"{changed.label} changed alone; the direction carries nothing from there."


def decide_conflict(view: FieldView) -> Decision:
    """What becomes of two values that do not agree: by the direction, a person, or the rule."""
    rule, winner = _winner(view)
    if winner is None:
        reason = BOTH_CHANGED if view.base.is_known else NEVER_AGREED
        return Decision(act=Act.CONFLICT, reason=reason)
    loser = winner.other
    lost = _observed(view.shown(loser))
    decision = _write(view, loser, f"conflict, {winner.label} wins ({rule})")
    if decision.act is not Act.WRITE:
        return decision
    return replace(decision, conflict=Conflict(rule=rule, winner=winner, lost=lost))


def _winner(view: FieldView) -> tuple[str, Side | None]:
    """The rule and the side that it lets win; None is left to a person."""
    policy = view.policy
    if policy.direction.source is not None:
        return str(policy.direction), policy.direction.source
    rule = policy.rule(view.name)
    if view.decided is not None or rule is ConflictRule.MANUAL:
        return str(ConflictRule.MANUAL), view.decided
    if rule is not ConflictRule.NEWEST:
        return str(rule), Side(rule.value)
    kore, v2 = view.times.kore, view.times.v2
    tolerance = timedelta(seconds=policy.tolerance_seconds)
    if kore is None or v2 is None or abs(kore - v2) <= tolerance:
        return f"tie: {policy.tie}", policy.tie
    return str(rule), Side.KORE if kore > v2 else Side.V2


def _observed(shown: Shown) -> Observed:
    """What was shown, where the caller has made sure that something was."""
    if isinstance(shown, Unseen):
        raise TypeError("this value was not observed")
    return shown
