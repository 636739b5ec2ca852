"""First contact and the backfill: when it lasts, how it ends, what it asks before it writes."""

from datetime import timedelta

import pytest

from bridge.domain.policy import Scope
from bridge.domain.records import PairState
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.errors import KeyRefused, NotYet, Unreachable
from bridge.sync.backfill import TooManyProbes
from bridge.sync.guard import MOST_UNASKED_PROBES
from tests.sync.memory.bench import Bench

both_sides = pytest.mark.parametrize("side", list(Side))
HIDDEN = frozenset({Field.DESCRIPTION, Field.DUE})


def pair_state(bench: Bench) -> PairState:
    with bench.store.begin() as unit:
        return unit.pair_state()


def lasts(bench: Bench) -> bool:
    return pair_state(bench).first_contact_ended_at is None


@pytest.fixture
def met(bench: Bench) -> Bench:
    """Tasks on both sides that nobody has linked."""
    for number in range(3):
        bench.kore.add(f"Boiler {number}")
        bench.v2.add(f"Ladder {number}")
    return bench


def test_while_it_lasts_a_cycle_reads_and_links_nothing(met: Bench) -> None:
    outcome = met.sync()
    assert outcome.is_first_contact
    assert outcome.unlinked == 6
    assert met.links() == []
    assert met.reports == []
    before = met.dump()
    met.sync()
    assert met.dump() == before


@both_sides
@pytest.mark.parametrize("is_bearer_first", [True, False])
def test_while_it_lasts_a_marker_makes_a_link_in_a_backfill_only(
    met: Bench, side: Side, is_bearer_first: bool
) -> None:
    """As after a lost database: a cycle must not begin to carry what nobody looked at."""
    mine, ref = ("k0001", "TS1") if side is Side.KORE else ("v0001", "REC-1")
    title = met.service(side).value(mine, Field.TITLE)
    if not is_bearer_first:
        met.sync()
    bearer = met.service(side.other).add(title, f"[task-bridge {side}:{ref} {mine}]", author="app")
    met.sync()
    met.sync()
    assert met.links() == []
    met.backfill()
    assert met.across(side, mine) == bearer


def test_while_it_lasts_a_create_whose_outcome_is_open_is_still_settled_by_its_bearer(
    met: Bench,
) -> None:
    met.v2.fail("create", Unreachable("v2", "lost", is_outcome_unknown=True), applied=True)
    met.backfill(limit=1, is_whole=False)
    assert lasts(met)
    met.sync()
    (view,) = met.links()
    assert view.link.kore_id is not None
    assert view.link.v2_id is not None
    assert len(met.v2.records) == 4


def test_it_ends_when_a_backfill_has_decided_everything(met: Bench) -> None:
    met.sync()
    met.backfill()
    assert len(met.links()) == 6
    assert not lasts(met)
    assert pair_state(met).first_contact_how == "a backfill decided everything"
    mine = met.kore.add("New")
    met.sync()
    assert met.is_linked(Side.KORE, mine)


def test_what_cannot_be_decided_further_does_not_keep_it_open(met: Bench) -> None:
    met.set_rules(routes=())
    met.backfill()
    assert not lasts(met)
    assert len(met.links()) == 3


@both_sides
def test_it_ends_when_complete_sweeps_find_unlinked_tasks_on_one_side_only(
    bench: Bench, side: Side
) -> None:
    mine = bench.service(side).add("Boiler")
    done = "Closed" if side is Side.V2 else "completed"
    bench.service(side.other).add("Finished", status=done)
    bench.sync()
    assert not lasts(bench)
    assert bench.is_linked(side, mine)


def test_it_does_not_end_before_both_sides_were_swept_to_their_end(bench: Bench) -> None:
    bench.kore.add("Boiler")
    bench.v2.fail("page", Unreachable("v2", "gone"), times=9)
    bench.sync()
    assert lasts(bench)
    bench.v2.faults.clear()
    bench.v2.add("Ladder")
    bench.sync()
    assert lasts(bench)


def test_skip_ends_it_and_leaves_what_is_there_to_a_later_backfill(met: Bench) -> None:
    met.backfill(skips=True)
    assert not lasts(met)
    assert met.links() == []
    assert met.known(Side.KORE, "k0001").standing is Standing.LEFT
    met.kore.edit("k0001", title="Edited, and still left")
    mine = met.kore.add("New")
    met.settle()
    assert met.is_linked(Side.KORE, mine)
    assert len(met.links()) == 1
    met.backfill()
    assert len(met.links()) == 7


