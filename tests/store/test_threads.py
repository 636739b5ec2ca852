"""Many threads, and several stores on one file, lose nothing."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.resources import migrations_folder
from bridge.store.open import open_store
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore
from tests.store.clocks import MovedClock
from tests.store.samples import KORE, add_pair, known

THREADS, TIMES = 6, 40


def at_once(stories: list[Callable[[], None]]) -> None:
    """Run all at the same time; the first error of any is raised."""
    errors: list[BaseException] = []

    def guarded(story: Callable[[], None]) -> None:
        try:
            story()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(story,)) for story in stories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def count_up(store: AnyStore) -> Callable[[], None]:
    def story() -> None:
        for _ in range(TIMES):
            with store.begin() as unit:
                state = unit.side_state(KORE)
                unit.save_side_state(replace(state, fault=str(int(state.fault or 0) + 1)))

    return story


def counted(store: AnyStore) -> int:
    with store.begin() as unit:
        return int(unit.side_state(KORE).fault)


def test_what_threads_read_and_write_back_is_not_lost(store: AnyStore) -> None:
    at_once([count_up(store)] * THREADS)
    assert counted(store) == THREADS * TIMES


def test_what_several_stores_of_a_file_write_is_not_lost(url: str, clock: MovedClock) -> None:
    stores = [open_store(url, "default", clock, migrations_folder()) for _ in range(3)]
    at_once([count_up(store) for store in stores])
    assert counted(stores[0]) == 3 * TIMES
    for store in stores:
        store.close()


def test_who_only_looks_waits_for_no_writer(file_store: SqlStore) -> None:
    with file_store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
    with file_store.begin() as writer:
        writer.save_known([known(KORE, "k2")])
        with file_store.look() as unit:
            assert unit.count_tasks(KORE) == 1


def test_who_looks_sees_one_moment(file_store: SqlStore) -> None:
    with file_store.look() as unit:
        assert unit.count_tasks(KORE) == 0
        with file_store.begin() as writer:
            writer.save_known([known(KORE, "k1")])
        assert unit.count_tasks(KORE) == 0
    with file_store.look() as unit:
        assert unit.count_tasks(KORE) == 1


def test_what_is_written_while_looking_is_undone(store: AnyStore) -> None:
    with store.look() as unit:
        add_pair(unit, 1)
    with store.begin() as unit:
        assert unit.count_tasks(KORE) == 0


@pytest.mark.parametrize("again", range(3))
def test_readers_and_writers_of_one_memory_take_turns(memory_store: SqlStore, again: int) -> None:
    def look() -> None:
        for _ in range(TIMES):
            with memory_store.look() as unit:
                unit.count_tasks(KORE)

    at_once([look, look, count_up(memory_store), count_up(memory_store)])
    assert counted(memory_store) == 2 * TIMES
