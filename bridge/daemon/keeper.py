"""Keeping the lease while a slice of work runs, however long a batch of it takes.

The cycle takes the lease and offers it; the keeper only renews it, under the token that the cycle
has. A lease that went on to another is left alone: nothing more can be sent under the old token.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bridge.errors import BridgeError
from bridge.sync.desk import Desk

RENEWALS_A_LEASE = 3


@contextmanager
def kept_lease(desk: Desk) -> Iterator[None]:
    """Renew the lease of the desk's slice until the end of the block."""
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(desk, is_over), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()


def renew(desk: Desk) -> None:
    """Renew the lease if the desk's slice holds it. Raises StoreError."""
    rules = desk.rules
    with desk.store.begin() as unit:
        lease = unit.lease()
        if lease is not None and (lease.owner, lease.token) == (rules.owner, desk.token):
            unit.take_lease(rules.owner, desk.clock.now(), rules.lease_seconds)


def _keep(desk: Desk, is_over: threading.Event) -> None:
    while not is_over.wait(desk.rules.lease_seconds / RENEWALS_A_LEASE):
        # The slice meets the same fault of the database itself, and tells of it.
        with suppress(BridgeError):
            renew(desk)
