"""As processes of their own: signals are obeyed after what is in flight, and two never double."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge.bootstrap import SystemClock
from bridge.domain.operation import OperationState
from bridge.domain.side import Side
from bridge.sandbox import Fault
from tests.cli.runs.conftest import Pair

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.process
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(pair: Pair) -> Iterator[Start]:
    """`start("sync")` runs that command line in a process; what is left of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bridge", *arguments], cwd=pair.database.parent, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; fails after ten seconds."""
    ends_at = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come to that"
        time.sleep(0.01)


def has_arrived(pair: Pair, operation: str) -> bool:
    calls = [*pair.sandbox.kore.calls, *pair.sandbox.v2.calls]
    return any(one.operation == operation for one in calls)


def unsettled(pair: Pair) -> list[OperationState]:
    with pair.unit() as unit:
        return [one.state for one in unit.open_operations()]


def test_a_term_in_a_backfill_settles_what_is_in_flight_and_ends_with_143(
    pair: Pair, start: Start
) -> None:
    pair.configure(sync=["workers = 1"])
    pair.seed(kore=0, v2=4)
    pair.sandbox.kore.faults.add("createTask", Fault.HANG_AFTER, seconds=20)
    process = start("backfill")
    until(lambda: has_arrived(pair, "createTask"))
    process.send_signal(signal.SIGTERM)
    # The create under way is answered only after the signal.
    time.sleep(0.3)
    pair.sandbox.kore.faults.release()
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (143, "")
    assert "the same command goes on from there" in err
    assert unsettled(pair) == []
    assert len(pair.sandbox.kore.tasks) == 1
    assert pair.quietly("backfill").code == 0
    assert pair.counts() == (4, 4)


@pytest.mark.long
def test_an_interrupt_while_reading_ends_with_130(pair: Pair, start: Start) -> None:
    pair.seed(kore=0, v2=1)
    pair.sandbox.v2.faults.add("listTasks", Fault.HANG_AFTER, seconds=20)
    process = start("sync")
    until(lambda: has_arrived(pair, "listTasks"))
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    pair.sandbox.v2.faults.release()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert pair.writes() == []
    with pair.unit() as unit:
        assert unit.lease() is None


def test_an_interrupt_while_waiting_for_the_lease_ends_at_once(pair: Pair, start: Start) -> None:
    with pair.unit() as unit:
        unit.take_lease("elsewhere:1", SystemClock().now(), 60.0)
    process = start("sync", "--wait", "50")
    assert process.stderr is not None
    assert "waiting" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 130
    assert not pair.sandbox.kore.calls


def test_two_backfills_at_once_create_each_counterpart_once(pair: Pair, start: Start) -> None:
    pair.seed(kore=4, v2=4)
    pair.configure(sync=["lease_seconds = 10"])
    both = [start("-q", "backfill", "--format", "json") for _ in range(2)]
    told = [one.communicate(timeout=30) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    done = [json.loads(out) for out, _ in told]
    assert sum(sum(one["created"].values()) for one in done) == 8
    assert pair.counts() == (8, 8)


@pytest.mark.long
def test_a_daemon_and_a_backfill_at_once_create_each_counterpart_once(
    pair: Pair, start: Start
) -> None:
    pair.seed(kore=4, v2=4)
    pair.configure(sync=["poll_seconds = 1"])
    daemons = [start("-q", "run") for _ in range(2)]
    backfill = start("-q", "backfill", "--format", "json")
    out, err = backfill.communicate(timeout=40)
    assert backfill.returncode == 0, (out, err)
    pair.sandbox.v2.add_task(title="From the field")
    until(lambda: pair.counts() == (9, 9))
    for daemon in daemons:
        daemon.send_signal(signal.SIGTERM)
    for daemon in daemons:
        daemon.communicate(timeout=20)
        assert daemon.returncode == 0
    assert pair.counts() == (9, 9)


@pytest.mark.long
def test_a_backup_beside_a_daemon_is_whole_and_the_daemon_goes_on(pair: Pair, start: Start) -> None:
    pair.seed(kore=2, v2=0)
    daemon = start("-q", "run")
    until(lambda: pair.database.exists() and has_polled(pair))
    one = start("db", "backup", "copy.db", "--format", "json")
    out, err = one.communicate(timeout=20)
    assert one.returncode == 0, err
    assert json.loads(out)["bytes"] == (pair.database.parent / "copy.db").stat().st_size
    assert daemon.poll() is None
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=20)
    assert daemon.returncode == 0
    with closing(sqlite3.connect(pair.database.parent / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM observations").fetchone() == (2,)


def has_polled(pair: Pair) -> bool:
    with pair.unit() as unit:
        return unit.count_tasks(Side.KORE) == 2
