"""What a person can do about a task that waits or has no counterpart, with the command to type.

Capitals in a command stand for what the person knows and the bridge does not.
"""

from bridge.domain.held import is_refused
from bridge.domain.life import Advice
from bridge.domain.link import Link, LinkState
from bridge.domain.merge import LEFT
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.reconciled import Lone, State
from bridge.domain.side import SIDES, Field, Side, TaskId
from bridge.domain.task import Standing

NO_ADVICE = Advice()
NEXT_CYCLE = "next cycle"
_RULES = {
    Field.STATUS: "Add a [[status]] row for the value, or change it in the service.",
    Field.PRIORITY: "Add a [[priority]] row for the value, or change it in the service.",
    Field.ASSIGNEE: "Add a [[people.table]] row for the person, or assign somebody who has one.",
}
_HAVE_IT_NOW = "To have it now:"
_CARRIED = Advice(_HAVE_IT_NOW, ("task-bridge sync",))
_KINDS = {
    WaitKind.CASE_CLOSED: Advice("Open its case in Kore."),
    WaitKind.DRIFT: Advice('Change it back by hand, or set sync.direction = "both".'),
    WaitKind.RESTORE: _CARRIED,
}
_CASE_CLOSED = Advice(
    "Open its case in Kore: it waits for that, for a task in a closed case takes no probe."
)
_PROBE_REFUSED = Advice(
    "Put right what Kore refuses, and change the task there: then it is asked for once more."
)
_TO_CHECK = ("task-bridge check",)


def while_held_up(advice: Advice) -> Advice:
    """What is left of the advice while nothing is written: a run would not help."""
    return NO_ADVICE if advice.do == _HAVE_IT_NOW else advice


def advise_wait(wait: Wait, link: Link | None, probe: Wait | None = None) -> Advice:
    """What a person can do about one thing that waits, on a link or on a task by itself.

    `probe` is the probe of that pair that did not show what Kore's list hides.
    """
    if wait.operation is OperationKind.READ:
        return Advice(f"Mend the record in {wait.side.label}.")
    if wait.kind is WaitKind.CONFLICT:
        return _CARRIED if wait.decided else _of_conflict(wait)
    if wait.kind is WaitKind.FAILED:
        return _of_failure(wait, link)
    if wait.kind is WaitKind.UNMAPPED and wait.field is not None:
        return Advice(_RULES.get(wait.field, ""), _TO_CHECK)
    if wait.reason == LEFT.reason:
        return Advice("To have it carried after all: change one of the two by hand.")
    return _KINDS.get(wait.kind) or _of_held(wait, probe)


def advise_link(link: Link, state: State) -> Advice:
    """What a person can do about a link as a whole."""
    if link.state is LinkState.MISSING:
        name = link.kore_id or link.v2_id
        return Advice(
            "If it is gone for good, let go of the link or give the other one a new counterpart.",
            (f"task-bridge links remove {name}", _add(link.kore_id, link.v2_id)),
        )
    return _CARRIED if state is State.DRIFTED else NO_ADVICE


def advise_lone(lone: Lone, removed: Link | None) -> Advice:
    """What would change that a task has no counterpart."""
    ids = _ids(lone.side, lone.task_id)
    if removed is not None:
        again = _add(removed.kore_id, removed.v2_id)
        return Advice("To link the two again, or to link it to another one:", (again,))
    failed = next((one for one in lone.waits if one.kind is WaitKind.FAILED), None)
    if failed is not None:
        return advise_wait(failed, None)
    standing = lone.known.standing if lone.known else Standing.UNREADABLE
    is_shut = standing is Standing.HELD and lone.known is not None and is_refused(lone.known.why)
    do, *commands = _REFUSED if is_shut else _STANDINGS[standing]
    filled = {"ID": str(lone.task_id), "ADD": _add(*ids)}
    return Advice(do, tuple(_filled(command, filled) for command in commands))


