"""Deciding a conflict: a person takes one side's value, or takes a lost one back.

Takes the instruction with the values that the person was shown; gives a decision on a wait, which
the merge carries out. If a side shows another value, here or when the write is planned, the
decision is void and the conflict stands.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.plan import PairPlan
from bridge.domain.policy import ConflictRule
from bridge.domain.records import Happening
from bridge.domain.relation import Unmapped
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.text import shortened
from bridge.domain.values import UNSEEN, Shown, Unseen, Value
from bridge.ports import LinkView, Unit
from bridge.sync.desk import Desk
from bridge.sync.record import known_of

MOST_TEXT = 80
# What the history says of a lost value that was to be written back, and was not.
DROPPED = "restore dropped"
Result = tuple[InstructionOutcome, str]
Conflict = Mapping[str, Any]


def resolve(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Take `details["take"]`'s value in the conflict `details["conflict"]`.

    `details` holds under `kore` and `v2` what was shown; a value that was not seen has no key.
    """
    number, take = wanted.details["conflict"], Side(wanted.details["take"])
    conflict = unit.conflict(number)
    if conflict is None:
        return InstructionOutcome.REFUSED, f"There is no conflict {number}."
    view = unit.link(conflict["link_id"])
    if view is None or view.kore is None or view.v2 is None:
        return InstructionOutcome.VOID, "One of the two tasks is not known any more."
    if conflict["settled_at"] is None:
        return _decide(desk, unit, view, conflict, take, wanted.details)
    return _take_back(desk, unit, view, conflict, take)


def note_restored(desk: Desk, unit: Unit, view: LinkView, plan: PairPlan) -> None:
    """Lost values that are written back now, and those whose field was changed meanwhile."""
    for wait in view.waits:
        if wait.kind is not WaitKind.RESTORE or wait in plan.waits or wait.decided is None:
            continue
        if wait in plan.restored:
            rule, now = str(ConflictRule.MANUAL), desk.clock.now()
            unit.turn_conflict(int(wait.waits_for), rule, wait.decided, now)
            _remember(desk, unit, view, wait, "restored", wait.reason)
        else:
            why = "the field was changed before the lost value was written back"
            _remember(desk, unit, view, wait, DROPPED, why)


def list_conflicts(desk: Desk, unit: Unit, view: LinkView, plan: PairPlan) -> list[Wait]:
    """Keep the conflicts that wait for a person; gives what waits, conflicts with their number."""
    return [_listed(desk, unit, view, wait) for wait in plan.waits]


def _listed(desk: Desk, unit: Unit, view: LinkView, wait: Wait) -> Wait:
    if wait.kind is not WaitKind.CONFLICT or wait.field is None:
        return wait
    base = view.link.base(wait.field)
    values = {"kore": wait.kore, "v2": wait.v2, "base_kore": base.kore, "base_v2": base.v2}
    rule, now = str(ConflictRule.MANUAL), desk.clock.now()
    number = unit.save_conflict(view.link.id, wait.field, values, rule=rule, winner=None, at=now)
    return replace(wait, waits_for=str(number))


# --- a conflict that is open ---------------------------------------------------------------------


def _decide(
    desk: Desk,
    unit: Unit,
    view: LinkView,
    conflict: Conflict,
    take: Side,
    shown: Mapping[str, Any],
) -> Result:
    name, source = conflict["field"], desk.policy.direction.source
    wait = _waiting(view, name, WaitKind.CONFLICT)
    if wait is None:
        return InstructionOutcome.VOID, "It does not wait any more; the next cycle tells."
    if source is take.other:
        return InstructionOutcome.REFUSED, f"sync.direction lets {source.label} win every conflict."
    now = {side: _shown(view, side, name) for side in SIDES}
    moved = [side for side in SIDES if now[side] != shown.get(side, UNSEEN)]
    unit.set_due(view.link.id, True)
    if moved:
        return InstructionOutcome.VOID, _moved(moved[0], now[moved[0]], conflict)
    reason = f"{take.label}'s value is taken; it waits for its write."
    decided = replace(wait, decided=take, reason=reason, value=UNSEEN)
    _put(desk, unit, view, [one for one in view.waits if one is not wait], decided)
    _remember(desk, unit, view, decided, "decided", f"a person takes {take.label}'s value")
    return (
        InstructionOutcome.DONE,
        f"{name.capitalize()}: {take.label}'s value {_quoted(now[take])} is taken over "
        f"{take.other.label}'s {_quoted(now[take.other])}; the next cycle writes it.",
    )


