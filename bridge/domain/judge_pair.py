"""The state of one linked pair, and why; pure.

| the pair | state |
| --- | --- |
| a task of it was not shown by a whole reading | missing |
| it waits for a person's decision | conflict |
| a record cannot be read, a create is parked, a write was refused | failed |
| a value has no counterpart | unmapped |
| a create is open, a field is held, its case is closed | waiting |
| a change that the next cycle carries or asks for | waiting while a daemon is alive, else drifted |
| a change that the direction does not carry | drifted |
| anything else | in_step |

What a cycle would do is asked of the planner itself, so that the report and the bridge agree.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bridge.domain.held import picture_of
from bridge.domain.judge_missing import judge_missing
from bridge.domain.link import Link, LinkState
from bridge.domain.merge import LEFT, Act, Decision
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.paused import GUARDED_SEARCH, fate_of_others
from bridge.domain.plan import Pair, plan_pair, wants_probe
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.reconciled import STATES, Difference, Joined, Row, State, World, people_of
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.trouble import ONCE_OPEN, Trouble, when_written
from bridge.domain.unseen import unseen_of
from bridge.domain.values import UNSEEN

_ENDS = (".", "!", "?")
LOOKED_FOR = "The next cycle looks for it by its marker; it is never created twice."
WRITTEN = "The next cycle writes it."


NOT_READ = Trouble(
    state=State.WAITING,
    reason="One of the two has not been read yet.",
    next="It is compared as soon as its list shows it.",
)


def judge_pair(pair: Joined, world: World) -> Row:
    """The row of one link that is not removed."""
    return _row(pair, world, troubles_of(pair, world))


def troubles_of(pair: Joined, world: World) -> tuple[Trouble, ...]:
    """Everything about the pair that is not in step; empty where it is."""
    troubles, both = tuple(_whole_troubles(pair, world)), _both(pair, world)
    if both is None:
        return troubles or (NOT_READ,)
    return troubles or tuple(_field_troubles(both, world))


# --- the pair as a whole -------------------------------------------------------------------------


def _whole_troubles(pair: Joined, world: World) -> Iterator[Trouble]:
    """What concerns the pair as a whole; then its fields are not looked at."""
    link = pair.link
    missing = judge_missing(pair, world)
    if missing is not None:
        yield missing
        return
    yield from (_parked(wait) for wait in pair.waits if _is_of_whole(wait))
    if link.state is LinkState.CREATING:
        yield _creating(link, world)


def _is_of_whole(wait: Wait) -> bool:
    return wait.kind is WaitKind.FAILED and wait.field is None


def _parked(wait: Wait) -> Trouble:
    is_read = wait.operation is OperationKind.READ
    next_ = "It is read again with every cycle." if is_read else "A person has to look for it."
    return Trouble(state=State.FAILED, reason=wait.reason, next=next_, since=wait.since)


def _creating(link: Link, world: World) -> Trouble:
    side = Side.V2 if link.v2_id is None else Side.KORE
    return Trouble(
        state=State.WAITING,
        reason=f"Its counterpart in {side.label} is being created; the outcome is open.",
        next=GUARDED_SEARCH if world.is_guarded else LOOKED_FOR,
        since=link.created_at,
        is_held_up=world.is_guarded,
    )


# --- its fields ----------------------------------------------------------------------------------


def _both(pair: Joined, world: World) -> Pair | None:
    """The pair as the planner sees it, once both its tasks were read."""
    if pair.kore is None or pair.v2 is None:
        return None
    return Pair(
        link=pair.link,
        kore=pair.kore,
        v2=pair.v2,
        waits=pair.waits,
        skew_seconds=world.skew_seconds,
        is_case_closed=pair.is_case_closed,
    )


def _field_troubles(pair: Pair, world: World) -> Iterator[Trouble]:
    refused = _refused(pair)
    plan = plan_pair(pair, world.agreement, _policy(world, refused))
    since = {wait.field: wait.since for wait in pair.waits}
    is_probed = any(one.kind is OperationKind.PROBE for one in plan.operations)
    waits = {
        one.field: _of_wait(one, since.get(one.field), world, is_probed=is_probed)
        for one in plan.waits
    }
    yield from waits.values()
    carried = {
        name: one
        for name, one in plan.decisions.items()
        if one.act in (Act.WRITE, Act.READ) and name not in waits
    }
    for name, decision in carried.items():
        yield _carried(name, decision, pair, world, is_probed=is_probed)
    is_due = is_probed or wants_probe(pair.kore, world.policy, world.agreement.fields)
    if is_due and not waits and not carried:
        yield _unseen(pair, world, refused)


def _of_wait(wait: Wait, noted_at: datetime | None, world: World, *, is_probed: bool) -> Trouble:
    """What waits in a field, since it does, or else since something was noted there."""
    state, next_ = _WAITS[WaitKind.RESTORE if wait.decided else wait.kind]
    written_by, hidden = _written_by(wait), _hidden_for_good(wait, world)
    if written_by:
        state, next_ = when_written(written_by, next_, world, is_probed=is_probed)
    elif wait.kind is WaitKind.UNMAPPED:
        fate = fate_of_others(world.closed, is_probed=is_probed, is_guarded=world.is_guarded)
        next_ = f"{next_}; {fate}"
    elif wait.reason == LEFT.reason:
        next_ = "Nothing, until one of the two is changed."
    elif hidden:
        next_ = f"{next_} {_to_be_carried(hidden, world)}"
    reason = wait.reason if wait.field is None else f"{wait.field.capitalize()}: {wait.reason}"
    since = wait.since or noted_at
    return Trouble(
        state=state,
        reason=reason,
        next=next_,
        name=wait.field,
        since=since,
        is_on_its_way=hidden is None,
        is_held_up=bool(written_by & world.closed),
    )


def _hidden_for_good(wait: Wait, world: World) -> Side | None:
    """The side that hides what would be written over, where no cycle ever looks at it."""
    if wait.kind is not WaitKind.HELD:
        return None
    if wait.v2 is UNSEEN:
        return Side.V2
    is_asked = world.policy.unobserved is Unobserved.PROBE
    return Side.KORE if wait.kore is UNSEEN and not is_asked else None


def _written_by(wait: Wait) -> frozenset[Side]:
    """The sides that a person's decision is written to; a lost value comes back to both."""
    if wait.decided is None:
        return frozenset()
    return frozenset(SIDES if wait.kind is WaitKind.RESTORE else {wait.decided.other})


