"""What a cycle does between its readings and its end: wishes, stops, rounds, and what it tells."""

from datetime import timedelta

import pytest

from bridge.domain.exchange import Order
from bridge.domain.guard import GuardKind
from bridge.domain.policy import ConflictRule
from bridge.domain.side import SIDES, Field, Side
from bridge.errors import NotYet, Stopped
from bridge.sync.contact import is_first_contact
from bridge.sync.cycle import Outcome, Wish, judge, prepare, read_sides, run_cycle
from bridge.sync.lease import under_lease
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_guards import paired, remove, standing, sweeps

__all__ = ["paired"]  # fixture

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def cycle(bench: Bench, wish: Wish | None = None) -> Outcome:
    """A cycle as it is wished for, and if nothing is said, as it comes."""
    bench.clock.pass_time(30)
    bench.desk = bench.new_desk()
    return run_cycle(bench.desk, wish or Wish())


# --- wishes --------------------------------------------------------------------------------------


def test_a_sweep_that_is_forced_is_made_although_no_time_is_given_to_it(bench: Bench) -> None:
    bench.v2.knows_last = True
    bench.pair()
    bench.settle()
    cycle(bench, Wish(sweep_seconds=0))
    assert bench.desk.swept == set()
    cycle(bench, Wish(sweep_seconds=0, forces_sweep=True))
    assert bench.desk.swept == {*SIDES}


def test_a_cycle_confirms_nothing_unless_a_person_said_so(paired: Bench) -> None:
    remove(paired, V2, 3)
    sweeps(paired, 2)
    assert [one.kind for one in standing(paired)] == [GuardKind.MISSING]
    outcome = cycle(paired)
    assert (outcome.confirmed, outcome.put_off) == ((), 0)
    assert len(standing(paired)) == 1


