"""What every part of a unit stands on: one connection in its transaction, and the pair's name.

Ids in bulk travel as one parameter, a JSON array that SQLite unfolds, however many they are.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.sql import Select

from bridge.domain.side import Side
from bridge.store.columns import dump
from bridge.store.tables import links


class Scope:
    """One transaction of one pair."""

    def __init__(self, connection: Connection, pair: str) -> None:
        self._connection = connection
        self._pair = pair

    def _mine(self, table: Table) -> ColumnElement[bool]:
        """The table's rows of this pair."""
        return table.c.pair == self._pair


def unfolded(values: Iterable[str | int]) -> Select[tuple[str]]:
    """The values as a subquery for `in_`, by one parameter."""
    return select(func.json_each(dump([*values])).table_valued("value").c.value)


def among(column: ColumnElement[Any], values: Collection[str | int]) -> ColumnElement[bool]:
    """Whether the column holds one of the values."""
    return column.in_(unfolded(values))


def id_column(side: Side) -> ColumnElement[Any]:
    """The column of a link that holds the id of that side's task."""
    return links.c.kore_id if side is Side.KORE else links.c.v2_id
