"""Where a deep poll goes on, learnt paces, who bears a tag, and what was written last."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NO = sa.text("0")
_OF_A_DEEP_POLL = ("deep_offset", "deep_begun_at", "deep_top_at", "deep_has_new")


def upgrade() -> None:
    _note_deep_polls()
    _make_paces()
    tagged = sa.text("instr(facts, '\"kore:') > 0")
    columns = ["pair", "side", "gone_at", "id"]
    op.create_index("ix_observations_tagged", "observations", columns, sqlite_where=tagged)
    last = sa.text("coalesce(settled_at, sent_at, committed_at)")
    written = sa.text("kind <> 'probe'")
    op.create_index(
        "ix_operations_written", "operations", ["pair", last, "id"], sqlite_where=written
    )


def downgrade() -> None:
    op.drop_index("ix_operations_written", "operations")
    op.drop_index("ix_observations_tagged", "observations")
    op.drop_table("paces")
    for name in _OF_A_DEEP_POLL:
        op.drop_column("sides", name)


def _note_deep_polls() -> None:
    numbered = sa.Column("deep_offset", sa.Integer(), nullable=False, server_default=_NO)
    op.add_column("sides", numbered)
    op.add_column("sides", sa.Column("deep_begun_at", sa.Text()))
    op.add_column("sides", sa.Column("deep_top_at", sa.Text()))
    has_new = sa.Column("deep_has_new", sa.Boolean(), nullable=False, server_default=_NO)
    op.add_column("sides", has_new)


def _make_paces() -> None:
    op.create_table(
        "paces",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("calls", sa.Float()),
        sa.Column("lowered_at", sa.Text()),
        sa.Column("quiet_from", sa.Text()),
        sa.PrimaryKeyConstraint("service", "account", name="pk_paces"),
    )
