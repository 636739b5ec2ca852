"""What every table is made of: the names of keys, and the columns that recur."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def number() -> Column[int]:
    """The key of a table whose rows are numbered."""
    return Column("id", Integer, primary_key=True)


def pair(*, is_key: bool = False) -> Column[str]:
    """The pair that a row belongs to."""
    return Column("pair", Text, primary_key=is_key, nullable=False)


def wording(name: str, *, is_key: bool = False) -> Column[str]:
    """A text; empty unless said otherwise."""
    default = None if is_key else text("''")
    return Column(name, Text, primary_key=is_key, nullable=False, server_default=default)


def flag(name: str, default: str = "0") -> Column[bool]:
    """A yes or no."""
    return Column(name, Boolean, nullable=False, server_default=text(default))


def count(name: str, default: str = "0") -> Column[int]:
    """A whole number."""
    return Column(name, Integer, nullable=False, server_default=text(default))


def link(name: str = "link_id") -> Column[int]:
    """The link that a row belongs to."""
    # What waits on a link ends with it; the journal and the history outlive it.
    return Column(name, Integer, ForeignKey("links.id", ondelete="CASCADE"))


# Ids of these tables are never given twice, not even after a row is gone.
NUMBERED: dict[str, Any] = {"sqlite_autoincrement": True}
