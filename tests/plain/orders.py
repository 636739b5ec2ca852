"""What people told the bridge to do, and what stands guard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import Instruction, InstructionKind, InstructionOutcome
from bridge.domain.side import Side
from tests.plain import kept
from tests.plain.scope import Scope


class Orders(Scope):
    """The part of a unit that holds instructions and guards."""

    def give_instruction(
        self, kind: InstructionKind, details: Mapping[str, Any], *, by: str, at: datetime
    ) -> int:
        number = self._database.next_number("instructions")
        row = Instruction(
            id=number,
            kind=kind,
            details=kept.loose(details),
            given_by=by,
            given_at=kept.instant(at),
            outcome=None,
            note="",
            done_at=None,
        )
        self._tables.instructions.put(number, row)
        return number

    def open_instructions(self) -> Sequence[Instruction]:
        return [one for one in self._tables.instructions.in_order() if one.done_at is None]

    def instruction(self, instruction_id: int) -> Instruction | None:
        return self._tables.instructions.get(instruction_id)

    def close_instruction(
        self, instruction_id: int, outcome: InstructionOutcome, note: str, at: datetime
    ) -> None:
        row = self._tables.instructions.get(instruction_id)
        if row is not None:
            done = replace(row, outcome=outcome, note=note, done_at=kept.instant(at))
            self._tables.instructions.put(instruction_id, done)

    def guards(self) -> Sequence[Guard]:
        return [*self._tables.guards.in_order()]

    def save_guard(self, guard: Guard) -> None:
        found = replace(
            guard,
            shown=kept.as_json(dict(guard.shown)),
            since=kept.moment(guard.since),
            confirmed=None if guard.confirmed is None else kept.as_json(dict(guard.confirmed)),
            confirmed_at=kept.moment(guard.confirmed_at),
        )
        self._tables.guards.put((guard.kind, guard.side or ""), found)

    def drop_guard(self, kind: GuardKind, side: Side | None) -> None:
        key = (str(kind), str(side or ""))
        if key in self._tables.guards.rows:
            self._tables.guards.drop(key)