_BY_HAND = "ADD"
_SKIPPED = "task-bridge backfill --only ID"
_REFUSED = ("Open its case in Kore if that is closed, link it by hand, or leave it.", _BY_HAND)
_STANDINGS: dict[Standing, tuple[str, ...]] = {
    Standing.NEW: (_HAVE_IT_NOW, "task-bridge sync", "task-bridge backfill --dry-run"),
    Standing.LINKED: (_HAVE_IT_NOW, "task-bridge sync"),
    Standing.OUT_OF_SCOPE: ("Widen scope, or link it by hand.", _BY_HAND),
    Standing.FINISHED: (
        "To create it all the same, or to link it by hand:",
        "task-bridge backfill --include-finished --only ID",
        _BY_HAND,
    ),
    Standing.UNROUTABLE: (
        "Give it a place: a [[kore.routes]] row that fits, an open case, kore.requester.",
        *_TO_CHECK,
        _BY_HAND,
    ),
    Standing.DUPLICATE: (
        "Delete it, or take the marker's line out of its description to make it a task of its own.",
    ),
    Standing.ORPHAN: (
        "Take the marker's line out to make it a task of its own, or link it by hand.",
        _BY_HAND,
    ),
    Standing.LEFT: ("To take it up after all:", _SKIPPED, _BY_HAND),
    Standing.AMBIGUOUS: ("Say which task is its counterpart.", _BY_HAND),
    Standing.UNREADABLE: ("Mend the record in the service.",),
    Standing.HELD: (
        'Let the bridge see what the list hides: kore.unobserved = "probe".',
        *_TO_CHECK,
        _BY_HAND,
    ),
    Standing.UNCERTAIN: ("If you find its counterpart, link the two.", _BY_HAND),
    Standing.FAILED: ("Put right what its reason says, or link it by hand.", _BY_HAND),
}


def _filled(command: str, words: dict[str, str]) -> str:
    return words["ADD"] if command == _BY_HAND else command.replace("ID", words["ID"])


def _of_conflict(wait: Wait) -> Advice:
    number = wait.waits_for
    takes = tuple(f"task-bridge conflicts resolve {number} --take {side}" for side in SIDES)
    look = ("task-bridge conflicts list",)
    do = "Say which value is right, or make both alike in the services."
    return Advice(do, takes if number else look)


def _of_failure(wait: Wait, link: Link | None) -> Advice:
    ways = (f"task-bridge failures retry {wait.id}", f"task-bridge failures discard {wait.id}")
    if wait.operation is not OperationKind.CREATE:
        to = wait.side.label
        do = f"Put right what {to} refuses and send it again, or leave it as it is."
        return Advice(do, ways)
    if link is not None:
        add = _add(link.kore_id, link.v2_id)
        do = f"Look for it in {wait.side.label}: link it if it is there, else create it again."
        return Advice(do, (add, ways[0]))
    add = _add(*_ids(wait.side.other, wait.task_id))
    if wait.candidates:
        do = "Link it to the one that it is; else create it all the same, or leave it."
        return Advice(do, (f"task-bridge failures show {wait.id}", add, *ways))
    return Advice("Put right what is refused and create it again, or leave it.", (*ways, add))


def _of_held(wait: Wait, probe: Wait | None) -> Advice:
    """Of what a probe was to show, nobody is told to have it probed."""
    if wait.waits_for == NEXT_CYCLE:
        return NO_ADVICE
    if wait.field is Field.ASSIGNEE and getattr(wait.kore, "is_queue", False):
        return Advice("Take it from the queue in Kore, or set people.take_from_queue = true.")
    tried = wait if wait.operation is OperationKind.PROBE else probe
    if tried is not None and tried.waits_for == NEXT_CYCLE:
        return NO_ADVICE
    if tried is not None:
        return _CASE_CLOSED if tried.kind is WaitKind.CASE_CLOSED else _PROBE_REFUSED
    return Advice(
        'Let the bridge see what the list hides (kore.unobserved = "probe"), or write over what '
        'was last known ("write").',
        _TO_CHECK,
    )


def _ids(side: Side, task_id: TaskId | None) -> tuple[TaskId | None, TaskId | None]:
    return (task_id, None) if side is Side.KORE else (None, task_id)


def _add(kore_id: TaskId | None, v2_id: TaskId | None) -> str:
    return f"task-bridge links add {kore_id or 'KORE_ID'} {v2_id or 'V2_ID'}"
