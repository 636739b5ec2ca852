"""Priorities: four names a side; a custom Kore priority goes by its score to the nearest."""

from dataclasses import dataclass

from bridge.domain.relation import Unmapped
from bridge.domain.side import Side
from bridge.domain.values import Observed, Value, priority_value
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.domain.wordtable import Default, WordRow, WordTable

FOUR = ("low", "medium", "high", "critical")
V2_PRIORITIES = ("low", "medium", "high", "urgent")
KNOWN_PRIORITIES = {Side.KORE: FOUR, Side.V2: V2_PRIORITIES}

DEFAULT_PRIORITY_ROWS = (
    WordRow("Low", "low", Default.BOTH),
    WordRow("Medium", "medium", Default.BOTH),
    WordRow("High", "high", Default.BOTH),
    WordRow("Critical", "urgent", Default.BOTH),
)


@dataclass(frozen=True, slots=True)
class PriorityRelation:
    """The agreement of priorities under a table, with the scores that the account has shown.

    An empty v2 priority agrees with every Kore priority as found; a later change in Kore is
    written to it all the same.
    """

    words: WordTable
    vocabulary: Vocabulary

    @property
    def table(self) -> str:
        return self.words.fingerprint

    def gap(self, side: Side, value: Observed) -> Unmapped | None:
        if value is None:
            return None
        word = self._word(side, value)
        if isinstance(word, Unmapped):
            return word
        if self.words.translation(word, side.other) is None:
            return self._no_counterpart(side, value)
        return None

    def agrees(self, kore: Observed, v2: Observed) -> bool:
        if kore is None or v2 is None:
            return v2 is None
        return (self._word(Side.KORE, kore), v2.key) in self.words.pairs

    def absorbs(self, changed: Side, kore: Observed, v2: Observed) -> bool:
        return not (changed is Side.KORE and kore is not None and v2 is None)

    def translate(self, value: Observed, to: Side) -> Observed | Unmapped:
        if value is None:
            return None
        word = self._word(to.other, value)
        if isinstance(word, Unmapped):
            return word
        target = self.words.translation(word, to)
        if target is None:
            return self._no_counterpart(to.other, value)
        return self._spelled(target, to)

    def hold(self, to: Side, now: Observed) -> str:
        return ""

    def _word(self, side: Side, value: Value) -> str | Unmapped:
        """The word by which the table knows the value."""
        if value.key in self.words.words(side):
            return value.key
        if side is Side.V2:
            return self._no_counterpart(side, value)
        return self._nearest(value)

    def _nearest(self, value: Value) -> str | Unmapped:
        """The one of the four with the nearest score; of two as near the more urgent one."""
        score = float(value.kind) if value.kind else self._score(value.key)
        scores = {name: self._score(name) for name in FOUR}
        unknown = [name for name, known in scores.items() if known is None]
        if score is None or unknown:
            name = value.key if score is None else unknown[0]
            return Unmapped(
                f"The priority {value.text!r} goes by its score, but no record seen so far tells "
                f"the score of {name!r}; name it in a [[priority]] row, or wait for one.",
                f"{Side.KORE}:{WordKind.PRIORITY}:{name}",
            )
        distances = {
            name: abs(known - score) for name, known in scores.items() if known is not None
        }
        nearest = min(distances.values())
        return [name for name in FOUR if distances[name] == nearest][-1]

    def _score(self, name: str) -> float | None:
        word = self.vocabulary.find(Side.KORE, WordKind.PRIORITY, name)
        score = word.details.get("score") if word else None
        return None if score is None else float(score)

    def _spelled(self, target: str, to: Side) -> Observed:
        if to is Side.V2:
            return priority_value(target)
        word = self.vocabulary.find(Side.KORE, WordKind.PRIORITY, target)
        return priority_value(word.label if word else self.words.spelled[to].get(target, target))

    def _no_counterpart(self, side: Side, value: Value) -> Unmapped:
        return Unmapped(
            f"No rule says what {side.label}'s priority {value.text!r} is in {side.other.label}.",
            f"{side}:{WordKind.PRIORITY}:{value.key}",
        )
