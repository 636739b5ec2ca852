"""The words that the services have shown, in the order in which they were learnt."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.side import Side
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.store.scope import Scope, among, of_pair
from bridge.store.tables import words as table

_KEY = ("pair", "side", "kind", "key")
_ALL = select(table).where(of_pair(table)).order_by(table.c.id)


class WordRows(Scope):
    """The part of a unit that holds the vocabulary."""

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(_word_of(row) for row in self._run(_ALL))

    def learn(self, words: Iterable[Word], at: datetime) -> None:
        shown = [*words]
        news = self._alike(shown).news(shown)
        if not news:
            return
        stored = insert(table)
        told = {name: stored.excluded[name] for name in ("label", "details", "learnt_at")}
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=_KEY, set_=told),
            [self._word_columns(word, at) for word in news],
        )

    def _alike(self, shown: Iterable[Word]) -> Vocabulary:
        """The stored words whose keys are shown again."""
        keys = sorted({word.key for word in shown})
        sides = [str(side) for side in Side]
        kinds = [str(kind) for kind in WordKind]
        wanted = select(table).where(
            self._mine(table),
            table.c.side.in_(sides),
            table.c.kind.in_(kinds),
            among(table.c.key, keys),
        )
        return Vocabulary(_word_of(row) for row in self._connection.execute(wanted))

    def _word_columns(self, word: Word, at: datetime) -> dict[str, Any]:
        return {
            "pair": self._pair,
            "side": str(word.side),
            "kind": str(word.kind),
            "key": word.key,
            "label": word.label,
            "details": dict(word.details),
            "learnt_at": at,
        }


def _word_of(row: Row[*tuple[object, ...]]) -> Word:
    return Word(Side(row.side), WordKind(row.kind), row.key, row.label, row.details or {})
