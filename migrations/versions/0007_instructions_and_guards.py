"""Instructions of people, guards, notices; and what recovery goes by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COLUMNS = {
    "waits": ("decided",),
    "operations": ("origin",),
    "leases": ("wanted_by", "wanted_at"),
    "links": ("gone_side", "gone_at"),
    "observations": ("gone_at",),
    "pairs": ("pruned_at",),
}


def upgrade() -> None:
    for table, names in _COLUMNS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text()))
    _make_index_of_lost()
    _make_index_of_gone()
    _make_instructions()
    _make_guards()
    _make_notices()


def downgrade() -> None:
    op.drop_index("ix_operations_lost", "operations")
    op.drop_index("ix_observations_gone", "observations")
    for table in ("notices", "guards", "instructions"):
        op.drop_table(table)
    for table, names in _COLUMNS.items():
        for name in names:
            op.drop_column(table, name)


def _make_index_of_lost() -> None:
    lost = "kind = 'update' AND sent_at IS NOT NULL AND outcome IN ('uncertain', 'dropped')"
    op.create_index(
        "ix_operations_lost", "operations", ["pair", "link_id"], sqlite_where=sa.text(lost)
    )


def _make_index_of_gone() -> None:
    op.create_index(
        "ix_observations_gone",
        "observations",
        ["pair", "side", "gone_at"],
        sqlite_where=sa.text("gone_at IS NOT NULL"),
    )


def _make_instructions() -> None:
    op.create_table(
        "instructions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("details", sa.Text()),
        sa.Column("given_at", sa.Text()),
        sa.Column("given_by", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("done_at", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("note", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("id", name="pk_instructions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_instructions_done", "instructions", ["pair", "done_at", "id"])


def _make_guards() -> None:
    op.create_table(
        "guards",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("shown", sa.Text()),
        sa.Column("since", sa.Text()),
        sa.Column("confirmed", sa.Text()),
        sa.Column("confirmed_at", sa.Text()),
        sa.Column("is_standing", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("pair", "kind", "side", name="pk_guards"),
    )


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("since", sa.Text()),
        sa.Column("told_at", sa.Text()),
        sa.PrimaryKeyConstraint("pair", "name", name="pk_notices"),
    )
