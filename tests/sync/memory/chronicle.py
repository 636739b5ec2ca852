"""A chronicle: all that a bridge asked, said, and wrote down, step by step, for a person to read.

Numbers of rows are left out and links are called by their tasks, so that a chronicle tells only
what a person could notice. Moments are told to ten seconds, as a look at the clock costs a little.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Table, select, text

from bridge.domain.explain import explain
from bridge.domain.reconcile import reconcile
from bridge.domain.side import SIDES, Side
from bridge.errors import ServiceError, UsageError
from bridge.ports import Unit
from bridge.store.open import memory_store
from bridge.store.pairs import PairRow
from bridge.store.sql_store import SqlStore
from bridge.store.tables import metadata
from bridge.sync.life import find_subject, read_life
from bridge.sync.survey import survey
from bridge.sync.tally import Report
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import Clock

KORE, V2 = Side
Row = Mapping[str, Any]
UNTOLD = frozenset({"calls", "sweep_marks", "words", "heartbeats"})
# What is told elsewhere in the same chronicle, or no person could notice.
LEFT_OUT = frozenset({"id", "n", "pair", "digest", "parent_id", "link_id", "name", "request"})
LEFT_OUT |= frozenset({"container", "title_key", "summary", "tables", "kind", "side", "task_id"})
LEFT_OUT |= frozenset({"task_side", "started_at", "ended_at", "committed_at", "kore_id", "v2_id"})
LEFT_OUT |= frozenset({"ref", "taken_at", "expires_at", "first_started_at", "facts"})
_MOMENT = re.compile(r"2026-03-(\d\d)[T ](\d\d:\d\d:\d)\d(?:\.\d+)?(?:\+00:00|Z)?")
_PART = re.compile(r"\b\d+\.\d+\b")


def at_dawn(**policy: Any) -> Bench:
    """A bench whose database has just been made, so that its numbers begin at one."""
    bench = Bench(**policy)
    with _day().transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("DELETE FROM sqlite_sequence"))
    bench.set_rules(workers=1)
    use_pair(bench, "day")
    return bench


def use_pair(bench: Bench, name: str) -> None:
    """Another pair, of which nothing is known: its database is lost."""
    bench.name, bench.store = name, _day().of_pair(name)
    with bench.store.transaction() as connection:
        PairRow(connection, name).note_pair(bench.clock.now())


@cache
def _day() -> SqlStore:
    return memory_store("day", Clock())


class OneByOne:
    """Stands for a pool of threads: each job is done when it is given, so that the order is one."""

    def __init__(self, workers: int, name: str) -> None:
        assert workers > 0
        assert name

    def submit(self, job: Callable[..., None], *given: Any) -> Future[None]:
        done = Future[None]()
        try:
            job(*given)
            done.set_result(None)
        except BaseException as error:
            done.set_exception(error)
        return done

    def shutdown(self, **given: Any) -> None:
        """Nothing is under way."""


class Chronicle:
    """Writes down what has happened since it was last asked."""

    def __init__(self, bench: Bench, write: Callable[[str], None]) -> None:
        self._bench, self._write = bench, write
        self._rows = self._tables()
        self._names: dict[int, str] = {}

    def tell(self, what: str, came_of_it: object = None) -> None:
        """A step is over: its title, and everything that it did."""
        lines = [f"== {what}", *self._result(came_of_it), *self._calls(), *self._events()]
        lines += self._changes()
        for line in lines:
            self._write(_smooth(line))

    def tell_lives(self) -> None:
        """What there is at the end of the day, and what `explain` says of it."""
        self._write("== at the end of the day")
        bench = self._bench
        with bench.store.begin() as unit:
            for name in [one for side in SIDES for one in bench.service(side).records]:
                for line in self._life_of(unit, name):
                    self._write(_smooth(line))

    def _life_of(self, unit: Unit, name: str) -> Iterable[str]:
        bench = self._bench
        side = KORE if name in bench.kore.records else V2
        record = bench.service(side).records[name]
        values = {key: one.text if one else None for key, one in record.fields.items()}
        yield f"{name}: {_plain(values)}"
        yield f"  text: {record.text}, tags: {_plain(record.facts.tags)}, {record.last_author}"
        try:
            subject = find_subject(unit, name)
        except UsageError as error:
            yield f"  {error}"
            return
        if side is V2 and subject.is_joined and subject.link and subject.link.kore_id:
            return
        life = read_life(unit, subject, bench.rules, bench.clock.now(), is_carried_soon=True)
        told = explain(life, datetime.isoformat)
        yield f"  {told.state.value}: {told.reason} {told.next} {told.standing} {told.due}"
        for task in told.tasks:
            yield f"  - {task.side}: {task.seen} {_plain(task.hidden)}"
        for row in (*told.held_up, *told.waits, *told.conflicts):
            yield f"  - {_plain(row)}"
        yield from sorted(_smooth(f"  - {_plain(one.at)}: {one.text}") for one in told.steps)

    def tell_report(self) -> None:
        """What `report` says at the end of the day: all that is not in step, and why."""
        self._write("== reported")
        for line in self._report():
            self._write(_smooth(line))

    def _report(self) -> Iterable[str]:
        bench = self._bench
        bench.clock.pass_time(30)
        try:
            found = survey(bench.new_desk(is_dry=True), 5.0, lambda beat, now: True)
        except ServiceError as error:
            yield f"it cannot be made: {_plain(error)}"
            return
        told = reconcile(found.world)
        yield f"{_plain(told.totals)}, hidden {_plain(found.hidden)} {_plain(found.notes)}"
        yield from sorted(_plain(row) for row in told.told)
        yield from self._calls()
        yield from self._events()

    # ---- the parts of a step -----------------------------------------------------------

    def _result(self, result: object) -> Iterable[str]:
        if result is None:
            return
        if not is_dataclass(result):
            yield f"-> {_plain(result)}"
            return
        for one in fields(result):
            value = getattr(result, one.name)
            if value and one.name not in ("summary", "details"):
                yield f"-> {one.name}: {_plain(value)}"
        summary = {**getattr(result, "summary", {})}
        operations = summary.pop("operations", ())
        if told := {name: value for name, value in summary.items() if _is_told(name, value)}:
            yield f"-> {_plain(told)}"
        reports: Iterable[Report] = self._bench.reports if operations else ()
        yield from sorted(f"-> {_operation(one)}" for one in reports)

    def _calls(self) -> Iterable[str]:
        bench = self._bench
        for side in SIDES:
            service = bench.service(side)
            runs = [(call, len([*same])) for call, same in groupby(service.calls)]
            told = [f"{call} x{count}" if count > 1 else call for call, count in runs]
            if told:
                yield f"{side} was asked: {', '.join(told)}"
            for one in service.writes:
                yield f"{side} took: {one.call} {one.task_id} {' '.join(one.fields)}".rstrip()
        bench.forget_calls()
        if bench.clock.slept:
            yield f"slept: {_plain(bench.clock.slept)}"
            bench.clock.slept.clear()

    def _events(self) -> Iterable[str]:
        events = [*self._bench.heard.events]
        self._bench.heard.events.clear()
        lines = Counter(
            f"! {one.what} {_plain(one.details)}" for one in events if one.what != "cycle"
        )
        for line, count in sorted(lines.items()):
            yield f"{line} x{count}" if count > 1 else line

    def _changes(self) -> Iterable[str]:
        before, self._rows = self._rows, self._tables()
        pairs = (
            (table, before[table].get(key), rows.get(key))
            for table, rows in self._rows.items()
            for key in rows.keys() | before[table].keys()
        )
        return sorted(self._change(table, old, new) for table, old, new in pairs if old != new)

    def _change(self, table: str, old: Row | None, new: Row | None) -> str:
        name = f"{table} {self._name(table, new or old or {})}".rstrip()
        if new is None:
            return f"{name}: gone"
        was = old or {}
        told = {
            column: value
            for column, value in new.items()
            if column not in LEFT_OUT and value != was.get(column)
        }
        if old is None:
            told = {column: value for column, value in told.items() if value or value is False}
        return f"{name}: {'now ' if old is not None else ''}{_plain(told)}"

    def _name(self, table: str, row: Row) -> str:
        if table == "links":
            return f"{row['kore_id']}={row['v2_id']}"
        if row.get("link_id"):
            pair = self._names.get(int(row["link_id"]), "?")
            return " ".join(str(one) for one in (pair, row.get("kind"), row.get("side")) if one)
        words = (row.get(name) for name in ("name", "kind", "side", "task_side", "task_id"))
        own = [row["id"]] if table == "observations" else []
        return " ".join(str(word) for word in [*words, *own] if word)

    def _tables(self) -> dict[str, dict[Any, Row]]:
        found: dict[str, dict[Any, Row]] = {}
        with self._bench.store.transaction() as connection:
            for table in metadata.tables.values():
                column = table.c.get("pair", table.c.get("name"))
                if table.name in UNTOLD or column is None:
                    continue
                query = select(table).where(column == self._bench.name)
                rows = [dict(one._mapping) for one in connection.execute(query)]
                found[table.name] = {_key(table, row): row for row in rows}
        for row in found["links"].values():
            self._names[row["id"]] = f"{row['kore_id']}={row['v2_id']}"
        return found


def _key(table: Table, row: Row) -> Any:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _is_told(name: str, value: Any) -> bool:
    if name in ("run_id", "seconds", "kind", "requests"):
        return False
    return any(value.values()) if isinstance(value, dict) else bool(value)


def _operation(report: Report) -> str:
    one = report.operation
    told = f"{one.kind} in {one.side} of {one.kore_id}={one.v2_id}: {_plain(one.fields)}"
    after = f" after a read {_plain(one.after_read)}" if one.after_read else ""
    note = f" ({report.note})" if report.note else ""
    return f"{told}{after}, {one.reason}: {report.outcome}{note}"


def _plain(value: Any) -> str:
    """A value as people write it, without names of types."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = {one.name: getattr(value, one.name) for one in fields(value) if one.repr}
        return _plain({name: part for name, part in shown.items() if part and name != "id"})
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(name)}={_plain(part)}" for name, part in value.items())
    if isinstance(value, frozenset | set):
        return f"[{' '.join(sorted(map(_plain, value)))}]"
    if isinstance(value, tuple | list):
        return f"[{' '.join(map(_plain, value))}]"
    return _plain_word(value)


def _plain_word(value: object) -> str:
    match value:
        case Enum():
            return str(value.value)
        case Exception():
            return f"{type(value).__name__}: {value}"
        case datetime():
            return value.isoformat()
        case str():
            return value
    return json.dumps(value, default=str)


def _smooth(line: str) -> str:
    """The line without what differs from run to run."""
    line = _MOMENT.sub(r"\1. \g<2>0", line)
    line = _PART.sub(lambda found: f"{float(found[0]):.0f}", line)
    return line.replace("\n", "\\n").rstrip()
