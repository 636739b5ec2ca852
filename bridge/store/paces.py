"""The paces that were learnt from refusals, one for each account of a service."""

from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from bridge.domain.pace import Pace
from bridge.store.account_tables import paces

_NAMES = ("calls", "lowered_at", "quiet_from")
_new = insert(paces)
_SAVE = _new.on_conflict_do_update(
    index_elements=["service", "account"], set_={name: _new.excluded[name] for name in _NAMES}
)


def load_pace(connection: Connection, account: Mapping[str, str]) -> Pace | None:
    """The pace of an account (`service` and `account`), None if none was ever learnt."""
    mine = (paces.c[name] == value for name, value in account.items())
    found = connection.execute(select(*(paces.c[name] for name in _NAMES)).where(*mine))
    row = found.mappings().one_or_none()
    return Pace(**row) if row else None


def save_pace(connection: Connection, account: Mapping[str, str], pace: Pace) -> None:
    """Keep it."""
    values = {name: getattr(pace, name) for name in _NAMES}
    connection.execute(_SAVE, {**account, **values})
