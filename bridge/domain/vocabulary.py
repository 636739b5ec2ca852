"""The words that the services have shown: statuses, priorities, people, task types.

No call of Kore lists any of them and v2 lists some; so they are learnt from records and kept.
A vocabulary is a value; learning makes a new one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from bridge.domain.side import Side

Detail: TypeAlias = str | float | bool | None


class WordKind(StrEnum):
    """What a word is for."""

    STATUS = "status"
    PRIORITY = "priority"
    PERSON = "person"
    TASK_TYPE = "task_type"
    SELF = "self"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of one side.

    `key` identifies it (a folded name, or an id for people and task types), `label` is what
    people read. `details` of a Kore status: `id`, `category`, `is_system`, `is_enabled`; of a
    Kore priority: `id`, `score`; of a Kore person: `agent_id`, `a_id`; of a v2 task type:
    `prefix`. A COLUMN is a key that some list row of the account has carried.
    """

    side: Side
    kind: WordKind
    key: str
    label: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    def enriched(self, newer: "Word") -> "Word":
        """This word with what a newer sight of it tells; details not shown again are kept."""
        shown = {name: value for name, value in newer.details.items() if value is not None}
        return Word(self.side, self.kind, self.key, newer.label, {**self.details, **shown})


class Vocabulary:
    """All words known of both sides; immutable."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        table: dict[tuple[Side, WordKind], dict[str, Word]] = {}
        for word in words:
            shelf = table.setdefault((word.side, word.kind), {})
            known = shelf.get(word.key)
            shelf[word.key] = known.enriched(word) if known else word
        self._table = MappingProxyType(table)

    def __iter__(self) -> Iterator[Word]:
        for shelf in self._table.values():
            yield from shelf.values()

    def find(self, side: Side, kind: WordKind, key: str) -> Word | None:
        """The word by its key, or None."""
        return self._table.get((side, kind), {}).get(key)

    def all(self, side: Side, kind: WordKind) -> tuple[Word, ...]:
        """All words of one kind, in the order in which they were learnt."""
        return tuple(self._table.get((side, kind), {}).values())

    def keys(self, side: Side, kind: WordKind) -> frozenset[str]:
        """The keys of all words of one kind."""
        return frozenset(self._table.get((side, kind), {}))

    def has_id(self, place: str) -> bool:
        """Whether the word at `side:kind:key` is known with its id; what else waits names none."""
        side, _, rest = place.partition(":")
        kind, _, key = rest.partition(":")
        if not key:
            return False
        word = self.find(Side(side), WordKind(kind), key)
        return word is not None and bool(word.details.get("id"))

    def news(self, words: Iterable[Word]) -> tuple[Word, ...]:
        """Those of the words, enriched, that are not known yet or tell something new."""
        found: dict[tuple[Side, WordKind, str], Word] = {}
        for word in words:
            place = (word.side, word.kind, word.key)
            known = found.get(place) or self.find(*place)
            richer = known.enriched(word) if known else word
            if known != richer:
                found[place] = richer
        return tuple(found.values())

    def learn(self, words: Iterable[Word]) -> "Vocabulary":
        """A vocabulary that knows the words as well."""
        return Vocabulary([*self, *words])

    def self_ids(self, side: Side) -> frozenset[str]:
        """The ids under which the bridge's own writes appear on that side."""
        return self.keys(side, WordKind.SELF)
