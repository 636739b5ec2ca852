"""The lease: one owner at a time, and a token that grows with each new one."""

import threading
from datetime import datetime

import pytest

from bridge.domain.records import Lease
from bridge.errors import LeaseTaken
from tests.store.both import AnyStore
from tests.store.clocks import START, after


def test_the_first_owner_gets_token_one(store: AnyStore) -> None:
    with store.begin() as unit:
        assert unit.lease() is None
        lease = unit.take_lease("first", START, 30)
        assert lease == Lease(owner="first", token=1, taken_at=START, expires_at=after(30))
        assert unit.lease() == lease


def test_another_owner_has_to_wait_until_it_is_over(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
        with pytest.raises(LeaseTaken, match="first") as caught:
            unit.take_lease("second", after(20), 30)
        assert (caught.value.owner, caught.value.age_seconds) == ("first", 20)
        assert unit.take_lease("second", after(30), 30).token == 2


def test_renewing_keeps_the_token_and_the_beginning(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
        lease = unit.take_lease("first", after(20), 30)
        assert lease == Lease(owner="first", token=1, taken_at=START, expires_at=after(50))
        with pytest.raises(LeaseTaken):
            unit.take_lease("second", after(40), 30)


def test_an_offered_lease_goes_to_whoever_takes_it(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
        unit.release_lease("second")
        assert unit.lease() is not None
        unit.release_lease("first")
        assert unit.lease() is None
        assert unit.take_lease("second", after(1), 30).token == 2
        unit.release_lease("first")
        with pytest.raises(LeaseTaken):
            unit.take_lease("first", after(2), 30)


def test_an_offered_lease_that_nobody_took_goes_on_under_the_same_token(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
        unit.release_lease("first")
        lease = unit.take_lease("first", after(100), 30)
        assert lease == Lease(owner="first", token=1, taken_at=after(100), expires_at=after(130))


def test_the_lease_of_an_owner_that_is_known_to_be_gone_is_taken_at_once(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
        with pytest.raises(LeaseTaken):
            unit.take_lease("second", after(1), 30, over="another")
        assert unit.take_lease("second", after(1), 30, over="first").token == 2


def test_who_waits_for_a_lease_is_seen_by_its_owner_until_it_has_it(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
        unit.want_lease("second", after(5))
        lease = unit.lease()
        assert lease is not None
        assert lease.wanted_at == after(5)
        assert unit.take_lease("first", after(6), 30).wanted_at == after(5)
        unit.release_lease("first")
        assert unit.take_lease("second", after(7), 30).wanted_at is None


def test_each_pair_has_its_own(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.take_lease("first", START, 30)
    with store.of_pair("other").begin() as unit:
        assert unit.take_lease("second", START, 30).token == 1


def test_of_two_that_take_it_at_once_one_gets_it(store: AnyStore) -> None:
    at: datetime = START
    for _ in range(20):
        at = at.replace(minute=at.minute + 1)
        assert sorted(race(store, at)) == ["taken", "won"]


def race(store: AnyStore, at: datetime) -> list[str]:
    together = threading.Barrier(2)
    told: list[str] = []

    def take(owner: str) -> None:
        together.wait()
        try:
            with store.begin() as unit:
                unit.take_lease(owner, at, 30)
        except LeaseTaken:
            told.append("taken")
        else:
            told.append("won")

    threads = [threading.Thread(target=take, args=(owner,)) for owner in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
