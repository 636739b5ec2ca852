"""What ends first contact by itself, and what starts it again: which tasks count as unlinked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bridge.domain.guard import GuardKind
from bridge.domain.policy import Limits, Scope, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts, Standing
from tests.sync.memory.bench import Bench
from tests.sync.memory.test_adding_links import add
from tests.sync.memory.test_guards import NEW_TABLE

both_sides = pytest.mark.parametrize("side", list(Side))


def lasts(bench: Bench) -> bool:
    """Whether first contact lasts after a reading of everything."""
    return bench.sync(is_full=True).is_first_contact


def decide_without_creating(bench: Bench) -> None:
    """A backfill that decides what it can, and creates nothing."""
    bench.backfill(limit=0, is_whole=False)


# --- who counts ----------------------------------------------------------------------------------


@both_sides
def test_a_record_that_cannot_be_read_may_be_an_unlinked_task(bench: Bench, side: Side) -> None:
    bench.service(side).unreadable.add(bench.service(side).add("Odd"))
    bench.service(side).add("Ladder")
    bench.sync(sweeps=False)
    bench.service(side.other).add("Boiler")
    assert lasts(bench)
    bench.service(side.other).records.clear()


@both_sides
def test_a_record_that_cannot_be_read_is_of_one_side(bench: Bench, side: Side) -> None:
    bench.service(side).unreadable.add(bench.service(side).add("Odd"))
    bench.service(side).add("Boiler")
    assert not lasts(bench)


@both_sides
def test_a_record_of_a_linked_task_that_cannot_be_read_is_none(bench: Bench, side: Side) -> None:
    ids = {Side.KORE: bench.kore.add("Boiler"), Side.V2: bench.v2.add("Boiler")}
    bench.sync(sweeps=False)
    add(bench, ids[Side.KORE], ids[Side.V2])
    bench.service(side.other).add("Ladder")
    bench.service(side).edit(ids[side], title="A number")
    bench.service(side).unreadable.add(ids[side])
    assert not lasts(bench)


@both_sides
@pytest.mark.parametrize("has_finished", [False, True])
def test_finished_tasks_count_where_they_are_in_scope(
    bench: Bench, side: Side, has_finished: bool
) -> None:
    bench.set_rules(scope=Scope(has_finished=has_finished))
    finished = "Closed" if side is Side.KORE else "completed"
    bench.service(side).add("Done", status=finished)
    bench.service(side.other).add("Boiler")
    assert lasts(bench) is has_finished
    decide_without_creating(bench)
    assert lasts(bench) is has_finished


@both_sides
@pytest.mark.parametrize("has_finished", [False, True])
def test_what_is_no_task_of_its_own_does_not_count(
    bench: Bench, side: Side, has_finished: bool
) -> None:
    bench.set_rules(scope=Scope(has_finished=has_finished))
    marker = f"[task-bridge {side.other}:REF nobody]"
    bench.service(side).add("Orphan", marker, author="app")
    bench.service(side.other).add("Boiler")
    bench.sync(sweeps=False)
    assert not lasts(bench)


def unroutable(bench: Bench) -> None:
    bench.set_rules(routes=())
    bench.v2.add("Ladder")


def held(bench: Bench) -> None:
    bench.v2.add("Ladder")
    bench.kore.hides, bench.kore.hides_facts = frozenset({Field.DESCRIPTION}), True
    bench.set_rules(scope=Scope(kore_queues=("Heating",)))
    bench.set_policy(unobserved=Unobserved.HOLD)


def out_of_scope(bench: Bench) -> None:
    bench.v2.add("Ladder", facts=Facts(tags=(), task_type_id="t1"))
    bench.set_rules(scope=Scope(v2_task_types=("t2",)))


@pytest.mark.parametrize("begin", [unroutable, held, out_of_scope])
def test_what_gets_no_counterpart_now_counts_all_the_same(
    bench: Bench, begin: Callable[[Bench], None]
) -> None:
    bench.kore.add("Boiler")
    begin(bench)
    decide_without_creating(bench)
    standings = {bench.known(Side.KORE, "k0001").standing, bench.known(Side.V2, "v0001").standing}
    assert standings & {Standing.UNROUTABLE, Standing.HELD, Standing.OUT_OF_SCOPE}
    assert lasts(bench)


@both_sides
def test_what_was_refused_counts_all_the_same(bench: Bench, side: Side) -> None:
    bench.service(side.other).refuses = lambda request: True
    mine = bench.service(side).add("Boiler")
    bench.backfill(limit=1, is_whole=False)
    assert bench.known(side, mine).standing is Standing.FAILED
    bench.service(side.other).add("Ladder")
    assert lasts(bench)


def test_what_fits_several_counts_all_the_same(bench: Bench) -> None:
    for _ in range(2):
        bench.kore.add("There twice")
    mine = bench.v2.add("There twice")
    bench.backfill(only=(mine,), match_window=timedelta(days=1))
    assert bench.known(Side.V2, mine).standing is Standing.AMBIGUOUS
    assert lasts(bench)


def test_a_changed_table_that_waits_for_a_word_keeps_it_from_ending(bench: Bench) -> None:
    kept = bench.rules.mapping
    mine = bench.kore.add("Boiler")
    bench.kore.add("Pump")
    other, ladder = bench.v2.add("Boiler"), bench.v2.add("Ladder")
    bench.sync()
    add(bench, mine, other)
    assert bench.sync(sweeps=False).is_first_contact
    bench.v2.edit(ladder, status="completed")
    bench.set_rules(mapping=NEW_TABLE, limits=Limits(percent=0, count=0))
    outcome = bench.sync(is_full=True)
    assert [one.kind for one in outcome.guards] == [GuardKind.TABLE]
    assert outcome.is_first_contact
    bench.set_rules(mapping=kept)
    bench.sync()
    assert not lasts(bench)


@both_sides
def test_a_dry_run_that_would_end_it_ends_nothing(bench: Bench, side: Side) -> None:
    bench.service(side).add("Boiler")
    assert not bench.sync(is_full=True, is_dry=True).is_first_contact
    assert bench.heard.of("first_contact_ended") == []
    with bench.store.begin() as unit:
        assert unit.pair_state().first_contact_ended_at is None


@both_sides
def test_what_was_refused_is_not_tried_again_when_it_ends_or_in_another_backfill(
    bench: Bench, side: Side
) -> None:
    bench.service(side.other).refuses = lambda request: True
    mine = bench.service(side).add("Boiler")
    bench.backfill(limit=1, is_whole=False)
    assert bench.known(side, mine).standing is Standing.FAILED
    bench.forget_calls()
    assert not lasts(bench)
    bench.backfill()
    bench.sync()
    assert "create" not in bench.service(side.other).calls


def test_a_guard_that_stands_keeps_it_from_ending(bench: Bench) -> None:
    bench.kore.add("Boiler")
    mine = bench.v2.add("Ladder")
    bench.sync()
    bench.v2.remove(mine)
    for _ in range(4):
        outcome = bench.sync(is_full=True)
        assert outcome.guards
        assert outcome.is_first_contact


# --- what starts it again ------------------------------------------------------------------------


def again(bench: Bench) -> int:
    """How often it was told that it begins again."""
    return len(bench.heard.of("first_contact_again"))


@pytest.fixture
def kept_out(bench: Bench) -> Bench:
    """A task of either side that is too old for the scope; first contact is over."""
    bench.set_rules(scope=Scope(created_since=bench.clock.at + timedelta(days=1)))
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.backfill()
    assert not bench.sync().is_first_contact
    return bench


def test_a_scope_that_still_keeps_them_out_does_not(kept_out: Bench) -> None:
    kept_out.set_rules(scope=Scope(created_since=kept_out.clock.at + timedelta(days=2)))
    kept_out.sync()
    assert again(kept_out) == 0


def test_a_scope_that_lets_in_one_side_s_does_not(kept_out: Bench) -> None:
    kept_out.v2.edit("v0001", status="completed")
    kept_out.sync()
    kept_out.set_rules(scope=Scope())
    kept_out.sync()
    assert again(kept_out) == 0
    assert kept_out.is_linked(Side.KORE, "k0001")


def test_what_was_never_kept_out_by_the_scope_does_not(bench: Bench) -> None:
    bench.set_rules(routes=())
    bench.v2.refuses = lambda request: True
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    bench.backfill()
    bench.set_policy(tolerance_seconds=9.0)
    bench.sync()
    assert again(bench) == 0


def test_while_it_lasts_it_does_not_begin_again(bench: Bench) -> None:
    bench.set_rules(scope=Scope(created_since=bench.clock.at + timedelta(days=1)))
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    decide_without_creating(bench)
    bench.set_rules(scope=Scope())
    assert bench.sync().is_first_contact
    assert again(bench) == 0


def test_a_backfill_of_one_task_leaves_the_others_as_they_are(bench: Bench) -> None:
    bench.pair("Boiler")
    done, mine = bench.kore.add("Done", status="Closed"), bench.kore.add("Ladder", status="Closed")
    bench.sync()
    bench.backfill(only=(mine,), includes_finished=True)
    assert bench.is_linked(Side.KORE, mine)
    with bench.store.begin() as unit:
        assert [*unit.due_tasks(Side.KORE, 9)] == []
    assert not bench.is_linked(Side.KORE, done)
