"""A copy to try things in, and a copy to keep."""

import stat
from pathlib import Path

import pytest

from bridge.errors import StoreError
from bridge.resources import migrations_folder
from bridge.store.open import open_store
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore
from tests.store.clocks import MovedClock
from tests.store.samples import KORE, add_pair, known


def test_a_scratch_copy_holds_everything_and_gives_nothing_back(store: AnyStore) -> None:
    with store.begin() as unit:
        number = add_pair(unit, 1)
    scratch = store.scratch()
    with scratch.begin() as unit:
        assert unit.link(number) is not None
        unit.save_known([known(KORE, "k2")])
        assert unit.count_tasks(KORE) == 2
    with store.begin() as unit:
        assert unit.count_tasks(KORE) == 1
    scratch.close()


def test_a_scratch_copy_of_a_scratch_copy_is_one_too(store: AnyStore) -> None:
    first = store.scratch()
    with first.begin() as unit:
        add_pair(unit, 1)
    second = first.scratch()
    with second.begin() as unit:
        assert unit.count_tasks(KORE) == 1


def test_a_backup_is_a_database_of_its_own_with_mode_0600(
    sql_store: SqlStore, tmp_path: Path, clock: MovedClock
) -> None:
    with sql_store.begin() as unit:
        add_pair(unit, 1)
    sql_store.back_up(tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    if sql_store.place == tmp_path / "bridge.db":
        copy = open_store(f"sqlite:///{tmp_path}/copy.db", "default", clock, migrations_folder())
        with copy.begin() as unit:
            assert unit.count_tasks(KORE) == 1
        copy.close()


def test_a_backup_overwrites_nothing(sql_store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StoreError, match="there already"):
        sql_store.back_up(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_backup_needs_a_folder(sql_store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=f"mkdir -p {tmp_path}/far"):
        sql_store.back_up(tmp_path / "far" / "copy.db")
