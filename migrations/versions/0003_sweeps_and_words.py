"""The sweeps with their marks, and the words learnt."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_sweeps()
    _make_sweep_marks()
    _make_words()


def downgrade() -> None:
    op.drop_table("words")
    op.drop_table("sweep_marks")
    op.drop_table("sweeps")


def _make_sweeps() -> None:
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("started_at", sa.Text()),
        sa.Column("offset", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("last_id", sa.Text()),
        sa.Column("rows", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("total", sa.Integer()),
        sa.Column("is_ordered", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.Column("had_fault", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("completed_at", sa.Text()),
        sa.Column("counts", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_sweeps"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sweeps_side", "sweeps", ["pair", "side", "id"])


def _make_sweep_marks() -> None:
    op.create_table(
        "sweep_marks",
        sa.Column(
            "sweep_id",
            sa.Integer(),
            sa.ForeignKey("sweeps.id", name="fk_sweep_marks_sweep_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sweep_id", "chunk", name="pk_sweep_marks"),
    )


def _make_words() -> None:
    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("key", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("label", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("details", sa.Text()),
        sa.Column("learnt_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_words_key", "words", ["pair", "side", "kind", "key"], unique=True)
