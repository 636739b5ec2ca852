"""What refusals teach a budget: fewer calls a minute, for all of an account, for a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.domain.exchange import Purpose
from bridge.domain.pace import Learnt
from bridge.store.budget import SqlBudget
from bridge.store.sql_store import SqlStore
from tests.store.clocks import START, MovedClock
from tests.store.test_budget import budget, most_in_any_window, taken

ACCOUNTS = count()
FREE: Sequence[tuple[int, int]] = []


def refuse(one: SqlBudget, clock: MovedClock, seconds: float = 60) -> Learnt | None:
    """The call that was made just now is refused."""
    return one.refused(clock.now(), seconds)


def test_a_refusal_halves_the_calls_that_were_made_in_the_minute_before(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, FREE)
    taken(one, most=60)
    assert refuse(one, clock) == Learnt(30, START)
    assert one.left() == {"30/60s": 30}
    clock.sleep(60)
    assert taken(one, Purpose.WRITE) == 27
    assert taken(one, Purpose.POLL) == 3


def test_older_calls_do_not_count(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock, FREE)
    taken(one, most=500)
    clock.sleep(61)
    taken(one, most=80)
    assert refuse(one, clock) == Learnt(40, clock.now())


def test_it_is_told_once_that_the_pace_was_lowered(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock, FREE)
    taken(one, most=60)
    sent_at = clock.now()
    assert one.refused(sent_at, 60) is not None
    assert one.refused(sent_at, 60) is None


def test_a_side_that_refuses_everything_is_not_asked_less_and_less(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, FREE)
    taken(one, most=60)
    refuse(one, clock)
    for _ in range(5):
        clock.sleep(120)
        assert one.take(Purpose.POLL) == 0.0
        assert refuse(one, clock) is None
    assert one.learnt() == Learnt(30, START)
    clock.sleep(120)
    taken(one, Purpose.POLL, most=2)
    assert refuse(one, clock) == Learnt(16, clock.now())


def test_other_processes_and_pairs_of_the_account_keep_the_pace_within_seconds(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    first, second = budget(sql_store, clock, FREE), budget(sql_store.of_pair("b"), clock, FREE)
    assert taken(second, most=5) == 5
    taken(first, most=60)
    refuse(first, clock)
    assert second.learnt() == Learnt(30, START)
    clock.sleep(5)
    assert taken(second) == 27
    assert first.take(Purpose.WRITE) > 0


def test_another_account_is_asked_as_before(sql_store: SqlStore, clock: MovedClock) -> None:
    one, other = budget(sql_store, clock, FREE), budget(sql_store, clock, FREE, account="other")
    taken(one, most=60)
    refuse(one, clock)
    assert taken(other, most=200) == 200
    assert other.learnt() is None


def test_a_pace_comes_on_top_of_the_limits_that_are_set(
    sql_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(sql_store, clock, [(60, 60)])
    assert taken(one, most=40) == 40
    refuse(one, clock)
    assert one.left() == {"60/60s": 20, "30/60s": 0}
    clock.sleep(62)
    assert taken(one) == 27


def test_after_a_quiet_hour_there_is_no_limit_again(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock, FREE)
    taken(one, most=60)
    refuse(one, clock)
    clock.sleep(60 + 3600)
    assert taken(one, most=5_000) == 5_000
    assert (one.left(), one.learnt()) == ({}, None)


def test_a_pace_outlives_the_process(sql_store: SqlStore, clock: MovedClock) -> None:
    one = budget(sql_store, clock, FREE)
    taken(one, most=60)
    refuse(one, clock)
    clock.sleep(120)
    assert budget(sql_store, clock, FREE).learnt() == Learnt(33, START)


steps = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from([0.0, 0.4, 3.0, 70.0]), st.booleans()),
    min_size=5,
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(steps=steps, limits=st.sampled_from([[(12, 10)], [(20, 30), (60, 600)]]))
def test_whatever_is_refused_no_more_is_taken_than_the_limits_that_are_set(
    memory_store: SqlStore, steps: list[tuple[int, float, bool]], limits: list[tuple[int, int]]
) -> None:
    clock = MovedClock()
    one = budget(memory_store, clock, limits, account=f"p{next(ACCOUNTS)}")
    made: list[datetime] = []
    for calls, pause, is_refused in steps:
        made += [clock.now()] * taken(one, most=calls)
        if is_refused:
            one.refused(clock.now(), 5)
        clock.sleep(pause)
        known = one.learnt()
        assert known is None or known.calls_a_minute >= 1
    for allowed, seconds in limits:
        assert most_in_any_window(made, seconds) <= allowed


def test_it_settles_near_a_limit_that_nobody_told_it(
    memory_store: SqlStore, clock: MovedClock
) -> None:
    one = budget(memory_store, clock, FREE, account="hidden")
    passed: list[datetime] = []
    refused = 0
    until, allowed = START + timedelta(hours=2), 20
    while clock.now() < until:
        waiting = one.take(Purpose.WRITE)
        if waiting:
            clock.sleep(waiting)
            continue
        recent = [at for at in passed[-allowed:] if at > clock.now() - timedelta(seconds=60)]
        if len(recent) < allowed:
            passed.append(clock.now())
            clock.sleep(0.05)
            continue
        refused += 1
        seconds = 60 - (clock.now() - recent[0]).total_seconds()
        one.refused(clock.now(), max(1.0, seconds))
        clock.sleep(max(1.0, seconds))
    last_hour = [at for at in passed if at >= until - timedelta(hours=1)]
    assert 0.6 * 60 * allowed <= len(last_hour) <= 60 * allowed
    assert refused <= 20