def test_what_was_left_stays_left_in_a_backfill_that_does_not_come_to_it(met: Bench) -> None:
    met.backfill(skips=True)
    met.backfill(sides=(Side.KORE,), is_whole=True)
    assert len(met.links()) == 3
    met.v2.edit("v0001", title="Edited")
    met.settle()
    assert len(met.links()) == 3
    assert met.known(Side.V2, "v0001").standing is Standing.LEFT


def test_a_limit_does_not_end_it_and_the_next_goes_on(met: Bench) -> None:
    outcome = met.backfill(limit=2, is_whole=False)
    assert sum(outcome.summary["created"].values()) == 2
    assert lasts(met)
    met.sync()
    assert len(met.links()) == 2
    met.backfill()
    assert len(met.links()) == 6
    assert not lasts(met)


def test_a_limit_holds_for_what_was_left_as_well(met: Bench) -> None:
    met.backfill(skips=True)
    met.backfill(limit=2, is_whole=False)
    met.settle()
    assert len(met.links()) == 2


def test_a_backfill_of_one_side_does_not_end_it(met: Bench) -> None:
    met.backfill(sides=(Side.KORE,))
    assert len(met.links()) == 3
    assert lasts(met)


def test_a_backfill_of_one_side_loses_nothing_of_the_other(bench: Bench) -> None:
    bench.sync()
    bench.v2.add("New")
    bench.backfill(sides=(Side.KORE,))
    assert not bench.is_linked(Side.V2, "v0001")
    bench.sync()
    assert bench.is_linked(Side.V2, "v0001")


def test_a_backfill_that_is_cut_off_after_its_probes_loses_nothing(bench: Bench) -> None:
    bench.sync()
    bench.kore.hides = HIDDEN
    bench.kore.add("New", "text")
    bench.kore.on_send = lambda request: bench.v2.fail("*", KeyRefused("v2", "no", status=401), 9)
    bench.backfill()
    bench.kore.on_send = None
    bench.v2.faults.clear()
    bench.clock.pass_time(400)
    bench.settle()
    assert bench.is_linked(Side.KORE, "k0001")


def test_finished_tasks_are_created_only_if_asked(bench: Bench) -> None:
    bench.kore.add("Done", status="Closed")
    bench.v2.add("Open")
    bench.backfill()
    assert len(bench.links()) == 1
    bench.backfill(includes_finished=True)
    assert len(bench.links()) == 2


def test_a_scope_that_lets_in_tasks_of_both_sides_starts_it_again(met: Bench) -> None:
    met.set_rules(scope=Scope(created_since=met.clock.at + timedelta(days=1)))
    met.backfill()
    assert not lasts(met)
    met.sync()
    met.set_rules(scope=Scope())
    outcome = met.sync()
    assert outcome.is_first_contact
    assert met.links() == []
    assert met.heard.of("first_contact_again")
    met.sync()
    assert met.links() == []
    met.backfill()
    assert len(met.links()) == 6


def test_a_scope_that_lets_in_finished_tasks_of_both_sides_starts_it_again(bench: Bench) -> None:
    bench.kore.add("Done", status="Closed")
    bench.v2.add("Done too", status="completed")
    bench.backfill()
    bench.set_rules(scope=Scope(has_finished=True))
    assert bench.sync().is_first_contact
    assert bench.sync().is_first_contact
    assert bench.links() == []


def test_a_scope_that_lets_in_tasks_of_one_side_does_not(bench: Bench) -> None:
    bench.kore.add("Old", created_at=bench.clock.at.replace(year=2020))
    bench.v2.add("Ladder")
    bench.set_rules(scope=Scope(created_since=bench.clock.at.replace(year=2021)))
    bench.backfill()
    bench.set_rules(scope=Scope())
    assert not bench.sync().is_first_contact
    assert bench.is_linked(Side.KORE, "k0001")


def test_another_setting_does_not_start_it_again(met: Bench) -> None:
    met.backfill(skips=True)
    met.set_policy(tolerance_seconds=9.0)
    assert not met.sync().is_first_contact


