"""The heartbeat: who finds a fresh one of another stands by, and only one takes over."""

from collections.abc import Iterator

import pytest

from bridge.daemon.heart import Heart, is_fresh
from bridge.domain.records import Heartbeat
from bridge.store.open import memory_store
from bridge.store.sql_store import SqlStore
from tests.watched import MovableClock


@pytest.fixture
def store(clock: MovableClock) -> Iterator[SqlStore]:
    found = memory_store("default", clock)
    yield found
    found.close()


def heart(store: SqlStore, clock: MovableClock, owner: str, interval: float = 20.0) -> Heart:
    return Heart(store, clock, owner, interval_seconds=interval, lease_seconds=30.0)


def left(store: SqlStore) -> Heartbeat | None:
    with store.begin() as unit:
        return unit.heartbeat()


def test_a_second_daemon_learns_who_is_alive_and_leaves_no_mark(
    store: SqlStore, clock: MovableClock
) -> None:
    assert heart(store, clock, "a:1").beat() is None
    clock.pass_time(59)
    found = heart(store, clock, "b:2").beat()
    assert found is not None
    assert found.owner == "a:1"
    assert found == left(store)


def test_a_heartbeat_is_stale_after_three_of_its_intervals(
    store: SqlStore, clock: MovableClock
) -> None:
    heart(store, clock, "a:1").beat()
    clock.pass_time(60)
    assert heart(store, clock, "b:2").beat() is None
    now = left(store)
    assert now is not None
    assert now.owner == "b:2"


def test_a_heartbeat_counts_as_long_as_a_lease_at_least(
    store: SqlStore, clock: MovableClock
) -> None:
    heart(store, clock, "a:1", interval=1.0).beat()
    clock.pass_time(29)
    assert heart(store, clock, "b:2").beat() is not None
    clock.pass_time(1)
    assert heart(store, clock, "b:2").beat() is None


def test_a_daemon_that_lost_its_place_while_it_was_suspended_stands_by(
    store: SqlStore, clock: MovableClock
) -> None:
    first, second = heart(store, clock, "a:1"), heart(store, clock, "b:2")
    first.beat()
    clock.pass_time(3600)
    assert second.beat() is None
    found = first.beat()
    assert found is not None
    assert found.owner == "b:2"


def test_another_process_of_the_same_name_is_another_daemon(
    store: SqlStore, clock: MovableClock
) -> None:
    heart(store, clock, "container:1").beat()
    clock.pass_time(1)
    assert heart(store, clock, "container:1").beat() is not None


def test_an_ended_daemon_leaves_the_place_at_once_and_never_beats_again(
    store: SqlStore, clock: MovableClock
) -> None:
    first = heart(store, clock, "a:1")
    first.beat()
    first.end()
    first.beat()
    assert left(store) is None
    assert heart(store, clock, "b:2").beat() is None


def test_who_stood_by_ends_without_touching_the_heartbeat_of_the_other(
    store: SqlStore, clock: MovableClock
) -> None:
    heart(store, clock, "a:1").beat()
    second = heart(store, clock, "b:2")
    second.beat()
    second.end()
    found = left(store)
    assert found is not None
    assert found.owner == "a:1"


def test_a_heartbeat_from_the_far_future_keeps_nobody_out(clock: MovableClock) -> None:
    now = clock.now()
    clock.pass_time(7200)
    future = Heartbeat(
        owner="a:1", beat_at=clock.now(), started_at=clock.now(), interval_seconds=20
    )
    assert not is_fresh(future, now, 30.0)


def test_it_beats_several_times_before_it_would_be_stale(
    store: SqlStore, clock: MovableClock
) -> None:
    assert heart(store, clock, "a:1").beats_every == 15.0
    assert heart(store, clock, "a:1", interval=1.0).beats_every == 7.5
