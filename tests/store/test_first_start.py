"""The first start of a database survives being killed, and being made by several at once."""

import subprocess
import sys
from pathlib import Path

import pytest

POINTS = [1, 2, 3, 5, 9, 14, 22, 33, 47, 60, 70, 76, 80, 84, 500]


@pytest.mark.process
@pytest.mark.slow
def test_a_first_start_that_was_killed_stops_no_later_one(tmp_path: Path) -> None:
    points = ",".join(map(str, POINTS))
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killed_start", str(tmp_path), points],
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout.splitlines()
    assert set(told) == {"killed ok", "whole ok", "together ok"}, done.stdout + done.stderr
    assert told.count("killed ok") > len(POINTS) - 6
