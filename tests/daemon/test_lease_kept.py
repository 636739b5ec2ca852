"""The lease is kept while a slice runs, and never fetched back."""

import time
from dataclasses import replace

import pytest

from bridge.domain.records import Lease
from bridge.errors import LeaseTaken
from bridge.sync.desk import Desk
from bridge.sync.lease import kept_lease, offer_lease, renew, take_lease
from tests.daemon.bench import Bench


def lease_of(desk: Desk) -> Lease | None:
    with desk.store.begin() as unit:
        return unit.lease()


def test_a_batch_may_take_longer_than_the_lease_lasts(bench: Bench) -> None:
    rules = replace(bench.bridge.rules, lease_seconds=0.3)
    desk = bench.bridge.desk(rules=rules)
    take_lease(desk)
    first = lease_of(desk)
    with kept_lease(desk):
        time.sleep(0.6)
        later = lease_of(desk)
        other = bench.bridge.desk(rules=replace(rules, owner="b:2"))
        with pytest.raises(LeaseTaken):
            take_lease(other)
    assert first is not None
    assert later is not None
    assert later.token == first.token
    assert later.expires_at > first.expires_at


def test_an_offered_lease_stays_offered(bench: Bench) -> None:
    desk = bench.bridge.desk()
    take_lease(desk)
    offer_lease(desk)
    renew(desk)
    assert lease_of(desk) is None


def test_a_lease_that_went_to_another_and_came_free_is_not_fetched_back(bench: Bench) -> None:
    desk = bench.bridge.desk()
    take_lease(desk)
    bench.clock.pass_time(3600)
    other = bench.bridge.desk(rules=replace(desk.rules, owner="b:2"))
    take_lease(other)
    renew(desk)
    lease = lease_of(desk)
    assert lease is not None
    assert lease.owner == "b:2"
    bench.clock.pass_time(3600)
    renew(desk)
    assert lease_of(desk) == lease
