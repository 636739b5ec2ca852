"""The lease as a run holds it: taken, kept fresh meanwhile, offered where another one waits.

It is held for ten seconds at most where somebody waits for it: between two batches it is let go,
and taken again once the other is done. Nothing planned before that is sent after it. A killed
owner on this machine is noticed at once.

Its row need not be on the disk at once: whoever sends marks that on the disk first, and the lease
with it; with the power every owner is gone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from bridge.domain.records import Lease
from bridge.errors import BridgeError, LeaseTaken
from bridge.sync.desk import Desk

HELD_SECONDS = 10.0
PAUSE_SECONDS = 1.0
# For how long a wish counts that is not said again: whoever waits says so every second or so.
WANTED_SECONDS = 5.0
RENEWALS_A_LEASE = 3


def take_lease(desk: Desk) -> None:
    """Take or renew the lease; a dry run takes none. Raises LeaseTaken, and says that it waits."""
    if desk.is_dry:
        return
    try:
        lease = _take(desk)
    except LeaseTaken as taken:
        if not desk.is_dead(taken.owner):
            with desk.store.begin(is_fleeting=True) as unit:
                unit.want_lease(desk.rules.owner, desk.clock.now())
            raise
        lease = _take(desk, over=taken.owner)
        desk.tell("took_over", owner=taken.owner, reason="its process is gone")
    desk.token, desk.held_since = lease.token, lease.taken_at


def keep_or_offer(desk: Desk) -> None:
    """Between two batches: renew the lease, or let another have it that waits, and come back.

    Raises Stopped if a stop was asked for meanwhile.
    """
    if not _is_to_be_offered(desk):
        take_lease(desk)
        return
    offer_lease(desk)
    desk.tell("lease_offered")
    while True:
        desk.clock.sleep(PAUSE_SECONDS)
        with suppress(LeaseTaken):
            take_lease(desk)
            break
    desk.outdate_polls()


def offer_lease(desk: Desk) -> None:
    """Let others have the lease."""
    with desk.store.begin(is_fleeting=True) as unit:
        unit.release_lease(desk.rules.owner)


@contextmanager
def under_lease(desk: Desk) -> Iterator[None]:
    """Hold the lease for the block: taken, kept fresh, offered at its end. Raises LeaseTaken."""
    take_lease(desk)
    try:
        with kept_lease(desk):
            yield
    finally:
        offer_lease(desk)


@contextmanager
def kept_lease(desk: Desk) -> Iterator[None]:
    """Renew the lease until the end of the block, however long one request of it takes."""
    if desk.is_dry:
        yield
        return
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(desk, is_over), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()


def renew(desk: Desk) -> None:
    """Renew the lease if this run holds it. Raises StoreError."""
    rules = desk.rules
    with desk.store.begin(is_fleeting=True) as unit:
        lease = unit.lease()
        if lease is not None and (lease.owner, lease.token) == (rules.owner, desk.token):
            unit.take_lease(rules.owner, desk.clock.now(), rules.lease_seconds)


def _take(desk: Desk, over: str = "") -> Lease:
    rules = desk.rules
    with desk.store.begin(is_fleeting=True) as unit:
        return unit.take_lease(rules.owner, desk.clock.now(), rules.lease_seconds, over=over)


def _is_to_be_offered(desk: Desk) -> bool:
    now = desk.clock.now()
    if desk.held_since is None or now - desk.held_since < timedelta(seconds=HELD_SECONDS):
        return False
    with desk.store.begin() as unit:
        lease = unit.lease()
    if lease is None or lease.wanted_at is None:
        return False
    return now - lease.wanted_at < timedelta(seconds=WANTED_SECONDS)


def _keep(desk: Desk, is_over: threading.Event) -> None:
    while not is_over.wait(desk.rules.lease_seconds / RENEWALS_A_LEASE):
        # The run meets the same fault of the database itself, and tells of it.
        with suppress(BridgeError):
            renew(desk)