def test_more_than_a_hundred_probes_are_asked_for_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_UNASKED_PROBES == 100
    monkeypatch.setattr("bridge.sync.backfill.MOST_UNASKED_PROBES", 3)
    bench.kore.hides = HIDDEN
    for number in range(4):
        bench.kore.add(f"Task {number}", "text")
    bench.v2.add("Ladder")
    bench.set_rules(asks_before_probing=True)
    with pytest.raises(TooManyProbes) as raised:
        bench.backfill()
    assert (raised.value.count, raised.value.moves) == (4, None)
    assert "4 tasks" in str(raised.value)
    assert bench.kore.writes == bench.v2.writes == []
    bench.set_rules(asks_before_probing=False)
    bench.backfill()
    assert len(bench.links()) == 5


def test_a_hundred_probes_go_out_unasked_and_before_any_create(bench: Bench) -> None:
    bench.kore.hides = HIDDEN
    for number in range(8):
        bench.kore.add(f"Task {number}", "text")
    bench.v2.add("Ladder")
    bench.set_rules(asks_before_probing=True)
    bench.backfill()
    calls = [write.call for write in bench.kore.writes]
    assert calls == ["probe"] * 8 + ["create"]


# --- waiting -------------------------------------------------------------------------------------


def test_a_backfill_waits_for_a_service_that_asks_to_and_goes_on(met: Bench) -> None:
    met.kore.fail("create", NotYet("kore", "Too many requests.", seconds=90))
    met.backfill()
    assert len(met.links()) == 6
    assert not lasts(met)
    assert 90 in met.clock.slept
    assert met.heard.of("waiting")


def test_a_backfill_gives_up_on_a_service_that_stays_away(met: Bench) -> None:
    met.kore.fail("*", Unreachable("kore", "gone"), times=500)
    outcome = met.backfill(gives_up_seconds=10.0)
    assert outcome.faults.keys() == {Side.KORE}
    assert lasts(met)
    met.kore.faults.clear()
    met.backfill()
    assert len(met.links()) == 6


def test_a_backfill_asks_again_every_two_seconds_for_half_a_minute(met: Bench) -> None:
    met.v2.is_down = True
    outcome = met.backfill()
    assert outcome.faults.keys() == {Side.V2}
    assert (set(met.clock.slept), sum(met.clock.slept)) == ({2.0}, 30.0)
    assert outcome.summary["kind"] == "backfill"
    assert met.kore.writes == met.v2.writes == []


@pytest.mark.parametrize(
    ("skips", "how"), [(False, "a backfill decided everything"), (True, "skipped")]
)
def test_how_it_ended_is_told_of_the_backfill_although_one_side_had_nothing(
    bench: Bench, skips: bool, how: str
) -> None:
    bench.kore.add("Boiler")
    bench.backfill(skips=skips)
    assert bench.heard.of("first_contact_ended") == [{"how": how}]
    assert pair_state(bench).first_contact_how == how


def test_a_backfill_outlives_a_short_outage(met: Bench) -> None:
    met.v2.fail("page", Unreachable("v2", "gone"), times=2)
    met.backfill()
    assert len(met.links()) == 6


def test_a_backfill_does_not_wait_for_a_refused_key(met: Bench) -> None:
    met.v2.fail("page", KeyRefused("v2", "The key is refused.", status=401))
    outcome = met.backfill()
    assert outcome.faults.keys() == {Side.V2}
    assert met.clock.slept == []


def test_a_backfill_that_was_cut_off_goes_on_where_it_was(met: Bench) -> None:
    met.set_rules(workers=1)
    sent: list[object] = []

    def stop(request: object) -> None:
        sent.append(request)
        if len(sent) == 2:
            met.clock.is_stopped = True

    from bridge.errors import Stopped

    met.v2.on_send = stop
    with pytest.raises(Stopped):
        met.backfill()
    met.clock.is_stopped, met.v2.on_send = False, None
    met.backfill()
    assert len(met.links()) == 6
    assert len(met.kore.records) == len(met.v2.records) == 6


def test_a_long_backfill_polls_again_before_it_writes_on(met: Bench) -> None:
    met.set_rules(workers=1)
    met.v2.seconds_a_call = met.kore.seconds_a_call = 4.0
    met.backfill()
    assert len(met.links()) == 6
    assert met.kore.pages_of_polls() > 2
