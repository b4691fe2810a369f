"""What the command line did to accounts while a server runs: another process, which can tell no page of it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from server.db.audit_log import COUNCIL, SERVER, Deed
from server.db.models import AuditRow

_ENDS = (Deed.ACCOUNT_CLOSED, Deed.PASSWORD_SET)


def end_of_trail(session: Session) -> int:
    """The number of the last row in the council's trail."""
    last = select(AuditRow.seq).where(AuditRow.conference_id == COUNCIL).order_by(col(AuditRow.seq).desc())
    return session.exec(last.limit(1)).first() or 0


def ended_since(session: Session, seq: int) -> tuple[int, bool]:
    """The last row by now, and whether one after row `seq` says that a command ended somebody's sessions."""
    rows = session.exec(
        select(AuditRow.seq, AuditRow.who, AuditRow.deed).where(
            AuditRow.conference_id == COUNCIL, col(AuditRow.seq) > seq
        )
    ).all()
    ended = any(who == SERVER and deed in _ENDS for _, who, deed in rows)
    return max((row[0] for row in rows), default=seq), ended
