"""Who is here without a page: who noted it, and to whom the promise to keep it private was given aloud."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participant", sa.Column("promise_heard_by", sa.String(), nullable=True))
    op.add_column("presence", sa.Column("noted_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("presence", "noted_by")
    op.drop_column("participant", "promise_heard_by")
