"""The links, and the tasks as they were observed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_links()
    _make_observations()


def downgrade() -> None:
    op.drop_table("observations")
    op.drop_table("links")


def _make_links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("kore_id", sa.Text()),
        sa.Column("v2_id", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("origin", sa.Text()),
        sa.Column("marker", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("stand_in", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("bases", sa.Text()),
        sa.Column("is_due", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.Text()),
        sa.Column("changed_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_links_apart",
        "links",
        ["pair", "state", "id"],
        sqlite_where=sa.text("state <> 'linked'"),
    )
    op.create_index(
        "ix_links_due",
        "links",
        ["pair", "state", "is_due", "id"],
        sqlite_where=sa.text("is_due = 1"),
    )
    op.create_index("uq_links_kore", "links", ["pair", "kore_id"], unique=True)
    op.create_index("uq_links_v2", "links", ["pair", "v2_id"], unique=True)


def _make_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("id", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("ref", sa.Text()),
        sa.Column("title_key", sa.Text()),
        sa.Column("fields", sa.Text()),
        sa.Column("digest", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("changed_at", sa.Text()),
        sa.Column("created_at", sa.Text()),
        sa.Column("first_author", sa.Text()),
        sa.Column("last_author", sa.Text()),
        sa.Column("container", sa.Text()),
        sa.Column("marker_side", sa.Text()),
        sa.Column("marker_id", sa.Text()),
        sa.Column("marker_reference", sa.Text()),
        sa.Column("marker_note", sa.Text()),
        sa.Column("facts", sa.Text()),
        sa.Column("own_changed_at", sa.Text()),
        sa.Column("person_changed_at", sa.Text()),
        sa.Column("written_at", sa.Text()),
        sa.Column("aside", sa.Text()),
        sa.Column("aside_at", sa.Text()),
        sa.Column("standing", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("why", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("is_due", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("is_forgotten", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("n", name="pk_observations"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_observations_due",
        "observations",
        ["pair", "side", "is_due", "id"],
        sqlite_where=sa.text("is_due = 1"),
    )
    op.create_index("ix_observations_marker", "observations", ["pair", "marker_side", "marker_id"])
    op.create_index("ix_observations_ref", "observations", ["pair", "ref"])
    op.create_index("ix_observations_standing", "observations", ["pair", "side", "standing", "id"])
    op.create_index("ix_observations_title", "observations", ["pair", "side", "title_key"])
    op.create_index("uq_observations_task", "observations", ["pair", "side", "id"], unique=True)
