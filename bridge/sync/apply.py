"""Applying a batch: both sides at once, so many writes in flight a side as the rules allow.

What is not sent before its plan grows old, or after its side gave up, stays due and is planned
anew. A stop lets what is in flight end and begins nothing more.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from bridge.domain.side import SIDES, Side
from bridge.errors import BridgeError
from bridge.sync.desk import Desk

MOST_TRIES = 4


@dataclass(frozen=True, slots=True)
class Job:
    """One operation that is ready: the side that it writes to, and how it is carried out.

    `key` names what it is about: nothing is tried more than a few times in one cycle.
    """

    side: Side
    key: str
    run: Callable[[], None]


@dataclass(slots=True)
class Batch:
    """The jobs of one batch and how many of them were sent.

    `is_cut_off`: an error that ends the whole cycle lets no other job begin.
    """

    jobs: list[Job] = field(default_factory=list)
    sent: int = 0
    stale: int = 0
    is_cut_off: bool = False

    def add(self, desk: Desk, job: Job) -> None:
        """Take a job, unless it is there already or was tried often enough in this cycle."""
        if desk.tries[job.key] < MOST_TRIES and all(job.key != one.key for one in self.jobs):
            self.jobs.append(job)


def apply_batch(desk: Desk, batch: Batch) -> None:
    """Carry out all jobs; raises what a job raised, after the others in flight have ended."""
    if len(batch.jobs) < 2:  # nothing to do side by side
        for job in batch.jobs:
            _run(desk, batch, job)
        return
    threads = _threads_for(desk.rules.workers)
    pools = {side: ThreadPoolExecutor(threads, f"write-{side}") for side in SIDES}
    try:
        futures = [pools[job.side].submit(_run, desk, batch, job) for job in batch.jobs]
        _wait_for(futures)
    finally:
        for pool in pools.values():
            pool.shutdown(wait=True, cancel_futures=True)


def _threads_for(workers: int) -> int:
    """Half as many again as writes may be under way: while those wait, these record and prepare."""
    return workers + workers // 2


def _run(desk: Desk, batch: Batch, job: Job) -> None:
    slots = desk.slots[job.side]
    slots.take()
    try:
        _begin(desk, batch, job)
    finally:
        slots.leave()


def _begin(desk: Desk, batch: Batch, job: Job) -> None:
    desk.clock.check()
    if batch.is_cut_off or not desk.may_write(job.side):
        return
    if not desk.is_fresh(job.side):
        with desk.lock:
            batch.stale += 1
        return
    with desk.lock:
        batch.sent += 1
        desk.tries[job.key] += 1
    try:
        job.run()
    except BridgeError:
        batch.is_cut_off = True
        raise


def _wait_for(futures: Sequence[Future[None]]) -> None:
    """Wait for all; raises the first error."""
    errors = [error for future in futures if (error := future.exception()) is not None]
    if errors:
        raise errors[0]
