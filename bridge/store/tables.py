"""The tables, as the newest migration leaves them (a test holds the two equal).

Every table belongs to a pair, by name, but those of `account_tables.py`. The comments say what a
column's name cannot.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    literal_column,
    text,
)

from bridge.store import layout
from bridge.store.account_tables import calls, paces
from bridge.store.columns import JsonText, Moment
from bridge.store.layout import NUMBERED, count, flag, link, number, pair, wording

metadata = layout.metadata
OF_ACCOUNTS = (calls, paces)
IS_DUE: ColumnElement[bool] = literal_column("is_due = 1")
IS_APART: ColumnElement[bool] = literal_column("state <> 'linked'")
IS_GONE: ColumnElement[bool] = literal_column("gone_at IS NOT NULL")
# A tag among the facts begins like one that names a task of Kore.
IS_TAGGED: ColumnElement[bool] = literal_column("instr(facts, '\"kore:') > 0")
IS_OPEN: ColumnElement[bool] = literal_column("state <> 'settled'")
IS_UNREAD: ColumnElement[bool] = literal_column("operation = 'read'")
IS_TASK_ON_HOLD: ColumnElement[bool] = literal_column("kind = 'held' AND task_id IS NOT NULL")
# Creates and updates by when they were settled, or else what last became of them.
IS_WRITE: ColumnElement[bool] = literal_column("kind <> 'probe'")
LAST_MOVED: ColumnElement[str] = literal_column("coalesce(settled_at, sent_at, committed_at)")
IS_LOST: ColumnElement[bool] = literal_column(
    "kind = 'update' AND sent_at IS NOT NULL AND outcome IN ('uncertain', 'dropped')"
)

pairs = Table(
    "pairs",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("first_contact_ended_at", Moment),
    wording("first_contact_how"),
    Column("tables", JsonText),  # fingerprint of the mapping per field
    wording("settings"),  # fingerprint of the settings that decide
    wording("configuration"),  # fingerprint of the file, and when it was made
    Column("configuration_at", Moment),
    Column("paused", JsonText),  # the sides that people paused, each with the moment
    Column("created_at", Moment),
    Column("pruned_at", Moment),
)

sides = Table(
    "sides",
    metadata,
    pair(is_key=True),
    wording("side", is_key=True),
    wording("identity"),
    Column("cursor_at", Moment),
    Column("poll_offset", Integer, nullable=False, server_default=text("0")),
    Column("poll_newest_at", Moment),
    Column("deep_newest_at", Moment),
    Column("deep_at", Moment),
    flag("deep_found_new", "1"),
    count("deep_offset"),
    Column("deep_begun_at", Moment),
    Column("deep_top_at", Moment),
    flag("deep_has_new"),
    Column("new_row_at", Moment),
    Column("is_sorted", Boolean),
    Column("not_before", Moment),
    wording("not_before_reason"),
    flag("is_refused"),
    Column("polled_at", Moment),
    Column("failed_at", Moment),
    wording("fault"),
    Column("skew_seconds", Float),
    wording("probe_form"),
    Column("probe_moves", Boolean),
    Column("hidden", JsonText),
    Column("further", JsonText),  # what a later release remembers of a side
)

links = Table(
    "links",
    metadata,
    number(),
    pair(),
    Column("kore_id", Text),
    Column("v2_id", Text),
    wording("state"),
    Column("origin", Text),
    wording("marker"),
    wording("stand_in"),
    Column("bases", JsonText),
    flag("is_due"),
    Column("created_at", Moment),
    Column("changed_at", Moment),
    Column("gone_side", Text),  # the side whose task is gone, in state missing
    Column("gone_at", Moment),
    Index("uq_links_kore", "pair", "kore_id", unique=True),
    Index("uq_links_v2", "pair", "v2_id", unique=True),
    Index("ix_links_due", "pair", "state", "is_due", "id", sqlite_where=IS_DUE),
    Index("ix_links_apart", "pair", "state", "id", sqlite_where=IS_APART),
    **NUMBERED,
)

observations = Table(
    "observations",
    metadata,
    Column("n", Integer, primary_key=True),  # the task's bit in the marks of a sweep
    pair(),
    wording("side"),
    wording("id"),
    Column("ref", Text),
    Column("title_key", Text),
    Column("fields", JsonText),
    wording("digest"),
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
    wording("standing"),
    wording("why"),
    flag("is_due"),
    flag("is_forgotten"),
    Column("gone_at", Moment),  # when it was found to be gone; NULL as long as it is seen
    Index("uq_observations_task", "pair", "side", "id", unique=True),
    Index("ix_observations_ref", "pair", "ref"),
    Index("ix_observations_title", "pair", "side", "title_key"),
    Index("ix_observations_marker", "pair", "marker_side", "marker_id"),
    Index("ix_observations_standing", "pair", "side", "standing", "id"),
    # `is_due` stands in its index although the index holds nothing else: with one column more
    # that is given, SQLite never takes another index instead.
    Index("ix_observations_due", "pair", "side", "is_due", "id", sqlite_where=IS_DUE),
    Index("ix_observations_gone", "pair", "side", "gone_at", sqlite_where=IS_GONE),
    Index("ix_observations_tagged", "pair", "side", "gone_at", "id", sqlite_where=IS_TAGGED),
    **NUMBERED,
)

sweeps = Table(
    "sweeps",
    metadata,
    number(),
    pair(),
    wording("side"),
    Column("started_at", Moment),
    count("offset"),
    Column("last_id", Text),
    count("rows"),
    Column("total", Integer),
    flag("is_ordered", "1"),
    flag("had_fault"),
    Column("completed_at", Moment),
    Column("counts", JsonText),
    Index("ix_sweeps_side", "pair", "side", "id"),
    **NUMBERED,
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
    number(),
    pair(),
    link(),
    Column("task_side", Text),  # the side of the task itself; `side` is the one to be written
    Column("task_id", Text),
    wording("kind"),
    wording("reason"),
    wording("side"),
    Column("field", Text),
    wording("operation"),
    # A value as JSON text: NULL was not observed, `null` was observed as empty.
    Column("kore", Text),
    Column("v2", Text),
    Column("value", Text),
    wording("waits_for"),
    Column("candidates", JsonText),
    count("attempts", "1"),
    Column("since", Moment),
    Column("decided", Text),  # the side whose value a person chose
    Index("ix_waits_link", "link_id"),
    Index("ix_waits_task", "pair", "task_side", "task_id"),
    Index("ix_waits_word", "pair", "waits_for"),
    Index("ix_waits_kind", "pair", "kind", "since"),
    Index("ix_waits_unread", "pair", "since", sqlite_where=IS_UNREAD),
    Index("ix_waits_on_hold", "pair", "kind", "task_id", sqlite_where=IS_TASK_ON_HOLD),
    **NUMBERED,
)

conflicts = Table(
    "conflicts",
    metadata,
    number(),
    pair(),
    link(),
    wording("field"),
    Column("shown", JsonText),
    wording("rule"),
    Column("winner", Text),
    Column("since", Moment),
    Column("settled_at", Moment),
    Index("ix_conflicts_link", "link_id", "field"),
    Index("ix_conflicts_settled", "pair", "settled_at", "id"),
    **NUMBERED,
)

operations = Table(
    "operations",
    metadata,
    number(),
    pair(),
    Column("link_id", Integer),
    wording("side"),
    wording("kind"),
    wording("reason"),
    Column("kore_id", Text),
    Column("v2_id", Text),
    Column("fields", JsonText),
    Column("after_read", JsonText),
    Column("written", JsonText),  # the values to write
    Column("request", JsonText),
    wording("state"),
    Column("outcome", Text),
    wording("note"),
    count("run_id"),
    count("token"),
    Column("parent_id", Integer),
    Column("committed_at", Moment),
    Column("sent_at", Moment),
    Column("settled_at", Moment),
    Column("candidates", JsonText),  # what a search for an uncertain create found
    Column("search", JsonText),  # how far that search has come
    Column("origin", JsonText),  # what the other side showed for the values to write
    Index("ix_operations_open", "pair", "id", sqlite_where=IS_OPEN),
    Index("ix_operations_lost", "pair", "link_id", sqlite_where=IS_LOST),
    Index("ix_operations_run", "pair", "run_id", "id"),
    Index("ix_operations_link", "pair", "link_id", "side", "id"),
    Index("ix_operations_written", "pair", LAST_MOVED, "id", sqlite_where=IS_WRITE),
    **NUMBERED,
)

words = Table(
    "words",
    metadata,
    number(),
    pair(),
    wording("side"),
    wording("kind"),
    wording("key"),
    wording("label"),
    Column("details", JsonText),
    Column("learnt_at", Moment),
    Index("uq_words_key", "pair", "side", "kind", "key", unique=True),
    **NUMBERED,
)

runs = Table(
    "runs",
    metadata,
    number(),
    pair(),
    wording("kind"),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("summary", JsonText),
    Column("totals", JsonText),
    flag("is_idle"),
    count("times", "1"),  # how many idle runs in a row this one stands for
    Column("first_started_at", Moment),  # when the first of them began
    Index("ix_runs_kind", "pair", "kind", "id"),
    Index("ix_runs_pair", "pair", "id"),
    **NUMBERED,
)

history = Table(
    "history",
    metadata,
    number(),
    pair(),
    count("run_id"),
    Column("at", Moment),
    wording("what"),
    wording("why"),
    Column("link_id", Integer),
    Column("side", Text),
    Column("task_id", Text),
    Column("field", Text),
    Column("details", JsonText),
    Index("ix_history_link", "pair", "link_id", "id"),
    Index("ix_history_task", "pair", "side", "task_id", "id"),
    Index("ix_history_at", "pair", "at"),
    **NUMBERED,
)

heartbeats = Table(
    "heartbeats",
    metadata,
    pair(is_key=True),
    wording("owner"),
    Column("beat_at", Moment),
    Column("started_at", Moment),
    Column("interval_seconds", Float),
)

leases = Table(
    "leases",
    metadata,
    pair(is_key=True),
    wording("owner"),
    count("token"),
    Column("taken_at", Moment),
    Column("expires_at", Moment),
    flag("is_free"),  # offered; owner and token stay until another one takes it
    Column("wanted_by", Text),  # who waits for it, and when they last said so
    Column("wanted_at", Moment),
)

instructions = Table(
    "instructions",
    metadata,
    number(),
    pair(),
    wording("kind"),
    Column("details", JsonText),
    Column("given_at", Moment),
    wording("given_by"),
    Column("done_at", Moment),
    wording("outcome"),
    wording("note"),
    Index("ix_instructions_done", "pair", "done_at", "id"),
    **NUMBERED,
)

guards = Table(
    "guards",
    metadata,
    pair(is_key=True),
    wording("kind", is_key=True),
    wording("side", is_key=True),
    wording("reason"),
    Column("shown", JsonText),  # the cause, as a person is shown it
    Column("since", Moment),
    Column("confirmed", JsonText),  # the cause that a person confirmed
    Column("confirmed_at", Moment),
    flag("is_standing", "1"),
)

notices = Table(
    "notices",
    metadata,
    pair(is_key=True),
    wording("name", is_key=True),
    wording("text"),
    Column("since", Moment),
    Column("told_at", Moment),
)
