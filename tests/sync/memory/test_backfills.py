"""What a backfill tells of its way, and where it ends without having decided everything."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.exchange import Order
from bridge.domain.guard import GuardKind
from bridge.domain.operation import OperationKind, WriteRequest
from bridge.domain.operation import Outcome as Result
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import NotYet, Unreachable
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


def test_nothing_is_left_behind_while_a_guard_stands(paired: Bench) -> None:
    remove(paired, Side.V2, 3)
    sweeps(paired, 2)
    new = paired.kore.add("New")
    assert paired.backfill(skips=True).guards
    assert paired.known(Side.KORE, new).standing is Standing.NEW


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
            for poll in ("page:poll", "page:follow"):
                met.service(side).fail(poll, Unreachable(str(side), "gone"), times=500)

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


def test_what_was_created_before_a_side_asked_to_wait_counts_for_the_limit(met: Bench) -> None:
    met.set_rules(workers=1)

    def busy(request: WriteRequest) -> None:
        if met.v2.writes and not met.heard.of("waiting"):
            met.v2.fail("create", NotYet("v2", "Too many requests.", seconds=1))

    met.v2.on_send = busy
    met.backfill(limit=2, is_whole=False)
    assert met.heard.of("waiting") == [{"seconds": 1, "reason": "Too many requests."}]
    assert len(met.links()) == 2


@both_sides
def test_what_was_read_is_not_read_again_while_it_waits_for_the_other_side(
    met: Bench, side: Side
) -> None:
    met.service(side.other).is_down = True
    met.backfill()
    calls = met.service(side).calls
    assert (calls.count("page:poll"), calls.count("learn")) == (1, 1)


# --- which hidden tasks are seen first -----------------------------------------------------------


@pytest.fixture
def veiled(met: Bench) -> Bench:
    """Kore's list hides the descriptions of three tasks."""
    met.kore.hides = frozenset({Field.DESCRIPTION})
    return met


def probed(bench: Bench) -> set[str]:
    return {write.task_id for write in bench.kore.writes if write.call == "probe"}


def test_how_many_are_to_be_seen_whole_is_told_before_the_first(veiled: Bench) -> None:
    veiled.backfill()
    told = [one for one in veiled.heard.of("progress") if one["step"] == "probe"]
    assert told[0] == {"step": "probe", "done": 0, "total": 3}
    assert probed(veiled) == {"k0001", "k0002", "k0003"}


def test_where_titles_are_matched_any_hidden_marker_may_tell_otherwise(veiled: Bench) -> None:
    veiled.backfill(only=("k0002",), match_window=timedelta(days=1))
    assert probed(veiled) == {"k0001", "k0002", "k0003"}


def test_for_a_task_that_has_its_counterpart_no_other_is_seen_whole(veiled: Bench) -> None:
    veiled.backfill(only=("v0001",))
    assert probed(veiled) == {"k0001", "k0002", "k0003"}
    veiled.forget_calls()
    veiled.kore.edit("k0003", text="It leaks.")
    veiled.backfill(only=("v0001",))
    assert probed(veiled) == set()


def test_where_they_cannot_be_seen_nothing_is_decided(veiled: Bench) -> None:
    def go_down(request: WriteRequest) -> None:
        veiled.kore.is_down = True

    veiled.kore.on_send = go_down
    outcome = veiled.backfill(skips=True, gives_up_seconds=4.0)
    assert outcome.faults.keys() == {Side.KORE}
    assert veiled.known(Side.KORE, "k0001").standing is Standing.NEW
    assert veiled.known(Side.V2, "v0001").standing is Standing.NEW
    assert lasts(veiled)
