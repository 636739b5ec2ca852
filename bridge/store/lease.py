"""The lease: the right to run cycles for the pair, held by one owner at a time.

An owner that takes the lease anew before another one did goes on under the same token.
"""

from datetime import datetime, timedelta

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.records import Lease
from bridge.errors import LeaseTaken
from bridge.store.scope import Scope
from bridge.store.tables import leases


class LeaseRow(Scope):
    """The part of a unit that holds the lease."""

    def take_lease(self, owner: str, at: datetime, seconds: float) -> Lease:
        row = self._lease_row()
        if row and not row.is_free and row.owner != owner and row.expires_at > at:
            raise _taken(row, at)
        lease = Lease(
            owner=owner,
            token=_next_token(row, owner),
            taken_at=row.taken_at if row and row.owner == owner and not row.is_free else at,
            expires_at=at + timedelta(seconds=seconds),
        )
        self._store_lease(lease)
        return lease

    def release_lease(self, owner: str) -> None:
        mine = (self._mine(leases), leases.c.owner == owner)
        self._connection.execute(update(leases).where(*mine).values(is_free=True))

    def lease(self) -> Lease | None:
        row = self._lease_row()
        if row is None or row.is_free:
            return None
        return Lease(
            owner=row.owner, token=row.token, taken_at=row.taken_at, expires_at=row.expires_at
        )

    def check_token(self, token: int, at: datetime) -> None:
        """Raises LeaseTaken if the lease went on to another token; before the first it is 0."""
        row = self._lease_row()
        if row is None and token:
            raise LeaseTaken("nobody", 0.0)
        if row and row.token != token:
            raise _taken(row, at)

    def _lease_row(self) -> Row[*tuple[object, ...]] | None:
        return self._connection.execute(select(leases).where(self._mine(leases))).one_or_none()

    def _store_lease(self, lease: Lease) -> None:
        columns = {
            "owner": lease.owner,
            "token": lease.token,
            "taken_at": lease.taken_at,
            "expires_at": lease.expires_at,
            "is_free": False,
        }
        stored = insert(leases).values(pair=self._pair, **columns)
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=["pair"], set_=columns)
        )


def _taken(row: Row[*tuple[object, ...]], at: datetime) -> LeaseTaken:
    return LeaseTaken(row.owner, max(0.0, (at - row.taken_at).total_seconds()))


def _next_token(row: Row[*tuple[object, ...]] | None, owner: str) -> int:
    if row is None:
        return 1
    token = int(row.token)
    return token if row.owner == owner else token + 1
