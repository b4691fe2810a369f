"""Who is kept out of a part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.moment import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keptout",
        sa.Column("part_id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"]),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"]),
        sa.PrimaryKeyConstraint("part_id", "participant_id"),
    )


def downgrade() -> None:
    op.drop_table("keptout")
