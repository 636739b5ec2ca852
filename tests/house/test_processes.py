"""A process is known by more than its number, so that a dead owner is told from a living one."""

import subprocess
import sys
from dataclasses import replace

import pytest

from bridge.domain.owner import Owner, label_of, owner_of
from bridge.processes import is_dead, this_process


def test_a_name_is_read_back_as_it_was() -> None:
    owner = Owner(host="host:1", pid=12, place="boot.404", started="99", mark="ab")
    assert owner_of(str(owner)) == owner
    assert owner.label == "process 12 on host:1"
    assert label_of("somebody") == "somebody"


@pytest.mark.parametrize("name", ["", "a:b:c", "a:b:c:d"])
def test_another_text_names_no_process(name: str) -> None:
    assert owner_of(name) is None
    assert not is_dead(name)


def test_this_process_lives_and_has_another_name_each_time() -> None:
    assert this_process() != this_process()
    assert not is_dead(str(this_process()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells it on Linux alone")
def test_a_process_that_ended_is_dead_and_one_of_another_boot_is_not_known() -> None:
    program = "from bridge.processes import this_process; print(this_process())"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    name = ran.stdout.strip()
    owner = owner_of(name)
    assert owner is not None
    assert is_dead(name)
    assert not is_dead(str(replace(owner, place="another.1")))
    assert not is_dead(str(replace(owner, place="", started="")))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells it on Linux alone")
def test_a_number_that_went_to_a_later_process_is_dead() -> None:
    mine = this_process()
    assert is_dead(str(replace(mine, started=str(int(mine.started) - 1))))
