"""The state of one task without a link, and why; pure.

| the task | state |
| --- | --- |
| its record cannot be read | failed |
| left by a person, finished, not in scope, or nothing is carried from its side | out_of_scope |
| its marker names a task that has its counterpart already | duplicate |
| its create was refused, its marker names nobody, several tasks may be its counterpart | failed |
| its list hides what decides | waiting |
| no case to create it in | unroutable |
| a cycle would link or create it | waiting while a daemon is alive, else only_kore, only_v2 |
"""

from dataclasses import replace

from bridge.domain.held import is_on_its_way, next_of_held
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.paused import GUARDED_SEARCH, next_of_closed
from bridge.domain.plan import wants_probe
from bridge.domain.reconciled import Lone, Row, State, World, people_of
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Standing

_STATES = {
    Standing.LEFT: State.OUT_OF_SCOPE,
    Standing.OUT_OF_SCOPE: State.OUT_OF_SCOPE,
    Standing.FINISHED: State.OUT_OF_SCOPE,
    Standing.DUPLICATE: State.DUPLICATE,
    Standing.ORPHAN: State.FAILED,
    Standing.AMBIGUOUS: State.FAILED,
    Standing.UNREADABLE: State.FAILED,
    Standing.FAILED: State.FAILED,
    Standing.HELD: State.WAITING,
    Standing.UNCERTAIN: State.WAITING,
    Standing.UNROUTABLE: State.UNROUTABLE,
}
_BEFORE_FAILED = (State.OUT_OF_SCOPE, State.DUPLICATE)
_NEXT = {
    Standing.DUPLICATE: "It is kept out of the sync. Delete it, or take the marker's line out of "
    "its description to make it a task of its own.",
    Standing.ORPHAN: "Nothing is created from it.",
    Standing.AMBIGUOUS: "A person has to say which one it is; nothing is created meanwhile.",
    Standing.UNCERTAIN: "The next cycle looks for its counterpart; it is never created twice.",
    Standing.UNROUTABLE: "It is created in Kore as soon as it has a place there.",
}
_FAILED_NEXT = "Nothing is created from it until a person has looked at it."
_ASKED = "The next cycle asks Kore by a probe; nothing is created before."
_FIRST_CONTACT = "First contact: task-bridge backfill --dry-run shows what would be done about it."
_NO_DAEMON = "Nothing creates it while no daemon runs: task-bridge run, or task-bridge sync once."


def judge_task(lone: Lone, world: World) -> Row:
    """The row of one task without a link."""
    unreadable = next((wait for wait in lone.waits if _is_unreadable(wait)), None)
    if unreadable is not None or lone.known is None:
        reason = unreadable.reason if unreadable else "Its record cannot be read."
        return _row(lone, State.FAILED, reason, "It is read again with every cycle.")
    standing, why = lone.known.standing, lone.known.why
    state = _STATES.get(standing)
    failed = next((wait for wait in lone.waits if wait.kind is WaitKind.FAILED), None)
    if failed is not None and state not in _BEFORE_FAILED:
        return _row(lone, State.FAILED, _sentence(failed.reason), _FAILED_NEXT)
    if state is None:
        return _unmatched(lone, is_linked=standing is Standing.LINKED, why=why, world=world)
    if standing is Standing.HELD:
        row = _row(lone, state, _sentence(why), next_of_held(why))
        return replace(row, is_on_its_way=is_on_its_way(why))
    if standing is Standing.UNCERTAIN and world.is_guarded:
        return replace(_row(lone, state, _sentence(why), GUARDED_SEARCH), is_held_up=True)
    return _row(lone, state, _sentence(why), _NEXT.get(standing, _FAILED_NEXT))


def _unmatched(lone: Lone, *, is_linked: bool, why: str, world: World) -> Row:
    """A task that waits for nothing but a cycle."""
    other = lone.side.other.label
    reason = _sentence(why) if is_linked else lone.may_be or f"It has no counterpart in {other}."
    only = State.ONLY_KORE if lone.side is Side.KORE else State.ONLY_V2
    closed = [] if is_linked else _closed(lone, world)
    if world.is_first_contact:
        return replace(_row(lone, only, reason, _FIRST_CONTACT), is_held_up=bool(closed))
    state = State.WAITING if world.is_carried_soon else only
    if closed:
        next_ = next_of_closed(
            closed,
            is_probed=bool(lone.may_be) or _needs_probe(lone, world),
            is_guarded=world.is_guarded,
            is_carried_soon=world.is_carried_soon,
            done="created",
        )
        return replace(_row(lone, state, reason, next_), is_held_up=True)
    if not world.is_carried_soon:
        return _row(lone, state, reason, _NO_DAEMON)
    verb = "links it" if is_linked else f"creates it in {other}"
    return _row(lone, state, reason, _ASKED if lone.may_be else f"The next cycle {verb}.")


def _closed(lone: Lone, world: World) -> list[Side]:
    """The sides that have to be written to before it has a counterpart, and are not."""
    needed = {lone.side.other, *([Side.KORE] if _needs_probe(lone, world) else [])}
    return [side for side in SIDES if side in needed & world.closed]


def _needs_probe(lone: Lone, world: World) -> bool:
    """Whether it is seen whole by a probe first, which is a write to Kore."""
    return lone.known is not None and wants_probe(lone.known, world.policy)


def _is_unreadable(wait: Wait) -> bool:
    return wait.kind is WaitKind.FAILED and wait.operation is OperationKind.READ


def _sentence(why: str) -> str:
    """A reason as a sentence of its own."""
    text = why.strip()
    if not text.startswith("v2 "):
        text = text if _is_name(text) else text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _row(lone: Lone, state: State, reason: str, next_: str) -> Row:
    task = lone.known.task if lone.known else None
    since = min((wait.since for wait in lone.waits if wait.since), default=None)
    is_kore, ref = lone.side is Side.KORE, task.ref if task else None
    return Row(
        state=state,
        sides=(lone.side,),
        reason=reason,
        next=next_,
        title=task.title if task else "",
        kore_id=lone.task_id if is_kore else None,
        kore_ref=ref if is_kore else None,
        v2_id=None if is_kore else lone.task_id,
        v2_ref=None if is_kore else ref,
        since=since or lone.parted_at or (task.created_at if task else None),
        case=task.container if task else None,
        people=people_of([task] if task else []),
    )


def _is_name(text: str) -> bool:
    """Whether a sentence begins with an id or a reference, which stays as it is."""
    return any(sign.isdigit() for sign in text.split(" ", 1)[0])
