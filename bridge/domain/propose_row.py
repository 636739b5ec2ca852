"""The row of the configuration that would map a value without a counterpart; pure.

What only people know stays open: capitals stand for it, as in the commands that are advised.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.domain.agreement import Mapping as Mapped
from bridge.domain.finding import Proposal
from bridge.domain.operation import Wait
from bridge.domain.priority import KNOWN_PRIORITIES
from bridge.domain.propose_people import person_id_of, propose_people
from bridge.domain.side import Field, Side
from bridge.domain.status import KNOWN_STATUSES
from bridge.domain.text import fold_word
from bridge.domain.values import Unseen, Value
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.domain.wordtable import Default

OPEN = {Side.KORE: "KORE_WORD", Side.V2: "V2_WORD"}
OPEN_PERSON = {Side.KORE: "KORE_ID", Side.V2: "V2_ID"}
_KNOWN: dict[Field, Mapping[Side, tuple[str, ...]]] = {
    Field.STATUS: KNOWN_STATUSES,
    Field.PRIORITY: {**KNOWN_PRIORITIES},
}
_KINDS = {Field.STATUS: WordKind.STATUS, Field.PRIORITY: WordKind.PRIORITY}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordProposal:
    """A row of `[[status]]` or `[[priority]]`; `choices` are the words that fit its open side."""

    table: Field
    kore: str
    v2: str
    default: Default
    choices: tuple[str, ...]


def propose_row(
    wait: Wait, vocabulary: Vocabulary, mapping: Mapped
) -> WordProposal | Proposal | None:
    """The row for the value that waits; None where no row can name it."""
    value = wait.shown(wait.side.other)
    if value is None or isinstance(value, Unseen) or wait.field is None:
        return None
    if wait.field is Field.ASSIGNEE:
        return _person(value, wait.side.other, vocabulary, mapping)
    if wait.field in _KNOWN:
        return _word(wait.field, value, wait.side.other, vocabulary)
    return None


def _word(name: Field, value: Value, side: Side, vocabulary: Vocabulary) -> WordProposal | None:
    known = _KNOWN[name]
    if side is Side.V2 and value.key not in map(fold_word, known[side]):
        return None
    seen = [word.label for word in vocabulary.all(side.other, _KINDS[name])]
    choices = known[Side.V2] if side is Side.KORE else [*seen, *known[Side.KORE]]
    spelled: dict[str, str] = {}
    for one in choices:
        spelled.setdefault(fold_word(one), one)
    row = {side: value.text, side.other: OPEN[side.other]}
    return WordProposal(
        table=name,
        kore=row[Side.KORE],
        v2=row[Side.V2],
        # A word of v2 has a translation already, which this one has to beat.
        default=Default.TO_KORE if side is Side.V2 else Default.NONE,
        choices=tuple(spelled.values()),
    )


def _person(value: Value, side: Side, vocabulary: Vocabulary, mapping: Mapped) -> Proposal:
    """Whoever has the same full name on the other side, if that is one alone."""
    word = vocabulary.find(side, WordKind.PERSON, value.key)
    own = person_id_of(word) if word else value.key
    for one in propose_people(vocabulary, mapping.twins):
        if own == (one.kore if side is Side.KORE else one.v2):
            return one
    row = {side: own, side.other: OPEN_PERSON[side.other]}
    return Proposal(kore=row[Side.KORE], v2=row[Side.V2], name=value.text)
