"""The instructions that people gave, oldest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from bridge.domain.instruction import Instruction, InstructionKind, InstructionOutcome
from bridge.store.codec import loose_json, loose_of
from bridge.store.scope import Scope, of_pair
from bridge.store.tables import instructions

_OPEN = (
    select(instructions)
    .where(of_pair(instructions), instructions.c.done_at.is_(None))
    .order_by(instructions.c.id)
)


class InstructionRows(Scope):
    """The part of a unit that holds instructions."""

    def give_instruction(
        self, kind: InstructionKind, details: Mapping[str, Any], *, by: str, at: datetime
    ) -> int:
        columns = {
            "pair": self._pair,
            "kind": str(kind),
            "details": loose_json(details),
            "given_at": at,
            "given_by": by,
        }
        stored = insert(instructions).values(columns).returning(instructions.c.id)
        return int(self._connection.execute(stored).scalar_one())

    def open_instructions(self) -> Sequence[Instruction]:
        return [_instruction_of(row) for row in self._run(_OPEN).mappings()]

    def instruction(self, instruction_id: int) -> Instruction | None:
        wanted = select(instructions).where(
            self._mine(instructions), instructions.c.id == instruction_id
        )
        row = self._connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _instruction_of(row)

    def close_instruction(
        self, instruction_id: int, outcome: InstructionOutcome, note: str, at: datetime
    ) -> None:
        named = (self._mine(instructions), instructions.c.id == instruction_id)
        self._connection.execute(
            update(instructions).where(*named).values(outcome=str(outcome), note=note, done_at=at)
        )


def _instruction_of(row: RowMapping) -> Instruction:
    return Instruction(
        id=row["id"],
        kind=InstructionKind(row["kind"]),
        details=loose_of(row["details"] or {}),
        given_by=row["given_by"],
        given_at=row["given_at"],
        outcome=InstructionOutcome(row["outcome"]) if row["outcome"] else None,
        note=row["note"],
        done_at=row["done_at"],
    )
