"""What is committed is on the disk when a unit ends, and one way there does for many."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.errors import StoreError
from bridge.resources import migrations_folder
from bridge.store.disk import Disk
from bridge.store.open import open_store
from bridge.store.sql_store import SqlStore
from tests.store.clocks import MovedClock
from tests.store.samples import KORE, known


class Syncs:
    """Every sync of a file, made or held up, instead of the system's own."""

    def __init__(self) -> None:
        self.inodes: list[int] = []
        self.is_under_way = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.error: OSError | None = None

    def sync(self, number: int) -> None:
        self.inodes.append(os.fstat(number).st_ino)
        self.is_under_way.set()
        assert self.may_go_on.wait(10)
        if self.error is not None:
            raise self.error

    def hold_up(self) -> None:
        self.is_under_way.clear()
        self.may_go_on.clear()


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> Syncs:
    found = Syncs()
    monkeypatch.setattr(os, "fsync", found.sync)
    return found


@pytest.fixture
def reached(syncs: Syncs, tmp_path: Path) -> Disk:
    (tmp_path / "some.db-wal").touch()
    return Disk(tmp_path / "some.db")


def begun(story: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=story, daemon=True)
    thread.start()
    return thread


def save(store: SqlStore, name: str, *, is_fleeting: bool = False) -> None:
    with store.begin(is_fleeting=is_fleeting) as unit:
        unit.save_known([known(KORE, name)])


def fail(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.save_known([known(KORE, "k1")])
        raise OSError("mine")


def test_what_a_unit_changed_is_on_the_disk_when_it_ends(
    file_store: SqlStore, tmp_path: Path, syncs: Syncs
) -> None:
    save(file_store, "k1")
    assert syncs.inodes == [(tmp_path / "bridge.db-wal").stat().st_ino]


def test_it_is_committed_before_it_goes_there(file_store: SqlStore, syncs: Syncs) -> None:
    syncs.hold_up()
    thread = begun(lambda: save(file_store, "k1"))
    assert syncs.is_under_way.wait(10)
    with file_store.look() as unit:
        assert unit.count_tasks(KORE) == 1
    syncs.may_go_on.set()
    thread.join(10)


def test_a_fleeting_unit_goes_there_with_the_next_one_that_is_not(
    file_store: SqlStore, syncs: Syncs
) -> None:
    save(file_store, "k1", is_fleeting=True)
    assert syncs.inodes == []
    save(file_store, "k2")
    assert len(syncs.inodes) == 1


def test_who_changed_nothing_waits_for_no_disk(file_store: SqlStore, syncs: Syncs) -> None:
    with file_store.begin() as unit:
        unit.count_tasks(KORE)
    with file_store.look() as unit:
        unit.save_known([known(KORE, "k1")])
    with pytest.raises(OSError, match="mine"):
        fail(file_store)
    assert syncs.inodes == []


def test_while_one_waits_for_the_disk_others_write(file_store: SqlStore, syncs: Syncs) -> None:
    syncs.hold_up()
    thread = begun(lambda: save(file_store, "k1"))
    assert syncs.is_under_way.wait(10)
    save(file_store, "k2", is_fleeting=True)
    assert thread.is_alive()
    syncs.may_go_on.set()
    thread.join(10)


def test_pairs_of_one_database_go_there_together(file_store: SqlStore) -> None:
    assert file_store.of_pair("other")._disk is file_store._disk


class Door:
    """A lock that tells of each who comes to it, before they have to wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.comers = threading.Semaphore(0)

    def __enter__(self) -> None:
        self.comers.release()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_all_who_come_while_one_is_on_the_way_need_one_more_way_together(
    reached: Disk, syncs: Syncs, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door()
    monkeypatch.setattr(reached, "_at_work", door)
    syncs.hold_up()
    first = begun(reached.reach)
    assert syncs.is_under_way.wait(10)
    others = [begun(reached.reach) for _ in range(5)]
    for _ in (first, *others):
        assert door.comers.acquire(timeout=10)
    syncs.may_go_on.set()
    for thread in (first, *others):
        thread.join(10)
    assert len(syncs.inodes) == 2


def test_a_way_that_began_before_does_not_count(reached: Disk, syncs: Syncs) -> None:
    reached.reach()
    reached.reach()
    assert len(syncs.inodes) == 2


def test_a_disk_that_fails_is_told_and_tried_again_by_the_next(reached: Disk, syncs: Syncs) -> None:
    syncs.error = OSError("no spare sector")
    for number in (1, 2):
        with pytest.raises(StoreError, match=r"some\.db cannot be read or written: the disk"):
            reached.reach()
        assert len(syncs.inodes) == number
    syncs.error = None
    reached.reach()
    assert len(syncs.inodes) == 3


def test_who_waits_while_a_disk_fails_is_told_too(
    reached: Disk, syncs: Syncs, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, told = Door(), []

    def story() -> None:
        try:
            reached.reach()
        except StoreError as error:
            told.append(str(error))

    monkeypatch.setattr(reached, "_at_work", door)
    syncs.error = OSError("no spare sector")
    syncs.hold_up()
    threads = [begun(story)]
    assert syncs.is_under_way.wait(10)
    threads.append(begun(story))
    for _ in threads:
        assert door.comers.acquire(timeout=10)
    syncs.may_go_on.set()
    for thread in threads:
        thread.join(10)
    assert (len(told), len(syncs.inodes)) == (2, 1)


def test_where_there_is_no_log_everything_is_in_the_file(tmp_path: Path, syncs: Syncs) -> None:
    Disk(tmp_path / "whole.db").reach()
    assert syncs.inodes == []


def test_a_failing_disk_fails_the_unit_that_needs_it(
    url: str, clock: MovedClock, syncs: Syncs
) -> None:
    store = open_store(url, "default", clock, migrations_folder())
    syncs.error = OSError("no spare sector")
    with pytest.raises(StoreError, match="Check the disk"):
        save(store, "k1")
    save(store, "k2", is_fleeting=True)
    store.close()
