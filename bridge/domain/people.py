"""Assignees: who in Kore is who in v2, by the people table, then by equal full names.

Nobody agrees with nobody and with a Kore queue. An assignee is never cleared because a look-up
failed: whoever has no counterpart is unmapped.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.relation import Unmapped
from bridge.domain.side import Side
from bridge.domain.text import fold_name
from bridge.domain.values import Observed, Value, person_value
from bridge.domain.vocabulary import Vocabulary, Word, WordKind


@dataclass(frozen=True, slots=True)
class Twin:
    """One row of the people table: a Kore agent (`agentId` or `aId`) and a v2 user."""

    kore: str
    v2: str

    def of(self, side: Side) -> str:
        """The id on that side."""
        return self.kore if side is Side.KORE else self.v2


@dataclass(frozen=True, slots=True)
class PeopleRelation:
    """The agreement of assignees."""

    twins: Sequence[Twin]
    matches_names: bool
    takes_from_queue: bool
    vocabulary: Vocabulary

    @property
    def table(self) -> str:
        rows = sorted(f"{twin.kore}|{twin.v2}" for twin in self.twins)
        text = "\n".join([*rows, str(self.matches_names)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def is_carried(self) -> bool:
        """Whether assignees are carried at all: not without a table and without name matching."""
        return bool(self.twins) or self.matches_names

    def gap(self, side: Side, value: Observed) -> Unmapped | None:
        if value is None or value.is_queue or self._counterparts(side, value):
            return None
        return self._nobody(side, value)

    def agrees(self, kore: Observed, v2: Observed) -> bool:
        if kore is None or kore.is_queue or v2 is None:
            return v2 is None and (kore is None or kore.is_queue)
        return v2.key in self._counterparts(Side.KORE, kore) or bool(
            self._ids(Side.KORE, kore) & set(self._counterparts(Side.V2, v2))
        )

    def absorbs(self, changed: Side, kore: Observed, v2: Observed) -> bool:
        return True

    def translate(self, value: Observed, to: Side) -> Observed | Unmapped:
        if value is None or value.is_queue:
            return None
        ids = self._counterparts(to.other, value)
        if not ids:
            return self._nobody(to.other, value)
        word = self._person(to, ids[0])
        return person_value(word.key if word else ids[0], word.label if word else value.text)

    def hold(self, to: Side, now: Observed) -> str:
        if to is Side.KORE and now is not None and now.is_queue and not self.takes_from_queue:
            return f"The task is in the queue {now.text!r}; people.take_from_queue is off."
        return ""

    def _counterparts(self, side: Side, value: Value) -> list[str]:
        """The other side's ids of a person, by the table, else by an unambiguous name."""
        ids = self._ids(side, value)
        listed = [twin.of(side.other) for twin in self.twins if twin.of(side) in ids]
        if listed or not self.matches_names:
            return listed
        name = fold_name(value.text)
        same = [
            word.key
            for word in self.vocabulary.all(side.other, WordKind.PERSON)
            if fold_name(word.label) == name and word.details.get("is_active") is not False
        ]
        return same if len(same) == 1 else []

    def _ids(self, side: Side, value: Value) -> set[str]:
        """Every id by which a table may name the person."""
        word = self._person(side, value.key)
        details = word.details if word else {}
        others = (details.get("agent_id"), details.get("a_id"))
        return {value.key, *(str(other) for other in others if other)}

    def _person(self, side: Side, person_id: str) -> Word | None:
        word = self.vocabulary.find(side, WordKind.PERSON, person_id)
        if word is not None or side is Side.V2:
            return word
        people = self.vocabulary.all(side, WordKind.PERSON)
        return next((one for one in people if one.details.get("a_id") == person_id), None)

    def _nobody(self, side: Side, value: Value) -> Unmapped:
        other = side.other
        return Unmapped(
            f"{value.text!r} ({value.key}) of {side.label} has no one counterpart in "
            f"{other.label}; add a row to people.table.",
            f"{other}:{WordKind.PERSON}:{fold_name(value.text)}",
        )
