"""Tasks that are gone, where rows have no id or title, records are odd, or runs are partial."""

import re

import pytest

from bridge.domain.link import LinkState
from bridge.domain.operation import Outcome, WaitKind
from bridge.domain.policy import ConflictRule, Direction, Limits, OnMissing
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import NotYet, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import remove
from tests.sync.memory.test_gone import CLOSED, cannot_be_asked, link_of, lose, pair_of, sweeps
from tests.sync.memory.test_only import sync_only

both_sides = pytest.mark.parametrize("side", list(Side))


def _number(row: str) -> int:
    """The first number of a row, which is its own."""
    found = re.search(r"\d+", row)
    assert found is not None
    return int(found[0])


def gone_lines(bench: Bench) -> int:
    return sum("'gone'" in row for row in bench.rows()["history"])


# --- what counts as there ------------------------------------------------------------------------


def test_a_kore_task_without_a_title_cannot_be_asked_for_and_counts_as_there(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.kore.edit(ids[Side.KORE], title=None)
    bench.settle()
    lose(bench, Side.KORE, ids)
    assert link_of(bench, ids).state is LinkState.LINKED


def test_a_task_that_no_list_shows_and_that_cannot_be_read_counts_as_there(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.v2.left_out, bench.v2.unreadable = {ids[Side.V2]}, {ids[Side.V2]}
    sweeps(bench, 2)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert bench.desk.faults == {}


@both_sides
def test_where_a_row_has_no_id_no_task_without_a_link_counts_as_gone(
    bench: Bench, side: Side
) -> None:
    pair_of(bench)
    service = bench.service(side)
    task_id = service.add("Finished", status=CLOSED[side])
    sweeps(bench)
    service.nameless = 1
    service.remove(task_id)
    sweeps(bench, 2)
    assert bench.known(side, task_id).gone_at is None
    service.nameless = 0
    sweeps(bench)
    assert bench.known(side, task_id).gone_at is not None


def test_what_went_at_one_time_stands_in_the_history_in_the_order_of_ids(bench: Bench) -> None:
    pair_of(bench)
    gone = [bench.kore.add(f"Finished {number}", status="Closed") for number in range(12)]
    sweeps(bench)
    for task_id in gone:
        bench.kore.remove(task_id)
    sweeps(bench)
    lines = sorted((row for row in bench.rows()["history"] if "'gone'" in row), key=_number)
    assert [one for row in lines for one in gone if f"'{one}'" in row] == gone


def test_a_service_that_asks_to_wait_is_asked_nothing_more(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.v2.remove(ids[Side.V2])
    sweeps(bench)
    bench.v2.fail("read", NotYet("v2", "Too many requests.", seconds=60.0))
    bench.forget_calls()
    sweeps(bench)
    assert bench.v2.calls[-1] == "read"
    assert link_of(bench, ids).state is LinkState.LINKED


def test_what_was_judged_once_is_judged_no_more_until_the_next_reading(bench: Bench) -> None:
    ids = pair_of(bench)
    task_id = bench.kore.add("Finished", status="Closed")
    sweeps(bench)
    bench.kore.remove(task_id)
    sweeps(bench)
    assert gone_lines(bench) == 1
    bench.sync(sweeps=False)
    bench.sync(sweeps=False)
    assert gone_lines(bench) == 1
    assert link_of(bench, ids).state is LinkState.LINKED


@both_sides
def test_what_is_left_of_a_pair_is_not_gone_because_one_reading_did_not_show_it(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    lose(bench, side, ids)
    left = bench.service(side.other)
    left.left_out = {ids[side.other]}
    sweeps(bench, 3)  # it answers when asked for
    assert bench.known(side.other, ids[side.other]).gone_at is None
    assert gone_lines(bench) == 1


@both_sides
def test_a_side_that_cannot_be_read_is_not_asked_for_what_it_lost(bench: Bench, side: Side) -> None:
    ids = pair_of(bench)
    service = bench.service(side)
    cannot_be_asked(bench, side)
    lose(bench, side, ids)
    service.is_down = True
    service.forget_calls()
    bench.sync(sweeps=False)
    assert service.calls == ["page:poll"]
    service.is_down = False
    bench.sync(sweeps=False)
    assert link_of(bench, ids).state is LinkState.MISSING


@both_sides
def test_what_waits_at_other_tasks_goes_on_when_one_is_gone(bench: Bench, side: Side) -> None:
    pair_of(bench)
    service = bench.service(side)
    bench.service(side.other).refuses = lambda request: request.call == "create"
    gone, stays = service.add("Refused"), service.add("Refused too")
    bench.sync()
    (wait,) = (one for one in bench.waits(WaitKind.FAILED) if one.task_id == stays)
    service.remove(gone)
    sweeps(bench)
    assert bench.waits(WaitKind.FAILED) == [wait]
    assert bench.known(side, stays).gone_at is None


@both_sides
def test_a_task_whose_link_was_removed_is_left_out_once_no_list_shows_it(
    bench: Bench, side: Side
) -> None:
    ids = pair_of(bench)
    remove(bench, ids[Side.KORE])
    bench.service(side).remove(ids[side])
    sweeps(bench, 2)
    assert bench.known(side, ids[side]).gone_at is not None
    assert link_of(bench, ids).state is LinkState.REMOVED
    assert bench.heard.of("task_gone") == []


@both_sides
def test_while_it_is_open_what_a_create_made_its_origin_is_not_looked_for(
    bench: Bench, side: Side
) -> None:
    pair_of(bench)
    bench.set_rules(settle_seconds=9999.0)
    lost = Unreachable(str(side), "no answer", is_outcome_unknown=True)
    origin, target = bench.service(side.other), bench.service(side)
    mine = origin.add("Ladder")
    target.fail("create", lost, applied=True)
    target.search_finds, target.create_answer = False, "nothing"
    target.left_out = {f"{'k' if side is Side.KORE else 'v'}0003"}
    bench.sync()
    origin.remove(mine)
    origin.forget_calls()
    sweeps(bench, 3)
    assert {view.link.state for view in bench.links()} == {LinkState.LINKED, LinkState.CREATING}
    assert {"search", "read"} & {*origin.calls} == set()
    assert bench.known(side.other, mine).gone_at is None
    assert bench.heard.of("task_gone") == []


# --- records that cannot be read -----------------------------------------------------------------


@both_sides
def test_an_odd_record_that_is_not_shown_any_more_waits_no_longer(bench: Bench, side: Side) -> None:
    pair_of(bench)
    service = bench.service(side)
    odd, other = service.add("Odd"), service.add("Odd too")
    service.rotten |= {odd, other}
    service.nameless = int(side is Side.KORE)
    sweeps(bench)
    assert len(bench.waits(WaitKind.FAILED)) == 2 + service.nameless
    service.remove(odd)
    sweeps(bench)
    left = {one.task_id for one in bench.waits(WaitKind.FAILED)}
    assert left - {"unknown"} == {other}
    assert len(left) == 1 + service.nameless
    service.nameless = 0
    service.remove(other)
    sweeps(bench)
    assert bench.waits(WaitKind.FAILED) == []


@both_sides
def test_an_odd_record_waits_beside_what_else_waits_on_tasks_of_either_side(
    bench: Bench, side: Side
) -> None:
    pair_of(bench)
    service = bench.service(side)
    bench.service(side.other).refuses = lambda request: request.call == "create"
    refused = service.add("Refused")
    odd = service.add("Odd")
    service.rotten = {odd}
    sweeps(bench)
    service.remove(odd)
    sweeps(bench)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.task_id, bench.known(side, refused).standing) == (refused, Standing.FAILED)


@both_sides
def test_an_odd_record_that_a_reading_under_way_could_not_show_waits_on(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    service.page_size = 3
    for number in range(8):
        bench.pair(f"Task {number}")
    service.seconds_a_call = 40.0
    bench.clock.pass_time(3600)
    bench.sync()
    service.seconds_a_call = 0.0
    odd = service.add("Odd")
    service.rotten, service.left_out_of_sweeps = {odd}, {odd}
    bench.sync()
    with bench.store.begin() as unit:
        assert unit.open_sweep(side) is None
    assert [one.task_id for one in bench.waits(WaitKind.FAILED)] == [odd]
    sweeps(bench)
    assert bench.waits(WaitKind.FAILED) == []


# --- survivors -----------------------------------------------------------------------------------


def test_a_run_about_other_tasks_closes_nothing(bench: Bench) -> None:
    ids, other = pair_of(bench), pair_of(bench, "Pump")
    for one in (ids, other):
        bench.v2.remove(one[Side.V2])
    sweeps(bench, 2)
    bench.set_rules(on_missing=OnMissing.CLOSE)
    sync_only(bench, "k0001")
    assert bench.kore.writes == []
    bench.set_rules(on_missing=OnMissing.CLOSE)
    bench.sync()
    closed = {write.task_id for write in bench.kore.writes}
    assert closed in ({ids[Side.KORE], other[Side.KORE]}, set())


def test_both_survivors_of_one_cycle_are_closed(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    pairs = [pair_of(bench), pair_of(bench, "Pump")]
    for one in pairs:
        bench.v2.remove(one[Side.V2])
    sweeps(bench, 2)
    assert {write.task_id for write in bench.kore.writes} == {one[Side.KORE] for one in pairs}
    bench.settle()
    numbers = [link_of(bench, one).id for one in pairs]
    with bench.store.begin() as unit:
        assert not any(map(unit.is_link_due, numbers))


def test_while_a_guard_stands_nothing_is_told_of_what_would_be_closed_or_spared(
    bench: Bench,
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids, other = pair_of(bench), pair_of(bench, "Pump")
    bench.set_rules(limits=Limits(percent=0, count=0))
    bench.v2.refuses = lambda request: True
    bench.kore.edit(ids[Side.KORE], title="Not carried")
    bench.sync()
    for one in (ids, other):
        bench.v2.remove(one[Side.V2])
    sweeps(bench, 2)
    bench.sync(is_dry=True)
    assert bench.reports == []
    assert bench.heard.of("survivor_spared") == []
    bench.sync(confirms_guards=True)
    (spared,) = bench.heard.of("survivor_spared")
    assert spared["link"] == link_of(bench, ids).id
    assert "TS2" in str(spared["reason"])
    assert [write.task_id for write in bench.kore.writes] == [other[Side.KORE]]


def test_a_dry_run_plans_to_close_and_closes_nothing(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    bench.v2.remove(ids[Side.V2])
    sweeps(bench)
    bench.sync(is_full=True, is_dry=True)
    assert [one.outcome for one in bench.reports] == [Outcome.PLANNED]
    assert "is gone" in bench.reports[0].operation.reason


def test_a_pair_of_which_both_are_gone_has_nothing_to_close(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    for side in Side:
        bench.service(side).remove(ids[side])
    sweeps(bench, 2)
    assert bench.kore.writes == bench.v2.writes == []
    assert "update" not in [*bench.kore.calls, *bench.v2.calls]
    assert bench.waits() == []


def test_what_waited_for_a_person_still_waits_when_a_task_comes_back_to_a_closed_one(
    bench: Bench,
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    record = bench.v2.records[ids[Side.V2]]
    lose(bench, Side.V2, ids)
    bench.set_policy(conflict=ConflictRule.MANUAL)
    bench.kore.edit(ids[Side.KORE], title="Of Kore")
    bench.v2.records[ids[Side.V2]] = record
    bench.v2.edit(ids[Side.V2], title="Of v2")
    bench.settle()
    assert {one.field for one in bench.waits(WaitKind.CONFLICT)} == {Field.STATUS, Field.TITLE}
    number = link_of(bench, ids).id
    with bench.store.begin() as unit:
        told = [one.what for one in unit.history(number)]
    assert told.count("gone") == told.count("found_again") == 1


def test_what_differs_by_the_direction_waits_since_then_although_a_task_was_away(
    bench: Bench,
) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    bench.set_policy(direction=Direction.KORE_TO_V2)
    ids = pair_of(bench)
    bench.v2.edit(ids[Side.V2], title="Of v2")
    bench.sync()
    (drift,) = bench.waits(WaitKind.DRIFT)
    record = bench.kore.records[ids[Side.KORE]]
    lose(bench, Side.KORE, ids)
    assert bench.v2.value(ids[Side.V2], Field.STATUS) == CLOSED[Side.V2]
    bench.kore.records[ids[Side.KORE]] = record
    sweeps(bench)
    (again,) = bench.waits(WaitKind.DRIFT)
    assert (again.field, again.since) == (Field.TITLE, drift.since)


@both_sides
def test_every_lost_task_of_its_title_is_named_to_the_person_who_decides(
    bench: Bench, side: Side
) -> None:
    lost = [pair_of(bench)[side], pair_of(bench)[side]]
    service = bench.service(side)
    refs = [service.records[one].ref for one in lost]
    for task_id in lost:
        service.remove(task_id)
    sweeps(bench)
    again = service.add("Boiler")
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.task_id, set(wait.candidates)) == (again, set(lost))
    assert f"{', '.join(sorted(refs))} of {side.label}" in wait.reason
