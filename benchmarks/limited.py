"""A backfill and a sweep under the limits that Kore's documents name, hours in minutes.

The simulated Kore refuses what is above its limits, and the bridge is told the same ones. Time is
that of benchmarks/clock.py: waiting is skipped, work takes what it takes. Beside the backfill a
daemon goes on polling, on the same database. Pages are small where many are wanted of few tasks;
there deep polls are kept out, which would read hundreds of them where tasks lie as close as here.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.clock import SkippingClock, SkippingTime
from benchmarks.daemon import Daemon
from benchmarks.figures import Figure, at_most, times_at_least, times_at_most
from benchmarks.linking import link_all
from benchmarks.pairs import Half, build
from benchmarks.setup import NO_DEEP_POLLS, copied, opened, write_configuration
from benchmarks.stage import Stage
from benchmarks.windows import ideal_times, most_within
from bridge.bootstrap import Bridge
from bridge.domain.side import Side
from bridge.errors import LeaseTaken, Stopped
from bridge.sandbox import Call, Sandbox, describe_connection
from bridge.sync.backfill import Backfill, run_backfill

LIMITS = ((60, 60.0), (1800, 3600.0))
TOLD = "[{calls=60,seconds=60},{calls=1800,seconds=3600}]"
LEAST_USED = 0.95
POLL_SECONDS = 30.0
RESTART_SECONDS = 900.0
# It is kept fresh by a thread that waits in real time, which cannot follow time that jumps.
LONG_LEASE = {"sync.lease_seconds": "3600"}
SMALL_PAGE = 5


@contextmanager
def limited_services(tasks: int, only: Half, shared: SkippingTime) -> Iterator[Sandbox]:
    """Both services in this process, under that time; Kore's limits come later."""
    with build(tasks, only=only, clock=shared.now) as sandbox:
        yield sandbox


def _limit(sandbox: Sandbox) -> None:
    sandbox.kore.switches = replace(sandbox.kore.switches, limits=LIMITS)


def measure_backfill(stage: Stage) -> Iterator[Figure]:
    """So many creates in Kore that they take more than an hour's calls."""
    tasks, shared = stage.size(1_700, 100), SkippingTime()
    with limited_services(tasks, "v2", shared) as sandbox:
        _limit(sandbox)
        config = write_configuration(
            stage.at("limited"), describe_connection(sandbox), LONG_LEASE, limits=TOLD
        )
        with _polling(config, shared):
            began = shared.now()
            with opened(config, SkippingClock(shared)) as bridge:
                _run(bridge)
            calls = list(sandbox.kore.calls)
    created = sum(call.operation == "createTask" for call in calls)
    what = f"backfill of {created:,} creates under 60 a minute, 1,800 an hour"
    yield from _use(what, calls, began)
    yield _longest_gap(what, calls)


def _run(bridge: Bridge) -> None:
    """The backfill; while the daemon has the lease it waits, as the command does."""
    desk = bridge.desk()
    while True:
        try:
            run_backfill(desk, Backfill())
        except LeaseTaken:
            bridge.clock.sleep(1.0)
            desk.faults.clear()
        else:
            return


def _use(what: str, calls: Sequence[Call], began: datetime) -> Iterator[Figure]:
    times = [(call.at - began).total_seconds() for call in calls]
    ideal = ideal_times(len(times), LIMITS)[-1]
    yield Figure(
        what=f"{what}: time for its calls", floor=ideal / 60, ours=max(times) / 60, unit="minutes",
        target=times_at_most(round(1 / LEAST_USED, 3)),
        note=f"{len(times):,} calls of Kore, polls among them; floor: the least that limits allow",
    )  # fmt: skip
    refused = sum(call.status == 429 for call in calls)
    over = [most_within(times, seconds) - most for most, seconds in LIMITS]
    yield Figure(
        what=f"{what}: calls above a window", ours=refused + max(0, *over), unit="calls",
        target=at_most(0),
    )  # fmt: skip


def _longest_gap(what: str, calls: Sequence[Call]) -> Figure:
    """The longest time between two polls, whoever made them: within three intervals all is well."""
    polls = [call.at for call in calls if _is_poll(call)]
    gap = max((b - a).total_seconds() for a, b in pairwise(polls))
    return Figure(
        what=f"{what}: longest time between two polls", floor=POLL_SECONDS, ours=gap, unit="s",
        target=times_at_most(3), note=f"{len(polls)} polls in all",
    )  # fmt: skip


