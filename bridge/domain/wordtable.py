"""Tables of words: which Kore word and which v2 word agree, and which is written for which.

A Kore word is a category (statuses only) or a name; a name that a rule names goes by its own
rows alone, every other one by its category's. Rows of the configuration are added to the default
ones and beat them: where both give a translation for a word, the configured one stands.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bridge.domain.side import Side
from bridge.domain.text import fold_word


class Default(StrEnum):
    """In which direction a row is the translation."""

    BOTH = "both"
    TO_V2 = "to-v2"
    TO_KORE = "to-kore"
    NONE = ""

    def reaches(self, side: Side) -> bool:
        """Whether the row says what is written to that side."""
        return self is Default.BOTH or self is (
            Default.TO_V2 if side is Side.V2 else Default.TO_KORE
        )


@dataclass(frozen=True, slots=True)
class WordRow:
    """One row: these two words agree; `default` says whether either is the other's translation."""

    kore: str
    v2: str
    default: Default = Default.NONE

    def word(self, side: Side) -> str:
        """The folded word of that side."""
        return fold_word(self.kore if side is Side.KORE else self.v2)


@dataclass(frozen=True, slots=True)
class WordTable:
    """The rows in force, and for either side which word is written for which of the other's.

    `spelled` gives back a folded word of a side as the first row that names it spells it.
    """

    rows: tuple[WordRow, ...]
    to_v2: Mapping[str, str]
    to_kore: Mapping[str, str]
    pairs: frozenset[tuple[str, str]]
    spelled: Mapping[Side, Mapping[str, str]]

    @property
    def fingerprint(self) -> str:
        """A short text that changes when the rows do."""
        text = "\n".join(sorted(f"{row.kore}|{row.v2}|{row.default}" for row in self.rows))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def words(self, side: Side) -> frozenset[str]:
        """The folded words of one side that some row names."""
        return frozenset(row.word(side) for row in self.rows)

    def translation(self, word: str, to: Side) -> str | None:
        """The folded word written to side `to` for a folded word of the other side."""
        return (self.to_v2 if to is Side.V2 else self.to_kore).get(word)


def build_table(default: Sequence[WordRow], configured: Sequence[WordRow]) -> WordTable:
    """The table that these rows make, the configured ones beating the default ones."""
    rows = (*default, *configured)
    return WordTable(
        rows=rows,
        to_v2=_translations(default, configured, Side.V2),
        to_kore=_translations(default, configured, Side.KORE),
        pairs=frozenset((row.word(Side.KORE), row.word(Side.V2)) for row in rows),
        spelled={
            Side.KORE: {fold_word(row.kore): row.kore for row in reversed(rows)},
            Side.V2: {fold_word(row.v2): row.v2 for row in reversed(rows)},
        },
    )


def problems_of(
    table: WordTable, configured: Sequence[WordRow], known: Mapping[Side, Iterable[str]]
) -> tuple[str, ...]:
    """Which laws the table breaks, each as a sentence; empty for a lawful table.

    `known` are the words of each side that the services are known to use, as they spell them.
    """
    spelled = {side: {fold_word(word): word for word in known[side]} for side in Side}
    return (*_contradictions(configured), *_gaps(table, spelled), *_strangers(table, spelled))


def _translations(
    default: Sequence[WordRow], configured: Sequence[WordRow], to: Side
) -> dict[str, str]:
    found = {}
    for rows in (default, configured):
        for row in rows:
            if row.default.reaches(to):
                found[row.word(to.other)] = row.word(to)
    named = [row for row in configured if row.word(to.other) not in found]
    counts: dict[str, list[WordRow]] = {}
    for row in named:
        counts.setdefault(row.word(to.other), []).append(row)
    only = {word: rows[0].word(to) for word, rows in counts.items() if len(rows) == 1}
    return {**found, **only}


def _contradictions(configured: Sequence[WordRow]) -> list[str]:
    found = []
    for to in Side:
        seen: dict[str, WordRow] = {}
        for row in configured:
            if not row.default.reaches(to):
                continue
            first = seen.setdefault(row.word(to.other), row)
            if first.word(to) != row.word(to):
                source = row.kore if to is Side.V2 else row.v2
                found.append(f"two rows say what {source!r} is written as in {to.label}.")
    return found


def _gaps(table: WordTable, known: Mapping[Side, Mapping[str, str]]) -> list[str]:
    found = []
    for side in Side:
        for word in sorted({*known[side], *table.words(side)}):
            if table.translation(word, side.other) is None:
                name = table.spelled[side].get(word) or known[side][word]
                found.append(f"no row says what {name!r} is written as in {side.other.label}.")
    return found


def _strangers(table: WordTable, known: Mapping[Side, Mapping[str, str]]) -> list[str]:
    words = known[Side.V2]
    return [
        f"v2 has no {table.spelled[Side.V2][word]!r}; it knows {', '.join(sorted(words.values()))}."
        for word in sorted(table.words(Side.V2) - words.keys())
    ]
