"""Statuses: Kore by category or by a name that a rule names, v2 by its six words."""

from dataclasses import dataclass

from bridge.domain.relation import Unmapped
from bridge.domain.side import Side
from bridge.domain.text import fold_word
from bridge.domain.values import Observed, Value, status_value
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.domain.wordtable import Default, WordRow, WordTable

CATEGORIES = {
    "open": "Open",
    "inprogress": "In Progress",
    "onhold": "On Hold",
    "resolved": "Resolved",
    "closed": "Closed",
}
V2_STATUSES = {
    fold_word(word): word
    for word in ("new", "open", "in_progress", "in_review", "completed", "cancelled")
}
KNOWN_STATUSES = {Side.KORE: tuple(CATEGORIES.values()), Side.V2: tuple(V2_STATUSES.values())}

DEFAULT_STATUS_ROWS = (
    WordRow("open", "new", Default.TO_KORE),
    WordRow("open", "open", Default.BOTH),
    WordRow("in progress", "in_progress", Default.BOTH),
    WordRow("in progress", "in_review", Default.TO_KORE),
    WordRow("on hold", "open", Default.TO_V2),
    WordRow("on hold", "in_progress"),
    WordRow("resolved", "in_review"),
    WordRow("resolved", "completed", Default.BOTH),
    WordRow("closed", "completed", Default.TO_V2),
    WordRow("closed", "cancelled", Default.TO_KORE),
)


@dataclass(frozen=True, slots=True)
class StatusRelation:
    """The agreement of statuses under a table, with the statuses that the account has shown."""

    words: WordTable
    vocabulary: Vocabulary

    @property
    def table(self) -> str:
        return self.words.fingerprint

    def gap(self, side: Side, value: Observed) -> Unmapped | None:
        found = self.translate(value, side.other)
        return found if isinstance(found, Unmapped) else None

    def agrees(self, kore: Observed, v2: Observed) -> bool:
        if kore is None or v2 is None:
            return kore is v2
        return (self._word(Side.KORE, kore), v2.key) in self.words.pairs

    def absorbs(self, changed: Side, kore: Observed, v2: Observed) -> bool:
        return True

    def translate(self, value: Observed, to: Side) -> Observed | Unmapped:
        word = None if value is None else self._word(to.other, value)
        if word is None or (target := self.words.translation(word, to)) is None:
            return self._no_counterpart(to.other, value)
        if to is Side.V2:
            return status_value(V2_STATUSES[target])
        return self._kore_status(target)

    def hold(self, to: Side, now: Observed) -> str:
        return ""

    def _word(self, side: Side, value: Value) -> str | None:
        """The word by which the table knows the value."""
        if side is Side.V2:
            return value.key
        named = self.words.words(Side.KORE) - frozenset(CATEGORIES)
        if value.key in named:
            return value.key
        return self._category(value)

    def _category(self, value: Value) -> str | None:
        if value.kind:
            return value.kind
        word = self.vocabulary.find(Side.KORE, WordKind.STATUS, value.key)
        category = word.details.get("category") if word else None
        return fold_word(str(category)) if category else None

    def _kore_status(self, word: str) -> Value | Unmapped:
        """The Kore status that is written for a word of Kore in the table."""
        if word not in CATEGORIES:
            return self._named(word)
        return self._of_category(word) or self._kore_gap(word)

    def _named(self, name: str) -> Value:
        word = self.vocabulary.find(Side.KORE, WordKind.STATUS, name)
        if word is None:
            return status_value(self.words.spelled[Side.KORE][name])
        return status_value(word.label, str(word.details.get("category") or ""))

    def _of_category(self, category: str) -> Value | None:
        """The enabled system status of a category, else its only enabled other one."""
        seen = statuses_of(self.vocabulary, category)
        enabled = [word for word in seen if word.details.get("is_enabled") is not False]
        system = [word for word in enabled if _is_system(word, category)]
        if system:
            return status_value(system[0].label, category)
        if not any(_is_system(word, category) for word in seen):
            return status_value(CATEGORIES[category], category)
        return status_value(enabled[0].label, category) if len(enabled) == 1 else None

    def _kore_gap(self, category: str) -> Unmapped:
        return Unmapped(
            f"Kore's own status of the category {CATEGORIES[category]!r} is switched off and no "
            "single other one is known; name one in a [[status]] row.",
            f"{Side.KORE}:{WordKind.STATUS}:{category}",
        )

    def _no_counterpart(self, side: Side, value: Observed) -> Unmapped:
        name, key = (f"status {value.text!r}", value.key) if value else ("empty status", "")
        return Unmapped(
            f"No rule says what {side.label}'s {name} is in {side.other.label}.",
            f"{side}:{WordKind.STATUS}:{key}",
        )


def statuses_of(vocabulary: Vocabulary, category: str) -> list[Word]:
    """The statuses of Kore that are known to be of the (folded) category."""
    return [
        word
        for word in vocabulary.all(Side.KORE, WordKind.STATUS)
        if fold_word(str(word.details.get("category"))) == category
    ]


def _is_system(word: Word, category: str) -> bool:
    return word.details.get("is_system") is True or word.key == category
