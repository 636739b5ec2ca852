"""What a backfill tells of its way, and where it ends without having decided everything."""

from typing import Any

import pytest

from bridge.domain.exchange import Order
from bridge.domain.guard import GuardKind
from bridge.domain.operation import OperationKind
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import Side
from bridge.domain.task import Standing
from bridge.errors import Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_first_contact import lasts, met
from tests.sync.memory.test_guards import paired, remove, standing, sweeps

__all__ = ["met", "paired"]  # fixtures

both_sides = pytest.mark.parametrize("side", list(Side))


@pytest.mark.parametrize(
    ("wanted", "total"),
    [({}, 6), ({"limit": 4, "is_whole": False}, 4), ({"only": ("TS1", "TS2", "REC-1")}, 3)],
)
def test_how_many_are_to_be_created_is_told_before_the_first(
    met: Bench, wanted: dict[str, Any], total: int
) -> None:
    met.backfill(**wanted)
    told = [one for one in met.heard.of("progress") if one["step"] == "create"]
    assert told[0] == {"step": "create", "done": 0, "total": total}
    assert len(met.links()) == total


def test_a_dry_one_shows_its_plan_although_a_guard_stands(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    new = paired.kore.add("New")
    outcome = paired.backfill(is_dry=True)
    assert [one.kind for one in outcome.guards] == [GuardKind.MISSING]
    (report,) = paired.reports
    assert (report.outcome, report.operation.kind) == (Result.PLANNED, OperationKind.CREATE)
    assert report.operation.kore_id == new
    assert standing(paired) == [*outcome.guards]


@both_sides
def test_one_that_cannot_create_ends_no_first_contact(met: Bench, side: Side) -> None:
    met.service(side).fail("create", Unreachable(str(side), "gone"), times=500)
    outcome = met.backfill(gives_up_seconds=4.0)
    assert outcome.faults.keys() == {side}
    assert outcome.is_first_contact
    assert lasts(met)
    met.service(side).faults.clear()
    met.backfill()
    assert len(met.links()) == 6


@both_sides
def test_one_that_cannot_look_once_more_leaves_no_task_behind(met: Bench, side: Side) -> None:
    def go_away(order: Order, offset: int) -> None:
        if order is Order.STABLE and not met.v2.faults:
            met.clock.pass_time(60)
            met.service(side).fail("page:poll", Unreachable(str(side), "gone"), times=500)

    met.v2.on_page = go_away
    outcome = met.backfill(skips=True, gives_up_seconds=4.0)
    assert outcome.faults.keys() == {side}
    assert met.known(Side.KORE, "k0001").standing is Standing.NEW
    assert met.known(Side.V2, "v0001").standing is Standing.NEW
    assert lasts(met)


@both_sides
def test_a_create_without_an_answer_that_was_not_applied_is_sent_again_by_one(
    bench: Bench, side: Side
) -> None:
    bench.pair()
    mine = bench.service(side.other).add("Ladder")
    lost = Unreachable(str(side), "no answer", is_outcome_unknown=True)
    bench.service(side).fail("create", lost)
    bench.sync()
    bench.clock.pass_time(400)
    bench.backfill()
    assert bench.is_linked(side.other, mine)
    assert len(bench.service(side).records) == 2
