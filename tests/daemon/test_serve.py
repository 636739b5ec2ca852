"""The schedule and its end: ticks, heartbeats beside long cycles, and a clean stop."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.bootstrap import SystemClock
from bridge.daemon import serve as serving
from bridge.sandbox import Fault, KoreSwitches, Sandbox
from tests.daemon.bench import Bench, Log, opened, write_configuration
from tests.daemon.serving import heartbeat, running, wait_for_polls


@pytest.fixture
def real(log: Log, folder: Path) -> Iterator[Bench]:
    """With the machine's own clock, a poll every half second."""
    sandbox = Sandbox(kore=KoreSwitches(limits=()))
    sandbox.kore.add_case(name="Gate")
    with sandbox:
        path = write_configuration(sandbox, folder, poll_seconds=0.5, lease_seconds=1)
        with opened(sandbox, path, SystemClock(), log) as found:
            yield found


def test_an_idle_daemon_ends_within_two_seconds_and_leaves_neither_lease_nor_heartbeat(
    real: Bench,
) -> None:
    with running(real) as daemon:
        wait_for_polls(real, 3)
        assert heartbeat(real) is not None
        assert daemon.stop() < 2
        assert daemon.has_ended
    assert heartbeat(real) is None
    with real.bridge.store.look() as unit:
        assert unit.lease() is None
    before = real.requests
    time.sleep(0.7)
    assert real.requests == before
    assert real.log.lines()[-1]["event"] == "stopped"


def test_the_heart_beats_while_a_cycle_takes_long_and_its_lease_is_kept(real: Bench) -> None:
    real.sandbox.kore.faults.add("*", Fault.HANG, seconds=1.6)
    with running(real):
        time.sleep(1.5)
        beat = heartbeat(real)
        with real.bridge.store.look() as unit:
            lease = unit.lease()
    assert beat is not None
    assert (beat.beat_at - beat.started_at).total_seconds() > 0.3
    assert lease is not None
    assert (lease.expires_at - lease.taken_at).total_seconds() > 1.3


def test_a_request_that_hangs_is_left_to_recovery(
    real: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "IN_FLIGHT_SECONDS", 0.3)
    real.sandbox.kore.faults.add("*", Fault.HANG, seconds=30)
    with running(real) as daemon:
        time.sleep(0.4)
        assert 0.3 <= daemon.stop() < 1
        assert daemon.has_ended is False
        with real.bridge.store.look() as unit:
            assert unit.lease() is None
        assert heartbeat(real) is None
        real.sandbox.kore.faults.release()
        time.sleep(0.2)
