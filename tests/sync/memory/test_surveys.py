"""The survey behind `report`: both sides read now, every task told once, and nothing changed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.domain.exchange import Order
from bridge.domain.instruction import InstructionKind
from bridge.domain.operation import WaitKind
from bridge.domain.policy import Direction, OnMissing, Scope, Unobserved
from bridge.domain.reading import Sweep
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import State
from bridge.domain.records import Heartbeat
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.task import Standing
from bridge.domain.values import status_value
from bridge.errors import KeyRefused, NotYet, OverBudget, Refused, Stopped, TaskFault, Unreachable
from bridge.sync.survey import Survey, survey
from tests.sync.memory.bench import Bench
from tests.sync.memory.surveying import recalled, report_of, row_of, states_of, surveyed
from tests.sync.memory.test_adding_links import remove
from tests.sync.memory.test_backlinks import tags
from tests.sync.memory.test_gone import lose, pair_of
from tests.sync.memory.test_pausing import instruct

Look = Callable[[Bench], Survey]
both_sides = pytest.mark.parametrize("side", list(Side))


def beating(bench: Bench) -> None:
    """A daemon gives a sign of life."""
    now = bench.clock.now()
    with bench.store.begin() as unit:
        unit.beat(Heartbeat(owner="daemon", beat_at=now, started_at=now, interval_seconds=30.0))


# --- what is carried, and by whom ----------------------------------------------------------------


@both_sides
def test_a_new_task_and_an_edit_wait_where_a_daemon_lives_and_are_told_apart_where_none_does(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair()
    bench.service(side).edit(ids[side is Side.V2], title="New words")
    new = bench.service(side).add("Ladder")
    only = State.ONLY_KORE if side is Side.KORE else State.ONLY_V2
    expected = {State.DRIFTED: 1, only: 1}
    assert states_of(report_of(bench)) == expected
    assert states_of(report_of(bench, is_alive=True)) == expected  # nobody ever gave a sign of life
    beating(bench)
    assert states_of(report_of(bench, is_alive=False)) == expected
    told = report_of(bench, is_alive=True)
    assert states_of(told) == {State.WAITING: 2}
    assert "has no counterpart" in row_of(told, side, new).reason
    bench.sync()
    assert states_of(report_of(bench)) == {State.IN_STEP: 2}


def test_what_the_direction_does_not_carry_is_told_as_that(bench: Bench) -> None:
    _, v2_id = bench.pair()
    bench.set_policy(direction=Direction.KORE_TO_V2)
    bench.v2.edit(v2_id, title="New words")
    assert "direction is off" in row_of(report_of(bench), Side.V2, v2_id).next


@both_sides
def test_no_call_is_spent_on_a_proof_of_the_sort_which_no_report_relies_on(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    asked: list[Order] = []
    bench.service(side).on_page = lambda order, _: asked.append(order)
    surveyed(bench)
    assert Order.STABLE in asked
    assert Order.OLDEST_FIRST not in asked


def test_no_case_is_asked_for_where_nothing_waits_for_one(bench: Bench) -> None:
    bench.kore.add_case()
    bench.pair("Boiler")
    bench.kore.add("Ladder")
    bench.forget_calls()
    surveyed(bench)
    assert "find_case" not in bench.kore.calls


def test_first_contact_that_reading_both_sides_ends_is_over_for_the_report(bench: Bench) -> None:
    bench.kore.add("Boiler")
    assert not surveyed(bench).world.is_first_contact
    bench.v2.add("Ladder")
    world = surveyed(bench).world
    assert world.is_first_contact
    assert all("backfill" in row.next for row in reconcile(world).rows)


def test_whose_change_is_newer_is_judged_by_the_clocks_of_both_services(bench: Bench) -> None:
    bench.v2.skew = timedelta(seconds=400)
    bench.pair()
    assert 395 < surveyed(bench).world.skew_seconds < 405


def test_a_survey_is_made_on_a_copy_alone(bench: Bench) -> None:
    with pytest.raises(ValueError, match="copy"):
        survey(bench.new_desk(), 30.0, lambda *_: True)


# --- tasks without a counterpart -----------------------------------------------------------------


def test_why_a_task_has_no_counterpart_is_told_as_a_cycle_would_decide_it(bench: Bench) -> None:
    bench.pair("Boiler")
    done = bench.kore.add("Done", status=status_value("Closed", "closed"))
    new = bench.kore.add("Ladder")
    bench.v2.add("Done too", status=status_value("completed"))
    unrouted = bench.v2.add("Unrouted")
    bench.set_rules(routes=())
    told = report_of(bench)
    assert states_of(told) == {
        State.IN_STEP: 1,
        State.OUT_OF_SCOPE: 2,
        State.ONLY_KORE: 1,
        State.UNROUTABLE: 1,
    }
    assert row_of(told, Side.V2, unrouted).state is State.UNROUTABLE
    assert row_of(told, Side.KORE, new).state is State.ONLY_KORE
    assert "finished" in row_of(told, Side.KORE, done).reason
    bench.sync()
    assert bench.is_linked(Side.KORE, new)
    assert not bench.is_linked(Side.V2, unrouted)


def test_a_route_to_a_case_that_is_closed_by_now_is_told(bench: Bench) -> None:
    bench.kore.add_case()
    bench.pair("Boiler")
    mine = bench.v2.add("Ladder")
    bench.kore.add_case(is_closed=True)
    row = row_of(report_of(bench), Side.V2, mine)
    assert row.state is State.UNROUTABLE
    assert "ci-1" in row.reason
    bench.kore.add_case()
    assert row_of(report_of(bench), Side.V2, mine).state is State.ONLY_V2


def made_before(bench: Bench, **hiding: Any) -> tuple[str, str]:
    """A v2 task and what a bridge made of it in Kore, which hides the marker; the database is lost,
    and no route fits.
    """
    bench.kore.add_case()
    bench.pair("Boiler")
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(**hiding)
    mine = bench.v2.add("Ladder")
    bench.settle()
    made = bench.across(Side.V2, mine)
    bench.begin_anew()
    bench.set_rules(routes=())
    return made, mine


def test_what_a_bridge_made_before_and_only_a_probe_shows_is_not_told_as_unroutable(
    bench: Bench,
) -> None:
    made, mine = made_before(bench, unobserved=Unobserved.PROBE)
    row = row_of(report_of(bench), Side.V2, mine)
    assert row.state is State.ONLY_V2
    assert row.reason == (
        "TS2 of Kore has its name, and only a probe shows whether that is its counterpart."
    )
    assert "task-bridge backfill --dry-run" in row.next
    bench.v2.edit(mine, title="Long ladder")  # by its name nobody knows it any more
    assert row_of(report_of(bench), Side.V2, mine).state is State.UNROUTABLE
    bench.v2.edit(mine, facts=tags(made))
    row = row_of(report_of(bench), Side.V2, mine)
    assert row.state is State.ONLY_V2
    assert row.reason.startswith("Its tag names TS2 of Kore, and only a probe shows")
    bench.kore.hides = frozenset()  # its row tells all now: no probe is needed, and no marker found
    bench.kore.edit(made, text="No marker")
    assert row_of(report_of(bench), Side.V2, mine).state is State.UNROUTABLE


def test_what_may_be_its_counterpart_becomes_that_by_the_backfill(bench: Bench) -> None:
    made, mine = made_before(bench, unobserved=Unobserved.PROBE)
    assert row_of(report_of(bench), Side.V2, mine).state is State.ONLY_V2
    bench.backfill()
    assert bench.across(Side.V2, mine) == made
    # A copied tag names one that has its counterpart.
    other = bench.v2.add("Copied", facts=tags(made))
    bench.kore.edit(made, text="So that its row hides it anew")
    assert row_of(report_of(bench), Side.V2, other).state is State.UNROUTABLE


def test_what_the_tags_say_is_told_where_kore_hides_the_marker_and_is_not_probed(
    bench: Bench,
) -> None:
    bench.set_rules(tags_origin=True)
    made, mine = made_before(bench, unobserved=Unobserved.HOLD)
    for side, task_id in ((Side.KORE, made), (Side.V2, mine)):
        assert "A tag joins it" in row_of(report_of(bench), side, task_id).reason
    other = bench.v2.add("Ladder", facts=tags(made))
    rows = report_of(bench)
    for side, task_id in ((Side.KORE, made), (Side.V2, mine), (Side.V2, other)):
        row = row_of(rows, side, task_id)
        assert row.state is State.FAILED
        assert "which of them it was created from cannot be told" in row.reason
        assert row.next == ("A person has to say which one it is; nothing is created meanwhile.")
    bench.sync(is_full=True)
    with bench.store.begin() as unit:
        (known,) = unit.known(Side.V2, [mine]).values()
        unit.save_known([known.standing_as(Standing.LEFT, "a person left it")])
    assert row_of(report_of(bench), Side.V2, mine).state is State.OUT_OF_SCOPE


@both_sides
def test_a_refused_create_is_told_at_the_task_it_was_to_be_made_from(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    bench.service(side.other).refuses = lambda request: "Bad" in str(request.body)
    bad = bench.service(side).add("Bad")
    bench.sync()
    row = row_of(report_of(bench), side, bad)
    assert (row.state, row.reason) == (State.FAILED, "That is refused.")
    assert row.since is not None
    assert row.since > bench.known(side, bad).task.created_at  # type: ignore[operator]


def test_two_whose_link_was_removed_are_out_of_scope_one_by_one(bench: Bench) -> None:
    kore_id, v2_id = bench.pair("Boiler")
    bench.clock.pass_time(3600)
    removed_at = bench.clock.now()
    remove(bench, kore_id)
    told = report_of(bench)
    assert states_of(told) == {State.OUT_OF_SCOPE: 2}
    for side, mine in ((Side.KORE, kore_id), (Side.V2, v2_id)):
        row = row_of(told, side, mine)
        assert "link was removed" in row.reason
        assert row.since is not None
        assert row.since >= removed_at


def test_a_close_that_waits_for_its_case_is_told_with_its_pair(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    ids = pair_of(bench)
    kore_id = ids[Side.KORE]
    bench.kore.add_case(is_closed=True)
    lose(bench, Side.V2, ids)
    row = row_of(report_of(bench), Side.KORE, kore_id)
    assert row.state is State.MISSING
    assert "To close what is left of it was refused: Its case is closed in Kore." in row.reason
    assert row.next.startswith("It goes out by itself when the case is open again.")
    bench.kore.add_case(is_closed=False)
    row = row_of(report_of(bench), Side.KORE, kore_id)
    assert row.next.startswith("Nothing carries it while no daemon runs")


@both_sides
def test_a_task_that_bears_a_marker_is_told_as_about_to_be_linked(bench: Bench, side: Side) -> None:
    ids = bench.pair("Boiler", origin=side.other)
    bench.begin_anew()
    bench.kore.add("Another")
    bench.sync(sweeps=False)
    told = report_of(bench)
    for one, mine in zip(SIDES, ids, strict=True):
        row = row_of(told, one, mine)
        assert row.reason == f"A marker joins it to a task of {one.other.label}."
        assert row.state is (State.ONLY_KORE if one is Side.KORE else State.ONLY_V2)


def test_what_kore_s_list_hides_does_not_hide_what_a_cycle_would_create(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION, Field.DUE})
    bench.pair("Boiler")
    mine = bench.kore.add("Ladder")
    found = surveyed(bench)
    assert row_of(reconcile(found.world), Side.KORE, mine).state is State.ONLY_KORE
    assert found.hidden == {Side.KORE: (Field.DESCRIPTION, Field.DUE), Side.V2: ()}
    bench.sync()
    assert bench.is_linked(Side.KORE, mine)


def test_fields_that_are_hidden_are_those_of_the_list_and_not_what_is_known_beside(
    bench: Bench,
) -> None:
    bench.pair("Boiler", text="words")
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.kore.unreadable.add(bench.kore.add("Odd"))
    assert surveyed(bench).hidden == {Side.KORE: (Field.DESCRIPTION,), Side.V2: ()}


def test_fields_that_are_hidden_are_those_that_the_newest_tasks_hide(bench: Bench) -> None:
    bench.kore.unreadable.add(bench.kore.add("Odd"))
    bench.kore.add("Boiler")
    bench.kore.hides, bench.kore.page_size = frozenset({Field.DUE}), 1
    assert surveyed(bench).hidden[Side.KORE] == (Field.DUE,)


def test_a_task_that_waits_for_what_is_hidden_goes_on_waiting(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.kore.hides, bench.kore.hides_facts = frozenset({Field.DESCRIPTION}), True
    bench.set_rules(scope=Scope(kore_queues=("Heating",)))
    bench.set_policy(unobserved=Unobserved.HOLD)
    mine = bench.kore.add("Ladder")
    bench.sync()
    row = row_of(report_of(bench), Side.KORE, mine)
    assert row.state is State.WAITING
    assert not row.is_on_its_way


@both_sides
def test_a_create_whose_outcome_is_open_waits_and_is_told_once(bench: Bench, side: Side) -> None:
    bench.pair("Boiler")
    lost = Unreachable(str(side.other), "No answer.", is_outcome_unknown=True)
    bench.service(side.other).fail("create", lost)
    mine = bench.service(side).add("Ladder")
    bench.sync()
    row = row_of(report_of(bench), side, mine)
    assert row.state is State.WAITING
    assert "outcome is open" in row.reason


def test_a_task_that_may_be_what_an_open_create_made_is_not_told_as_new(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=Unobserved.HOLD)
    lost = Unreachable("kore", "No answer.", is_outcome_unknown=True)
    bench.kore.fail("create", lost, applied=True)
    bench.v2.add("Ladder")
    bench.sync()
    made = sorted(bench.kore.records)[-1]
    assert row_of(report_of(bench), Side.KORE, made).state is State.WAITING


def test_a_task_that_could_not_be_seen_whole_is_told_with_the_reason(bench: Bench) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.pair("Boiler")
    bench.kore.fail("probe", TaskFault("kore", "It fails at this one."), times=9)
    mine = bench.kore.add("Ladder")
    bench.sync()
    row = row_of(report_of(bench), Side.KORE, mine)
    assert row.state is State.WAITING
    assert "It fails at this one" in row.reason
    bench.kore.faults.clear()


# --- records that cannot be read -----------------------------------------------------------------


@both_sides
def test_a_record_that_nobody_can_read_is_told_as_long_as_it_is_there(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    odd = bench.service(side).add("Odd")
    bench.service(side).unreadable.add(odd)
    bench.sync()
    row = row_of(report_of(bench), side, odd)
    assert row.state is State.FAILED
    assert "its title is a number" in row.reason
    bench.service(side).remove(odd)
    assert states_of(report_of(bench)) == {State.IN_STEP: 1}


@both_sides
def test_a_record_that_cannot_be_read_any_more_is_told_once(bench: Bench, side: Side) -> None:
    bench.pair("Boiler")
    bench.set_rules(scope=Scope(has_finished=False), routes=())
    finished = "Closed" if side is Side.KORE else "completed"
    odd = bench.service(side).add("Odd", status=status_value(finished, "closed"))
    bench.sync()
    bench.service(side).edit(odd, title="A number")
    bench.service(side).unreadable.add(odd)
    assert row_of(report_of(bench), side, odd).state is State.FAILED


@both_sides
def test_a_linked_record_that_cannot_be_read_is_told_with_its_pair(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair("Boiler")
    mine = ids[side is Side.V2]
    bench.service(side).edit(mine, title="A number")
    bench.service(side).unreadable.add(mine)
    told = report_of(bench)
    assert states_of(told) == {State.FAILED: 1}
    assert "its title is a number" in row_of(told, side, mine).reason


@both_sides
def test_a_row_without_an_id_is_told_once_and_no_longer_than_it_is_there(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    bench.service(side).nameless = 1
    bench.sync(is_full=True)
    (row,) = report_of(bench).told
    assert (row.state, row.kore_id, row.v2_id) == (State.FAILED, None, None)
    assert row.sides == (side,)
    bench.service(side).nameless = 0
    assert report_of(bench).told == ()


# --- a pair --------------------------------------------------------------------------------------


def test_a_pair_whose_case_is_closed_waits_until_its_case_is_open(bench: Bench) -> None:
    bench.kore.add_case()
    _, v2_id = bench.pair("Boiler")
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="New words")
    bench.sync()
    assert "closed" in row_of(report_of(bench), Side.V2, v2_id).reason
    bench.kore.add_case()
    row = row_of(report_of(bench), Side.V2, v2_id)
    assert row.state is State.DRIFTED
    assert "closed" not in row.reason


def test_a_pair_that_waits_for_its_case_and_for_more_still_waits_for_its_case(
    bench: Bench,
) -> None:
    bench.kore.add_case()
    kore_id, v2_id = bench.pair("Boiler")
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=Unobserved.HOLD)
    bench.kore.edit(kore_id, priority="High")
    bench.v2.edit(v2_id, text="More words")
    bench.sync()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit(v2_id, title="New words")
    bench.sync()
    assert {wait.kind for wait in bench.waits()} == {WaitKind.CASE_CLOSED, WaitKind.HELD}
    row = row_of(report_of(bench), Side.V2, v2_id)
    assert row.state is State.WAITING
    assert "closed" in row.reason


@both_sides
def test_a_pair_one_of_which_a_whole_reading_does_not_show_is_missing(
    bench: Bench, side: Side
) -> None:
    ids = bench.pair("Boiler")
    bench.pair("Ladder")
    bench.service(side).remove(ids[side is Side.V2])
    found = surveyed(bench)
    assert found.notes == ()
    assert states_of(reconcile(found.world)) == {State.MISSING: 1, State.IN_STEP: 1}


@both_sides
def test_a_list_without_an_order_is_said_to_tell_nothing_of_what_is_gone(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    ids = [bench.pair(f"Task {number}") for number in range(7)]
    service.page_size, service.is_stable = 3, False
    service.remove(ids[0][side is Side.V2])
    found = surveyed(bench)
    (note,) = found.notes
    assert f"{side.label}'s list has no order" in note
    assert found.world.is_whole == {side: False, side.other: True}
    assert State.MISSING not in states_of(reconcile(found.world))


@both_sides
def test_a_list_that_ends_too_early_is_said_to_tell_nothing_of_what_is_gone(
    bench: Bench, side: Side
) -> None:
    ids = [bench.pair(f"Task {number}") for number in range(3)]
    bench.service(side).left_out.add(ids[0][side is Side.V2])
    bench.service(side).total = lambda: 3
    found = surveyed(bench)
    assert found.notes == (
        f"{side.label}'s list ends too early: tasks that are gone cannot be told from those not "
        "shown.",
    )
    assert State.MISSING not in states_of(reconcile(found.world))


def test_what_was_begun_to_be_read_is_no_whole_reading_that_ends_first_contact(
    bench: Bench,
) -> None:
    for number in range(7):
        bench.kore.add(f"Task {number}")
    bench.kore.page_size = 3
    bench.kore.on_page = lambda order, offset: (
        bench.kore.fail("page:sweep", OverBudget("kore", "Spent.", seconds=5)) if offset else None
    )
    bench.sync(is_full=True)
    bench.kore.on_page, bench.kore.is_stable = None, False
    bench.kore.faults.clear()
    found = surveyed(bench)
    assert not found.world.is_whole[Side.KORE]
    assert found.world.is_first_contact


# --- reading -------------------------------------------------------------------------------------


@both_sides
def test_what_a_daemon_has_read_of_a_sweep_does_not_shorten_the_reading(
    bench: Bench, side: Side
) -> None:
    for number in range(7):
        bench.kore.add(f"Task {number}")
    bench.settle()
    service = bench.service(side)
    service.page_size = 3
    service.on_page = lambda order, offset: (
        service.fail("page:sweep", OverBudget(str(side), "Spent.", seconds=5)) if offset else None
    )
    bench.sync(is_full=True)
    assert side not in bench.desk.swept
    service.on_page = None
    service.faults.clear()
    gone = sorted(service.records)[0]
    service.remove(gone)
    bench.heard.events.clear()
    world = surveyed(bench).world
    assert world.is_whole[side]
    assert gone not in world.shown[side]
    assert len(world.shown[side]) == 6
    told = [one for one in bench.heard.of("progress") if one["side"] is side]
    assert [one["done"] for one in told][:1] == [3]
    assert {one["step"] for one in told} == {"read"}


def test_a_side_that_refused_the_key_is_asked_again_at_once(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.v2.fail("page", KeyRefused("v2", "The key is refused.", status=401))
    bench.sync()
    slept = [*bench.clock.slept]
    assert states_of(report_of(bench)) == {State.IN_STEP: 1}
    assert bench.clock.slept == slept


@both_sides
def test_a_side_that_asked_to_be_left_alone_is_waited_for_unless_that_is_too_long(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    bench.service(side).fail("page", NotYet(str(side), "Too many requests.", seconds=100))
    bench.sync()
    with pytest.raises(NotYet, match="Too many requests"):
        surveyed(bench, patience=30.0)
    before = sum(bench.clock.slept)
    assert surveyed(bench, patience=60.0).world.is_whole == {Side.KORE: True, Side.V2: True}
    assert 30 < sum(bench.clock.slept) - before < 50


@both_sides
def test_a_spent_budget_is_waited_for_and_told_and_takes_nothing_off_the_patience(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    service = bench.service(side)
    service.fail("page:sweep", OverBudget(str(side), "The budget is spent.", seconds=90))
    service.fail("page:sweep", Unreachable(str(side), "No answer."))
    before = sum(bench.clock.slept)
    assert surveyed(bench, patience=20.0).world.is_whole[side]
    (told,) = bench.heard.of("waiting")
    assert told == {"seconds": 90, "reason": "The budget is spent."}
    assert 90 < sum(bench.clock.slept) - before < 100


def test_a_wait_of_no_time_is_a_short_one(bench: Bench) -> None:
    bench.kore.fail("page:sweep", NotYet("kore", "Soon.", seconds=0))
    surveyed(bench)
    assert 0 < sum(bench.clock.slept) < 1


@both_sides
def test_a_dead_service_is_tried_for_as_long_as_it_may_be_and_no_longer(
    bench: Bench, side: Side
) -> None:
    bench.pair("Boiler")
    service = bench.service(side)
    service.fail("page", Unreachable(str(side), "No answer."), times=3)
    surveyed(bench)
    slept = sum(bench.clock.slept)
    assert 3 <= slept <= 12
    service.is_down = True
    with pytest.raises(Unreachable):
        surveyed(bench, patience=30.0)
    assert 29 <= sum(bench.clock.slept) - slept <= 33


def test_each_step_has_the_whole_patience(bench: Bench) -> None:
    bench.pair("Boiler")
    bench.kore.fail("page:sweep", Unreachable("kore", "No answer."), times=10)
    bench.kore.fail("page:ask", Unreachable("kore", "No answer."), times=10)
    surveyed(bench, patience=25.0)
    assert bench.kore.faults == []


def test_a_refusal_ends_it(bench: Bench) -> None:
    bench.v2.fail("page", Refused("v2", "No such list.", status=400))
    with pytest.raises(Refused, match="No such list"):
        surveyed(bench)


def test_a_stop_ends_it_between_two_pages(bench: Bench) -> None:
    for number in range(5):
        bench.kore.add(f"Task {number}")
    bench.kore.page_size = 2

    def stop(*_: object) -> None:
        bench.clock.is_stopped = True

    bench.kore.on_page = stop
    with pytest.raises(Stopped):
        surveyed(bench)
    assert bench.kore.calls.count("page:sweep") <= 4


def test_what_was_just_read_is_not_blank_although_nothing_is_linked(bench: Bench) -> None:
    assert surveyed(bench).is_blank
    bench.v2.add("Boiler")
    assert not surveyed(bench).is_blank


# --- what is said beside -------------------------------------------------------------------------

both_ways = pytest.mark.parametrize("look", [surveyed, recalled])


@both_ways
def test_what_waits_for_a_side_that_is_paused_says_so(bench: Bench, look: Look) -> None:
    kore_id, _ = bench.pair("Boiler")
    instruct(bench, InstructionKind.PAUSE, Side.V2)
    bench.kore.edit(kore_id, title="New words")
    bench.sync()
    row = row_of(reconcile(look(bench).world), Side.KORE, kore_id)
    assert "v2 is paused" in row.next
    assert row.is_held_up


@both_ways
@pytest.mark.parametrize(
    ("wanted", "takes", "told"),
    [
        (Unobserved.HOLD, True, 'To see them: kore.unobserved = "probe"'),
        (Unobserved.PROBE, False, "To see them: rows of Kore that carry them, for it refuses"),
        (Unobserved.PROBE, True, None),
    ],
)
def test_fields_that_nobody_sees_are_named_with_what_would_show_them(
    bench: Bench, look: Look, wanted: Unobserved, takes: bool, told: str | None
) -> None:
    bench.kore.hides = frozenset({Field.DESCRIPTION})
    bench.set_policy(unobserved=wanted)
    if not takes:
        bench.kore.probes_taken = frozenset()
    bench.kore.add("Boiler")
    bench.sync(is_full=True)
    notes = [one for one in look(bench).notes if one.startswith("Not seen")]
    assert len(notes) == (told is not None)
    assert all("description of Kore" in one and str(told) in one for one in notes)


# --- how it stood before -------------------------------------------------------------------------


def swept(bench: Bench, totals: Mapping[str, int], at: datetime) -> None:
    """A whole reading that an earlier release counted."""
    with bench.store.begin() as unit:
        unit.finish_run(unit.start_run("sweep", at), {}, totals, at)


def test_how_it_stood_after_each_whole_reading_is_told_oldest_first(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.sync(is_full=True)
    bench.v2.refuses = lambda request: request.call == "update"
    bench.kore.edit(kore_id, title="Refused")
    bench.kore.add("Ladder")
    bench.sync(is_full=True)
    trend = [(one.in_step, one.links) for one in surveyed(bench).trend]
    assert trend[-2:] == [(1, 1), (1, 2)]
    swept(bench, {"missing": 1}, bench.clock.now())
    found = surveyed(bench).trend
    assert [(one.in_step, one.links) for one in found] == [*trend, (0, 0)]
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_what_the_history_no_longer_keeps_is_no_part_of_how_it_stood(bench: Bench) -> None:
    bench.set_rules(keep_days=10.0)
    now = bench.clock.now()
    for days, links in ((12, 1), (9, 2), (2, 3)):
        swept(bench, {"links": links, "in_step": links}, now - timedelta(days=days))
    assert [one.links for one in surveyed(bench).trend] == [2, 3]


@both_ways
def test_it_says_where_polls_read_a_whole_list_and_how_late_changes_show_up_then(
    bench: Bench, look: Look
) -> None:
    bench.v2.add("Boiler")
    bench.v2.add("Roof")
    bench.sync(is_full=True)
    assert look(bench).notes == ()
    bench.v2.sorts = False
    bench.v2.seconds_a_call = 20.0
    bench.v2.page_size = 2
    bench.v2.add("Fence")
    bench.sync(is_full=True)
    with bench.store.begin() as unit:
        took = _seconds(unit.complete_sweeps(Side.V2)[0])
    assert 40 <= took <= 200
    assert look(bench).notes == (
        "v2's list is not proved to be sorted by change time, so every poll reads all of it, and "
        f"a change shows up as late as that takes; the last one took {took} s.",
    )
    bench.v2.seconds_a_call = 0.0
    bench.sync(is_full=True)
    assert look(bench).notes[0].endswith("; the last one took 1 s.")


def _seconds(sweep: Sweep) -> int:
    assert sweep.started_at is not None
    assert sweep.completed_at is not None
    return round((sweep.completed_at - sweep.started_at).total_seconds())
