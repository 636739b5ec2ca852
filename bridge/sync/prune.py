"""Forgetting what is old: once an hour, in small batches, at the end of a cycle.

What one cycle does not get done the next one goes on with, so that no cycle is held up by it and
nothing that a cycle asks grows with the history. At its end the files are wiped, so that nothing
of what is gone is left in them; where a person had texts forgotten, that is done at once.
"""

from dataclasses import replace
from datetime import timedelta

from bridge.domain.records import PairState
from bridge.sync.desk import Desk

EVERY_SECONDS = 3600.0
ROWS_AT_ONCE = 500
MOST_BATCHES = 4


def prune(desk: Desk, pair: PairState) -> None:
    """Take out what is older than the settings keep; nothing in a dry run."""
    if desk.is_dry:
        return
    now = desk.clock.now()
    # A clock that was set back must not keep it from ever happening again.
    if pair.pruned_at and abs((now - pair.pruned_at).total_seconds()) < EVERY_SECONDS:
        return
    before = now - timedelta(days=desk.rules.keep_days)
    for _ in range(MOST_BATCHES):
        with desk.store.begin(is_fleeting=True) as unit:
            is_over = unit.prune(before, ROWS_AT_ONCE) == 0
        if is_over:
            _wipe(desk)
            return


def prune_forgotten(desk: Desk) -> None:
    """Wipe the files outside of any cycle, if texts were forgotten."""
    with desk.store.begin() as unit:
        pair = unit.pair_state()
    if pair.pruned_at is None:
        prune(desk, pair)


def _wipe(desk: Desk) -> None:
    """Whoever reads is not waited for: the next cycle tries again."""
    if desk.store.wipe():
        with desk.store.begin() as unit:
            unit.save_pair_state(replace(unit.pair_state(), pruned_at=desk.clock.now()))
