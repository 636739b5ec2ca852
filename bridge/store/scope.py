"""What every part of a unit stands on: one connection in its transaction, and the pair's name.

Statements are built once, when their file is read, and what varies is bound when they run: to
build one costs several times what SQLite needs to answer it. Ids in bulk travel as one parameter,
a JSON array that SQLite unfolds, however many they are.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql import Select

from bridge.domain.link import LinkState
from bridge.domain.side import Side
from bridge.store.columns import JsonText
from bridge.store.tables import links

# Their names are no column's: an update would take them for values to store.
SIDE: BindParameter[str] = bindparam("this_side")
ID: BindParameter[Any] = bindparam("this_id")
AFTER: BindParameter[Any] = bindparam("after")
LIMIT: BindParameter[int] = bindparam("at_most")


class Scope:
    """One transaction of one pair."""

    def __init__(self, connection: Connection, pair: str) -> None:
        self._connection = connection
        self._pair = pair

    def _mine(self, table: Table) -> ColumnElement[bool]:
        """The table's rows of this pair."""
        return table.c.pair == self._pair

    def _run(self, statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement that stands ready, for this pair and with these values."""
        return self._connection.execute(statement, {"this_pair": self._pair, **values})


def of_pair(table: Table) -> ColumnElement[bool]:
    """The table's rows of the pair that the statement will run for."""
    return table.c.pair == bindparam("this_pair")


def these(name: str = "these") -> Select[tuple[str]]:
    """The values to be bound by that name, a list of texts or numbers, as a subquery for `in_`."""
    return _unfolded(bindparam(name, type_=JsonText()))


def among(column: ColumnElement[Any], values: Collection[str | int]) -> ColumnElement[bool]:
    """Whether the column holds one of the values."""
    return column.in_(_unfolded(bindparam(None, [*values], type_=JsonText())))


def _unfolded(values: BindParameter[Any]) -> Select[tuple[str]]:
    return select(func.json_each(values).table_valued("value").c.value)


def is_in_state(states: Collection[LinkState]) -> ColumnElement[bool]:
    """Whether a link is in one of the states; said in the text, for a bound list is unfolded anew
    whenever the statement runs.
    """
    return links.c.state.in_([literal_column(f"'{state}'") for state in states])


def id_column(side: Side) -> ColumnElement[Any]:
    """The column of a link that holds the id of that side's task."""
    return links.c.kore_id if side is Side.KORE else links.c.v2_id
