"""What is remembered of a side, and what its sweeps have seen."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.domain.reading import SideState, Sweep
from bridge.store.marks import CHUNK
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore, ids_in
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, known, link


def sweep(seconds: float = 0, *, had_fault: bool = False) -> Sweep:
    return Sweep(side=KORE, started_at=after(seconds), had_fault=had_fault)


def done(one: Sweep) -> Sweep:
    return replace(one, completed_at=START)


def test_of_an_unknown_side_nothing_is_remembered(store: AnyStore) -> None:
    with store.begin() as unit:
        assert unit.side_state(KORE) == SideState(side=KORE)


def test_a_sweep_is_open_until_it_is_completed(store: AnyStore) -> None:
    with store.begin() as unit:
        assert unit.open_sweep(KORE) is None
        assert unit.last_sweep(KORE) is None
        first = unit.save_sweep(sweep())
        assert unit.open_sweep(KORE) == first
        assert unit.open_sweep(V2) is None
        assert unit.last_sweep(KORE) is None
        ended = unit.save_sweep(done(first))
        assert unit.open_sweep(KORE) is None
        assert unit.last_sweep(KORE) == ended
        second = unit.save_sweep(sweep(60))
        assert (unit.open_sweep(KORE), unit.last_sweep(KORE)) == (second, ended)


def test_only_marked_tasks_of_the_side_were_seen(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "k2"), known(KORE, "k3"), known(KORE, "k4")])
        first, second = unit.save_sweep(sweep()), unit.save_sweep(sweep(60))
        unit.mark_seen(first.id, KORE, ["k1", "k2", "unknown"])
        unit.mark_seen(first.id, KORE, ["k4"])
        unit.mark_seen(first.id, KORE, [])
        assert {*unit.seen_ids(first.id, KORE)} == {"k1", "k4"}
        assert {*unit.seen_ids(second.id, KORE)} == set()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(pages=st.lists(st.sets(st.integers(0, 79)), max_size=6))
def test_marks_are_a_set_wherever_the_tasks_lie(
    memory_store: SqlStore, pages: list[set[int]]
) -> None:
    # Numbers on both sides of the borders of chunks.
    numbers = [CHUNK * (1 + place // 8) - 4 + place % 8 for place in range(80)]
    with memory_store.begin() as unit:
        unit.save_known([known(KORE, f"k{place}") for place in range(80)])
    with memory_store.transaction() as connection:
        for place, number in enumerate(numbers):
            connection.exec_driver_sql(
                "UPDATE observations SET n = ? WHERE id = ?", (number, f"k{place}")
            )
    with memory_store.begin() as unit:
        one = unit.save_sweep(sweep())
        for page in pages:
            unit.mark_seen(one.id, KORE, [f"k{place}" for place in page])
        assert {*unit.seen_ids(one.id, KORE)} == {f"k{place}" for page in pages for place in page}


def test_only_the_marks_of_the_newest_sweeps_are_kept(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        good = [unit.save_sweep(sweep(number)) for number in range(3)]
        for one in good:
            unit.mark_seen(one.id, KORE, ["k1"])
            unit.save_sweep(done(one))
        faulty = []
        for number in range(4):
            one = unit.save_sweep(sweep(100 + number, had_fault=True))
            unit.mark_seen(one.id, KORE, ["k1"])
            faulty.append(unit.save_sweep(done(one)))
        kept = [one.id for one in (*good, *faulty) if [*unit.seen_ids(one.id, KORE)]]
        rows = [sweep.id for sweep in unit.complete_sweeps(KORE)]
    assert kept == [one.id for one in (*good[-2:], *faulty[-3:])]
    assert rows == [good[2].id, good[1].id]
    assert ids_in(store, "sweeps") == set(kept)


def test_what_no_sweep_has_seen_is_found_and_what_is_gone_is_not_asked_for(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, f"k{place}") for place in range(5)])
        unit.save_known([known(V2, "v1")])
        first, second = unit.save_sweep(sweep()), unit.save_sweep(sweep(60))
        unit.mark_seen(first.id, KORE, ["k0", "k1"])
        unit.mark_seen(second.id, KORE, ["k1", "k2"])
        assert unit.unseen(KORE, [first.id, second.id]) == {"k3", "k4"}
        assert unit.unseen(KORE, [second.id]) == {"k0", "k3", "k4"}
        unit.set_gone(KORE, ["k3"], START)
        assert unit.unseen(KORE, [first.id, second.id]) == {"k4"}
        assert unit.count_tasks(KORE) == 4
        unit.pass_marks_on(second.id, first.id)
        assert {*unit.seen_ids(first.id, KORE)} == {"k0", "k1", "k2"}
        assert unit.unseen(V2, []) == {"v1"}


def test_a_gone_task_that_a_sweep_saw_before_hides_no_other_that_it_did_not_see(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, f"k{place}") for place in range(3)])
        one = unit.save_sweep(sweep())
        unit.mark_seen(one.id, KORE, ["k0", "k1"])
        unit.set_gone(KORE, ["k0"], START)
        assert unit.unseen(KORE, [one.id]) == {"k2"}


def test_what_is_gone_is_neither_due_nor_unlinked_and_has_no_digest(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(KORE, "k2")])
        unit.mark_due(KORE, ["k1", "k2"])
        unit.set_gone(KORE, ["k1"], START)
        assert [one.task.id for one in unit.due_tasks(KORE, 9)] == ["k2"]
        assert [one.task.id for one in unit.unlinked(KORE)] == ["k2"]
        assert unit.digests(KORE, ["k1", "k2"]).keys() == {"k2"}
        assert unit.known(KORE, ["k1"])["k1"].gone_at == START


def test_a_linked_task_of_a_title_that_the_last_complete_sweep_did_not_see(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "v1"), known(KORE, "k2")])
        unit.add_link(link("k1", "v1"))
        title = known(KORE, "k1").task.title
        assert unit.unseen_titled(KORE, [title]) == []
        last = unit.save_sweep(done(unit.save_sweep(sweep())))
        assert [one.task.id for one in unit.unseen_titled(KORE, [title])] == ["k1"]
        under_way = unit.save_sweep(sweep(60))
        unit.mark_seen(under_way.id, KORE, ["k1"])
        assert unit.unseen_titled(KORE, [title]) == []
        unit.set_gone(KORE, ["k1"], START)
        assert [one.task.id for one in unit.unseen_titled(KORE, [title])] == ["k1"]
        assert last.is_complete


@pytest.mark.parametrize(("seconds", "unseen"), [(-1, ["k1"]), (0, []), (60, [])])
def test_an_answered_write_shows_a_task_as_a_reading_does(
    store: AnyStore, seconds: int, unseen: list[str]
) -> None:
    with store.begin() as unit:
        written_at = after(seconds)
        unit.save_known([replace(known(KORE, "k1"), written_at=written_at)])
        unit.add_link(link("k1", "v1"))
        unit.save_sweep(done(unit.save_sweep(sweep())))
        found = unit.unseen_titled(KORE, [known(KORE, "k1").task.title])
        assert [one.task.id for one in found] == unseen


def test_a_side_that_is_forgotten_has_no_sweeps(store: AnyStore) -> None:
    with store.begin() as unit:
        one, other = unit.save_sweep(done(unit.save_sweep(sweep()))), replace(sweep(), side=V2)
        unit.save_sweep(other)
        unit.forget_reading(KORE)
        assert unit.complete_sweeps(KORE) == []
        assert unit.open_sweep(V2) is not None
        assert one.is_complete
