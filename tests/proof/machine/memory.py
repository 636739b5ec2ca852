"""The ground in process: the services and the store of the in-memory bench."""

import dataclasses
import itertools
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bridge.domain.marker import find_marker, with_marker
from bridge.domain.operation import WriteRequest
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.vocabulary import Word, WordKind
from bridge.errors import BadAnswer, KeyRefused, NotYet, ServiceError, Unreachable
from bridge.ports import Service, Store
from tests.proof.machine.deeds import Fate
from tests.proof.machine.ground import LEASE_SECONDS, SETTLE_SECONDS, Setup
from tests.proof.machine.words import LONGEST_TITLE, PEOPLE, Plain, Values, plain, plain_text
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import APP, MemoryService

SPARSE = frozenset({Field.DESCRIPTION, Field.ASSIGNEE, Field.DUE})
# How far a reading is, and when old history was last forgotten: no state of any task.
_BOOKKEEPING = frozenset({"sweeps", "sweep_marks", "pairs"})
_numbers = itertools.count(1)


class MemoryGround:
    """Both services in memory."""

    def __init__(self, setup: Setup) -> None:
        self._bench = bench = Bench(
            direction=setup.direction, conflict=setup.conflict, tie=setup.tie
        )
        self.clock, self.events = bench.clock, bench.heard
        self.setup = setup
        self.rules = dataclasses.replace(
            bench.rules, settle_seconds=SETTLE_SECONDS, lease_seconds=LEASE_SECONDS
        )
        bench.kore.add_case("ci-2")
        bench.v2.words += [Word(Side.V2, WordKind.PERSON, name.casefold(), name) for name in PEOPLE]
        for side in SIDES:
            self._set_up(bench.service(side), setup)
        self._set_up_kore(bench.kore, setup)
        self._set_up_v2(bench.v2, setup)

    def _set_up(self, service: MemoryService, setup: Setup) -> None:
        service.page_size = setup.page_size[service.side]
        service.rows_late_seconds = setup.late_seconds[service.side]
        service.keeps_whole_seconds = setup.whole_seconds
        service.create_answer = setup.create_answer[service.side]
        service.refuses = _has_long_title

    def _set_up_kore(self, kore: MemoryService, setup: Setup) -> None:
        kore.sorts = setup.is_sorted[Side.KORE]
        kore.probe_moves = setup.probe_moves
        kore.skew = timedelta(seconds=setup.skew_seconds)
        if setup.is_sparse:
            kore.hides, kore.hides_facts, kore.shows_author = SPARSE, True, False

    def _set_up_v2(self, v2: MemoryService, setup: Setup) -> None:
        v2.takes_sort = setup.is_sorted[Side.V2]
        v2.is_shuffled = not setup.is_sorted[Side.V2]
        v2.update_answer = setup.update_answer
        v2.shows_author = setup.shows_author
        v2.completes_by_patch = setup.completes_by_patch
        v2.search_finds = setup.search_finds

    def _of(self, side: Side) -> MemoryService:
        return self._bench.service(side)

    # ---- a process -----------------------------------------------------------------------

    def services(self) -> Mapping[Side, Service]:
        return {side: self._of(side) for side in SIDES}

    def store(self) -> Store:
        return self._bench.store

    def restart(self) -> None:
        self.rules = dataclasses.replace(self.rules, owner=f"process {next(_numbers)}")

    def now(self) -> datetime:
        return self.clock.at

    def pass_time(self, seconds: float) -> None:
        self.clock.pass_time(seconds)

    def stop(self) -> None:
        self.clock.is_stopped = True

    def go_on(self) -> None:
        self.clock.is_stopped = False

    # ---- people --------------------------------------------------------------------------

    def add(self, side: Side, values: Values, case: int) -> str:
        given = _given(values)
        title = given.pop("title", None)
        if side is Side.KORE:
            given["case"] = self._of(side).cases[f"ci-{case + 1}"]
        return self._of(side).add(title, given.pop("text", ""), **given)

    def edit(self, side: Side, task_id: str, values: Values, *, keeps_marker: bool = True) -> None:
        service = self._of(side)
        record = service.records[task_id]
        if service.keeps_whole_seconds and SPARSE & set(values) and service.hides:
            # No list can tell a second change of what it hides within one tick of its clock.
            self.clock.pass_time(1)
        given = _given(values)
        marker = find_marker(record.text)
        if "text" in given and marker is not None and keeps_marker:
            given["text"] = with_marker(given["text"], marker.line)
        service.edit(task_id, **given)

    def remove(self, side: Side, task_id: str) -> None:
        self._of(side).remove(task_id)

    def set_case(self, case: int, *, is_closed: bool) -> None:
        self._of(Side.KORE).add_case(f"ci-{case + 1}", is_closed=is_closed)

    # ---- faults --------------------------------------------------------------------------

    def fail(self, side: Side, call: str, fate: Fate) -> None:
        error = _ERRORS[fate](str(side))
        self._of(side).fail(call, error, applied=fate is Fate.TAKEN)
        if fate is Fate.REFUSED_KEY:
            self._of(side).fail("page:ask", error)

    def set_down(self, side: Side, *, is_down: bool) -> None:
        self._of(side).is_down = is_down

    def set_unreadable(self, side: Side, task_id: str, *, is_unreadable: bool) -> None:
        odd = self._of(side).unreadable
        odd.add(task_id) if is_unreadable else odd.discard(task_id)

    def mend(self) -> None:
        for side in SIDES:
            service = self._of(side)
            service.faults.clear()
            service.unreadable.clear()
            service.is_down = False
        for case in (0, 1):
            self.set_case(case, is_closed=False)

    # ---- looking -------------------------------------------------------------------------

    def ids(self, side: Side) -> list[str]:
        return sorted(self._of(side).records)

    def values(self, side: Side, task_id: str) -> dict[Field, Plain]:
        record = self._of(side).records[task_id]
        found = {name: plain(name, record.fields.get(name)) for name in Field}
        return {**found, Field.DESCRIPTION: plain_text(record.text)}

    def snapshot(self, side: Side) -> dict[str, dict[Field, Plain]]:
        return {task_id: self.values(side, task_id) for task_id in self._of(side).records}

    def stand_in(self, v2_id: str) -> str:
        return self._of(Side.V2).records[v2_id].ref

    def changed_at(self, side: Side, task_id: str) -> datetime | None:
        record = self._of(side).records.get(task_id)
        return record.changed_at if record else None

    def origin_of(self, side: Side, task_id: str) -> str | None:
        record = self._of(side).records[task_id]
        marker = find_marker(record.text)
        return marker.task_id if marker and record.first_author == APP else None

    def dump(self) -> dict[str, list[Any]]:
        return {name: rows for name, rows in self._bench.dump().items() if name not in _BOOKKEEPING}

    def close(self) -> None:
        pass


