"""With which staff session a participant's was begun: when that one ends, so does this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("websession", sa.Column("begun_with", sa.String(), nullable=True))
    op.create_index("ix_websession_begun_with", "websession", ["begun_with"])


def downgrade() -> None:
    op.drop_index("ix_websession_begun_with", "websession")
    op.drop_column("websession", "begun_with")
