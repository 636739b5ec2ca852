"""What a command writes down of what people say: carried out, it is about what they were shown."""

from dataclasses import replace

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import Instruction, InstructionOutcome, Order
from bridge.domain.link import LinkState
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.policy import ConflictRule, Limits
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import UNSEEN, text_value
from bridge.errors import UsageError
from bridge.sync import orders
from bridge.sync.add_link import pair_to_link
from bridge.sync.obey import carry_out_alone
from tests.sync.memory.bench import Bench
from tests.sync.memory.deciding import a_conflict, outcome_of, the_conflict, titles, told

DONE, VOID = InstructionOutcome.DONE, InstructionOutcome.VOID
both_sides = pytest.mark.parametrize("side", list(Side))


def carried_out(bench: Bench, order: Order) -> Instruction:
    """What came of an order that a command wrote down."""
    number = told(bench, order.kind, order.details)
    carry_out_alone(bench.new_desk())
    return outcome_of(bench, number)


def paused(bench: Bench) -> set[Side]:
    with bench.store.begin() as unit:
        return {*unit.pair_state().paused}


def standing(bench: Bench) -> list[Guard]:
    with bench.store.begin() as unit:
        return [one for one in unit.guards() if one.holds]


def failures(bench: Bench, *numbers: int) -> list[Wait]:
    with bench.store.begin() as unit:
        return orders.find_failures(unit, numbers)


# --- pause and resume ----------------------------------------------------------------------------


@both_sides
def test_one_side_is_paused_and_goes_on_by_itself(bench: Bench, side: Side) -> None:
    assert carried_out(bench, orders.to_pause(side)).note.startswith(f"{side.label} is paused")
    assert paused(bench) == {side}
    carried_out(bench, orders.to_pause(side.other))
    assert carried_out(bench, orders.to_resume(side)).note == f"{side.label} is written to again."
    assert paused(bench) == {side.other}


def test_where_no_side_is_named_both_are_paused_and_both_go_on(bench: Bench) -> None:
    assert carried_out(bench, orders.to_pause(None)).note.startswith("Both sides are paused")
    assert paused(bench) == {*SIDES}
    assert carried_out(bench, orders.to_resume(None)).note == "Both sides are written to again."
    assert paused(bench) == set()


# --- conflicts -----------------------------------------------------------------------------------


@both_sides
def test_the_side_that_a_person_takes_wins_over_what_was_listed(bench: Bench, side: Side) -> None:
    ids = a_conflict(bench)
    number = the_conflict(bench)["id"]
    with bench.store.begin() as unit:
        order = orders.to_resolve(unit, number, side)
    assert carried_out(bench, order).outcome is DONE
    bench.settle()
    assert titles(bench, *ids) == (f"Of {side.label}",) * 2


def test_a_decision_about_values_that_are_there_no_more_is_void(bench: Bench) -> None:
    kore_id, v2_id = a_conflict(bench)
    number = the_conflict(bench)["id"]
    with bench.store.begin() as unit:
        order = orders.to_resolve(unit, number, Side.KORE)
    bench.v2.edit(v2_id, title="Later")
    bench.sync()
    assert carried_out(bench, order).outcome is VOID
    assert titles(bench, kore_id, v2_id) == ("Of Kore", "Later")


def test_a_lost_value_is_asked_back_where_the_other_one_was_never_seen(bench: Bench) -> None:
    bench.pair()
    values = {"kore": text_value("Lost"), "v2": UNSEEN, "base_kore": UNSEEN, "base_v2": UNSEEN}
    link, now = bench.links()[0].link.id, bench.clock.now()
    with bench.store.begin() as unit:
        rule, won = str(ConflictRule.NEWEST), Side.V2
        number = unit.save_conflict(link, Field.TITLE, values, rule=rule, winner=won, at=now)
        order = orders.to_resolve(unit, number, Side.KORE)
    assert order.details.get("kore") == text_value("Lost")
    assert "v2" not in order.details


def test_a_conflict_that_is_not_there_is_told_with_the_way_to_those_that_are(
    bench: Bench,
) -> None:
    with (
        bench.store.begin() as unit,
        pytest.raises(UsageError, match=r"no conflict 77; .* conflicts list shows"),
    ):
        orders.find_conflict(unit, 77)
    with pytest.raises(UsageError, match="no conflict 77"):
        orders.find_conflict(None, 77)


# --- failures ------------------------------------------------------------------------------------


def a_failure(bench: Bench) -> tuple[str, str, int]:
    """A pair whose title v2 refuses; gives both ids and the number of what failed."""
    kore_id, v2_id = bench.pair()
    bench.v2.refuses = lambda request: "Bad" in str(request.body)
    bench.kore.edit(kore_id, title="Bad")
    bench.sync()
    (wait,) = bench.waits(WaitKind.FAILED)
    return kore_id, v2_id, wait.id


def test_a_failure_is_tried_again_when_people_say_so(bench: Bench) -> None:
    _, v2_id, number = a_failure(bench)
    bench.v2.refuses = lambda request: False
    bench.sync()
    assert bench.v2.value(v2_id, Field.TITLE) == "Boiler"
    found = carried_out(bench, orders.to_retry(failures(bench, number)))
    assert (found.outcome, "the next cycle tries it again" in found.note) == (DONE, True)
    bench.settle()
    assert bench.v2.value(v2_id, Field.TITLE) == "Bad"


