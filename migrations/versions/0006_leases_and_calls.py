"""What processes share: leases, heartbeats, the record of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_leases()
    _make_heartbeats()
    _make_calls()


def downgrade() -> None:
    op.drop_table("calls")
    op.drop_table("heartbeats")
    op.drop_table("leases")


def _make_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("token", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("taken_at", sa.Text()),
        sa.Column("expires_at", sa.Text()),
        sa.Column("is_free", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("pair", name="pk_leases"),
    )


def _make_heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("beat_at", sa.Text()),
        sa.Column("started_at", sa.Text()),
        sa.Column("interval_seconds", sa.Float()),
        sa.PrimaryKeyConstraint("pair", name="pk_heartbeats"),
    )


def _make_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("account", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("ends_at", sa.Text()),
        sa.Column("calls", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("is_poll", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_account", "calls", ["service", "account", "ends_at"])
