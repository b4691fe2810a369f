"""The audit trail. What was written before it began is bound by each conference's first row."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel import Session

from server.db.audit_log import SERVER, Deed, Entry, append
from server.db.moment import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("conference_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("heads", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conference_id", "seq"),
    )
    op.create_table(
        "bound_head",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("conference_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lane"),
    )
    op.create_index("ix_bound_head_conference_id", "bound_head", ["conference_id"])
    # No mistake of ours changes what is written: only somebody who means to gets past this.
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_keeps_{verb.lower()} BEFORE {verb} ON audit_log"
            " BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END"
        )
    now = datetime.now(UTC)
    with Session(op.get_bind()) as session:
        for (conference_id,) in op.get_bind().exec_driver_sql("SELECT id FROM conference ORDER BY id").all():
            append(session, Entry(conference_id, SERVER, Deed.UPGRADED, now))
        session.flush()


def downgrade() -> None:
    op.drop_table("bound_head")
    op.drop_table("audit_log")
