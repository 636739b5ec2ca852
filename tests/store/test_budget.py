"""The record of calls: no window ever holds more than its limit, and polls are never starved."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.domain.exchange import Purpose
from bridge.store.budget import SqlBudget
from bridge.store.sql_store import SqlStore
from tests.store.clocks import START, MovedClock
from tests.store.samples import KORE, V2

ACCOUNTS = count()
MINUTE_AND_HOUR = [(60, 60), (1800, 3600)]
Windows = Sequence[tuple[int, int]]


def budget(
    store: SqlStore,
    clock: MovedClock,
    windows: Windows = MINUTE_AND_HOUR,
    *,
    account: str = "account",
    poll_seconds: float = 30,
) -> SqlBudget:
    return SqlBudget(store, KORE, account, windows, clock, poll_seconds)


def taken(one: SqlBudget, purpose: Purpose = Purpose.WRITE, most: int = 10_000) -> int:
    """How many calls can be taken one after the other."""
    for number in range(most):
        if one.take(purpose):
            return number
    return most


def most_in_any_window(calls: Sequence[datetime], seconds: int) -> int:
    """The most calls that lie less than so many seconds apart."""
    most = first = 0
    for last, moment in enumerate(calls):
        while moment - calls[first] >= timedelta(seconds=seconds):
            first += 1
        most = max(most, last - first + 1)
    return most


steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(Purpose),
        st.sampled_from([0.0, 0.0, 0.01, 0.3, 0.99, 1.0, 2.5, 11.0]),
        st.booleans(),
    ),
    min_size=20,
    max_size=90,
)
limits = st.sampled_from([[(3, 5)], [(4, 2), (9, 30)], [(30, 10), (40, 60)], [(1, 3)]])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(steps=steps, windows=limits)
def test_no_window_of_any_position_holds_more_than_allowed(
    memory_store: SqlStore,
    steps: list[tuple[int, Purpose, float, bool]],
    windows: list[tuple[int, int]],
) -> None:
    clock, account = MovedClock(), str(next(ACCOUNTS))
    budgets = [budget(memory_store, clock, windows, account=account) for _ in range(3)]
    calls: list[datetime] = []
    for which, purpose, pause, is_patient in steps:
        waiting = budgets[which].take(purpose)
        if waiting and is_patient:
            clock.sleep(waiting)
            waiting = budgets[which].take(purpose)
        if not waiting:
            calls.append(clock.now())
        clock.sleep(pause)
    for allowed, seconds in windows:
        assert most_in_any_window(calls, seconds) <= allowed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(steps=steps, windows=limits)
def test_whoever_waits_as_long_as_told_gets_a_call(
    memory_store: SqlStore,
    steps: list[tuple[int, Purpose, float, bool]],
    windows: list[tuple[int, int]],
) -> None:
    clock = MovedClock()
    one = budget(memory_store, clock, windows, account=str(next(ACCOUNTS)))
    for _, purpose, pause, _ in steps:
        waiting = one.take(purpose)
        if waiting:
            clock.sleep(waiting - 0.001)
            assert 0 < one.take(purpose) <= 0.0011
            clock.sleep(0.001)
            assert one.take(purpose) == 0.0
        clock.sleep(pause)


def test_without_limits_nothing_is_recorded_and_the_database_is_asked_rarely(
    file_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(file_store, clock, [])
    assert one.take(Purpose.SWEEP) == 0.0
    with file_store.begin():
        # A database that is asked within a unit would say so.
        assert taken(one, most=500) == 500
    assert rows(file_store) == []
    assert one.left() == {}
    assert one.learnt() is None


def test_what_is_left_is_told_for_each_window(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock)
    assert one.left() == {"60/60s": 60, "1800/3600s": 1800}
    assert taken(one, most=7) == 7
    assert one.left() == {"60/60s": 53, "1800/3600s": 1793}
    clock.sleep(61)
    assert one.left() == {"60/60s": 60, "1800/3600s": 1793}


def test_nothing_but_a_poll_takes_what_polls_need(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock)
    assert taken(one, Purpose.SWEEP) == 57
    assert [one.take(Purpose.ASK) > 0, one.take(Purpose.WRITE) > 0] == [True, True]
    assert taken(one, Purpose.POLL) == 3


def test_polls_that_were_made_free_the_rest_for_others(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock)
    assert taken(one, Purpose.POLL, most=3) == 3
    assert taken(one, Purpose.SWEEP) == 57


def test_a_poll_every_interval_never_waits_whatever_the_others_take(
    memory_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(memory_store, clock, [(20, 60), (100, 600)])
    for number in range(60):
        assert one.take(Purpose.POLL) == 0.0, number
        taken(one, Purpose.FOLLOW)
        clock.sleep(30)


def test_polls_keep_half_of_a_window_at_most(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock, [(10, 60)], poll_seconds=1)
    assert taken(one, Purpose.SWEEP) == 5
    assert taken(one, Purpose.POLL) == 5


def test_a_window_of_one_call_serves_everyone_in_turn(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, [(1, 5)])
    assert one.take(Purpose.WRITE) == 0.0
    assert one.take(Purpose.POLL) == 6.0


def test_processes_and_pairs_share_an_account(sql_store: SqlStore, clock: MovedClock) -> None:
    first, second = budget(sql_store, clock), budget(sql_store.of_pair("other"), clock)
    assert taken(first, most=40) == 40
    assert taken(second) == 17


def test_accounts_and_services_do_not_share(sql_store: SqlStore, clock: MovedClock) -> None:
    assert taken(budget(sql_store, clock)) == 57
    assert taken(budget(sql_store, clock, account="another")) == 57
    assert taken(SqlBudget(sql_store, V2, "account", MINUTE_AND_HOUR, clock, 30)) == 57


def test_where_calls_are_many_they_are_taken_in_blocks(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, [(600, 60)])
    assert taken(one, most=11) == 11
    # One by itself, then two blocks of five.
    assert rows(sql_store) == [1, 5, 5]


def test_where_calls_are_few_each_is_taken_alone(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock, [(600, 60), (1800, 3600)])
    assert taken(one, most=4) == 4
    assert rows(sql_store) == [1, 1, 1, 1]


def test_what_is_left_of_a_block_is_lost_after_a_second(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, [(600, 60)])
    assert taken(one, most=3) == 3
    clock.sleep(1.0)
    assert taken(one, most=1) == 1
    assert rows(sql_store) == [1, 5, 1]


def test_old_records_are_dropped(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock)
    assert taken(one, most=5) == 5
    clock.sleep(3602)
    assert taken(one, most=1) == 1
    assert rows(sql_store) == [1]


def test_a_clock_that_is_set_back_does_not_close_the_side_for_long(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, [(4, 60)])
    clock.at = START + timedelta(days=1)
    assert taken(one, Purpose.POLL) == 4
    clock.at = START
    waiting = one.take(Purpose.POLL)
    assert waiting == 61
    clock.sleep(waiting)
    assert one.take(Purpose.POLL) == 0.0


@pytest.mark.parametrize("windows", [[(25, 60)], [(200, 60)]])
def test_threads_and_processes_never_take_more_together(
    file_store: SqlStore, clock: MovedClock, windows: Windows
) -> None:
    budgets = [budget(file_store, clock, windows, poll_seconds=60) for _ in range(2)]
    numbers: list[int] = []
    threads = [
        threading.Thread(target=lambda one=one: numbers.append(taken(one)))
        for one in (*budgets, *budgets)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(numbers) == windows[0][0] - 2


def rows(store: SqlStore) -> list[int]:
    with store.transaction() as connection:
        found = connection.exec_driver_sql("SELECT calls FROM calls ORDER BY id")
        return [row[0] for row in found]
