"""A database with a million links of which a tenth differ and wait: what an idle cycle costs there.

A pair of linked tasks is multiplied in the database by SQL, with waits of each kind, a long journal
and a long history beside them; the services know nothing of the copies, which no cycle without news
looks at. Each statement of an idle and of a busy cycle is then explained by SQLite: one that scans
a table which grows is told.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from benchmarks.daemon import Daemon, statements
from benchmarks.figures import Figure, at_most
from benchmarks.linking import known_copy
from benchmarks.setup import DATABASE, NO_DEEP_POLLS, opened
from benchmarks.stage import Stage
from benchmarks.world import Spec, World, rename
from bridge.domain.operation import WaitKind
from bridge.domain.side import SIDES
from bridge.store.tables import sweep_marks, sweeps

CYCLES = 5
CHUNK_BITS = 8192
# What a pair that differs may wait for, in equal parts.
KINDS = (WaitKind.CONFLICT, WaitKind.UNMAPPED, WaitKind.FAILED, WaitKind.HELD)
# Young, so that no cycle has anything to prune.
AT = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')"
GROWING = ("links", "observations", "waits", "conflicts", "operations", "history", "runs")
SCAN = re.compile(rf"\bSCAN ({'|'.join(GROWING)})\b(?! USING COVERING INDEX ix_\w+_(?:due|open))")
NUMBERS = (
    "WITH RECURSIVE numbers(nth) AS (SELECT 1 UNION ALL SELECT nth + 1 FROM numbers WHERE nth < ?)"
)


def measure(stage: Stage) -> Iterator[Figure]:
    """A hundredth of it first, then the whole."""
    spec = Spec(pairs=100)
    links = stage.size(1_000_000, 3_000)
    small, _ = _idle(stage, spec, links // 100)
    work, scans = _idle(stage, spec, links)
    what = f"{links:,} links, {links // 10:,} waiting"
    yield Figure(
        what=f"{what}: idle work, beside a hundredth of them", floor=1000 * small,
        ours=1000 * work, unit="ms", target=at_most(100),
    )  # fmt: skip
    yield Figure(
        what=f"{what}: statements that scan what grows", ours=len(scans), unit="statements",
        target=at_most(0), note="; ".join(scans)[:600],
    )  # fmt: skip


def _idle(stage: Stage, spec: Spec, links: int) -> tuple[float, list[str]]:
    """The seconds of work of an idle cycle, and the statements that scan."""
    world, linked = stage.linked(spec)
    folder = stage.at("large")
    config = known_copy(linked, folder, NO_DEEP_POLLS)
    multiply(folder / DATABASE, links)
    with opened(config) as bridge:
        daemon = Daemon(bridge)
        _mark_all_as_seen(daemon, 2 * (links + spec.pairs))
        for _ in range(3):
            daemon.tick()
        work = median(daemon.tick() for _ in range(CYCLES))
        scans = _scans(daemon, world)
        daemon.end()
    return work, scans


def _scans(daemon: Daemon, world: World) -> list[str]:
    """What SQLite says of each statement of an idle cycle and of one that carries changes."""
    with statements() as found:
        daemon.tick()
        world.do(rename, "kore", 0, 5, "Large")
        world.do(rename, "v2", 50, 5, "Large")
        daemon.tick()
        daemon.tick()
    asked = {
        text: parameters for text, parameters, _ in found if text.startswith(("SELECT", "UPD"))
    }
    scanning: list[str] = []
    with daemon.bridge.store.transaction(is_look=True) as connection:
        for text, parameters in asked.items():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters).all()
            scanning += [f"{row[3]} ({text[:120]})" for row in plan if SCAN.search(str(row[3]))]
    return scanning


def multiply(database: Path, links: int) -> None:
    """So many links more, a tenth of which wait, with as much journal and twice the history."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        one = connection.execute("SELECT id, kore_id, v2_id FROM links LIMIT 1").fetchone()
        for side, task_id in zip(SIDES, one[1:], strict=True):
            made = {
                "id": f"'copy-{side}-' || nth", "marker_id": "'copy-' || nth",
                "digest": "'' || nth",
            }  # fmt: skip
            _copy(connection, "observations", f"id = '{task_id}'", links, made)
        ids = {"kore_id": "'copy-kore-' || nth", "v2_id": "'copy-v2-' || nth"}
        _copy(connection, "links", f"id = {one[0]}", links, ids)
        first = connection.execute("SELECT max(id) FROM links").fetchone()[0] - links
        _add_waits(connection, first, links // 10)
        _add_past(connection, first, links)
    connection.close()


def _copy(
    connection: sqlite3.Connection, table: str, which: str, count: int, made: dict[str, str]
) -> None:
    """Copies of one row of the table, with these columns made anew from a number."""
    known = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    key = "n" if table == "observations" else "id"
    columns = [name for name in known if name != key]
    values = ", ".join(made.get(name, f"one.{name}") for name in columns)
    names = ", ".join(columns)
    connection.execute(
        f"{NUMBERS} INSERT INTO {table} ({names}) SELECT {values} FROM numbers, "  # noqa: S608
        f"(SELECT * FROM {table} WHERE {which} LIMIT 1) AS one",
        (count,),
    )


def _add_waits(connection: sqlite3.Connection, first: int, count: int) -> None:
    kinds = " ".join(f"WHEN {place} THEN '{kind}'" for place, kind in enumerate(KINDS))
    waiting = {
        "kind": f"CASE nth % {len(KINDS)} {kinds} END", "reason": "'they differ'",
        "side": "'v2'", "field": "'title'",
        "operation": "'update'", "kore": "'\"a\"'", "v2": "'\"b\"'", "waits_for": "''",
        "attempts": "1", "since": AT,
    }  # fmt: skip
    _add(connection, "waits", waiting, first, count)


def _add_past(connection: sqlite3.Connection, first: int, count: int) -> None:
    settled = {
        "side": "'v2'", "kind": "'update'", "reason": "'changed in Kore'", "state": "'settled'",
        "outcome": "'done'", "note": "''", "run_id": "1", "token": "1", "committed_at": AT,
        "sent_at": AT, "settled_at": AT,
    }  # fmt: skip
    _add(connection, "operations", settled, first, count)
    told = {"run_id": "1", "at": AT, "what": "'updated'", "why": "''"}
    _add(connection, "history", told, first, count)
    _add(connection, "history", told, first, count)


def _add(
    connection: sqlite3.Connection, table: str, values: dict[str, str], first: int, count: int
) -> None:
    """A row about each of so many links."""
    names, given = ", ".join(values), ", ".join(values.values())
    connection.execute(
        f"{NUMBERS} INSERT INTO {table} (pair, link_id, {names}) "  # noqa: S608 - our own words
        f"SELECT 'default', ? + nth, {given} FROM numbers",
        (count, first),
    )


def _mark_all_as_seen(daemon: Daemon, rows: int) -> None:
    """Two complete sweeps of each side that saw every task, ended after the daemon's start."""
    now = daemon.bridge.clock.now()
    chunks = range(rows // CHUNK_BITS + 2)
    bits = b"\xff" * (CHUNK_BITS // 8)
    with daemon.bridge.store.transaction() as connection:
        for side in (*SIDES, *SIDES):
            row: dict[str, Any] = {
                "pair": daemon.bridge.settings.name, "side": str(side), "started_at": now,
                "completed_at": now, "rows": rows // 2, "counts": {},
            }  # fmt: skip
            number = connection.execute(insert(sweeps).returning(sweeps.c.id), row).scalar_one()
            marks = [{"sweep_id": number, "chunk": one, "bits": bits} for one in chunks]
            connection.execute(insert(sweep_marks), marks)
