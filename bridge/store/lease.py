"""The lease: the right to run cycles for the pair, held by one owner at a time.

An owner that takes the lease anew before another one did goes on under the same token. Who has to
wait for it leaves a wish, which the owner sees.
"""

from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.records import Lease
from bridge.errors import LeaseTaken
from bridge.store.scope import Scope, of_pair
from bridge.store.tables import leases

_LEASE = select(leases).where(of_pair(leases))
_FREE = (
    update(leases)
    .where(of_pair(leases), leases.c.owner == bindparam("of_owner"))
    .values(is_free=True)
)
_new = insert(leases)
_SAVE = _new.on_conflict_do_update(
    index_elements=["pair"],
    set_={
        name: _new.excluded[name]
        for name in ("owner", "token", "taken_at", "expires_at", "is_free", "wanted_at")
    },
)


class LeaseRow(Scope):
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
        self._store_lease(lease)
        return lease

    def want_lease(self, owner: str, at: datetime) -> None:
        wish = update(leases).where(self._mine(leases)).values(wanted_by=owner, wanted_at=at)
        self._connection.execute(wish)

    def release_lease(self, owner: str) -> None:
        self._run(_FREE, of_owner=owner)

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

    def _lease_row(self) -> Row[*tuple[object, ...]] | None:
        return self._run(_LEASE).one_or_none()

    def _store_lease(self, lease: Lease) -> None:
        columns = {
            "pair": self._pair,
            "owner": lease.owner,
            "token": lease.token,
            "taken_at": lease.taken_at,
            "expires_at": lease.expires_at,
            "is_free": False,
            "wanted_at": lease.wanted_at,
        }
        self._connection.execute(_SAVE, columns)


def _taken(row: Row[*tuple[object, ...]], at: datetime) -> LeaseTaken:
    return LeaseTaken(row.owner, max(0.0, (at - row.taken_at).total_seconds()))


def _next_token(row: Row[*tuple[object, ...]] | None, owner: str) -> int:
    if row is None:
        return 1
    token = int(row.token)
    return token if row.owner == owner else token + 1


def _wanted_by_others(row: Row[*tuple[object, ...]] | None, owner: str) -> datetime | None:
    """When another process last said that it waits for the lease."""
    return row.wanted_at if row and row.wanted_by != owner else None
