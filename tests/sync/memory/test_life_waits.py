"""What is told of what waits, what is hidden, what is over, and what holds everything up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.life import HeldUp
from bridge.domain.operation import WriteRequest
from bridge.domain.reconciled import State
from bridge.domain.side import Field, Side
from bridge.errors import NotYet, Stopped, Unreachable
from bridge.sync.life import find_subject, read_life
from tests.sync.memory.bench import Bench
from tests.sync.memory.surveying import report_of, row_of
from tests.sync.memory.test_adding_links import remove
from tests.sync.memory.test_gone import lose, pair_of
from tests.sync.memory.test_life import told

KORE, V2 = Side.KORE, Side.V2
DAY = 86_400.0
HIDDEN = frozenset({Field.DESCRIPTION})


@pytest.fixture
def bench() -> Bench:
    """First contact is over, and nothing is there."""
    bench = Bench()
    bench.sync()
    return bench


def pause(bench: Bench, *sides: Side) -> None:
    with bench.store.begin() as unit:
        paused = dict.fromkeys(sides, bench.clock.at)
        unit.save_pair_state(replace(unit.pair_state(), paused=paused))


# --- what waits ----------------------------------------------------------------------------------


def test_a_record_of_a_pair_that_cannot_be_read_is_told_of_the_pair(bench: Bench) -> None:
    kore_id, v2_id = bench.pair()
    bench.kore.unreadable.add(kore_id)
    bench.kore.edit(kore_id, title="Odd")
    bench.sync()
    for name in (kore_id, v2_id):
        found = told(bench, name)
        assert found.state is State.FAILED
        assert ["cannot be read" in one.reason for one in found.waits] == [True]


def test_what_changed_on_both_sides_goes_by_the_clocks_of_the_services(bench: Bench) -> None:
    """v2's clock is an hour ahead: what it shows as newer is older."""
    bench.v2.skew = timedelta(hours=1)
    kore_id, v2_id = bench.pair()
    pause(bench, KORE, V2)
    bench.v2.edit(v2_id, title="Of v2")
    bench.clock.pass_time(60)
    bench.kore.edit(kore_id, title="Of Kore")
    bench.sync()
    (wait,) = told(bench, kore_id).waits
    assert "Kore's value wins (newest)" in wait.reason


def test_where_a_probe_was_refused_for_one_pair_what_it_hides_waits_and_nothing_asks_again(
    bench: Bench,
) -> None:
    bench.kore.hides = HIDDEN
    kore_id, v2_id = bench.pair(text="old")
    bench.kore.refuses = lambda request: request.call == "probe"
    bench.kore.edit(kore_id, title="By an agent")
    bench.sync()
    found, row = told(bench, kore_id), row_of(report_of(bench), KORE, kore_id)
    assert (found.state, found.reason, found.next) == (State.WAITING, row.reason, row.next)
    assert "It is asked for by a probe when the task changes in Kore." in found.next
    bench.v2.refuses = lambda request: "title" in request.body["values"]
    bench.kore.edit(kore_id, title="Refused")
    bench.v2.edit(v2_id, text="From the field")
    bench.settle()
    waits = {one.name: one for one in told(bench, kore_id).waits}
    assert {name: one.state for name, one in waits.items()} == {
        Field.TITLE: State.FAILED,
        Field.DESCRIPTION: State.WAITING,
    }
    assert "nothing is written over what cannot be seen" in waits[Field.DESCRIPTION].next


def test_where_no_probe_was_refused_the_next_cycle_asks_for_what_is_hidden(bench: Bench) -> None:
    bench.kore.hides = HIDDEN
    kore_id, v2_id = bench.pair(text="old")
    pause(bench, KORE)
    bench.kore.edit(kore_id, text="By an agent")
    bench.v2.edit(v2_id, text="From the field")
    bench.sync()
    (wait,) = told(bench, kore_id).waits
    assert (wait.name, wait.state) == (Field.DESCRIPTION, State.WAITING)
    assert "Kore is paused" in wait.next
    pause(bench)
    (wait,) = told(bench, kore_id).waits
    assert "asks Kore for it by a probe" in wait.next


def test_where_the_account_refuses_probes_what_is_hidden_waits(bench: Bench) -> None:
    bench.kore.hides, bench.kore.probes_taken = HIDDEN, frozenset()
    kore_id, v2_id = bench.pair(text="unseen")
    bench.v2.edit(v2_id, text="From the field")
    bench.settle()
    (wait,) = told(bench, kore_id).waits
    assert (wait.name, wait.state) == (Field.DESCRIPTION, State.WAITING)
    assert "nothing is written over what cannot be seen" in wait.next


# --- what is gone, hidden, forgotten, no longer kept ---------------------------------------------


def test_a_pair_of_which_a_task_is_gone_is_told_with_the_ways_out(bench: Bench) -> None:
    ids = pair_of(bench)
    lose(bench, V2, ids)
    found = told(bench, ids[KORE])
    assert found.state is State.MISSING
    assert found.reason.startswith("v2 does not show REC-2:")
    assert f"task-bridge links remove {ids[KORE]}" in found.advice.commands
    assert [one.seen.startswith("It was found to be gone") for one in found.tasks] == [False, True]


