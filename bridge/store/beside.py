"""Who left a name in the database, of whatever pair, as tables of an older revision tell it too.

Leases and heartbeats are there since revision 0006, with the columns that are asked for here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, select

from bridge.domain.records import Heartbeat, Lease
from bridge.store.tables import heartbeats, leases

_BEATS = select(
    heartbeats.c.owner,
    heartbeats.c.beat_at,
    heartbeats.c.started_at,
    heartbeats.c.interval_seconds,
)
_HELD = select(leases.c.owner, leases.c.token, leases.c.taken_at, leases.c.expires_at).where(
    leases.c.is_free.is_(False)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The heartbeats of all daemons and the leases that are held, fresh or not."""

    heartbeats: Sequence[Heartbeat] = ()
    leases: Sequence[Lease] = ()


def beside(connection: Connection) -> Beside:
    """Those who use the database, or used it."""
    names = inspect(connection).get_table_names()
    if not {heartbeats.name, leases.name} <= {*names}:
        return Beside()
    return Beside(
        heartbeats=[Heartbeat(**row) for row in connection.execute(_BEATS).mappings()],
        leases=[Lease(**row) for row in connection.execute(_HELD).mappings()],
    )