def _pace(what: str, calls: Sequence[Call]) -> Figure:
    """Polls made against polls due, between the first and the last."""
    polls = [call.at for call in calls if _is_poll(call)]
    due = (polls[-1] - polls[0]).total_seconds() / POLL_SECONDS
    return Figure(
        what=f"{what}: polls kept", floor=due, ours=len(_spread(polls)), unit="polls",
        target=times_at_least(0.95),
    )  # fmt: skip


def _spread(polls: Sequence[datetime]) -> list[datetime]:
    """Those that came half an interval or more after the one counted before."""
    kept = [polls[0]]
    for at in polls[1:]:
        if (at - kept[-1]).total_seconds() >= POLL_SECONDS / 2:
            kept.append(at)
    return kept


def _is_poll(call: Call) -> bool:
    is_list = call.operation == "getTasks" and isinstance(call.body, dict)
    return is_list and call.body.get("sortBy") == {"updatedAt": "desc"}


@contextmanager
def _polling(config: Path, shared: SkippingTime) -> Iterator[None]:
    """A daemon of this database at work in a thread of its own."""
    clock = SkippingClock(shared)

    def work() -> None:
        with opened(config, clock) as bridge:
            _tick_until(Daemon(bridge), clock, None)

    thread = threading.Thread(target=work, name="daemon", daemon=True)
    thread.start()
    try:
        yield
    finally:
        clock.stop()
        thread.join()


def _tick_until(daemon: Daemon, clock: SkippingClock, seconds: float | None) -> None:
    """Tick at the pace of polls until stopped, for so long at most, or until Kore was swept."""
    began, number = clock.now(), 0
    try:
        while seconds is None or (clock.now() - began).total_seconds() < seconds:
            daemon.tick()
            if seconds is not None and _swept_since(daemon, began) is not None:
                return
            spent = (clock.now() - began).total_seconds()
            number = max(number + 1, int(spent // daemon.interval) + 1)
            clock.sleep(number * daemon.interval - spent)
    except Stopped:
        return


def measure_sweep(stage: Stage) -> Iterator[Figure]:
    """A sweep whose pages are more than an hour's calls, by a daemon that is started anew."""
    pairs, shared = stage.size(8_400, 500), SkippingTime()
    with limited_services(pairs, "both", shared) as sandbox:
        linked = write_configuration(stage.at("limited-linked"), describe_connection(sandbox))
        link_all(linked, 0, SkippingClock(shared))  # in this process, whose time it is
        config = _with_small_pages(copied(linked, stage.at("limited-sweep"), NO_DEEP_POLLS))
        _limit(sandbox)
        sandbox.kore.clear_calls()
        began = shared.now()
        starts, ended = _swept(config, shared)
        calls = list(sandbox.kore.calls)
    what = f"sweep of {pairs:,} pairs, {SMALL_PAGE} a page, under limits, {starts} starts"
    polls = sum(_is_poll(call) for call in calls)
    pages = len(calls) - polls
    ideal = ideal_times(pages, _left_by(POLL_SECONDS))[-1]
    yield Figure(
        what=f"{what}: time", floor=ideal / 60, ours=(ended - began).total_seconds() / 60,
        unit="minutes", target=times_at_most(1.05),
        note=f"{pages:,} calls beside {polls} polls; floor: what polls every 30 s leave",
    )  # fmt: skip
    yield _pace(what, calls)
    refused = sum(call.status == 429 for call in calls)
    yield Figure(what=f"{what}: refused", ours=refused, unit="calls", target=at_most(0))


def _left_by(interval: float) -> list[tuple[int, float]]:
    return [(calls - round(seconds / interval), seconds) for calls, seconds in LIMITS]


def _swept(config: Path, shared: SkippingTime) -> tuple[int, datetime]:
    """Daemons, each for a quarter of an hour, until Kore is swept; gives how many, and when."""
    began, starts = shared.now(), 0
    while True:
        starts += 1
        clock = SkippingClock(shared)
        with opened(config, clock) as bridge:
            daemon = Daemon(bridge)
            _tick_until(daemon, clock, RESTART_SECONDS)
            daemon.end()
            ended = _swept_since(daemon, began)
        if ended is not None:
            return starts, ended


def _swept_since(daemon: Daemon, moment: datetime) -> datetime | None:
    with daemon.bridge.store.look() as unit:
        last = unit.last_sweep(Side.KORE)
    ended = last.completed_at if last else None
    return ended if ended is not None and ended >= moment else None


def _with_small_pages(config: Path) -> Path:
    text = config.read_text(encoding="utf-8")
    told = f"[kore]\npage_size = {SMALL_PAGE}\nlimits = {TOLD}\n"
    config.write_text(text.replace("[kore]\n", told, 1).replace("limits = []\n", ""), "utf-8")
    return config