def test_while_first_contact_lasts_no_cycle_links_what_is_alike(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Boiler")
    assert bench.sync(is_full=True).is_first_contact
    assert bench.links() == []
    assert bench.kore.writes == bench.v2.writes == []


def test_what_was_judged_ends_first_contact_unless_it_must_not(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.clock.pass_time(30)
    desk = bench.new_desk()
    with under_lease(desk):
        prepare(desk, "sync")
        read_sides(desk, Wish())
        judge(desk, ends_contact=False)
        assert is_first_contact(desk)
        judge(desk)
        assert not is_first_contact(desk)


def test_other_settings_hold_nothing_up_where_the_tables_are_the_same(bench: Bench) -> None:
    bench.pair()
    bench.settle()
    bench.set_rules()
    desk = bench.new_desk()
    with under_lease(desk):
        prepare(desk, "sync")
    assert (desk.guards, standing(bench)) == ((), [])


# --- stops ---------------------------------------------------------------------------------------


def stops(bench: Bench, side: Side, at: Order) -> list[int]:
    """A cycle that is stopped by a page of that order; where its pages of it began."""
    places: list[int] = []

    def stop(order: Order, offset: int) -> None:
        if order is at:
            places.append(offset)
            bench.clock.is_stopped = True

    bench.service(side).on_page = stop
    with pytest.raises(Stopped):
        bench.sync(sweeps=at is Order.STABLE)
    bench.service(side).on_page = None
    bench.clock.is_stopped = False
    return places


def test_a_stop_after_one_side_was_polled_comes_before_the_other_is(bench: Bench) -> None:
    bench.pair()
    bench.settle()
    bench.forget_calls()
    stops(bench, KORE, Order.NEWEST_FIRST)
    assert (bench.kore.calls, bench.v2.calls) == (["page:poll"], [])


def test_a_stop_after_both_sides_were_polled_comes_before_anything_is_planned(
    bench: Bench,
) -> None:
    bench.pair()
    bench.settle()
    before = len(bench.heard.of("batch"))
    stops(bench, V2, Order.NEWEST_FIRST)
    assert len(bench.heard.of("batch")) == before


def test_a_stop_comes_between_two_pages_of_a_sweep(bench: Bench) -> None:
    bench.kore.page_size = 2
    for number in range(6):
        bench.kore.add(f"Task {number}")
    assert stops(bench, KORE, Order.STABLE) == [0]


# --- a sweep that takes long ---------------------------------------------------------------------


def test_a_long_sweep_tells_how_far_it_is_and_lets_another_have_the_lease(bench: Bench) -> None:
    bench.kore.page_size = 3
    for number in range(9):
        bench.kore.add(f"Task {number}")
    bench.kore.total = lambda: 9
    bench.kore.seconds_a_call = 6.0
    offered: list[int] = []

    def wanted(order: Order, offset: int) -> None:
        if order is Order.STABLE:
            offered.append(len(bench.heard.of("lease_offered")))
            with bench.store.begin() as unit:
                unit.want_lease("another", bench.clock.now())

    bench.kore.on_page = wanted
    bench.sync(is_full=True)
    assert offered[-1] > 0
    told = [one for one in bench.heard.of("progress") if one["step"] == "read"]
    assert {(one["side"], one["total"]) for one in told} == {(KORE, 9)}
    done = [one["done"] for one in told]
    assert done[:2] == [3, 5]


@both_sides
def test_a_sweep_in_place_of_a_poll_tells_that_the_side_answers_again(
    bench: Bench, side: Side
) -> None:
    service = bench.service(side)
    service.sorts, service.page_size = False, 2
    for number in range(4):
        service.add(f"Task {number}")
    bench.settle()
    service.fail("page", NotYet(str(side), "Slowly.", seconds=10))
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        assert unit.side_state(side).fault == "Slowly."
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        state = unit.side_state(side)
    assert (state.fault, state.failed_at, state.not_before) == ("", None, None)
    assert state.polled_at is not None


# --- rounds --------------------------------------------------------------------------------------


def test_where_nothing_is_to_be_done_a_cycle_looks_once(bench: Bench) -> None:
    bench.pair()
    bench.settle()
    before = len(bench.heard.of("batch"))
    bench.sync(sweeps=False)
    assert bench.heard.of("batch")[before:] == [{"sent": 0, "stale": 0}]


def test_a_cycle_goes_on_for_as_long_as_each_round_sends_something(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.settle()
    edits = 0

    def edited(order: Order, offset: int) -> None:
        nonlocal edits
        if order is Order.NEWEST_FIRST and edits < 6:
            edits += 1
            bench.kore.edit(kore_id, title=f"Title {edits}")

    bench.kore.on_page = edited
    bench.kore.seconds_a_call = 11.0  # what was polled before is old then
    bench.sync(sweeps=False)
    assert edits == 6
    assert bench.v2.value(v2_id, Field.TITLE) == "Title 6"


def test_a_dry_run_polls_each_side_once_however_old_that_is(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.settle()
    bench.kore.edit(kore_id, title="New")
    bench.forget_calls()
    bench.kore.seconds_a_call = bench.v2.seconds_a_call = 60.0
    bench.sync(sweeps=False, is_dry=True)
    polls = [service.pages_of_polls() for service in (bench.kore, bench.v2)]
    assert polls == [1, 1]
    assert len(bench.reports) == 1


def test_a_side_may_be_asked_again_at_the_very_moment_that_it_named(bench: Bench) -> None:
    bench.kore.fail("page", NotYet("kore", "Slowly.", seconds=600))
    bench.sync(sweeps=False)
    with bench.store.begin() as unit:
        until = unit.side_state(KORE).not_before
    assert until is not None
    for early, faults in ((2, {KORE}), (1, set())):
        bench.clock.at = until - timedelta(milliseconds=early)  # a look at it takes one
        desk = bench.new_desk()
        prepare(desk, "sync")
        assert desk.faults.keys() == faults


def test_the_summary_counts_the_conflicts_that_wait(bench: Bench) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    kore_id, v2_id = bench.pair()
    bench.settle()
    bench.kore.edit(kore_id, title="Of Kore")
    bench.v2.edit(v2_id, title="Of v2")
    assert bench.sync().summary["conflicts"] == 1
