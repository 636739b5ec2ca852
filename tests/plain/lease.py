"""The lease: the right to run cycles for the pair, held by one owner at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.records import Heartbeat, Lease
from bridge.errors import LeaseTaken
from tests.plain import kept
from tests.plain.rows import Held
from tests.plain.scope import Scope

_ONE = ""


class LeaseOfPair(Scope):
    """The part of a unit that holds the lease."""

    def take_lease(self, owner: str, at: datetime, seconds: float, *, over: str = "") -> Lease:
        row = self._lease_row()
        is_held = row and not row.is_free and row.expires_at > at
        if row and is_held and row.owner not in (owner, over):
            raise _taken(row, at)
        lease = Lease(
            owner=owner,
            token=_next_token(row, owner),
            taken_at=row.taken_at if row and row.owner == owner and not row.is_free else at,
            expires_at=at + timedelta(seconds=seconds),
            wanted_at=_wanted_by_others(row, owner),
        )
        held = Held(
            owner=owner,
            token=lease.token,
            taken_at=kept.instant(lease.taken_at),
            expires_at=kept.instant(lease.expires_at),
            wanted_by=row.wanted_by if row else None,
            wanted_at=lease.wanted_at,
        )
        self._tables.leases.put(_ONE, held)
        return lease

    def want_lease(self, owner: str, at: datetime) -> None:
        row = self._lease_row()
        if row is not None:
            wanted = row._replace(wanted_by=owner, wanted_at=kept.instant(at))
            self._tables.leases.put(_ONE, wanted)

    def release_lease(self, owner: str) -> None:
        row = self._lease_row()
        if row is not None and row.owner == owner:
            self._tables.leases.put(_ONE, row._replace(is_free=True))

    def lease(self) -> Lease | None:
        row = self._lease_row()
        if row is None or row.is_free:
            return None
        return Lease(
            owner=row.owner,
            token=row.token,
            taken_at=row.taken_at,
            expires_at=row.expires_at,
            wanted_at=_wanted_by_others(row, row.owner),
        )

    def check_token(self, token: int, at: datetime) -> None:
        """Raises LeaseTaken if the lease is over or another's; before the first its token is 0."""
        row = self._lease_row()
        if row is None and token:
            raise LeaseTaken("nobody", 0.0)
        if row and (row.token != token or row.expires_at <= at):
            raise _taken(row, at)

    def beat(self, heartbeat: Heartbeat) -> None:
        self._tables.heartbeats.put(
            _ONE,
            replace(
                heartbeat,
                beat_at=kept.instant(heartbeat.beat_at),
                started_at=kept.instant(heartbeat.started_at),
            ),
        )

    def heartbeat(self) -> Heartbeat | None:
        return self._tables.heartbeats.get(_ONE)

    def end_heartbeat(self, owner: str) -> None:
        found = self.heartbeat()
        if found is not None and found.owner == owner:
            self._tables.heartbeats.drop(_ONE)

    def _lease_row(self) -> Held | None:
        return self._tables.leases.get(_ONE)


def _taken(row: Held, at: datetime) -> LeaseTaken:
    return LeaseTaken(row.owner, max(0.0, (at - row.taken_at).total_seconds()))


def _next_token(row: Held | None, owner: str) -> int:
    if row is None:
        return 1
    return row.token if row.owner == owner else row.token + 1


def _wanted_by_others(row: Held | None, owner: str) -> datetime | None:
    """When another process last said that it waits for the lease."""
    return row.wanted_at if row and row.wanted_by != owner else None