def test_a_failure_is_left_as_it_is_if_both_show_what_was_listed(bench: Bench) -> None:
    kore_id, v2_id, number = a_failure(bench)
    assert carried_out(bench, orders.to_discard(failures(bench, number))).outcome is DONE
    bench.settle()
    assert bench.values(Field.TITLE, kore_id, v2_id) == ("Bad", "Boiler")
    assert bench.waits(WaitKind.FAILED) == []


def test_a_failure_is_not_discarded_over_a_value_that_nobody_was_shown(bench: Bench) -> None:
    _, v2_id, number = a_failure(bench)
    order = orders.to_discard(failures(bench, number))
    bench.v2.edit(v2_id, title="Later")
    bench.sync()
    assert carried_out(bench, order).outcome is not DONE


def test_what_a_failure_does_not_show_is_not_written_down_as_empty(bench: Bench) -> None:
    a_failure(bench)
    (wait,) = bench.waits(WaitKind.FAILED)
    (listed,) = orders.to_discard([replace(wait, v2=UNSEEN)]).details["failures"]
    assert listed == {"id": wait.id, "kore": text_value("Bad")}


def test_failures_that_are_not_there_are_told_and_each_that_is_comes_once(bench: Bench) -> None:
    *_, number = a_failure(bench)
    assert [one.id for one in failures(bench, number, number)] == [number]
    with pytest.raises(UsageError, match=r"no failure 77, 78; .* failures list shows"):
        failures(bench, 77, number, 78)
    with pytest.raises(UsageError, match="no failure 77;"):
        orders.find_failures(None, [77])


def test_a_conflict_is_no_failure(bench: Bench) -> None:
    a_conflict(bench)
    (wait,) = bench.waits(WaitKind.CONFLICT)
    with pytest.raises(UsageError, match=f"no failure {wait.id};"):
        failures(bench, wait.id)


# --- guards --------------------------------------------------------------------------------------


@both_sides
def test_a_confirmation_lets_through_what_was_shown_of_one_side(bench: Bench, side: Side) -> None:
    bench.pair()
    bench.sync(is_full=True)
    for service in (bench.kore, bench.v2) if side is Side.KORE else (bench.v2,):
        for task_id in [*service.records]:
            service.remove(task_id)
    bench.sync(is_full=True)
    guards = standing(bench)
    assert side in {one.side for one in guards}
    found = carried_out(bench, orders.to_confirm(guards))
    assert found.outcome is DONE
    assert standing(bench) == []


def test_a_confirmation_of_links_that_are_missing_is_about_the_pair_and_only_those(
    bench: Bench,
) -> None:
    bench.set_rules(limits=Limits(percent=10.0, count=0))
    ids = [bench.pair(f"Task {number}") for number in range(4)]
    bench.sync(is_full=True)
    bench.kore.remove(ids[0][0])
    bench.sync(is_full=True)
    bench.sync(is_full=True)
    (guard,) = standing(bench)
    assert (guard.kind, guard.side) == (GuardKind.MISSING, None)
    assert carried_out(bench, orders.to_confirm([guard])).outcome is DONE
    bench.sync()
    assert standing(bench) == []
    bench.kore.remove(ids[1][0])
    bench.sync(is_full=True)
    bench.sync(is_full=True)
    assert len(standing(bench)) == 1


def test_a_link_that_was_asked_for_is_added(bench: Bench) -> None:
    kore_id, v2_id = bench.kore.add("Boiler"), bench.v2.add("Heater")
    bench.sync()
    with bench.store.begin() as unit:
        order = orders.to_add_link(pair_to_link(unit, v2_id, kore_id))
    assert carried_out(bench, order).outcome is DONE
    (view,) = bench.links()
    assert (view.link.kore_id, view.link.v2_id) == (kore_id, v2_id)


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_a_link_is_taken_apart_and_its_texts_go_if_that_was_asked_for(
    bench: Bench, is_forgotten: bool
) -> None:
    kore_id, _ = bench.pair("Boiler")
    bench.settle()
    order = orders.to_remove_link(bench.links()[0].link, is_forgotten=is_forgotten)
    assert carried_out(bench, order).outcome is DONE
    with bench.store.begin() as unit:
        assert unit.links_of(Side.KORE, [kore_id])[kore_id].state is LinkState.REMOVED
    with bench.store.begin() as unit:
        assert bool(unit.forgotten(Side.KORE, [kore_id])) is is_forgotten


def test_a_link_that_has_another_task_by_now_is_not_taken_apart(bench: Bench) -> None:
    kore_id, _ = bench.pair("Boiler")
    bench.settle()
    order = orders.to_remove_link(bench.links()[0].link, is_forgotten=False)
    assert carried_out(bench, order).outcome is DONE
    other_id = bench.v2.add("Heater", status="completed")
    bench.sync()
    with bench.store.begin() as unit:
        to_other = orders.to_add_link(pair_to_link(unit, kore_id, bench.v2.records[other_id].ref))
    assert carried_out(bench, to_other).outcome is DONE
    assert carried_out(bench, order).outcome is not DONE
    assert bench.across(Side.KORE, kore_id) == other_id
