"""The notices that were told and are not over yet, and what waits longest for each reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.notice import Notice
from bridge.domain.operation import WaitKind
from bridge.store.scope import Scope
from bridge.store.tables import notices, waits


class NoticeRows(Scope):
    """The part of a unit that holds notices."""

    def notices(self) -> Sequence[Notice]:
        wanted = select(notices).where(self._mine(notices)).order_by(notices.c.name)
        return [
            Notice(name=row.name, text=row.text, since=row.since)
            for row in self._connection.execute(wanted)
        ]

    def save_notice(self, notice: Notice, at: datetime) -> None:
        columns = {"text": notice.text, "since": notice.since, "told_at": at}
        stored = insert(notices).values(pair=self._pair, name=notice.name, **columns)
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=["pair", "name"], set_=columns)
        )

    def drop_notice(self, name: str) -> None:
        named = (self._mine(notices), notices.c.name == name)
        self._connection.execute(delete(notices).where(*named))

    def oldest_waits(self) -> Sequence[tuple[WaitKind, int, datetime]]:
        wanted = (
            select(waits.c.kind, func.count(), func.min(waits.c.since, type_=waits.c.since.type))
            .where(self._mine(waits))
            .group_by(waits.c.kind)
        )
        return [(WaitKind(kind), n, since) for kind, n, since in self._connection.execute(wanted)]
