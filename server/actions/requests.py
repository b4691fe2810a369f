"""What somebody asks of the chair: to speak, a break, to have it read, to be asked, or that it is not safe.

Requests are seen by those at the desk and by whoever asked. They are never part of the record.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.words import one_of, retry_key
from server.auth.identity import Actor
from server.db import flags
from server.db.ids import new_id
from server.db.models import Request
from server.errors import Conflict, NotFound
from server.events import REQUESTS, Changed
from shared_doc.permissions import Act

KINDS = ("speak", "break", "read_to_me", "say_it", "not_safe")


@dataclass(frozen=True, slots=True)
class Made:
    """A request, as told to whoever made it."""

    id: str
    kind: str


async def make(ctx: Context, actor: Actor, kind: str, key: str | None = None) -> Made:
    """Ask the chair for something. Asking again while the same waits is the same request.

    Raises:
        NotAllowed: a supporter asks to speak (R-52), or somebody who is asked nothing at all.
        Conflict: more wait than one person can need.
    """
    one_of("kind", kind, KINDS)
    made = await ctx.db.write(_make, ctx, actor, kind, retry_key(key))
    _tell(ctx, actor.conference_id, actor.participant_id)
    return made


def _make(session: Session, ctx: Context, actor: Actor, kind: str, key: str | None) -> Made:
    allow(session, actor, Act.ASK_TO_SPEAK if kind == "speak" else Act.ASK_FOR_HELP)
    if key is not None and (sent := flags.request_by_key(session, actor.participant_id, key)):
        return Made(sent.id, sent.kind)
    made, is_new = ask(session, ctx, actor, kind, key)
    if is_new:
        audit.did(session, ctx, actor, Deed.REQUEST_MADE, request=made.id, code=kind)
    return made


def ask(session: Session, ctx: Context, actor: Actor, kind: str, key: str | None = None) -> tuple[Made, bool]:
    """The request of this kind that waits, and whether it is new. For whoever has decided that it may be made.

    Raises:
        Conflict: more wait than one person can need.
    """
    waiting = [
        request
        for request in flags.requests_of(session, actor.conference_id, actor.participant_id)
        if request.settled_at is None
    ]
    for request in waiting:
        if request.kind == kind:
            return Made(request.id, kind), False
    if len(waiting) >= ctx.settings.requests_waiting:
        raise Conflict("too_many_requests", "The chair has what you asked for. Please wait a little.")
    request = Request(
        id=new_id("q"),
        conference_id=actor.conference_id,
        participant_id=actor.participant_id,
        kind=kind,
        at=ctx.now(),
        key=key,
    )
    session.add(request)
    return Made(request.id, kind), True


async def settle(ctx: Context, actor: Actor, request_id: str) -> None:
    """Somebody at the desk has seen to it. Settling twice changes nothing."""
    _tell(ctx, actor.conference_id, await ctx.db.write(_settle, ctx, actor, request_id))


def _settle(session: Session, ctx: Context, actor: Actor, request_id: str) -> str:
    allow(session, actor, Act.SETTLE_REQUEST)
    return _end(session, ctx, actor, _request(session, actor, request_id), Deed.REQUEST_SETTLED)


async def withdraw(ctx: Context, actor: Actor, request_id: str) -> None:
    """Whoever asked no longer needs it. Somebody else's request is as if it were not there."""
    _tell(ctx, actor.conference_id, await ctx.db.write(_withdraw, ctx, actor, request_id))


def _withdraw(session: Session, ctx: Context, actor: Actor, request_id: str) -> str:
    allow(session, actor, Act.ASK_FOR_HELP)
    request = _request(session, actor, request_id)
    if request.participant_id != actor.participant_id:
        raise NotFound
    return _end(session, ctx, actor, request, Deed.REQUEST_WITHDRAWN)


def _request(session: Session, actor: Actor, request_id: str) -> Request:
    request = flags.request_in(session, actor.conference_id, request_id)
    if request is None:
        raise NotFound
    return request


def _end(session: Session, ctx: Context, actor: Actor, request: Request, deed: Deed) -> str:
    if request.settled_at is None:
        request.settled_at = ctx.now()
        request.settled_by = actor.participant_id
        session.add(request)
        audit.did(session, ctx, actor, deed, request=request.id, code=request.kind)
    return request.participant_id


def _tell(ctx: Context, conference_id: str, participant_id: str) -> None:
    ctx.events.publish(Changed(conference_id, frozenset({REQUESTS}), only=frozenset({participant_id})))
