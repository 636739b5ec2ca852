"""What is remembered of the pair as a whole."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.records import PairState
from bridge.domain.side import Side
from bridge.domain.values import as_moment, as_text
from bridge.store.scope import Scope
from bridge.store.tables import pairs

_STATE = select(pairs).where(pairs.c.name == bindparam("this_pair"))


class PairRow(Scope):
    """The part of a unit that holds the pair's own state."""

    def pair_state(self) -> PairState:
        row = self._run(_STATE).one_or_none()
        if row is None:
            return PairState()
        return PairState(
            first_contact_ended_at=row.first_contact_ended_at,
            first_contact_how=row.first_contact_how,
            tables=row.tables or {},
            settings=row.settings,
            paused={Side(side): as_moment(at) for side, at in (row.paused or {}).items()},
            pruned_at=row.pruned_at,
            begun_at=row.created_at,
        )

    def save_pair_state(self, state: PairState) -> None:
        columns = {
            "first_contact_ended_at": state.first_contact_ended_at,
            "first_contact_how": state.first_contact_how,
            "tables": dict(state.tables),
            "settings": state.settings,
            "paused": {str(side): as_text(at) for side, at in state.paused.items()},
            "pruned_at": state.pruned_at,
        }
        stored = insert(pairs).values(name=self._pair, **columns)
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=["name"], set_=columns)
        )

    def note_pair(self, at: datetime) -> None:
        """Write the pair down the first time it is met."""
        stored = insert(pairs).values(name=self._pair, created_at=at)
        self._connection.execute(stored.on_conflict_do_nothing())