_WAITS = {
    WaitKind.CONFLICT: (
        State.CONFLICT,
        "A person has to say which value is right: task-bridge conflicts list.",
    ),
    WaitKind.FAILED: (
        State.FAILED,
        "It is tried again when the value changes. Until then a person has to look at it.",
    ),
    WaitKind.UNMAPPED: (
        State.UNMAPPED,
        "The field waits until a rule names the value",
    ),
    WaitKind.RESTORE: (State.WAITING, WRITTEN),
    WaitKind.HELD: (State.WAITING, "It waits; nothing is written over what cannot be seen."),
    WaitKind.CASE_CLOSED: (State.WAITING, ONCE_OPEN),
    WaitKind.DRIFT: (
        State.DRIFTED,
        "Nothing: that direction is off. Change it back by hand, or set sync.direction.",
    ),
}

_TO_BE_CARRIED = {
    Side.KORE: 'To have it carried: kore.unobserved = "probe", where Kore takes probes',
    Side.V2: "To have it carried: rows of v2 that show it",
}
_OVER_WHAT_WAS_KNOWN = 'kore.unobserved = "write", which writes over what was last known'


def _to_be_carried(hidden: Side, world: World) -> str:
    """What a person can do about it; under "write" only what was never seen is still on hold."""
    if world.policy.unobserved is Unobserved.WRITE:
        return f"{_TO_BE_CARRIED[hidden]}."
    return f"{_TO_BE_CARRIED[hidden]}; or {_OVER_WHAT_WAS_KNOWN}."


def _carried(
    name: Field, decision: Decision, pair: Pair, world: World, *, is_probed: bool
) -> Trouble:
    """A change that the next cycle carries, or looks at first.

    `is_probed`: nothing of the pair is written before a probe has shown what Kore's list hides.
    """
    to = decision.side or Side.V2
    since = pair.known(to.other).task.changed_at
    if decision.act is Act.READ:
        reason = f"{name.capitalize()}: changed in {to.other.label}; {decision.reason}."
        next_ = "The next cycle asks Kore for it by a probe, then carries it."
    else:
        reason = f"{name.capitalize()}: {_why(decision, to)}"
        next_ = f"The next cycle writes it to {to.label}."
    needed = frozenset({to, Side.KORE} if is_probed else {to})
    state, next_ = when_written(needed, next_, world, is_probed=is_probed)
    is_held_up = bool(needed & world.closed)
    return Trouble(
        state=state, reason=reason, next=next_, name=name, since=since, is_held_up=is_held_up
    )


