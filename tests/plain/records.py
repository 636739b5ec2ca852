"""The pair's own state, the words it has learnt, and its runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.domain.records import PairState, Run
from bridge.domain.vocabulary import Vocabulary, Word
from tests.plain import kept
from tests.plain.rows import Learnt, Ran
from tests.plain.scope import Scope

_ONE = ""


class Records(Scope):
    """The part of a unit that holds the pair, its words and its runs."""

    def pair_state(self) -> PairState:
        return self._tables.pairs.get(_ONE) or PairState()

    def note_pair(self, at: datetime) -> None:
        """Write down when the pair was first met; no port of the bridge's own."""
        self._tables.pairs.put(_ONE, PairState(begun_at=kept.moment(at)))

    def save_pair_state(self, state: PairState) -> None:
        found = replace(
            state,
            first_contact_ended_at=kept.moment(state.first_contact_ended_at),
            tables=kept.as_json(dict(state.tables)),
            paused={side: kept.milliseconds(at) for side, at in state.paused.items()},
            pruned_at=kept.moment(state.pruned_at),
            begun_at=self.pair_state().begun_at,
        )
        self._tables.pairs.put(_ONE, found)

    def vocabulary(self) -> Vocabulary:
        return self._tables.vocabulary

    def learn(self, words: Iterable[Word], at: datetime) -> None:
        for word in self._tables.vocabulary.news(words):
            place = (word.side, word.kind, word.key)
            details = kept.as_json(dict(word.details))
            told = Word(word.side, word.kind, word.key, word.label, details)
            self._tables.words.put(place, Learnt(told, kept.moment(at)))

    # ---- runs ------------------------------------------------------------------------------------

    def start_run(self, kind: str, at: datetime) -> int:
        number, at = self._database.next_number("runs"), kept.instant(at)
        self._tables.runs.put(number, Ran(number, kind, at, at))
        return number

    def finish_run(
        self, run_id: int, summary: Mapping[str, Any], totals: Mapping[str, int], at: datetime
    ) -> None:
        row = self._tables.runs.get(run_id)
        if row is None:
            return
        ended = row._replace(
            ended_at=kept.instant(at),
            summary=kept.as_json(dict(summary)),
            totals=kept.as_json(dict(totals)),
            is_idle=bool(summary.get("is_idle")),
        )
        self._tables.runs.put(run_id, self._folded(ended) if ended.is_idle else ended)

    def last_run(self, kind: str | None = None) -> Run | None:
        for row in reversed([*self._tables.runs.in_order()]):
            if row.ended_at is not None and kind in (None, row.kind):
                return Run(
                    id=row.id,
                    kind=row.kind,
                    started_at=row.started_at,
                    ended_at=row.ended_at,
                    summary=row.summary or {},
                    totals=row.totals or {},
                    times=row.times,
                    first_started_at=row.first_started_at,
                )
        return None

    def totals_since(self, since: datetime) -> Sequence[tuple[datetime, Mapping[str, int]]]:
        return [
            (row.ended_at, row.totals)
            for row in self._tables.runs.in_order()
            if row.ended_at is not None and row.ended_at >= since and row.totals
        ]

    def _folded(self, run: Ran) -> Ran:
        """The run, standing for the idle one of its kind just before it, too."""
        earlier = [row for row in self._tables.runs.in_order()
                   if row.kind == run.kind and row.id < run.id]  # fmt: skip
        if not earlier or not earlier[-1].is_idle:
            return run
        before = earlier[-1]
        self._tables.runs.drop(before.id)
        return run._replace(
            times=run.times + before.times, first_started_at=before.first_started_at
        )
