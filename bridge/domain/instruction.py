"""What people tell the bridge to do, as it waits for whoever holds the lease to carry it out.

An instruction is a row of its own, so that a command can be given beside a running daemon and
nothing of it is lost if either dies. `details` are JSON and values; each kind names its own keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class InstructionKind(StrEnum):
    """What is asked for.

    RESOLVE: of a conflict, with the values that were shown. RETRY and DISCARD: of failures.
    ADD_LINK, REMOVE_LINK and IMPORT_LINKS: of links. CONFIRM: of the guards that were shown.
    PAUSE and RESUME: of sides.
    """

    RESOLVE = "resolve"
    RETRY = "retry"
    DISCARD = "discard"
    ADD_LINK = "add_link"
    REMOVE_LINK = "remove_link"
    IMPORT_LINKS = "import_links"
    CONFIRM = "confirm"
    PAUSE = "pause"
    RESUME = "resume"


class InstructionOutcome(StrEnum):
    """What came of it. VOID: what it was about had changed; REFUSED: it cannot be done."""

    DONE = "done"
    VOID = "void"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants, not written down yet."""

    kind: InstructionKind
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction; `outcome` is None until it is carried out, `note` says what came of it."""

    kind: InstructionKind
    details: Mapping[str, Any]
    given_by: str
    given_at: datetime | None
    id: int
    outcome: InstructionOutcome | None
    note: str
    done_at: datetime | None
