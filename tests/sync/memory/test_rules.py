"""What the steps go by where no setting says otherwise: the defaults of the contract."""

from bridge.domain.policy import Limits, MergePolicy, OnMissing, Scope
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Side
from bridge.sync.desk import Rules
from tests.sync.memory.bench import Bench, mapping


def test_what_nobody_sets_is_as_the_contract_says() -> None:
    rules = Rules(owner="me", mapping=mapping())
    assert (rules.policy, rules.scope) == (MergePolicy(), Scope())
    assert (rules.poll_seconds, rules.sweep_seconds) == (30, 3600)
    assert (rules.overlap_seconds, rules.settle_seconds) == (120, 60)
    assert (rules.flap_reversals, rules.flap_seconds) == (4, 600)
    assert (rules.lease_seconds, rules.tolerance_seconds) == (30, 5)
    assert (rules.workers, rules.keep_days) == (4, 90)
    assert (rules.on_missing, rules.limits) == (OnMissing.REPORT, Limits(percent=5, count=10))
    assert not (rules.routes)
    assert not (rules.requester)
    assert not (rules.tags_origin)
    assert not (rules.asks_before_probing)
    assert not (rules.identities)
    assert not (rules.probe_limits)
    assert not (rules.timeout_seconds)
    assert rules.fingerprint == ""


def test_a_plan_is_good_for_ten_seconds_after_the_poll_of_its_side_unless_set_otherwise(
    bench: Bench,
) -> None:
    desk = bench.new_desk()
    assert not desk.is_fresh(Side.V2)
    desk.polled_at[Side.V2] = bench.clock.at
    bench.clock.pass_time(9.9)
    assert desk.is_fresh(Side.V2)
    assert not desk.is_fresh(Side.KORE)
    bench.clock.pass_time(0.1)
    assert not desk.is_fresh(Side.V2)
    bench.set_rules(fresh_seconds={Side.V2: 40.0})
    longer = bench.new_desk()
    longer.polled_at[Side.V2] = desk.polled_at[Side.V2]
    assert longer.is_fresh(Side.V2)
    longer.outdate_polls()
    assert not longer.is_fresh(Side.V2)


def test_what_a_run_begins_with_is_known_of_nobody(bench: Bench) -> None:
    desk = bench.new_desk()
    assert not desk.is_dead("another process")
    assert desk.probe_form is ProbeForm.UNTRIED
    assert all(desk.may_write(side) for side in Side)
    desk.barred.add(Side.KORE)
    assert [desk.may_write(side) for side in (Side.KORE, Side.V2)] == [False, True]