def _why(decision: Decision, to: Side) -> str:
    if decision.conflict is not None:
        rule, winner = decision.conflict.rule, decision.conflict.winner.label
        return f"changed on both sides; {winner}'s value wins ({rule})."
    if decision.reason.startswith("empty"):
        return f"{decision.reason}, filled in in {to.other.label}."
    return f"changed in {to.other.label}, not in {to.label} yet."


def _unseen(pair: Pair, world: World, refused: Wait | None) -> Trouble:
    """Kore's row hides fields, and the task changed since they were last seen."""
    task = pair.kore.task
    reason = f"It changed in Kore, whose list hides {', '.join(task.hidden)}."
    is_held_up = refused is None and Side.KORE in world.closed
    if refused is not None:
        is_closed = refused.kind is WaitKind.CASE_CLOSED
        when = "the case is open again" if is_closed else "the task changes in Kore"
        state, next_ = State.WAITING, f"It is asked for by a probe when {when}."
        reason = f"{reason} {refused.reason}"
    else:
        asked = "The next cycle asks for it by a probe and carries what changed."
        state, next_ = when_written(frozenset({Side.KORE}), asked, world, is_probed=True)
    since = task.changed_at
    return Trouble(state=state, reason=reason, next=next_, since=since, is_held_up=is_held_up)


def _refused(pair: Pair) -> Wait | None:
    """The refusal of a probe that says something of the task as it is."""
    tried = (one for one in pair.waits if one.operation is OperationKind.PROBE)
    return next((one for one in tried if _stands(one, pair)), None)


def _stands(probe: Wait, pair: Pair) -> bool:
    if probe.kind is WaitKind.CASE_CLOSED:
        return pair.is_case_closed
    return not probe.waits_for and probe.value == picture_of(pair.kore)


def _policy(world: World, refused: Wait | None) -> MergePolicy:
    """As a cycle decides: what a refused probe does not show is on hold, and the rest flows."""
    return world.policy.in_force(takes_probes=refused is None)


# --- the row -------------------------------------------------------------------------------------


def _row(pair: Joined, world: World, troubles: tuple[Trouble, ...]) -> Row:
    state = min((one.state for one in troubles), key=STATES.index, default=State.IN_STEP)
    first = [one for one in troubles if one.state is state]
    others = [one for one in troubles if one.state is not state and one.name]
    names = {one.name for one in troubles}
    link, known = pair.link, [one for one in (pair.kore, pair.v2) if one is not None]
    return Row(
        state=state,
        sides=tuple(side for side in SIDES if world.has(link, side)),
        reason=_once(one.reason for one in (*first, *others)) or unseen_of(pair, world),
        next=_once(one.next for one in first),
        title=next((one.task.title for one in known if one.task.title), ""),
        kore_id=link.kore_id,
        kore_ref=pair.kore.task.ref if pair.kore else None,
        v2_id=link.v2_id,
        v2_ref=pair.v2.task.ref if pair.v2 else None,
        fields=tuple(_difference(pair, name) for name in Field if name in names),
        since=min((one.since for one in first if one.since), default=None),
        is_on_its_way=all(one.is_on_its_way for one in troubles),
        is_held_up=any(one.is_held_up for one in first),
        case=pair.kore.task.container if pair.kore else None,
        people=people_of(one.task for one in known),
    )


def _once(texts: Iterable[str]) -> str:
    """Each of them once, as sentences after each other."""
    *most, last = dict.fromkeys(texts) or [""]
    return " ".join([*(text if text.endswith(_ENDS) else f"{text}." for text in most), last])


def _difference(pair: Joined, name: Field) -> Difference:
    base = pair.link.base(name)
    is_known = base.kore is not UNSEEN or base.v2 is not UNSEEN
    return Difference(
        name=name,
        kore=pair.kore.task.shown(name) if pair.kore else UNSEEN,
        v2=pair.v2.task.shown(name) if pair.v2 else UNSEEN,
        base=(base.kore, base.v2) if is_known else None,
    )
