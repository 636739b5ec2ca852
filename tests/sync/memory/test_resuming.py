"""A backfill that is stopped at any step, and run once more, ends as one that nobody stopped."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bridge.domain.policy import Route, Scope
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts
from bridge.errors import Stopped
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT, START

HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})
A_DAY = timedelta(days=1)
STRIDE = 17
WANTED: dict[str, dict[str, Any]] = {
    "whole": {},
    "match": {"match_window": A_DAY},
    "limit": {"limit": 3, "is_whole": False},
    "only": {"only": ("TS1", "TS3", "REC-1"), "match_window": A_DAY},
    "skip": {"skips": True},
    "from": {"sides": (Side.V2,)},
    "since": {"is_whole": False},
}


def a_bench(*, is_sparse: bool, name: str) -> Bench:
    bench = Bench()
    bench.kore.hides = HIDDEN if is_sparse else frozenset()
    since = START - timedelta(hours=1) if name == "since" else None
    bench.set_rules(
        workers=1,
        routes=(Route(case="ci-1", task_template="t", tag="in"),),
        scope=Scope(created_since=since),
    )
    for side in Side:
        service = bench.service(side)
        service.page_size = 3
        facts = Facts(tags=("in",), queues=(), contact=CONTACT)
        for number in range(2):
            service.add(f"Alone on {side} {number}", "text", assignee="Robin", facts=facts)
        service.add("There twice", f"text of {side}", facts=facts)
        service.add("Fits several", facts=facts)
        service.add("Old", facts=facts, created_at=START - timedelta(days=9))
        service.add("Done", facts=facts, status="Closed" if side is Side.KORE else "completed")
    bench.v2.add("Fits several", facts=facts)
    bench.v2.add("Unroutable", facts=Facts(tags=("out",), contact=CONTACT))
    return bench


def picture(bench: Bench) -> dict[str, Any]:
    """The end of a run: both services by title, links, standings, waits; no ids and no times."""
    titles = {
        (side, one.id): f"{bench.service(side).value(one.id, Field.TITLE)} ({rank})"
        for side in Side
        for rank, one in enumerate(sorted(bench.service(side).records.values(), key=_rank))
    }

    def fields(side: Side, task_id: str) -> list[str | None]:
        return [bench.service(side).value(task_id, name) for name in Field]

    def named(side: Side, task_id: Any) -> str | None:
        title = titles.get((side, task_id))
        return title.rsplit(" (", 1)[0] if title else None

    with bench.store.begin() as unit:
        standings = sorted(
            (str(side), str(known.task.title), str(known.standing))
            for side in Side
            for known in unit.unlinked(side)
        )
        links = sorted(
            (str(named(Side.KORE, view.link.kore_id)), str(named(Side.V2, view.link.v2_id)),
             str(view.link.state), str(view.link.origin), sorted(map(str, view.link.bases)))
            for view in unit.all_links()
        )  # fmt: skip
        ended = unit.pair_state().first_contact_ended_at is not None
        waits = sorted((str(one.kind), str(one.operation), one.reason) for one in unit.waits())
    tasks = sorted(
        (str(side), str(fields(side, one.id)))
        for side in Side
        for one in bench.service(side).records.values()
    )
    return {
        "tasks": tasks, "links": links, "standings": standings, "waits": waits, "ended": ended,
    }  # fmt: skip


def _rank(record: Any) -> tuple[Any, str]:
    return record.created_at, record.id


def ended(bench: Bench, wanted: dict[str, Any]) -> dict[str, Any]:
    """The picture after the backfill and the cycles that settle what it left due."""
    bench.backfill(**wanted)
    for _ in range(2):
        bench.sync()
    return picture(bench)


class Steps:
    """Counts the steps of a run, and stops it at one of them."""

    def __init__(self, bench: Bench, stop_at: int | None = None) -> None:
        self.count = 0
        self._bench = bench
        self._stop_at = stop_at
        self._send = {side: bench.service(side).send for side in Side}
        self._page = {side: bench.service(side).page for side in Side}
        for side in Side:
            service = bench.service(side)
            service.send = partial(self._called, self._send[side])  # type: ignore[method-assign]
            service.page = partial(self._called, self._page[side])  # type: ignore[method-assign]

    def _called(self, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self.count += 1
        if self.count == self._stop_at:
            self._bench.clock.is_stopped = True
        return call(*given, **named)

    def end(self) -> None:
        for side in Side:
            service = self._bench.service(side)
            service.send = self._send[side]  # type: ignore[method-assign]
            service.page = self._page[side]  # type: ignore[method-assign]
        self._bench.clock.is_stopped = False


def stopped_at(name: str, stride: int, *, is_sparse: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    """The end of each run that was stopped at one of its steps, every so many of them."""
    make = partial(a_bench, is_sparse=is_sparse, name=name)
    counted = make()
    steps = Steps(counted)
    counted.backfill(**WANTED[name])
    for number in range(1 + len(name) % stride, steps.count + 1, stride):
        bench = make()
        stopping = Steps(bench, number)
        try:
            bench.backfill(**WANTED[name])
        except Stopped:
            pass
        finally:
            stopping.end()
        yield number, ended(bench, resumed(bench, name))


def resumed(bench: Bench, name: str) -> dict[str, Any]:
    """The same command again; of a limit, what is left of it."""
    wanted = dict(WANTED[name])
    if "limit" in wanted:
        made = sum(write.call == "create" for write in (*bench.kore.writes, *bench.v2.writes))
        wanted["limit"] = max(wanted["limit"] - made, 0)
    return wanted


@pytest.mark.slow
@pytest.mark.parametrize("is_sparse", [False, True], ids=["full", "sparse"])
@pytest.mark.parametrize("name", WANTED)
def test_stopped_at_a_step_and_run_again_it_ends_the_same(name: str, is_sparse: bool) -> None:
    """Steps are requests; a sample of them (`STRIDE = 1` takes each)."""
    expected = ended(a_bench(is_sparse=is_sparse, name=name), WANTED[name])
    for number, found in stopped_at(name, STRIDE, is_sparse=is_sparse):
        assert found == expected, f"stopped at step {number}"
