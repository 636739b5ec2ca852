"""Carrying out what people told the bridge to do, by whoever holds the lease.

Each instruction is carried out in one transaction with the note of what came of it, so that it is
done once or not at all. What it leads to, a write say, is planned by the cycle like anything else.
"""

from collections.abc import Callable, Mapping

from bridge.domain.instruction import Instruction, InstructionKind, InstructionOutcome
from bridge.ports import Unit
from bridge.sync.add_link import add_link
from bridge.sync.desk import Desk
from bridge.sync.failing import discard, retry
from bridge.sync.guard import confirm
from bridge.sync.import_links import import_links
from bridge.sync.lease import under_lease
from bridge.sync.pause import pause, resume
from bridge.sync.prune import prune_forgotten
from bridge.sync.remove_link import remove_link
from bridge.sync.resolve import resolve

HANDLERS: Mapping[
    InstructionKind, Callable[[Desk, Unit, Instruction], tuple[InstructionOutcome, str]]
] = {
    InstructionKind.CONFIRM: confirm,
    InstructionKind.RESOLVE: resolve,
    InstructionKind.RETRY: retry,
    InstructionKind.DISCARD: discard,
    InstructionKind.PAUSE: pause,
    InstructionKind.RESUME: resume,
    InstructionKind.ADD_LINK: add_link,
    InstructionKind.REMOVE_LINK: remove_link,
    InstructionKind.IMPORT_LINKS: import_links,
}


def carry_out(desk: Desk) -> None:
    """Carry out every instruction that waits, oldest first; a dry run leaves them."""
    if desk.is_dry:
        return
    with desk.store.begin() as unit:
        waiting = unit.open_instructions()
    for wanted in waiting:
        with desk.store.begin() as unit:
            outcome, note = HANDLERS[wanted.kind](desk, unit, wanted)
            unit.close_instruction(wanted.id, outcome, note, desk.clock.now())
        # The note may hold values: it stays in the database, and only its number is told.
        desk.tell("instruction", number=wanted.id, kind=wanted.kind, outcome=outcome)


def carry_out_alone(desk: Desk) -> None:
    """Carry out what waits outside of any cycle. Raises LeaseTaken if another process works now."""
    with under_lease(desk):
        with desk.store.begin() as unit:
            desk.vocabulary = unit.vocabulary()
        carry_out(desk)
        prune_forgotten(desk)