def test_a_task_that_the_last_reading_did_not_show_is_told_so(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.v2.remove(ids[V2])
    bench.sync(is_full=True)
    kore, v2 = told(bench, ids[KORE]).tasks
    assert "or a poll since showed it" in kore.seen
    assert "did not show it" in v2.seen
    assert kore.seen_at is not None


def test_what_lists_hide_and_what_was_forgotten_is_told_of_the_side_it_is_true_of(
    bench: Bench,
) -> None:
    bench.kore.hides = HIDDEN
    kore_id, v2_id = bench.pair(text="hidden")
    other, _ = bench.pair("Other")
    kore, v2 = told(bench, kore_id).tasks
    assert (kore.list_hides, v2.list_hides) == ((Field.DESCRIPTION,), ())
    assert not kore.is_forgotten
    remove(bench, kore_id, forget=True)
    assert told(bench, v2_id).tasks[0].is_forgotten
    assert not told(bench, other).tasks[0].is_forgotten


def test_a_pair_that_is_older_than_what_is_kept_says_so_and_still_tells_what_is_open(
    bench: Bench,
) -> None:
    kore_id, _ = bench.pair()
    bench.clock.pass_time(89 * DAY)
    assert told(bench, kore_id).kept == ""
    bench.clock.pass_time(3 * DAY)
    bench.sync()
    assert "no longer kept" in told(bench, kore_id).kept
    assert [one.outcome for one in told(bench, kore_id).steps] == ["done"]
    cut_off(bench)
    bench.kore.edit(kore_id, title="New")
    with pytest.raises(Stopped):
        bench.sync()
    *_, step = told(bench, kore_id).steps
    assert (step.outcome, step.fields) == ("sent", (Field.TITLE,))


def cut_off(bench: Bench) -> None:
    def stop(_: WriteRequest) -> None:
        bench.v2.on_send = None
        raise Stopped

    bench.v2.on_send = stop


# --- what holds everything up --------------------------------------------------------------------


def held_up(bench: Bench, name: str, *, after: float = 0.0) -> tuple[HeldUp, ...]:
    """What is told to hold everything up, so many seconds from now."""
    now = bench.clock.at + timedelta(seconds=after)
    with bench.store.look() as unit:
        subject = find_subject(unit, name)
        return read_life(unit, subject, bench.rules, now, is_carried_soon=True).held_up


def test_guards_and_pauses_are_told_with_since_when_and_the_way_out(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    since = bench.clock.at
    pause(bench, V2)
    with bench.store.begin() as unit:
        unit.save_guard(
            Guard(kind=GuardKind.EMPTY, side=KORE, reason="Kore is empty.", since=since)
        )
        over = Guard(kind=GuardKind.MISSING, side=None, reason="over", is_standing=False)
        unit.save_guard(over)
    guard, paused = told(bench, kore_id).held_up
    assert (guard.text, guard.since) == ("A guard stands: Kore is empty.", since)
    assert (bool(guard.advice.do), guard.advice.commands) == (True, ("task-bridge guard confirm",))
    assert (paused.text.startswith("v2 is paused"), paused.since) == (True, since)
    assert (bool(paused.advice.do), paused.advice.commands) == (True, ("task-bridge resume v2",))


def test_while_a_guard_stands_no_write_is_promised_and_one_that_is_over_holds_nothing(
    bench: Bench,
) -> None:
    kore_id, v2_id = bench.pair()
    pause(bench, V2)
    bench.kore.edit(kore_id, title="New words")
    bench.sync()
    pause(bench)
    stands = Guard(kind=GuardKind.EMPTY, side=KORE, reason="Kore is empty.", since=bench.clock.at)
    for guard, is_held in ((stands, True), (replace(stands, is_standing=False), False)):
        with bench.store.begin() as unit:
            unit.save_guard(guard)
        found = told(bench, v2_id)
        assert ("task-bridge guard show" in found.next) is is_held
        assert ("The next cycle writes it" in found.next) is not is_held


def test_a_side_that_asked_to_be_left_alone_is_told_until_its_time_is_over(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.v2.fail("page", NotYet("v2", "Too many requests.", seconds=50.0))
    bench.sync()
    (held,) = told(bench, kore_id).held_up
    assert held.text == "v2 is left alone for a while: Too many requests."
    assert held.since is not None
    assert held.until == held.since + timedelta(seconds=50)
    left = (held.until - bench.clock.at).total_seconds()
    assert held_up(bench, kore_id, after=left - 1) == (held,)
    assert held_up(bench, kore_id, after=left) == ()


def test_a_side_that_is_merely_down_is_not_left_alone(bench: Bench) -> None:
    kore_id, _ = bench.pair()
    bench.v2.fail("page", Unreachable("v2", "down"), times=9)
    bench.sync()
    assert told(bench, kore_id).held_up == ()
