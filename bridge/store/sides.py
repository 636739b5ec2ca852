"""What is remembered of a side between cycles: its cursor, its faults, what its lists proved."""

from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.reading import ProbeForm, SideState
from bridge.domain.side import Field, Side
from bridge.store.scope import SIDE, Scope, of_pair
from bridge.store.tables import sides

_NAMES = [field.name for field in fields(SideState)]
_STATE = select(sides).where(of_pair(sides), sides.c.side == SIDE)
_new = insert(sides)
_SAVE = _new.on_conflict_do_update(
    index_elements=["pair", "side"],
    set_={name: _new.excluded[name] for name in _NAMES if name != "side"},
)


class SideRows(Scope):
    """The part of a unit that holds the state of the sides."""

    def side_state(self, side: Side) -> SideState:
        row = self._run(_STATE, this_side=str(side)).mappings().one_or_none()
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
        self._connection.execute(_SAVE, {"pair": self._pair, **columns})
