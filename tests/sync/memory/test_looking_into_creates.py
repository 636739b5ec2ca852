"""What an unanswered create may have made is found, or asked about, however it looks by then."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.create import marker_of
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.operation import OperationKind, WaitKind
from bridge.domain.policy import Direction
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Standing
from bridge.errors import BridgeError, Unreachable
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import about_failures, say
from tests.sync.memory.test_unmarked_results import cycles, lose_a_create, newest, sizes

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def test_a_hidden_and_renamed_result_where_probes_are_refused_is_not_doubled(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.probes_taken = frozenset()
    bench.pair("Old", origin=V2)
    bench.backfill()
    mine = bench.v2.add("Boiler")
    bench.kore.fail("create", Unreachable("kore", "hung up", is_outcome_unknown=True), applied=True)
    bench.sync(sweeps=False)
    made = newest(bench, KORE)
    before = sizes(bench)
    bench.kore.edit(made, title="Boiler in the cellar")
    cycles(bench)
    assert sizes(bench) == before, (mine, made)


@both_sides
def test_unmarked_result_below_the_last_page_that_is_read_is_not_doubled(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.find.MOST_PAGES", 2)  # stands for 20 pages of 50
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.", title="Door")
    for number in range(101):
        bench.service(side).add(f"Done {number}", status="Closed" if side is KORE else "completed")
    before = sizes(bench)
    cycles(bench)
    assert sizes(bench) == before, (mine, made)


@both_sides
def test_where_more_changed_than_is_read_a_person_is_asked(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sync.find.MOST_PAGES", 2)  # stands for 20 pages of 50
    lose_a_create(bench, side, applied=False)
    for number in range(101):
        bench.service(side).add(f"Done {number}", status="Closed" if side is KORE else "completed")
    before = sizes(bench)
    cycles(bench)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert (wait.operation, wait.candidates) == (OperationKind.CREATE, ())
    assert "more tasks changed there since" in wait.reason
    assert sizes(bench) == before


@both_sides
def test_unmarked_result_in_a_list_without_order_is_not_doubled(bench: Bench, side: Side) -> None:
    bench.service(side).sorts = False
    for number in range(60):
        bench.service(side).add(f"Done {number}", status="Closed" if side is KORE else "completed")
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.", title="Door")
    before = sizes(bench)
    cycles(bench)
    assert sizes(bench) == before, (mine, made)


@both_sides
def test_what_is_applied_within_the_settle_time_is_not_sent_again(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = lose_a_create(bench, side, applied=False)
    with bench.store.begin() as unit:
        (left_open,) = unit.open_operations()
    assert left_open.settles_at is not None
    service = bench.service(side)
    service.search_finds = False
    done: list[int] = []

    def late(title: str) -> Any:
        # the look is over just before the settle time; the create takes effect, within it
        if not done and left_open.settles_at is not None:
            done.append(1)

            marker = marker_of(bench.known(side.other, mine).task, None).line
            service.add("Boiler", f"{marker}", author="app")
            bench.clock.at = left_open.settles_at
        return ()

    bench.clock.at = left_open.settles_at - timedelta(seconds=31)  # sync passes 30
    monkeypatch.setattr(service, "search", late)
    bench.sync(sweeps=False)
    cycles(bench, 2)
    assert done
    assert len(service.records) == 2


@both_sides
def test_discarding_leaves_everything_that_the_create_may_have_made(
    bench: Bench, side: Side
) -> None:
    bench.pair("Old", origin=side.other)
    service = bench.service(side)
    service.create_answer = "nothing"
    bench.service(side.other).add("Boiler")
    service.search_finds = False
    service.rows_late_seconds = 0
    made: list[TaskId] = []

    create = service._create

    def hidden_at_first(request: Any) -> TaskId:
        task_id = create(request)
        service.left_out = {task_id}
        made.append(task_id)
        return task_id

    service._create = hidden_at_first  # type: ignore[method-assign]
    for _ in range(8):
        bench.sync(sweeps=False)
    (wait,) = bench.waits(WaitKind.FAILED)
    assert wait.candidates == ()
    service.edit(made[0], text="Bring a ladder.")
    service.left_out = set()
    cycles(bench, 2)
    assert bench.known(side, made[0]).standing is Standing.HELD
    before = sizes(bench)
    about_failures(bench, InstructionKind.DISCARD)
    cycles(bench, 3)
    assert sizes(bench) == before
    assert bench.known(side, made[0]).standing is Standing.LEFT


@both_sides
def test_an_unreadable_record_older_than_the_create_does_not_hold_it_open(
    bench: Bench, side: Side
) -> None:
    bench.pair("Old", origin=side.other)
    odd = bench.service(side).add("Odd", status="Closed" if side is KORE else "completed")
    bench.settle()
    bench.service(side).unreadable.add(odd)
    bench.clock.pass_time(86400)
    bench.sync()
    mine = bench.service(side.other).add("Boiler")
    error = Unreachable(str(side), "It hung up.", is_outcome_unknown=True)
    bench.service(side).fail("create", error)
    for _ in range(20):
        bench.clock.pass_time(600)
        bench.sync()
    listed = [one for one in bench.waits(WaitKind.FAILED) if one.operation is OperationKind.CREATE]
    is_done = bench.known(side.other, mine).standing is Standing.LINKED
    assert is_done or listed, "neither created nor listed: nobody can do anything about it"


@both_sides
def test_a_text_rewritten_in_the_second_of_the_create_is_seen_where_times_are_whole_seconds(
    bench: Bench, side: Side
) -> None:
    bench.service(side).keeps_whole_seconds = True
    bench.service(side).shows_author = False
    bench.clock.at = bench.clock.at.replace(microsecond=0)
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    record = bench.service(side).records[made]
    bench.service(side).edit(made, text="Bring a ladder.")

    bench.service(side).records[made] = replace(
        bench.service(side).records[made], changed_at=record.created_at
    )
    cycles(bench)
    assert sizes(bench) == (2, 2), mine


@both_sides
def test_whole_seconds_and_no_tolerance(bench: Bench, side: Side) -> None:
    bench.service(side).keeps_whole_seconds = True
    bench.set_rules(tolerance_seconds=0.0)
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.clock.pass_time(5)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    assert sizes(bench) == (2, 2), mine


@both_sides
def test_a_retried_open_create_whose_task_is_finished_leaves_the_list(
    bench: Bench, side: Side
) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    bench.service(side.other).edit(mine, status="Closed" if side is V2 else "completed")
    about_failures(bench, InstructionKind.RETRY)
    cycles(bench, 4)
    assert bench.waits(WaitKind.FAILED) == []


def test_what_is_sent_again_heeds_the_direction(bench: Bench) -> None:

    lose_a_create(bench, KORE, applied=False)
    bench.set_policy(direction=Direction.KORE_TO_V2)
    bench.clock.pass_time(400)
    bench.forget_calls()
    bench.sync()
    cycles(bench, 2)
    assert "create" not in bench.kore.calls


@both_sides
def test_nothing_is_created_from_what_is_gone(bench: Bench, side: Side) -> None:
    mine = lose_a_create(bench, side, applied=False)
    bench.service(side.other).remove(mine)
    bench.forget_calls()
    bench.sync(is_full=True)
    bench.sync(is_full=True)
    bench.clock.pass_time(400)
    bench.sync(is_full=True)
    cycles(bench, 2)
    assert "create" not in bench.service(side).calls


@both_sides
def test_a_bearer_of_another_author_that_is_found_first_by_the_search(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.pair("Old", origin=side.other)
    bench.service(side.other).add("Boiler")
    service = bench.service(side)
    error = Unreachable(str(side), "It hung up.", is_outcome_unknown=True)
    service.fail("create", error, applied=True)
    bench.sync(sweeps=False)
    made = newest(bench, side)

    service.records[made] = replace(
        service.records[made], first_author="case owner", last_author="case owner"
    )
    service.edit(made, title="Door", author="case owner")
    service.left_out = {made}
    page = service.page

    def shown_to_the_search(*args: Any, purpose: Any, **more: Any) -> Any:
        if str(purpose) == "ask":
            service.left_out = set()
        return page(*args, purpose=purpose, **more)

    monkeypatch.setattr(service, "page", shown_to_the_search)
    cycles(bench, 6)
    assert bench.is_linked(side, made)
    assert sizes(bench) == (2, 2)


@both_sides
def test_a_search_that_outlived_its_lease_does_not_undo_what_a_person_linked_meanwhile(
    bench: Bench, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    service = bench.service(side)
    service.edit(made, text="Bring a ladder.", title="Door")
    bench.sync(sweeps=False)
    assert bench.known(side, made).standing is Standing.HELD
    bench.clock.pass_time(400)
    ids = {side: made, side.other: mine}
    details = {"first": ids[KORE], "second": ids[V2]}
    done: list[Any] = []
    page = service.page

    def lagging(*args: Any, purpose: Any, **more: Any) -> Any:
        service.left_out = {made} if str(purpose) == "ask" else set()
        try:
            return page(*args, purpose=purpose, **more)
        finally:
            service.left_out = set()

    def paused(title: str) -> Any:
        if not done:
            bench.clock.pass_time(60)  # the process stood still; its lease is over
            owner = bench.rules.owner
            bench.set_rules(owner="another")
            done.append(say(bench, InstructionKind.ADD_LINK, details).outcome)
            bench.set_rules(owner=owner)
            assert bench.across(side, made) == mine
        return ()

    monkeypatch.setattr(service, "page", lagging)
    monkeypatch.setattr(service, "search", paused)
    bench.court.excuse("", "a review")
    with suppress(BridgeError):
        bench.sync(sweeps=False)
    monkeypatch.undo()
    cycles(bench, 3)
    assert done == [InstructionOutcome.DONE]
    assert bench.is_linked(side, made)
    assert bench.across(side, made) == mine
    assert sizes(bench) == (2, 2)


@both_sides
def test_removing_the_link_of_an_open_create_makes_nothing_twice(bench: Bench, side: Side) -> None:
    mine = lose_a_create(bench, side)
    made = newest(bench, side)
    bench.service(side).edit(made, text="Bring a ladder.")
    cycles(bench)
    with bench.store.begin() as unit:
        link = unit.links_of(side.other, [mine])[mine]
    said = say(
        bench,
        InstructionKind.REMOVE_LINK,
        {"link_id": link.id, "kore_id": link.kore_id, "v2_id": link.v2_id, "forget": False},
    )
    assert said.outcome is InstructionOutcome.DONE
    cycles(bench, 3)
    assert sizes(bench) == (2, 2)


def test_the_first_create_ever_that_people_renamed_and_rewrote_is_not_made_twice(
    bench: Bench,
) -> None:
    bench.pair("Old", origin=KORE)
    bench.v2.add("Boiler")
    error = Unreachable("kore", "hung up", is_outcome_unknown=True)
    bench.kore.fail("create", error, applied=True)
    bench.sync(sweeps=False)
    bench.kore.edit(newest(bench, KORE), text="Bring a ladder.", title="Door")
    cycles(bench)
    assert sizes(bench) == (2, 2)
