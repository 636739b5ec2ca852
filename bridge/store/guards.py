"""The guards: each kind once a side, with the cause that stands and the one that was confirmed."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.side import Side
from bridge.store.codec import side_of
from bridge.store.scope import Scope, of_pair
from bridge.store.tables import guards

_ALL = select(guards).where(of_pair(guards)).order_by(guards.c.kind, guards.c.side)


class GuardRows(Scope):
    """The part of a unit that holds guards."""

    def guards(self) -> Sequence[Guard]:
        return [_guard_of(row) for row in self._run(_ALL).mappings()]

    def save_guard(self, guard: Guard) -> None:
        key = {"pair": self._pair, "kind": str(guard.kind), "side": str(guard.side or "")}
        columns = {
            name: value for name, value in asdict(guard).items() if name not in ("kind", "side")
        }
        stored = insert(guards).values({**key, **columns})
        self._connection.execute(stored.on_conflict_do_update(index_elements=[*key], set_=columns))

    def drop_guard(self, kind: GuardKind, side: Side | None) -> None:
        named = (guards.c.kind == str(kind), guards.c.side == str(side or ""))
        self._connection.execute(delete(guards).where(self._mine(guards), *named))


def _guard_of(row: RowMapping) -> Guard:
    return Guard(
        kind=GuardKind(row["kind"]),
        side=side_of(row["side"]),
        reason=row["reason"],
        shown=row["shown"] or {},
        since=row["since"],
        confirmed=row["confirmed"],
        confirmed_at=row["confirmed_at"],
        is_standing=row["is_standing"],
    )
