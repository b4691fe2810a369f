"""Guessing is slowed down: per account, per link and, generously, per network address.

An attempt is counted *before* it is judged and given back when it was right, so that a hundred attempts
sent at once do not all slip through before the first is counted. What is counted is kept under a hash:
no address, no name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from server.auth.network import network_of
from server.db.ids import token_hash
from server.db.models import Throttle
from server.errors import Throttled
from server.settings import Settings

_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`key` says what is counted ("account:…"), `most` how many wrong attempts it may have in one window."""

    key: str
    most: int


class Blocked(Throttled):
    """`key` is the limit that is used up. It names a person, and is told to nobody."""

    def __init__(self, key: str, wait: int) -> None:
        super().__init__(wait)
        self.key = key


def for_account(settings: Settings, email: str) -> Limit:
    """Wrong passwords of one account."""
    return Limit(f"account:{email.casefold()}", settings.attempts_per_account)


def for_link(settings: Settings, join_hash: str) -> Limit:
    """Wrong codes at one link."""
    return Limit(f"link:{join_hash}", settings.attempts_per_link)


def for_address(settings: Settings, address: str) -> Limit:
    """Wrong attempts from one network address, or from one line's IPv6 addresses."""
    return Limit(f"address:{network_of(address)}", settings.attempts_per_address)


def attempt(session: Session, settings: Settings, limits: Sequence[Limit], now: datetime) -> None:
    """Count one attempt against every limit. Raises Blocked if any of them is used up (nothing is counted
    then).
    """
    session.exec(delete(Throttle).where(col(Throttle.since) < now - _FORGOTTEN))
    rows = [(limit, _row(session, settings, limit, now)) for limit in limits]
    for limit, row in rows:
        if row.blocked_until is not None:
            raise Blocked(limit.key, int((row.blocked_until - now).total_seconds()) + 1)
    for limit, row in rows:
        row.failures += 1
        if row.failures >= limit.most:
            row.blocked_until = now + timedelta(seconds=settings.attempt_wait)
        session.add(row)


def was_right(session: Session, limits: Sequence[Limit]) -> None:
    """The attempt just counted was right: the account and link start afresh, the address gets its attempt
    back.
    """
    for limit in limits:
        row = session.get(Throttle, token_hash(limit.key))
        if row is None:
            continue
        if limit.key.startswith("address:"):
            row.failures -= 1
            if row.failures < limit.most:
                row.blocked_until = None
            session.add(row)
        else:
            session.delete(row)


def _row(session: Session, settings: Settings, limit: Limit, now: datetime) -> Throttle:
    key = token_hash(limit.key)
    row = session.get(Throttle, key)
    if row is None:
        return Throttle(key=key, since=now)
    wait, window = timedelta(seconds=settings.attempt_wait), timedelta(seconds=settings.attempt_window)
    if row.blocked_until is None:
        over = not now - window <= row.since <= now
    else:
        over = not now < row.blocked_until <= now + wait
    # Over, or from a clock that was ahead when the server last ran: nobody waits until the world has caught up with it.
    if over:
        row.failures, row.since, row.blocked_until = 0, now, None
    return row
