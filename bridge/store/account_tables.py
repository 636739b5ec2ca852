"""The tables that belong to an account of a service: all pairs of an account share its limits."""

from sqlalchemy import Column, Float, Index, Table

from bridge.store.columns import Moment
from bridge.store.layout import count, flag, metadata, number, wording

calls = Table(
    "calls",
    metadata,
    number(),
    wording("service"),
    wording("account"),
    Column("ends_at", Moment),  # when the block ends, and so the moment at which it counts
    count("calls", "1"),
    flag("is_poll"),
    Index("ix_calls_account", "service", "account", "ends_at"),
)

paces = Table(
    "paces",
    metadata,
    wording("service", is_key=True),
    wording("account", is_key=True),
    Column("calls", Float),  # a minute, when it was lowered last
    Column("lowered_at", Moment),
    Column("quiet_from", Moment),  # until when the service asked to be left alone
)
