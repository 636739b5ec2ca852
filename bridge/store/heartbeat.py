"""The daemon's sign of life."""

from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.records import Heartbeat
from bridge.store.scope import Scope
from bridge.store.tables import heartbeats


class HeartbeatRow(Scope):
    """The part of a unit that holds the heartbeat."""

    def beat(self, heartbeat: Heartbeat) -> None:
        columns = asdict(heartbeat)
        stored = insert(heartbeats).values(pair=self._pair, **columns)
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=["pair"], set_=columns)
        )

    def heartbeat(self) -> Heartbeat | None:
        wanted = select(heartbeats).where(self._mine(heartbeats))
        row = self._connection.execute(wanted).one_or_none()
        if row is None:
            return None
        return Heartbeat(
            owner=row.owner,
            beat_at=row.beat_at,
            started_at=row.started_at,
            interval_seconds=row.interval_seconds,
        )

    def end_heartbeat(self, owner: str) -> None:
        mine = (self._mine(heartbeats), heartbeats.c.owner == owner)
        self._connection.execute(delete(heartbeats).where(*mine))
