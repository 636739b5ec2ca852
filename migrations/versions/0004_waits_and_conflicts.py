"""What waits, and the conflicts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_waits()
    _make_conflicts()


def downgrade() -> None:
    op.drop_table("conflicts")
    op.drop_table("waits")


def _make_waits() -> None:
    op.create_table(
        "waits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column(
            "link_id",
            sa.Integer(),
            sa.ForeignKey("links.id", name="fk_waits_link_id", ondelete="CASCADE"),
        ),
        sa.Column("task_side", sa.Text()),
        sa.Column("task_id", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("side", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("field", sa.Text()),
        sa.Column("operation", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("kore", sa.Text()),
        sa.Column("v2", sa.Text()),
        sa.Column("value", sa.Text()),
        sa.Column("waits_for", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("candidates", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("since", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_waits"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_waits_kind", "waits", ["pair", "kind", "since"])
    op.create_index("ix_waits_link", "waits", ["link_id"])
    op.create_index("ix_waits_task", "waits", ["pair", "task_side", "task_id"])
    op.create_index("ix_waits_word", "waits", ["pair", "waits_for"])


def _make_conflicts() -> None:
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column(
            "link_id",
            sa.Integer(),
            sa.ForeignKey("links.id", name="fk_conflicts_link_id", ondelete="CASCADE"),
        ),
        sa.Column("field", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("shown", sa.Text()),
        sa.Column("rule", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("winner", sa.Text()),
        sa.Column("since", sa.Text()),
        sa.Column("settled_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_conflicts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conflicts_link", "conflicts", ["link_id", "field"])
    op.create_index("ix_conflicts_settled", "conflicts", ["pair", "settled_at", "id"])
