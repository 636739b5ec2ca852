"""What is known of a create whose outcome is open: where and when it may have made a task."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.held import MAY_BE_RESULT, MAY_BE_UNMARKED
from bridge.domain.side import Side
from bridge.domain.task import Standing
from bridge.sync.unsure import forget_unsure, note_unsure, unsure_creates
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_leftovers import left, sorted_out, the_create

both_sides = pytest.mark.parametrize("side", list(Side))


@both_sides
@pytest.mark.parametrize("skew", [None, 40.0, -40.0])
def test_it_may_have_made_one_from_its_commit_to_the_end_of_its_settle_time_by_the_service_s_clock(
    bench: Bench, side: Side, skew: float | None
) -> None:
    bench.pair()
    mine = bench.service(side.other).add("Ladder")
    operation = the_create(bench, side, mine)
    found = sorted_out(bench, left(bench, operation))
    bench.set_rules(tolerance_seconds=7.0)
    desk = bench.new_desk()
    with bench.store.begin() as unit:
        unit.save_side_state(replace(unit.side_state(side), skew_seconds=skew))
        (one,) = unsure_creates(desk, unit).values()
    ahead, tolerance = timedelta(seconds=skew or 0.0), timedelta(seconds=7)
    assert found.settles_at is not None
    assert (one.side, one.title) == (side, "Ladder")
    since = found.committed_at + ahead - tolerance
    assert one.since == since.replace(microsecond=0)
    assert one.until == found.settles_at + ahead + tolerance


@both_sides
def test_one_that_was_just_sent_is_noted_under_its_own_link(bench: Bench, side: Side) -> None:
    bench.pair()
    numbers = []
    for title in ("Ladder", "Door"):
        mine = bench.service(side.other).add(title)
        numbers.append(sorted_out(bench, left(bench, the_create(bench, side, mine))))
    desk = bench.new_desk()
    with bench.store.begin() as unit:
        note_unsure(desk, unit, numbers[1].id)
    assert {*desk.unsure} == {numbers[1].operation.link_id}
    assert [one.title for one in desk.unsure.values()] == ["Door"]


@both_sides
def test_only_what_waits_for_a_create_is_decided_anew_once_one_is_known(
    bench: Bench, side: Side
) -> None:
    kore_id, _ = bench.pair()
    mine = bench.service(side.other).add("Ladder")
    found = sorted_out(bench, left(bench, the_create(bench, side, mine)))
    service = bench.service(side)
    waits = {
        service.add("First"): (Standing.HELD, MAY_BE_RESULT),
        service.add("Second"): (Standing.HELD, MAY_BE_UNMARKED),
        service.add("Third"): (Standing.HELD, "Kore's list hides its queue."),
        service.add("Fourth"): (Standing.LEFT, MAY_BE_UNMARKED),
    }
    bench.backfill(skips=True)
    desk = bench.new_desk()
    with bench.store.begin() as unit:
        known = unit.known(side, [*waits])
        unit.save_known([known[one].standing_as(*told) for one, told in waits.items()])
        linked = unit.links_of(Side.KORE, [kore_id])[kore_id]
        forget_unsure(desk, unit, linked)
        assert not any(unit.is_task_due(side, one) for one in waits)
        view = unit.link(found.operation.link_id or linked.id)
        assert view is not None
        desk.unsure = unsure_creates(desk, unit)
        forget_unsure(desk, unit, view.link)
        assert [unit.is_task_due(side, one) for one in waits] == [True, True, False, False]
    assert desk.unsure == {}
