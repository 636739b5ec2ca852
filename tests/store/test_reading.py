"""What is remembered of a side, and what its sweeps have seen."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.domain.reading import SideState, Sweep
from bridge.store.marks import CHUNK
from bridge.store.sql_store import SqlStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, known


def sweep(seconds: float = 0, *, had_fault: bool = False) -> Sweep:
    return Sweep(side=KORE, started_at=after(seconds), had_fault=had_fault)


def done(one: Sweep) -> Sweep:
    return replace(one, completed_at=START)


def test_of_an_unknown_side_nothing_is_remembered(store: SqlStore) -> None:
    with store.begin() as unit:
        assert unit.side_state(KORE) == SideState(side=KORE)


def test_a_sweep_is_open_until_it_is_completed(store: SqlStore) -> None:
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


def test_only_marked_tasks_of_the_side_were_seen(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1"), known(V2, "k2"), known(KORE, "k3"), known(KORE, "k4")])
        first, second = unit.save_sweep(sweep()), unit.save_sweep(sweep(60))
        unit.mark_seen(first.id, KORE, ["k1", "k2", "unknown"])
        unit.mark_seen(first.id, KORE, ["k4"])
        unit.mark_seen(first.id, KORE, [])
        assert unit.seen_ids(first.id, KORE) == {"k1", "k4"}
        assert unit.seen_ids(second.id, KORE) == frozenset()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(pages=st.lists(st.sets(st.integers(0, 79)), max_size=6))
def test_marks_are_a_set_wherever_the_tasks_lie(
    plain_memory_store: SqlStore, pages: list[set[int]]
) -> None:
    # Numbers on both sides of the borders of chunks.
    numbers = [CHUNK * (1 + place // 8) - 4 + place % 8 for place in range(80)]
    with plain_memory_store.begin() as unit:
        unit.save_known([known(KORE, f"k{place}") for place in range(80)])
    with plain_memory_store.transaction() as connection:
        for place, number in enumerate(numbers):
            connection.exec_driver_sql(
                "UPDATE observations SET n = ? WHERE id = ?", (number, f"k{place}")
            )
    with plain_memory_store.begin() as unit:
        one = unit.save_sweep(sweep())
        for page in pages:
            unit.mark_seen(one.id, KORE, [f"k{place}" for place in page])
        assert unit.seen_ids(one.id, KORE) == {f"k{place}" for page in pages for place in page}


def test_only_the_marks_of_the_newest_sweeps_are_kept(store: SqlStore) -> None:
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
        kept = [one.id for one in (*good, *faulty) if unit.seen_ids(one.id, KORE)]
    assert kept == [one.id for one in (*good[-2:], *faulty[-3:])]
