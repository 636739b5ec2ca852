"""What is remembered of a side between cycles: its cursor, its faults, what its lists proved."""

from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.reading import ProbeForm, SideState
from bridge.domain.side import Field, Side
from bridge.store.scope import Scope
from bridge.store.tables import sides

_NAMES = [field.name for field in fields(SideState)]


class SideRows(Scope):
    """The part of a unit that holds the state of the sides."""

    def side_state(self, side: Side) -> SideState:
        wanted = select(sides).where(self._mine(sides), sides.c.side == str(side))
        row = self._connection.execute(wanted).mappings().one_or_none()
        if row is None:
            return SideState(side=side)
        plain = {name: row[name] for name in _NAMES}
        plain["side"] = side
        plain["probe_form"] = ProbeForm(row["probe_form"])
        plain["hidden"] = tuple(Field(name) for name in row["hidden"] or ())
        return SideState(**plain)

    def save_side_state(self, state: SideState) -> None:
        columns = {name: getattr(state, name) for name in _NAMES}
        columns["side"] = str(state.side)
        columns["probe_form"] = str(state.probe_form)
        columns["hidden"] = [str(name) for name in state.hidden]
        stored = insert(sides).values(pair=self._pair, **columns)
        self._connection.execute(
            stored.on_conflict_do_update(index_elements=["pair", "side"], set_=columns)
        )