def _moved(side: Side, now: Shown, conflict: Conflict) -> str:
    return (
        f"Nothing was decided: {side.label} shows {_quoted(now)} by now. "
        f"Look at it again: task-bridge conflicts show {conflict['id']}"
    )


# --- a conflict that is settled ------------------------------------------------------------------


def _take_back(desk: Desk, unit: Unit, view: LinkView, conflict: Conflict, take: Side) -> Result:
    """Write the value that lost back to both sides, if nothing has happened to the field since."""
    name, winner = conflict["field"], conflict["winner"]
    if winner is None:
        why = "People settled it in the services: no value was lost to the bridge."
        return InstructionOutcome.REFUSED, why
    if take is winner:
        return InstructionOutcome.REFUSED, f"{take.label}'s value was taken already."
    lost: Shown = conflict.get(str(take), UNSEEN)
    refusal = _cannot_write(desk, view, name, lost, take)
    if refusal:
        return InstructionOutcome.REFUSED, refusal
    if has_moved_on(view, conflict):
        return InstructionOutcome.VOID, f"The {name} was changed since; nothing is written back."
    restore = Wait(
        kind=WaitKind.RESTORE,
        reason=f"{take.label}'s value {_quoted(lost)} that lost conflict {conflict['id']} is "
        "written back.",
        side=winner,
        link_id=view.link.id,
        field=name,
        kore=view.link.base(name).kore,
        v2=view.link.base(name).v2,
        value=lost,
        waits_for=str(conflict["id"]),
        decided=take,
    )
    others = [one for one in view.waits if (one.kind, one.field) != (restore.kind, name)]
    _put(desk, unit, view, others, restore)
    unit.set_due(view.link.id, True)
    _remember(desk, unit, view, restore, "decided", f"a person takes {take.label}'s value back")
    return (
        InstructionOutcome.DONE,
        f"{name.capitalize()}: {take.label}'s value {_quoted(lost)} is taken back; the next cycle "
        "writes it to both sides, if neither side changes it before. What came of it: "
        f"task-bridge conflicts show {conflict['id']}",
    )


def _cannot_write(desk: Desk, view: LinkView, name: Field, lost: Shown, take: Side) -> str:
    """Why the lost value cannot be written back, or an empty string."""
    if isinstance(lost, Unseen):
        return f"The value that {take.label} had was never seen."
    closed = [side for side in SIDES if not desk.policy.direction.may_write(side)]
    if closed:
        return f"sync.direction lets nothing be written to {closed[0].label}."
    if name not in desk.agreement.fields:
        return f"The {name} is not carried."
    relation = desk.agreement.of(name, view.link.stand_in)
    value = relation.translate(lost, take.other)
    return value.reason if isinstance(value, Unmapped) else ""


def has_moved_on(view: LinkView, conflict: Conflict) -> bool:
    """Whether the field is not any more as the decision of the conflict left it."""
    name, winner = conflict["field"], conflict["winner"]
    base = view.link.base(name)
    is_in_step = all(_shown(view, side, name) in (base.of(side), UNSEEN) for side in SIDES)
    is_won = base.of(winner) == conflict.get(str(winner), UNSEEN)
    is_later = base.is_left or base.absorbed is winner.other  # a change that was not written across
    waits = {wait.kind for wait in view.waits if wait.field is name}
    return not (is_in_step and is_won) or is_later or bool(waits - {WaitKind.RESTORE})


# --- both ----------------------------------------------------------------------------------------


def _waiting(view: LinkView, name: Field, kind: WaitKind) -> Wait | None:
    return next((one for one in view.waits if (one.kind, one.field) == (kind, name)), None)


def _shown(view: LinkView, side: Side, name: Field) -> Shown:
    known = known_of(view, side)
    return known.task.shown(name) if known else UNSEEN


def _put(desk: Desk, unit: Unit, view: LinkView, others: list[Wait], wait: Wait) -> None:
    unit.replace_waits([*others, wait], link_id=view.link.id, at=desk.clock.now())


def _quoted(shown: Shown) -> str:
    return f"“{shortened(shown.text, MOST_TEXT)}”" if isinstance(shown, Value) else "(empty)"


def _remember(desk: Desk, unit: Unit, view: LinkView, wait: Wait, what: str, why: str) -> None:
    happening = Happening(
        what=what,
        why=why,
        link_id=view.link.id,
        side=wait.decided,
        field=wait.field,
        details={"conflict": wait.waits_for},
    )
    unit.remember([happening], desk.run_id, desk.clock.now())
    facts = {"link": view.link.id, "field": wait.field, "conflict": int(wait.waits_for)}
    desk.tell(what.replace(" ", "_"), **facts)