def _given(values: Values) -> dict[str, Any]:
    """The values as people of the bench name them."""
    given: dict[str, Any] = {str(name): value for name, value in values.items()}
    if Field.DESCRIPTION in values:
        given["text"] = given.pop("description") or ""
    assignee = values.get(Field.ASSIGNEE)
    if assignee is not None and assignee.startswith("queue:"):
        given["queue"] = given.pop("assignee").removeprefix("queue:")
    return given


def _has_long_title(request: WriteRequest) -> bool:
    title = request.body.get("values", {}).get("title")
    return title is not None and len(title[1]) > LONGEST_TITLE


def _unanswered(side: str) -> ServiceError:
    return Unreachable(side, "There was no answer.", is_outcome_unknown=True)


_ERRORS: dict[Fate, Callable[[str], ServiceError]] = {
    **dict.fromkeys((Fate.LOST, Fate.TAKEN), _unanswered),
    Fate.ODD: lambda side: BadAnswer(side, "It answered HTML.", is_outcome_unknown=True),
    Fate.BUSY: lambda side: NotYet(side, "Too many requests.", seconds=20.0),
    Fate.REFUSED_KEY: lambda side: KeyRefused(side, "The key is refused.", status=401),
    Fate.BROKEN: lambda side: Unreachable(side, "It answered 500.", is_outcome_unknown=True),
}
