"""What a flagged point was besides its words, and the point in which something missing was added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("flag", sa.Column("before_hash", sa.String(), nullable=False, server_default=""))
    op.add_column("flag", sa.Column("added_id", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("flag", "added_id")
    op.drop_column("flag", "before_hash")
