"""The two stores that fulfil the port, and what tests look at below it."""

from sqlalchemy import select

from bridge.store.sql_store import SqlStore
from bridge.store.tables import metadata
from tests.plain.store import PlainStore

AnyStore = SqlStore | PlainStore


def rows(store: AnyStore) -> str:
    """Every row of every table, as text."""
    if isinstance(store, PlainStore):
        return repr(store.dump())
    with store.transaction() as connection:
        found = [
            [*map(dict, connection.execute(table.select()).mappings())]
            for table in metadata.tables.values()
        ]
    return repr(found)


def ids_in(store: AnyStore, name: str) -> set[int]:
    """The ids of all rows of a table, whatever pair they are of."""
    if isinstance(store, PlainStore):
        return store.keys(name)
    with store.transaction() as connection:
        return set(connection.execute(select(metadata.tables[name].c.id)).scalars())
