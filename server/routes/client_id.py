"""A fresh Yjs client id for a page whose copy of a lane had a change refused: it begins again under a new one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.actions.access import allow
from server.auth import client_ids
from server.routes.guard import checked_form, context_of, current_actor
from shared_doc.permissions import Act


async def fresh(request: Request) -> Response:
    """`{"client": n}`, which belongs to whoever asks; they have to be in the meeting."""
    actor = await current_actor(request)
    await checked_form(request, actor)
    ctx = context_of(request)
    await ctx.db.read(allow, actor, Act.READ)
    client = await client_ids.issue(ctx.db, actor.conference_id, actor.participant_id, ctx.now())
    return JSONResponse({"client": client})


routes = [Route("/conferences/{cid}/as/{pid}/client-id", fresh, methods=["POST"])]
