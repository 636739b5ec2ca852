"""What a reading did not show is judged once: what is asked for, what counts as lost meanwhile."""

import pytest

from bridge.domain.guard import GuardKind
from bridge.domain.link import LinkState
from bridge.domain.policy import Limits, OnMissing
from bridge.domain.side import Side, TaskId
from bridge.domain.task import Task
from bridge.errors import KeyRefused, Stopped
from bridge.sync.cycle import Wish, run_cycle
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import Record
from tests.sync.memory.test_adding_links import add
from tests.sync.memory.test_gone import link_of, lose, pair_of, sweeps
from tests.sync.memory.test_guards import paired, standing

__all__ = ["paired"]  # fixture

KORE, V2 = Side.KORE, Side.V2
both_sides = pytest.mark.parametrize("side", list(Side))


def reads(bench: Bench) -> int:
    return bench.v2.calls.count("read")


# --- asked for -----------------------------------------------------------------------------------


def test_a_row_without_an_id_in_either_of_two_readings_may_have_been_the_task(
    bench: Bench,
) -> None:
    ids = pair_of(bench)
    bench.kore.remove(ids[KORE])
    bench.kore.nameless = 1
    sweeps(bench)
    bench.kore.nameless = 0
    sweeps(bench)
    assert link_of(bench, ids).state is LinkState.LINKED
    assert "search" not in bench.kore.calls
    sweeps(bench, 2)
    assert link_of(bench, ids).state is LinkState.MISSING


def test_a_task_that_answered_when_asked_for_was_seen_by_that_reading(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.v2.left_out = {ids[V2]}
    sweeps(bench, 2)
    assert reads(bench) == 1
    sweeps(bench)
    assert reads(bench) == 1
    sweeps(bench)
    assert reads(bench) == 2
    assert link_of(bench, ids).state is LinkState.LINKED


def test_one_task_whose_question_is_refused_does_not_end_its_side(bench: Bench) -> None:
    ids = pair_of(bench)
    bench.v2.fail("read", KeyRefused("v2", "That is not for you.", status=403))
    lose(bench, V2, ids)
    assert bench.desk.faults == {}
    assert bench.v2.calls[-1] == "page:ask"
    assert link_of(bench, ids).state is LinkState.LINKED


def test_a_stop_comes_between_two_questions(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [pair_of(bench), pair_of(bench, "Pump")]
    for ids in pairs:
        bench.v2.remove(ids[V2])
    sweeps(bench)
    read = bench.v2.read

    def stop(task_id: TaskId) -> Task | None:
        bench.clock.is_stopped = True
        return read(task_id)

    monkeypatch.setattr(bench.v2, "read", stop)
    with pytest.raises(Stopped):
        sweeps(bench)
    bench.clock.is_stopped = False
    monkeypatch.undo()
    assert reads(bench) == 1


def test_a_cycle_asks_for_fifty_tasks_of_a_side_and_leaves_the_rest_to_the_next(
    bench: Bench,
) -> None:
    bench.pair("Stays")
    for number in range(51):
        bench.kore.add(f"Task {number}")
    bench.settle()
    sweeps(bench)
    bench.v2.records = dict([*bench.v2.records.items()][:1])
    sweeps(bench)
    bench.forget_calls()
    sweeps(bench)
    assert reads(bench) == 50
    bench.sync(sweeps=False)
    assert reads(bench) == 51


def test_a_link_that_people_make_is_judged_by_the_next_reading(bench: Bench) -> None:
    for title in ("Boiler", "Pump", "Roof"):
        pair_of(bench, title)
    bench.set_rules(routes=())
    mine = bench.kore.add("Done", status="Closed")
    theirs = bench.v2.add("Done", status="completed")
    sweeps(bench)
    bench.v2.left_out, bench.v2.nameless = {theirs}, 1  # it may be the row without an id
    sweeps(bench, 2)
    assert bench.known(V2, theirs).gone_at is None
    add(bench, mine, theirs)
    bench.forget_calls()
    bench.sync(sweeps=False)
    assert bench.is_linked(V2, theirs)
    assert reads(bench) == 0
    sweeps(bench)
    assert reads(bench) == 1


# --- what counts as lost while it is not asked for yet -------------------------------------------


def lost(bench: Bench, monkeypatch: pytest.MonkeyPatch, *, nameless: int = 0) -> list[int]:
    """Of ten, the first is left out of lists, three are gone and a fifth since the last reading.

    Two are asked for; the links that stand as missing or may be, by the number of their task.
    """
    bench.set_rules(limits=Limits(percent=0, count=0))
    bench.sync()
    monkeypatch.setattr("bridge.sync.gone.MOST_ASKED", 2)
    first, *gone = sorted(bench.v2.records)[:5]
    bench.v2.left_out = {first}
    for one in gone[:3]:
        bench.v2.remove(one)
    sweeps(bench)
    bench.v2.remove(gone[3])
    bench.v2.nameless = nameless
    sweeps(bench)
    with bench.store.begin() as unit:
        numbers = {link.id: int(key[1:]) for key, link in unit.links_of(V2, [first, *gone]).items()}
    (guard,) = [one for one in standing(bench) if one.kind is GuardKind.MISSING]
    return sorted(numbers[item] for item in numbers if item in guard.items)


def test_what_was_not_asked_for_yet_counts_as_lost_and_what_one_reading_missed_does_not(
    paired: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lost(paired, monkeypatch) == [2, 3, 4]


def test_rows_without_an_id_may_be_as_many_of_those_that_were_not_asked_for(
    paired: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lost(paired, monkeypatch, nameless=1) == [2, 4]


# --- what is left, and what comes back -----------------------------------------------------------


def test_a_run_about_another_task_leaves_what_is_left_of_a_pair_open(bench: Bench) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    other, ids = pair_of(bench, "Pump"), pair_of(bench)
    bench.v2.remove(ids[V2])
    sweeps(bench)
    bench.desk = bench.new_desk()
    wish = Wish(sweep_seconds=None, forces_sweep=True, only=(other[KORE],))
    run_cycle(bench.desk, wish)
    assert link_of(bench, ids).state is LinkState.MISSING
    assert (bench.desk.guards, bench.kore.writes) == ((), [])
    bench.sync()
    assert [write.task_id for write in bench.kore.writes] == [ids[KORE]]


def test_a_pair_is_found_again_once_when_both_of_its_tasks_are(bench: Bench) -> None:
    ids = pair_of(bench)
    kept: dict[Side, Record] = {side: bench.service(side).records[ids[side]] for side in Side}
    lose(bench, KORE, ids)
    lose(bench, V2, ids)
    link = link_of(bench, ids)

    def told() -> int:
        with bench.store.begin() as unit:
            return [one.what for one in unit.history(link.id)].count("found_again")

    bench.kore.records[ids[KORE]] = kept[KORE]
    sweeps(bench, 2)
    assert (told(), bench.heard.of("task_found_again")) == (0, [])
    bench.v2.records[ids[V2]] = kept[V2]
    sweeps(bench, 2)
    assert (told(), bench.heard.of("task_found_again")) == (1, [{"link": link.id}])
