"""What people said of conflicts and failures, as long as it is still to be carried out.

An instruction that waits for the daemon, and a decision that waits for the cycle that writes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bridge.daemon.conflicts import decided_of
from bridge.daemon.status import Look
from bridge.domain.instruction import Instruction, InstructionKind
from bridge.domain.operation import OperationKind, Wait
from bridge.domain.side import Side
from bridge.domain.values import UNSEEN

TRIED_AGAIN, CREATED, DISCARDED = "to be tried again", "to be created", "to be discarded"
BY_DAEMON = "What is noted the daemon carries out with its next cycle."
BY_NOBODY = (
    "What is noted the next cycle carries out. No daemon runs: task-bridge run, or task-bridge "
    "sync once."
)


def open_orders(look: Look, *kinds: InstructionKind) -> Mapping[int, Instruction]:
    """What is asked for and not carried out yet, by the numbers that it is about."""
    found: dict[int, Instruction] = {}
    for one in look.unit.open_instructions():
        if one.kind in kinds:
            found |= dict.fromkeys(_about(one), one)
    return found


def _about(one: Instruction) -> list[int]:
    failures = one.details.get("failures", ())
    return [one.details["conflict"]] if "conflict" in one.details else [it["id"] for it in failures]


def noted_of_conflicts(look: Look, found: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Whose value a person took in these conflicts, where it is not written yet."""
    asked = open_orders(look, InstructionKind.RESOLVE)
    taken: dict[int, Side | None] = {
        one["id"]: Side(asked[one["id"]].details["take"])
        if one["id"] in asked
        else decided_of(look.unit, one)
        for one in found
    }
    return {number: f"{side.label}'s value is taken" for number, side in taken.items() if side}


def noted_of_failures(look: Look, waits: Iterable[Wait]) -> dict[int, str]:
    """What is to become of these failures, where a person said so and it is not done yet."""
    return dict(_noted(look, waits))


def _noted(look: Look, waits: Iterable[Wait]) -> Iterator[tuple[int, str]]:
    asked = open_orders(look, InstructionKind.RETRY, InstructionKind.DISCARD)
    for wait in waits:
        order = asked.get(wait.id)
        if order is not None and order.kind is InstructionKind.DISCARD:
            yield wait.id, DISCARDED
        elif order is not None or is_retried(wait):
            yield wait.id, CREATED if wait.operation is OperationKind.CREATE else TRIED_AGAIN


def is_retried(wait: Wait) -> bool:
    """Whether a person said that it is to be done again, and no cycle has tried yet."""
    is_lifted = wait.field is not None and wait.value is UNSEEN
    return is_lifted or wait.decided is not None


def when_carried_out(look: Look) -> str:
    """Who carries out what is noted, and how to have it done where nobody does."""
    return BY_DAEMON if look.has_daemon else BY_NOBODY
