"""What a single poll or sweep makes of the pages that it is shown, without the cycle around it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.domain.exchange import Order, UnreadableRow
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.reading import SideState, Sweep
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import NotYet
from bridge.sync.desk import Desk
from bridge.sync.normalise import report_unreadable, unreadable_tasks
from bridge.sync.poll import poll_side
from bridge.sync.prove import judge_sort, prove_sort, times_of
from bridge.sync.sweep import is_sweep_due, odd_ids, sweep_side
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_reading import a_page

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def poll(bench: Bench, side: Side = KORE) -> Desk:
    bench.clock.pass_time(30)
    desk = bench.new_desk()
    poll_side(desk, side)
    return desk


def sweep(bench: Bench, side: Side = KORE) -> Sweep:
    bench.clock.pass_time(30)
    return sweep_side(bench.new_desk(), side, lambda: True)


def state(bench: Bench, side: Side = KORE) -> SideState:
    with bench.store.begin() as unit:
        return unit.side_state(side)


def seen(bench: Bench, number: int, side: Side = KORE) -> set[str]:
    with bench.store.begin() as unit:
        return {str(one) for one in unit.seen_ids(number, side)}


def due(bench: Bench, side: Side = KORE) -> set[str]:
    with bench.store.begin() as unit:
        return {str(one.task.id) for one in unit.due_tasks(side, 99)}


# --- the proof of the sort -----------------------------------------------------------------------


def test_a_list_of_several_pages_that_turns_round_is_proved_by_two_requests(bench: Bench) -> None:
    bench.kore.page_size = 2
    ids = [bench.kore.add(f"Task {number}") for number in range(4)]
    bench.kore.edit(ids[0], title="The newest")
    assert prove_sort(bench.new_desk(), KORE) is True
    assert bench.kore.calls == ["page:sweep"] * 2
    bench.kore.sorts = False
    assert prove_sort(bench.new_desk(), KORE) is False


def test_each_of_the_two_pages_has_to_be_in_its_order() -> None:
    newest, oldest = a_page(Order.NEWEST_FIRST), a_page(Order.OLDEST_FIRST)
    assert judge_sort(newest, replace(oldest, is_sort_taken=False), 5) is False
    first, second, third = oldest.rows
    assert judge_sort(newest, replace(oldest, rows=(second, first, third)), 5) is False
    assert judge_sort(newest, replace(oldest, rows=(first, third, second)), 5) is False
    assert third.changed_at is not None
    between = replace(second, changed_at=third.changed_at + timedelta(seconds=1))
    assert judge_sort(newest, replace(oldest, rows=(first, between, third)), 5) is False


def test_rows_without_a_time_prove_nothing() -> None:
    newest, oldest = a_page(Order.NEWEST_FIRST), a_page(Order.OLDEST_FIRST)
    timeless = tuple(replace(row, changed_at=None) for row in newest.rows)
    assert judge_sort(replace(newest, rows=timeless), oldest, 5) is None
    timeless = tuple(replace(row, changed_at=None) for row in oldest.rows)
    assert judge_sort(newest, replace(oldest, rows=timeless), 5) is None


def test_times_count_that_can_be_read_and_do_not_lie_in_the_future_of_the_service() -> None:
    page = a_page(Order.NEWEST_FIRST)
    times = [row.changed_at for row in page.rows]
    newest = times[0]
    assert newest is not None
    assert times_of(replace(page, service_date=None), 5) == times
    assert times_of(replace(page, service_date=newest - timedelta(seconds=5)), 5) == times
    assert times_of(replace(page, service_date=newest - timedelta(seconds=6)), 5) == times[1:]
    blank = replace(page.rows[1], changed_at=None)
    mixed = replace(page, rows=(page.rows[0], blank, page.rows[2]))
    assert times_of(mixed, 5) == [times[0], times[2]]


# --- what rows tell ------------------------------------------------------------------------------


@both_sides
def test_a_poll_counts_what_it_read_and_says_when_it_asked(bench: Bench, side: Side) -> None:
    first, second = bench.service(side).add("Boiler"), bench.service(side).add("Roof")
    desk = poll(bench, side)
    assert desk.tally.read == {side: {first, second}, side.other: set()}
    assert {*desk.seen_at} == {(side, first), (side, second)}
    assert all(began <= desk.polled_at[side] for began in desk.seen_at.values()) or (
        bench.clock.at - desk.polled_at[side] < timedelta(seconds=1)
    )
    assert due(bench, side) == {first, second}


def test_the_fields_that_rows_hide_are_noted_and_no_others(bench: Bench) -> None:
    bench.kore.add("Boiler")
    poll(bench)
    assert state(bench).hidden == ()
    bench.kore.hides = frozenset({Field.DUE, Field.DESCRIPTION})
    bench.kore.add("Roof")
    poll(bench)
    assert state(bench).hidden == (Field.DESCRIPTION, Field.DUE)
    poll(bench)
    assert state(bench).hidden == (Field.DESCRIPTION, Field.DUE), "it brought nothing new"


def test_a_field_that_one_of_the_rows_hides_is_hidden(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bare = bench.kore.add("Roof")
    record = bench.kore.records[bare]
    fields = dict(record.fields)
    del fields[Field.DUE]
    bench.kore.records[bare] = replace(record, fields=fields)
    poll(bench)
    assert state(bench).hidden == (Field.DUE,)


def test_whose_change_it_was_is_told_by_its_last_author(bench: Bench) -> None:
    bench.v2.words = [*bench.v2.words]
    sweep(bench, V2)
    desk = bench.new_desk()
    with bench.store.begin() as unit:
        desk.vocabulary = unit.vocabulary()
    task_id = bench.v2.add("Boiler")
    poll(bench, V2)
    before = bench.known(V2, task_id).person_changed_at
    bench.v2.edit(task_id, title="By us", author="app")
    bench.clock.pass_time(30)
    poll_side(desk, V2)
    assert bench.known(V2, task_id).person_changed_at == before
    bench.v2.edit(task_id, title="By a person")
    poll_side(desk, V2)
    assert bench.known(V2, task_id).person_changed_at == bench.v2.records[task_id].changed_at


def test_an_old_picture_on_a_page_does_not_keep_the_rows_behind_it_from_being_read(
    bench: Bench,
) -> None:
    first, second = bench.kore.add("Boiler"), bench.kore.add("Roof")
    old = bench.kore.records[first]
    bench.kore.edit(first, title="New boiler")
    poll(bench)
    bench.kore.late = {first: old}
    sweep(bench)
    bench.kore.edit(second, title="New roof")
    sweep(bench)
    titles = [bench.known(KORE, one).task.title for one in (first, second)]
    assert titles == ["New boiler", "New roof"]


def test_what_changed_without_telling_anything_new_is_not_due(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.settle()
    record = bench.kore.records[kore_id]
    bench.kore.records[kore_id] = replace(record, facts=replace(record.facts, tags=("more",)))
    poll(bench)
    (view,) = bench.links()
    with bench.store.begin() as unit:
        assert not unit.is_link_due(view.link.id)
    bench.kore.edit(kore_id, title="News")
    poll(bench)
    with bench.store.begin() as unit:
        assert unit.is_link_due(view.link.id)


# --- what is seen --------------------------------------------------------------------------------


def test_what_a_poll_shows_was_seen_by_the_last_whole_sweep_and_by_the_one_under_way(
    bench: Bench,
) -> None:
    first = bench.kore.add("Boiler")
    whole = sweep(bench)
    assert (whole.is_complete, seen(bench, whole.id)) == (True, {first})
    second = bench.kore.add("Roof")
    poll(bench)
    assert seen(bench, whole.id) == {first, second}
    bench.kore.page_size = 1
    begun = sweep_side(bench.new_desk(), KORE, lambda: False)
    assert begun.completed_at is None
    third = bench.kore.add("Door")
    poll(bench)
    assert third in seen(bench, begun.id)
    assert third not in seen(bench, whole.id)


def test_a_row_without_an_id_is_no_task_that_was_read(bench: Bench) -> None:
    bench.kore.nameless = 1
    task_id = bench.kore.add("Boiler")
    done = sweep(bench)
    assert odd_ids(done) == frozenset()
    assert done.counts["nameless"] == 1
    assert poll(bench).tally.read[KORE] == {task_id}
    assert seen(bench, done.id) == {task_id}


def test_a_sweep_that_finds_what_polls_have_shown_takes_no_proof_back(bench: Bench) -> None:
    ids = [bench.kore.add(f"Task {number}") for number in range(3)]
    poll(bench)
    bench.clock.pass_time(600)
    bench.kore.edit(ids[0], title="New")
    poll(bench)
    # It shows more than before, with the time that it had all along.
    record = bench.kore.records[ids[1]]
    bench.kore.records[ids[1]] = replace(record, facts=replace(record.facts, tags=("more",)))
    bench.kore.add("Unknown so far", created_at=record.created_at)
    assert sweep(bench).is_complete
    assert bench.heard.of("sort_not_proved") == []
    assert state(bench).is_sorted is True


@pytest.mark.parametrize("late", [120.0, 121.0])
def test_a_change_is_late_that_is_older_than_the_overlap(bench: Bench, late: float) -> None:
    first, second = bench.kore.add("Boiler"), bench.kore.add("Roof")
    poll(bench)
    bench.clock.pass_time(600)
    bench.kore.edit(first, title="New boiler")
    poll(bench)
    cursor = state(bench).cursor_at
    assert cursor is not None
    bench.kore.edit(second, title="New roof")
    changed = cursor - timedelta(seconds=late)
    bench.kore.records[second] = replace(bench.kore.records[second], changed_at=changed)
    sweep(bench)
    assert [one["late"] for one in bench.heard.of("sort_not_proved")] == [1][: late > 120]
    assert bench.known(KORE, second).task.title == "New roof"


def test_why_a_record_cannot_be_read_ends_with_one_full_stop(bench: Bench) -> None:
    bench.kore.rotten = {bench.kore.add("Boiler")}
    poll(bench)
    (wait,) = bench.waits()
    assert wait.reason == "Kore's record cannot be read: its row is odd."
    with bench.store.begin() as unit:
        row = UnreadableRow(wait.task_id, "its row is odd.")
        report_unreadable(bench.desk, unit, KORE, row)
    assert [one.reason for one in bench.waits()] == [wait.reason]


@both_sides
def test_a_record_that_can_be_read_again_is_due_and_the_other_side_s_is_not_touched(
    bench: Bench, side: Side
) -> None:
    services = {KORE: bench.kore, V2: bench.v2}
    ids = {one: service.add("Boiler") for one, service in services.items()}
    for one, service in services.items():
        service.records[TaskId("same")] = replace(service.records.pop(ids[one]), id=TaskId("same"))
        service.rotten = {"same"}
        poll(bench, one)
    services[side].rotten = set()
    services[side].edit("same", title="Readable")
    poll(bench, side)
    with bench.store.begin() as unit:
        assert unreadable_tasks(unit) == {(side.other, "same")}
    assert due(bench, side) == {"same"}


@both_sides
def test_what_cannot_be_read_on_one_side_makes_nothing_due_on_the_other(
    bench: Bench, side: Side
) -> None:
    bench.set_rules(routes=())
    for service in (bench.kore, bench.v2):
        record = service.records.pop(service.add("Boiler"))
        service.records[TaskId("same")] = replace(record, id=TaskId("same"))
    bench.service(side).rotten = {"same"}
    bench.backfill(skips=True)
    assert due(bench, side.other) == set()
    poll(bench, side.other)
    assert due(bench, side.other) == set()


@both_sides
def test_what_was_put_off_for_a_record_that_could_not_be_read_is_carried_once_it_can(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair()
    mine, theirs = (ids[0], ids[1]) if side is KORE else (ids[1], ids[0])
    bench.service(side.other).rotten = {theirs}
    bench.service(side).edit(mine, title="New")
    bench.sync(sweeps=False)
    bench.sync(is_full=True)
    assert bench.service(side.other).value(theirs, Field.TITLE) == "Boiler"
    bench.service(side.other).rotten = set()
    bench.sync(is_full=True)
    assert bench.values(Field.TITLE, *ids) == ("New", "New")


def test_only_what_cannot_be_read_counts_as_unreadable(bench: Bench) -> None:
    odd, refused = bench.kore.add("Odd"), bench.kore.add("Refused")
    bench.kore.rotten = {odd}
    poll(bench)
    wait = Wait(
        kind=WaitKind.FAILED,
        operation=OperationKind.CREATE,
        side=V2,
        task_id=refused,
        reason="That is refused.",
    )
    with bench.store.begin() as unit:
        unit.replace_waits([wait], task=(KORE, refused), at=bench.clock.now())
        assert unreadable_tasks(unit) == {(KORE, odd)}


# --- going on ------------------------------------------------------------------------------------


def test_what_changes_while_a_poll_is_cut_short_is_read_by_the_one_that_goes_on(
    bench: Bench,
) -> None:
    bench.kore.page_size = 2
    bench.kore.add("Oldest")
    poll(bench)
    ids = [bench.kore.add(f"Task {number}") for number in range(5)]

    def busy(order: Order, offset: int) -> None:
        bench.kore.on_page = None
        bench.kore.fail("page", NotYet("kore", "Slowly.", seconds=1))

    bench.kore.on_page = busy
    with pytest.raises(NotYet):
        poll(bench)
    assert state(bench).poll_offset == 1
    bench.kore.edit(ids[0], title="Changed meanwhile")
    before = bench.clock.at
    desk = poll(bench)
    assert bench.known(KORE, ids[0]).task.title == "Changed meanwhile"
    assert [bench.known(KORE, one).task.id for one in ids] == ids
    assert desk.polled_at[KORE] > before
    assert state(bench).poll_offset == 0
    assert state(bench).cursor_at == bench.kore.records[ids[0]].changed_at


def test_a_list_that_never_stands_still_is_read_a_few_times_and_proves_nothing(
    bench: Bench,
) -> None:
    bench.kore.is_stable = False
    bench.kore.page_size = 2
    bench.kore.add("Boiler")

    def one_more(order: Order, offset: int) -> None:
        if offset == 0:
            bench.kore.add("One more")

    bench.kore.on_page = one_more
    done = sweep(bench)
    assert (done.completed_at is not None, done.is_complete) == (True, False)
    assert len(bench.kore.calls) < 60


@both_sides
def test_a_reading_that_was_answered_forgets_what_kept_it_from_it(bench: Bench, side: Side) -> None:
    bench.service(side).fail("page", NotYet(str(side), "Slowly.", seconds=1))
    desk = bench.new_desk()
    with pytest.raises(NotYet) as raised:
        poll_side(desk, side)
    desk.give_up(side, raised.value)
    found = state(bench, side)
    assert (found.fault, found.not_before_reason) == ("Slowly.", "Slowly.")
    assert found.failed_at is not None
    assert found.not_before is not None
    poll(bench, side)
    found = state(bench, side)
    assert (found.fault, found.not_before_reason, found.is_refused) == ("", "", False)
    assert (found.failed_at, found.not_before) == (None, None)
    assert found.polled_at is not None


def test_the_cursor_is_the_newest_time_that_polls_have_read(bench: Bench) -> None:
    first = bench.kore.add("Boiler")
    poll(bench)
    assert state(bench).cursor_at == bench.kore.records[first].changed_at
    new_row: datetime | None = state(bench).new_row_at
    poll(bench)
    assert state(bench).cursor_at == bench.kore.records[first].changed_at
    assert state(bench).new_row_at == new_row
    bench.kore.edit(first, title="New")
    poll(bench)
    assert state(bench).cursor_at == bench.kore.records[first].changed_at
    assert new_row is not None
    assert state(bench).new_row_at > new_row  # type: ignore[operator]


def test_a_sweep_says_how_many_tasks_it_saw_and_keeps_what_was_announced(bench: Bench) -> None:
    bench.kore.page_size = 2
    for number in range(5):
        bench.kore.add(f"Task {number}")
    bench.kore.total = lambda: 5
    done = sweep(bench)
    assert (done.rows, done.total, done.is_complete, done.had_fault) == (5, 5, True, False)
    assert bench.heard.of("swept") == [{"side": KORE, "rows": 5, "is_complete": True}]
    assert [call for call in bench.kore.calls if call == "page:sweep"] == ["page:sweep"] * 6
    bench.kore.total = lambda: 6
    done = sweep(bench)
    assert (done.rows, done.total, done.is_complete) == (5, 6, False)


def test_a_sweep_takes_the_place_of_a_poll_only_where_the_sort_is_not_proved(bench: Bench) -> None:
    bench.kore.add("Boiler")
    desk = bench.new_desk()
    sweep_side(desk, KORE, lambda: True)
    assert (desk.swept, desk.polled_at) == ({KORE}, {})
    desk.unsorted.add(KORE)
    sweep_side(desk, KORE, lambda: True)
    assert desk.polled_at.keys() == {KORE}


def test_a_sweep_that_was_cut_short_goes_on_however_young_the_last_whole_one_is(
    bench: Bench,
) -> None:
    bench.kore.page_size = 2
    for number in range(6):
        bench.kore.add(f"Task {number}")
    assert sweep(bench).is_complete
    assert not is_sweep_due(bench.new_desk(), KORE)
    bench.heard.events.clear()
    desk = bench.new_desk()
    begun = sweep_side(desk, KORE, lambda: False)
    assert begun.completed_at is None
    assert (desk.swept, bench.heard.of("swept")) == (set(), [])
    assert is_sweep_due(bench.new_desk(), KORE)
    assert sweep(bench).id == begun.id
    assert not is_sweep_due(bench.new_desk(), KORE)


@both_sides
def test_a_reading_that_begins_wakes_what_waits_for_the_doing_of_others(
    bench: Bench, side: Side
) -> None:
    for title in ("Boiler", "Pump"):
        bench.pair(title)
    bench.settle()
    woken = (Standing.UNROUTABLE, Standing.HELD, Standing.ORPHAN)
    ids = [bench.service(side).add(f"Task {number}", status="Done") for number in range(5)]
    poll(bench, side)
    with bench.store.begin() as unit:
        known = unit.known(side, ids)
        standings = (*woken, Standing.OUT_OF_SCOPE, Standing.LEFT)
        unit.save_known(
            [known[one].standing_as(now, "so") for one, now in zip(ids, standings, strict=True)]
        )
        for one in ids:
            unit.clear_due_task(side, one)
        closed, drifted = (view.link.id for view in unit.all_links())
        for link_id, kind in ((closed, WaitKind.CASE_CLOSED), (drifted, WaitKind.DRIFT)):
            wait = Wait(
                kind=kind,
                operation=OperationKind.UPDATE,
                side=KORE,
                link_id=link_id,
                field=Field.TITLE,
                reason="It waits.",
            )
            unit.replace_waits([wait], link_id=link_id, at=bench.clock.now())
    sweep_side(bench.new_desk(), KORE, lambda: False)
    assert due(bench, side) == {*ids[:3]}
    with bench.store.begin() as unit:
        assert (unit.is_link_due(closed), unit.is_link_due(drifted)) == (True, False)


def test_rows_whose_stored_digest_is_of_an_older_form_are_looked_at_once_and_nothing_follows(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    stored = [bench.known(KORE, kore_id), bench.known(V2, v2_id)]
    with bench.store.begin() as unit:
        unit.save_known(
            replace(one, task=replace(one.task, digest="of another form")) for one in stored
        )
    for side in SIDES:
        assert sweep(bench, side).is_complete
        assert due(bench, side) == set()
    with bench.store.begin() as unit:
        assert unit.due_links(9, LinkId(0)) == []
        digests = {**unit.digests(KORE, [kore_id]), **unit.digests(V2, [v2_id])}
    assert "of another form" not in digests.values()
    assert bench.writes_of_a_cycle() == 0
