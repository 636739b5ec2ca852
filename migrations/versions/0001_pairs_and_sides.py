"""The pairs, and what is remembered of their sides."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_pairs()
    _make_sides()


def downgrade() -> None:
    op.drop_table("sides")
    op.drop_table("pairs")


def _make_pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_contact_ended_at", sa.Text()),
        sa.Column("first_contact_how", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("tables", sa.Text()),
        sa.Column("settings", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("configuration", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("configuration_at", sa.Text()),
        sa.Column("paused", sa.Text()),
        sa.Column("created_at", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_pairs"),
    )


def _make_sides() -> None:
    op.create_table(
        "sides",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("cursor_at", sa.Text()),
        sa.Column("poll_offset", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("poll_newest_at", sa.Text()),
        sa.Column("deep_newest_at", sa.Text()),
        sa.Column("deep_at", sa.Text()),
        sa.Column("deep_found_new", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.Column("new_row_at", sa.Text()),
        sa.Column("is_sorted", sa.Boolean()),
        sa.Column("not_before", sa.Text()),
        sa.Column("not_before_reason", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("is_refused", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("polled_at", sa.Text()),
        sa.Column("failed_at", sa.Text()),
        sa.Column("fault", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("skew_seconds", sa.Float()),
        sa.Column("probe_form", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("probe_moves", sa.Boolean()),
        sa.Column("hidden", sa.Text()),
        sa.Column("further", sa.Text()),
        sa.PrimaryKeyConstraint("pair", "side", name="pk_sides"),
    )
