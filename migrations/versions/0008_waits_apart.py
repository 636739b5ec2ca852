"""What waits since it cannot be read, and what is on hold, found without a look at the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_index("ix_waits_unread", ["pair", "since"], "operation = 'read'")
    _make_index(
        "ix_waits_on_hold", ["pair", "kind", "task_id"], "kind = 'held' AND task_id IS NOT NULL"
    )


def downgrade() -> None:
    for name in ("ix_waits_on_hold", "ix_waits_unread"):
        op.drop_index(name, "waits")


def _make_index(name: str, columns: list[str], which: str) -> None:
    op.create_index(name, "waits", columns, sqlite_where=sa.text(which))
