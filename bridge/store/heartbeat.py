"""The daemon's sign of life."""

from dataclasses import asdict, fields

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.records import Heartbeat
from bridge.store.scope import Scope, of_pair
from bridge.store.tables import heartbeats

_LAST = select(heartbeats).where(of_pair(heartbeats))
_new = insert(heartbeats)
_BEAT = _new.on_conflict_do_update(
    index_elements=["pair"],
    set_={field.name: _new.excluded[field.name] for field in fields(Heartbeat)},
)


class HeartbeatRow(Scope):
    """The part of a unit that holds the heartbeat."""

    def beat(self, heartbeat: Heartbeat) -> None:
        self._connection.execute(_BEAT, {"pair": self._pair, **asdict(heartbeat)})

    def heartbeat(self) -> Heartbeat | None:
        row = self._run(_LAST).one_or_none()
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
