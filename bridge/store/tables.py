"""The tables, as the newest migration leaves them (a test holds the two equal).

Every table but `calls` belongs to a pair, by name. `calls` belongs to an account of a service,
because all pairs of an account share its limits. The comments say what a column's name cannot.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
    text,
)

from bridge.store.columns import JsonText, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _number() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _pair(*, is_key: bool = False) -> Column[str]:
    return Column("pair", Text, primary_key=is_key, nullable=False)


def _text(name: str, *, is_key: bool = False) -> Column[str]:
    default = None if is_key else text("''")
    return Column(name, Text, primary_key=is_key, nullable=False, server_default=default)


def _flag(name: str, default: str = "0") -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text(default))


def _count(name: str, default: str = "0") -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(default))


def _link(name: str = "link_id") -> Column[int]:
    # What waits on a link ends with it; the journal and the history outlive it.
    return Column(name, Integer, ForeignKey("links.id", ondelete="CASCADE"))


# Ids of these tables are never given twice, not even after a row is gone.
_NUMBERED: dict[str, Any] = {"sqlite_autoincrement": True}
IS_DUE: ColumnElement[bool] = literal_column("is_due = 1")
IS_APART: ColumnElement[bool] = literal_column("state <> 'linked'")
IS_OPEN: ColumnElement[bool] = literal_column("state <> 'settled'")

pairs = Table(
    "pairs",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("first_contact_ended_at", Moment),
    _text("first_contact_how"),
    Column("tables", JsonText),  # fingerprint of the mapping per field
    _text("settings"),  # fingerprint of the settings that decide
    _text("configuration"),  # fingerprint of the file, and when it was made
    Column("configuration_at", Moment),
    Column("paused", JsonText),  # the sides that people paused
    Column("created_at", Moment),
)

sides = Table(
    "sides",
    metadata,
    _pair(is_key=True),
    _text("side", is_key=True),
    _text("identity"),
    Column("cursor_at", Moment),
    Column("poll_offset", Integer, nullable=False, server_default=text("0")),
    Column("poll_newest_at", Moment),
    Column("deep_newest_at", Moment),
    Column("deep_at", Moment),
    _flag("deep_found_new", "1"),
    Column("new_row_at", Moment),
    Column("is_sorted", Boolean),
    Column("not_before", Moment),
    _text("not_before_reason"),
    _flag("is_refused"),
    Column("polled_at", Moment),
    Column("failed_at", Moment),
    _text("fault"),
    Column("skew_seconds", Float),
    _text("probe_form"),
    Column("probe_moves", Boolean),
    Column("hidden", JsonText),
    Column("further", JsonText),  # what a later release remembers of a side
)

links = Table(
    "links",
    metadata,
    _number(),
    _pair(),
    Column("kore_id", Text),
    Column("v2_id", Text),
    _text("state"),
    Column("origin", Text),
    _text("marker"),
    _text("stand_in"),
    Column("bases", JsonText),
    _flag("is_due"),
    Column("created_at", Moment),
    Column("changed_at", Moment),
    Index("uq_links_kore", "pair", "kore_id", unique=True),
    Index("uq_links_v2", "pair", "v2_id", unique=True),
    Index("ix_links_due", "pair", "state", "is_due", "id", sqlite_where=IS_DUE),
    Index("ix_links_apart", "pair", "state", "id", sqlite_where=IS_APART),
    **_NUMBERED,
)

observations = Table(
    "observations",
    metadata,
    Column("n", Integer, primary_key=True),  # the task's bit in the marks of a sweep
    _pair(),
    _text("side"),
    _text("id"),
    Column("ref", Text),
    Column("title_key", Text),
    Column("fields", JsonText),
    _text("digest"),
    Column("changed_at", Moment),
    Column("created_at", Moment),
    Column("first_author", Text),
    Column("last_author", Text),
    Column("container", JsonText),
    Column("marker_side", Text),
    Column("marker_id", Text),
    Column("marker_reference", Text),
    Column("marker_note", Text),
    Column("facts", JsonText),  # only until the task has a counterpart
    Column("own_changed_at", Moment),
    Column("person_changed_at", Moment),
    Column("written_at", Moment),
    Column("aside", Text),
    Column("aside_at", Moment),
    _text("standing"),
    _text("why"),
    _flag("is_due"),
    _flag("is_forgotten"),
    Index("uq_observations_task", "pair", "side", "id", unique=True),
    Index("ix_observations_ref", "pair", "ref"),
    Index("ix_observations_title", "pair", "side", "title_key"),
    Index("ix_observations_marker", "pair", "marker_side", "marker_id"),
    Index("ix_observations_standing", "pair", "side", "standing", "id"),
    # `is_due` stands in its index although the index holds nothing else: with one column more
    # that is given, SQLite never takes another index instead.
    Index("ix_observations_due", "pair", "side", "is_due", "id", sqlite_where=IS_DUE),
    **_NUMBERED,
)

sweeps = Table(
    "sweeps",
    metadata,
    _number(),
    _pair(),
    _text("side"),
    Column("started_at", Moment),
    _count("offset"),
    Column("last_id", Text),
    _count("rows"),
    Column("total", Integer),
    _flag("is_ordered", "1"),
    _flag("had_fault"),
    Column("completed_at", Moment),
    Column("counts", JsonText),
    Index("ix_sweeps_side", "pair", "side", "id"),
    **_NUMBERED,
)

sweep_marks = Table(
    "sweep_marks",
    metadata,
    Column(
        "sweep_id",
        Integer,
        ForeignKey("sweeps.id", ondelete="CASCADE"),
        primary_key=True,
        nullable=False,
    ),
    Column("chunk", Integer, primary_key=True, nullable=False),
    Column("bits", LargeBinary, nullable=False),  # one bit a task, 8,192 tasks a chunk
)

waits = Table(
    "waits",
    metadata,
    _number(),
    _pair(),
    _link(),
    Column("task_side", Text),  # the side of the task itself; `side` is the one to be written
    Column("task_id", Text),
    _text("kind"),
    _text("reason"),
    _text("side"),
    Column("field", Text),
    _text("operation"),
    # A value as JSON text: NULL was not observed, `null` was observed as empty.
    Column("kore", Text),
    Column("v2", Text),
    Column("value", Text),
    _text("waits_for"),
    Column("candidates", JsonText),
    _count("attempts", "1"),
    Column("since", Moment),
    Index("ix_waits_link", "link_id"),
    Index("ix_waits_task", "pair", "task_side", "task_id"),
    Index("ix_waits_word", "pair", "waits_for"),
    Index("ix_waits_kind", "pair", "kind", "since"),
    **_NUMBERED,
)

conflicts = Table(
    "conflicts",
    metadata,
    _number(),
    _pair(),
    _link(),
    _text("field"),
    Column("shown", JsonText),
    _text("rule"),
    Column("winner", Text),
    Column("since", Moment),
    Column("settled_at", Moment),
    Index("ix_conflicts_link", "link_id", "field"),
    Index("ix_conflicts_settled", "pair", "settled_at", "id"),
    **_NUMBERED,
)

operations = Table(
    "operations",
    metadata,
    _number(),
    _pair(),
    Column("link_id", Integer),
    _text("side"),
    _text("kind"),
    _text("reason"),
    Column("kore_id", Text),
    Column("v2_id", Text),
    Column("fields", JsonText),
    Column("after_read", JsonText),
    Column("written", JsonText),  # the values to write
    Column("request", JsonText),
    _text("state"),
    Column("outcome", Text),
    _text("note"),
    _count("run_id"),
    _count("token"),
    Column("parent_id", Integer),
    Column("committed_at", Moment),
    Column("sent_at", Moment),
    Column("settled_at", Moment),
    Column("candidates", JsonText),  # what a search for an uncertain create found
    Column("search", JsonText),  # how far that search has come
    Index("ix_operations_open", "pair", "id", sqlite_where=IS_OPEN),
    Index("ix_operations_run", "pair", "run_id", "id"),
    Index("ix_operations_link", "pair", "link_id", "side", "id"),
    **_NUMBERED,
)

words = Table(
    "words",
    metadata,
    _number(),
    _pair(),
    _text("side"),
    _text("kind"),
    _text("key"),
    _text("label"),
    Column("details", JsonText),
    Column("learnt_at", Moment),
    Index("uq_words_key", "pair", "side", "kind", "key", unique=True),
    **_NUMBERED,
)

runs = Table(
    "runs",
    metadata,
    _number(),
    _pair(),
    _text("kind"),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("summary", JsonText),
    Column("totals", JsonText),
    _flag("is_idle"),
    _count("times", "1"),  # how many idle runs in a row this one stands for
    Column("first_started_at", Moment),  # when the first of them began
    Index("ix_runs_kind", "pair", "kind", "id"),
    Index("ix_runs_pair", "pair", "id"),
    **_NUMBERED,
)

history = Table(
    "history",
    metadata,
    _number(),
    _pair(),
    _count("run_id"),
    Column("at", Moment),
    _text("what"),
    _text("why"),
    Column("link_id", Integer),
    Column("side", Text),
    Column("task_id", Text),
    Column("field", Text),
    Column("details", JsonText),
    Index("ix_history_link", "pair", "link_id", "id"),
    Index("ix_history_task", "pair", "side", "task_id", "id"),
    Index("ix_history_at", "pair", "at"),
    **_NUMBERED,
)

heartbeats = Table(
    "heartbeats",
    metadata,
    _pair(is_key=True),
    _text("owner"),
    Column("beat_at", Moment),
    Column("started_at", Moment),
    Column("interval_seconds", Float),
)

leases = Table(
    "leases",
    metadata,
    _pair(is_key=True),
    _text("owner"),
    _count("token"),
    Column("taken_at", Moment),
    Column("expires_at", Moment),
    _flag("is_free"),  # offered; owner and token stay until another one takes it
)

calls = Table(
    "calls",
    metadata,
    _number(),
    _text("service"),
    _text("account"),
    Column("ends_at", Moment),  # when the block ends, and so the moment at which it counts
    _count("calls", "1"),
    _flag("is_poll"),
    Index("ix_calls_account", "service", "account", "ends_at"),
)
