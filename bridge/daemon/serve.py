"""The daemon from its start to a stop: ticks and heartbeats on a schedule, and a clean end."""

import logging
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from bridge.bootstrap import Bridge, poll_interval
from bridge.daemon.heart import Heart
from bridge.daemon.lines import Lines
from bridge.daemon.tick import Tick
from bridge.errors import Stopped, StoreError
from bridge.logs import logger
from bridge.processes import is_dead

IN_FLIGHT_SECONDS = 8.0
_NAP_SECONDS = 3600.0
# The default grace of one second would lose ticks on a busy machine.
_JOBS = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}


def serve(bridge: Bridge) -> bool:
    """Run until the bridge's clock is asked to stop; false if a request still hangs at the end.

    Then threads of this process may go on for a while, but they send nothing more, and what they
    left is for recovery. Raises ConfigError if the console cannot be opened, unless that is for
    another daemon of the pair.
    """
    heart = heart_of(bridge)
    with _console(bridge, heart):
        return _serve(bridge, heart)


def heart_of(bridge: Bridge) -> Heart:
    """The heart of a daemon that begins now, at the pace that polls keep."""
    return Heart(
        bridge.store,
        bridge.clock,
        bridge.rules.owner,
        interval_seconds=poll_interval(bridge.settings),
        lease_seconds=bridge.rules.lease_seconds,
        is_dead=is_dead,
    )


def _console(bridge: Bridge, heart: Heart) -> AbstractContextManager[object]:
    if not bridge.settings.console.listen:
        return nullcontext()
    from bridge.daemon.web.late import console_beside_others  # a third of a second to import

    return console_beside_others(bridge, heart)


def _serve(bridge: Bridge, heart: Heart) -> bool:
    clock, interval = bridge.clock, heart.interval_seconds
    lines = Lines(bridge.store, clock)
    bridge.listeners.all.append(lines)
    tick = Tick(bridge, heart, lines, interval)
    _tell_start(bridge, interval)
    scheduler = _schedule(tick, heart, interval)
    try:
        _wait_for_stop(bridge)
        return tick.wait(IN_FLIGHT_SECONDS)
    finally:
        clock.stop()
        scheduler.shutdown(wait=False)
        _hand_over(bridge, heart)


def _schedule(tick: Tick, heart: Heart, interval: float) -> BackgroundScheduler:
    # It warns of each tick that a long one leaves out, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=_JOBS)
    now = datetime.now(UTC)
    scheduler.add_job(tick.run, "interval", seconds=interval, next_run_time=now)
    scheduler.add_job(_beat, "interval", args=[heart], seconds=heart.beats_every)
    scheduler.start()
    return scheduler


def _beat(heart: Heart) -> None:
    with suppress(StoreError):  # the tick meets it too, and tells of it
        heart.beat()


def _wait_for_stop(bridge: Bridge) -> None:
    with suppress(Stopped):
        while True:
            bridge.clock.sleep(_NAP_SECONDS)


def _hand_over(bridge: Bridge, heart: Heart) -> None:
    """Whoever comes next need not wait for a lease or a heartbeat to grow old."""
    log = logger("bridge.daemon")
    try:
        with bridge.store.begin() as unit:
            unit.release_lease(bridge.rules.owner)
        heart.end()
    except StoreError as error:
        log.warning("lease and heartbeat are left to grow old", reason=str(error))
    log.info("stopped")


def _tell_start(bridge: Bridge, interval: float) -> None:
    facts = {"poll_seconds": interval, "sweep_seconds": bridge.settings.sync.sweep_seconds}
    log = logger("bridge.daemon")
    log.info("running", pair=bridge.settings.name, database=str(bridge.store.place), **facts)
    if interval > bridge.settings.sync.poll_seconds:
        log.info("the limits do not allow the polls that sync.poll_seconds asks for", **facts)
