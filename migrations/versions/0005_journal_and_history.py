"""The journal, the runs and the history."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_operations()
    _make_runs()
    _make_history()


def downgrade() -> None:
    op.drop_table("history")
    op.drop_table("runs")
    op.drop_table("operations")


def _make_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Integer()),
        sa.Column("side", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("kore_id", sa.Text()),
        sa.Column("v2_id", sa.Text()),
        sa.Column("fields", sa.Text()),
        sa.Column("after_read", sa.Text()),
        sa.Column("written", sa.Text()),
        sa.Column("request", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("outcome", sa.Text()),
        sa.Column("note", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("run_id", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("token", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("committed_at", sa.Text()),
        sa.Column("sent_at", sa.Text()),
        sa.Column("settled_at", sa.Text()),
        sa.Column("candidates", sa.Text()),
        sa.Column("search", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_operations_link", "operations", ["pair", "link_id", "side", "id"])
    op.create_index(
        "ix_operations_open",
        "operations",
        ["pair", "id"],
        sqlite_where=sa.text("state <> 'settled'"),
    )
    op.create_index("ix_operations_run", "operations", ["pair", "run_id", "id"])


def _make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("started_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sa.Column("summary", sa.Text()),
        sa.Column("totals", sa.Text()),
        sa.Column("is_idle", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("times", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("first_started_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_kind", "runs", ["pair", "kind", "id"])
    op.create_index("ix_runs_pair", "runs", ["pair", "id"])


def _make_history() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("at", sa.Text()),
        sa.Column("what", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("why", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("link_id", sa.Integer()),
        sa.Column("side", sa.Text()),
        sa.Column("task_id", sa.Text()),
        sa.Column("field", sa.Text()),
        sa.Column("details", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_history_at", "history", ["pair", "at"])
    op.create_index("ix_history_link", "history", ["pair", "link_id", "id"])
    op.create_index("ix_history_task", "history", ["pair", "side", "task_id", "id"])
