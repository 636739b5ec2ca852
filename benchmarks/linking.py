"""A database that knows every pair of a world as linked, without a backfill of many minutes.

Pages are read and rows normalised by the bridge's own clients and observations saved by its own
store, so that a sweep finds every digest as the last one left it; the links are put into their
table in one go. What a world of benchmarks/pairs.py says is believed: v2 tasks name their origin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from benchmarks.setup import opened
from bridge.bootstrap import Bridge, SystemClock
from bridge.domain.exchange import Order, Purpose
from bridge.domain.link import FieldBase, LinkState
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Known, Standing, Task
from bridge.domain.values import Observed
from bridge.store.codec import bases_json
from bridge.store.tables import links, observations
from bridge.sync.desk import Desk

Fields = Mapping[Field, Observed]


def link_all(config: Path, clock: SystemClock | None = None) -> None:
    """Fill the database of the configuration."""
    with opened(config, clock) as bridge:
        desk = bridge.desk()
        for side in SIDES:
            words = bridge.services[side].learn()
            with bridge.store.begin() as unit:
                desk.learn(unit, words)
        kore = {task.id: task.fields for task in _saved(bridge, desk, Side.KORE)}
        rows = [
            _link_row(bridge, desk, task, kore[task.marker.task_id])
            for task in _saved(bridge, desk, Side.V2)
            if task.marker is not None
        ]
        with bridge.store.transaction() as connection:
            connection.execute(insert(links), rows)
            connection.execute(update(observations).values(facts=None))
        _end_first_contact(bridge, desk)


def _saved(bridge: Bridge, desk: Desk, side: Side) -> Iterator[Task]:
    """Every task of a side, after its page was saved."""
    offset, seen = 0, set[str]()
    while True:
        page = bridge.services[side].page(Order.STABLE, offset, purpose=Purpose.SWEEP)
        tasks = [row.normalise() for row in page.rows if row.id not in seen]
        if not tasks:
            return
        with bridge.store.begin() as unit:
            for task in tasks:
                desk.learn(unit, task.words)
            unit.save_known([Known(task=task, standing=Standing.LINKED) for task in tasks])
        yield from tasks
        seen = {task.id for task in tasks}
        offset += max(page.length - 1, 1)


def _link_row(bridge: Bridge, desk: Desk, v2: Task, kore: Fields) -> dict[str, Any]:
    tables = desk.agreement.tables()
    bases = {
        name: FieldBase(kore=kore[name], v2=v2.fields[name], table=tables.get(str(name), ""))
        for name in kore.keys() & v2.fields.keys()
    }
    marker = v2.marker
    now = bridge.clock.now()
    return {
        "pair": bridge.settings.name,
        "kore_id": marker.task_id if marker else None,
        "v2_id": v2.id,
        "state": str(LinkState.LINKED),
        "origin": str(Side.KORE),
        "marker": marker.line if marker else "",
        "stand_in": "",
        "bases": bases_json(bases),
        "created_at": now,
        "changed_at": now,
    }


def _end_first_contact(bridge: Bridge, desk: Desk) -> None:
    now = bridge.clock.now()
    with bridge.store.begin() as unit:
        state = replace(
            unit.pair_state(),
            first_contact_ended_at=now,
            first_contact_how="a measurement linked everything",
            tables=desk.agreement.tables(),
            settings=desk.rules.fingerprint,
        )
        unit.save_pair_state(state)
