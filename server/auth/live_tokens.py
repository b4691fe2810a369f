"""What a live connection shows to say who it is.

Two kinds. A *page's* token is signed, names its web session and dies with it; it is made anew for each page. A
*program's* token (`live_token`) is random, stored hashed, and counts as one participant until it is revoked, a new link
is made for them, or `AFTER_SIGNING` has gone by since the record was signed. `resolve` is the only way in; it looks the
session or participant up every time. `counting` asks the same of many at once, for those who are in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from server.db import conferences
from server.db.engine import Database
from server.db.ids import token_hash
from server.db.models import Participant, WebSession
from server.db.rights import SCREEN, load_rights
from shared_doc.permissions import Act, Role, Standing

_PREFIX = "page"
_LONGEST = 1024
_BEFORE = datetime.min.replace(tzinfo=UTC)
"""Nothing has expired yet."""

AFTER_SIGNING = timedelta(hours=14)
"""How long a program still counts after the signature, to fetch the record: as long as a page that was open then does,
unless `TRUERECORD_PARTICIPANT_SESSION` says otherwise. By then nothing can be written any more."""


@dataclass(frozen=True, slots=True)
class LiveIdentity:
    """Who a live connection is. `schema` is the page's version of the lanes' shape; a program has none.

    What the person may do is not here: rights are looked up when they are needed.
    """

    participant_id: str
    conference_id: str
    role: Role
    schema: int | None


def issue_page_token(
    secret: bytes,
    *,
    schema: int,
    conference_id: str,
    participant_id: str,
    session: str,
    until: datetime,
) -> str:
    """A token for one page. `session` is the hash of the web session it lives and dies with."""
    claims = {"c": conference_id, "p": participant_id, "s": session, "e": int(until.timestamp())}
    body = _encode(json.dumps(claims, separators=(",", ":")).encode())
    head = f"{_PREFIX}.{schema}.{body}"
    return f"{head}.{_encode(_sign(secret, head))}"


async def resolve(db: Database, secret: bytes, token: str, now: datetime) -> LiveIdentity | None:
    """Who holds this token now; None if it is not one of ours, has expired, was revoked or its session ended."""
    if len(token) > _LONGEST:
        return None
    if not token.startswith(f"{_PREFIX}."):
        return await db.read(_by_program, token_hash(token), now)
    claims = _checked(secret, token)
    if claims is None:
        return None
    return await db.read(_page, claims, now)


@dataclass(frozen=True, slots=True)
class Counted:
    """`alive` are tokens for which `resolve` finds somebody; `expired` those for which it would, but for the time."""

    alive: frozenset[str]
    expired: frozenset[str]


async def counting(db: Database, secret: bytes, tokens: Collection[str], now: datetime) -> Counted:
    """What has become of these tokens, in one read."""
    return await db.read(_counting, secret, tokens, now)


async def has_expired(db: Database, secret: bytes, token: str, now: datetime) -> bool:
    """Whether nothing but the time has ended this token. Made-up ones never reach the database."""
    if not token.startswith(f"{_PREFIX}.") or len(token) > _LONGEST or _checked(secret, token) is None:
        return False
    return token in (await counting(db, secret, (token,), now)).expired


def _counting(session: Session, secret: bytes, tokens: Collection[str], now: datetime) -> Counted:
    programs = {token_hash(token): token for token in tokens if not token.startswith(f"{_PREFIX}.")}
    read = ((token, _checked(secret, token)) for token in tokens if token.startswith(f"{_PREFIX}."))
    pages = {token: claims for token, claims in read if claims is not None}
    by_program = select(Participant).where(col(Participant.live_hash).in_(programs))
    theirs = [one for one in session.exec(by_program).all() if one.standing != Standing.REMOVED]
    over = {
        conference
        for conference in {one.conference_id for one in theirs}
        if _is_over(session, conference, now)
    }
    found = {programs[one.live_hash or ""] for one in theirs if one.conference_id not in over}
    # Read together; `_page` then finds each in the session's memory for as long as somebody holds them.
    ids = {claims.participant_id for claims in pages.values()}
    opened = {claims.session for claims in pages.values()}
    held: list[object] = [
        *session.exec(select(Participant).where(col(Participant.id).in_(ids))),
        *session.exec(select(WebSession).where(col(WebSession.token_hash).in_(opened))),
    ]
    found |= {token for token, claims in pages.items() if _page(session, claims, now)}
    others = pages.keys() - found
    expired = {token for token in others if _page(session, pages[token], _BEFORE)}
    del held
    return Counted(frozenset(found), frozenset(expired))


@dataclass(frozen=True, slots=True)
class _Claims:
    schema: int
    conference_id: str
    participant_id: str
    session: str
    expires: datetime


def _checked(secret: bytes, token: str) -> _Claims | None:
    head, _, signature = token.rpartition(".")
    try:
        # The signature is checked before anything inside is parsed.
        if not hmac.compare_digest(_sign(secret, head), _decode(signature)):
            return None
        _, schema, body = head.split(".")
        claims = json.loads(_decode(body))
        return _Claims(
            schema=int(schema),
            conference_id=claims["c"],
            participant_id=claims["p"],
            session=claims["s"],
            expires=datetime.fromtimestamp(claims["e"], UTC),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _page(session: Session, claims: _Claims, now: datetime) -> LiveIdentity | None:
    if claims.expires <= now:
        return None
    row = session.get(WebSession, claims.session)
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    if claims.participant_id == SCREEN:
        # It lives while whoever opened it may: somebody who has gone home does not read on by a screen left open.
        rights = load_rights(session, claims.conference_id)
        if rights is None or not rights.decide(row.participant_id or "", Act.OPEN_SCREEN):
            return None
        return LiveIdentity(SCREEN, claims.conference_id, Role.SCREEN, claims.schema)
    participant = session.get(Participant, claims.participant_id)
    if participant is None or participant.conference_id != claims.conference_id:
        return None
    if row.participant_id != participant.id or participant.standing == Standing.REMOVED:
        return None
    return LiveIdentity(participant.id, participant.conference_id, Role(participant.role), claims.schema)


def holder_of(session: Session, hashed: str, now: datetime) -> Participant | None:
    """The participant whose program's token has this hash, while it counts."""
    found = session.exec(select(Participant).where(Participant.live_hash == hashed)).one_or_none()
    if found is None or found.standing == Standing.REMOVED or _is_over(session, found.conference_id, now):
        return None
    return found


def _is_over(session: Session, conference_id: str, now: datetime) -> bool:
    signed = conferences.signing_of(session, conference_id)
    return signed is not None and now >= signed.at + AFTER_SIGNING


def _by_program(session: Session, hashed: str, now: datetime) -> LiveIdentity | None:
    participant = holder_of(session, hashed, now)
    if participant is None:
        return None
    return LiveIdentity(participant.id, participant.conference_id, Role(participant.role), None)


def _sign(secret: bytes, head: str) -> bytes:
    return hmac.digest(secret, b"live page token\0" + head.encode(), hashlib.sha256)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
