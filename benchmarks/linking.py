"""A database that knows every pair of a world as linked, without a backfill of many minutes.

Pages are read and rows normalised by the bridge's own clients and observations saved by its own
store, so that a sweep finds every digest as the last one left it; the links are made of them by one
statement. What a world of benchmarks/pairs.py says is believed: v2 tasks name their origin.
"""

import multiprocessing
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text, update

from benchmarks.setup import copied, opened
from bridge.bootstrap import Bridge, SystemClock
from bridge.domain.exchange import Order, Purpose
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Facts, Known, Standing, Task
from bridge.store.columns import dump
from bridge.store.tables import observations
from bridge.sync.desk import Desk

# Below this many pairs another process takes longer to start than it saves.
MANY = 5_000
LINK = """
INSERT INTO links (pair, kore_id, v2_id, state, origin, marker, stand_in, bases, is_due,
                   created_at, changed_at)
SELECT v2.pair, v2.marker_id, v2.id, 'linked', 'kore',
       '[task-bridge kore:' || v2.marker_reference || ' ' || v2.marker_id || ' '
           || v2.marker_note || ']', '',
       (SELECT json_group_object(one.key, json_object(
                   'table', json_extract(:tables, '$.' || one.key),
                   'kore', kore.fields -> one.key, 'v2', v2.fields -> one.key))
          FROM json_each(kore.fields) AS one
         WHERE one.key IN (SELECT key FROM json_each(v2.fields))),
       0, v2.created_at, v2.created_at
  FROM observations AS v2
  JOIN observations AS kore
    ON kore.pair = v2.pair AND kore.side = 'kore' AND kore.id = v2.marker_id
 WHERE v2.side = 'v2'
"""


def link_all(config: Path, pairs: int, clock: SystemClock | None = None) -> None:
    """Fill the database of the configuration, both sides at once where there are many pairs."""
    with opened(config, clock) as bridge:
        desk = bridge.desk()
        for side in SIDES:
            words = bridge.services[side].learn()
            with bridge.store.begin() as unit:
                desk.learn(unit, words)
        if pairs < MANY:
            for side in SIDES:
                _save(bridge, desk, side)
        else:
            _save_side_by_side(config)
        with bridge.store.transaction() as connection:
            connection.execute(text(LINK), {"tables": dump(desk.agreement.tables())})
            connection.execute(update(observations).values(facts=None))
    count_as_known(config, clock)


def known_copy(linked: Path, folder: Path, settings: Mapping[str, str]) -> Path:
    """A copy of such a database, with settings more, under which all counts as linked too."""
    config = copied(linked, folder, settings)
    count_as_known(config)
    return config


def count_as_known(config: Path, clock: SystemClock | None = None) -> None:
    """First contact is over, and these settings are those under which all was linked."""
    with opened(config, clock) as bridge, bridge.store.begin() as unit:
        desk = bridge.desk()
        desk.vocabulary = unit.vocabulary()
        state = replace(
            unit.pair_state(),
            first_contact_ended_at=bridge.clock.now(),
            first_contact_how="a measurement linked everything",
            tables=desk.agreement.tables(),
            settings=desk.rules.fingerprint,
        )
        unit.save_pair_state(state)


def _save_side_by_side(config: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    started = [processes.Process(target=_save_alone, args=(config, side)) for side in SIDES]
    for one in started:
        one.start()
    for one in started:
        one.join()
        if one.exitcode:
            raise RuntimeError("a side could not be read into the database")


def _save_alone(config: Path, side: Side) -> None:
    with opened(config) as bridge:
        desk = bridge.desk()
        bridge.services[side].learn()  # references know the prefixes of task types from now on
        with bridge.store.begin() as unit:
            desk.vocabulary = unit.vocabulary()
        _save(bridge, desk, side)


def _save(bridge: Bridge, desk: Desk, side: Side) -> None:
    """Every task of a side."""
    offset, seen = 0, set[str]()
    while True:
        page = bridge.services[side].page(Order.STABLE, offset, purpose=Purpose.SWEEP)
        tasks = [_bare(row.normalise()) for row in page.rows if row.id not in seen]
        if not tasks:
            return
        with bridge.store.begin() as unit:
            for task in tasks:
                desk.learn(unit, task.words)
            unit.save_known([Known(task=task, standing=Standing.LINKED) for task in tasks])
        seen = {task.id for task in tasks}
        offset += max(page.length - 1, 1)


def _bare(task: Task) -> Task:
    """Without what is kept only of tasks that have no counterpart."""
    return replace(task, facts=Facts())
