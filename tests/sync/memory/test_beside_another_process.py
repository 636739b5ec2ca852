"""A run that let another process have the lease knows what that one left open."""

import dataclasses
from typing import Any

import pytest

from bridge.domain.side import Field, Side
from bridge.errors import NotYet, Unreachable
from bridge.sync import cycle
from bridge.sync.cycle import Wish, run_cycle
from bridge.sync.desk import Desk
from bridge.sync.lease import offer_lease, take_lease
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_unmarked_results import cycles, newest, sizes

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def daemon_cycle(bench: Bench, between: Any) -> None:
    """Another process has a cycle, in which the outcome of a create stays open."""
    rules = bench.rules
    bench.rules = dataclasses.replace(rules, owner="daemon")
    other = bench.new_desk()
    bench.rules = rules
    between(other)
    bench.court.over(other, run_cycle(other, Wish(sweep_seconds=0.0)))
    assert "uncertain" in [str(one.outcome) for one in other.tally.reports]


def beside(bench: Bench, monkeypatch: pytest.MonkeyPatch, between: Any) -> None:
    """The first time that the run lets go of the lease another process has a cycle."""
    done: list[int] = []

    def let_go(desk: Desk) -> None:
        if done:
            return
        done.append(1)
        offer_lease(desk)
        daemon_cycle(bench, between)
        take_lease(desk)
        desk.outdate_polls()

    monkeypatch.setattr(cycle, "keep_or_offer", let_go)


@pytest.mark.parametrize("is_beside", [False, True], ids=["alone", "beside"])
def test_a_backfill_knows_of_creates_that_a_daemon_left_open_meanwhile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_beside: bool
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.probes_taken = frozenset()
    bench.pair("Old", origin=V2)
    bench.backfill()
    bench.settle()

    def lose(other: Desk) -> None:
        bench.v2.add("Boiler")
        error = Unreachable("kore", "hung up", is_outcome_unknown=True)
        bench.kore.fail("create", error, applied=True)

    if is_beside:
        bench.kore.add("Pump")  # something to do
        beside(bench, monkeypatch, lose)
        bench.backfill()
        monkeypatch.undo()
    else:
        bench.kore.add("Pump")
        lose(bench.desk)
        bench.sync()
        bench.backfill()
    cycles(bench)
    titles = sorted(str(bench.v2.value(one, Field.TITLE)) for one in bench.v2.records)
    assert titles == ["Boiler", "Old", "Pump"]


def loses_and_rewrites(bench: Bench, side: Side) -> Any:
    """A new task whose create gets no answer, and people who rewrite what it made at once."""
    service = bench.service(side)

    def lose(other: Desk) -> None:
        bench.service(side.other).add("Boiler")
        error = Unreachable(str(side), "hung up", is_outcome_unknown=True)
        service.fail("create", error, applied=True)
        send = service.send

        def then_rewritten(request: Any) -> Any:
            try:
                return send(request)
            finally:
                if request.call == "create":
                    service.send = send  # type: ignore[method-assign]
                    service.edit(newest(bench, side), text="Bring a ladder.")

        service.send = then_rewritten  # type: ignore[method-assign]

    return lose


@both_sides
def test_a_backfill_knows_of_rewritten_results_of_a_daemon_s_creates(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, side: Side
) -> None:
    bench.pair("Old", origin=side.other)
    bench.settle()
    bench.service(side).add("Pump")
    beside(bench, monkeypatch, loses_and_rewrites(bench, side))
    bench.backfill()
    monkeypatch.undo()
    cycles(bench)
    assert sizes(bench) == (3, 3), sorted(
        str(bench.service(side.other).value(one, Field.TITLE))
        for one in bench.service(side.other).records
    )


@both_sides
def test_a_backfill_that_waited_knows_of_creates_that_a_daemon_left_open(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, side: Side
) -> None:
    bench.pair("Old", origin=side.other)
    bench.settle()
    lose = loses_and_rewrites(bench, side)
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        bench.clock.pass_time(seconds)
        if seconds and not waited:
            waited.append(seconds)
            daemon_cycle(bench, lose)

    monkeypatch.setattr(bench.clock, "sleep", sleep)
    bench.service(side).add("Pump")
    busy = NotYet(str(side.other), "Too many requests.", seconds=30)
    bench.service(side.other).fail("create", busy)
    bench.backfill()
    monkeypatch.undo()
    assert waited == [30]
    cycles(bench)
    assert sizes(bench) == (3, 3)
