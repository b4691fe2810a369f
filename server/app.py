"""Joins the parts: settings, database, live connections, routes. The one place that knows them all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from server import authority
from server.actions.context import Clock, Context, utc_now
from server.actions.readiness import Readiness
from server.auth.steady import Steady
from server.db.data_lock import DataLock
from server.db.engine import Database
from server.db.migrate import migrate
from server.errors import ActionError, NotFound, NotSignedIn, Throttled, problem
from server.events import Events
from server.realtime import endpoint, http_endpoint
from server.realtime.exposition import Exposition
from server.realtime.http_line import HttpLines
from server.realtime.hub import Hub
from server.realtime.later_changes import LaterChanges
from server.realtime.limits import LiveLimits
from server.refusals import Refusals
from server.routes import (
    api,
    client_id,
    desk,
    desk_posts,
    error_pages,
    health,
    history,
    join,
    public,
    reader,
    reader_posts,
    record,
    screen,
    staff,
)
from server.routes.api_table import PREFIX, PROBLEM
from server.routes.headers import BodyLimit, SameOrigin, SecurityHeaders
from server.routes.in_turn import Door
from server.routes.packed_pages import PackedPages
from server.routes.rate import Shares
from server.routes.static_files import PackedFiles
from server.settings import Settings
from server.templating import WEB, Templates

_MODULES = (
    *(api, health, public, staff, join, client_id),
    *(desk, desk_posts, history),
    *(reader, reader_posts, screen),
    *(record, endpoint, http_endpoint),
)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    limits: LiveLimits | None = None,
    clock: Clock = utc_now,
    steady: Clock | None = None,
) -> AsyncIterator[tuple[Hub, Context]]:
    """Everything behind the pages, from start to stop: the folder's lock, the database, the live connections. `steady`
    is the clock of sessions; without one it is `clock` as it is now, carried on.

    Raises:
        DataInUse: another server uses the data folder.
    """
    lock = DataLock(settings.data)
    lock.take()
    try:
        # Beside the loop, which Alembic would hold up.
        await asyncio.to_thread(migrate, settings.database)
        db = Database.open(settings.database)
        events = Events()
        secret = settings.signing_secret()
        steady = steady or Steady(clock)
        hub = Hub(db, events, secret, limits=limits, clock=clock, steady=steady)
        await hub.start()
        context = Context(db, hub, events, settings, secret, clock, steady)
        later = LaterChanges(context)
        try:
            await later.start()
            hub.rooms.stored = later.stored
            yield hub, context
        finally:
            later.stop()
            # Sockets first: what they sent before is stored before the database closes.
            await hub.stop()
            db.close()
    finally:
        lock.let_go()


def create_app(
    settings: Settings,
    *,
    limits: LiveLimits | None = None,
    clock: Clock = utc_now,
    steady: Clock | None = None,
) -> Starlette:
    """The app. Opening the database and the live connections happens when it starts, closing them when it
    stops.
    """

    refusals = Refusals()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(settings, limits=limits, clock=clock, steady=steady) as (hub, context):
            app.state.hub = hub
            app.state.http_lines = HttpLines(hub)
            app.state.exposition = Exposition(hub, refusals.by_status)
            app.state.context = context
            app.state.readiness = Readiness(context)
            try:
                yield
            finally:
                app.state.http_lines.stop()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders, settings=settings, refusals=refusals),
            Middleware(Door, shares=Shares(settings)),
            Middleware(PackedPages),
            Middleware(SameOrigin, settings=settings),
            Middleware(BodyLimit, settings=settings, larger=http_endpoint.BODY_BYTES),
        ],
        exception_handlers={ActionError: _action_error, HTTPException: _http_error, Exception: _mistake},
    )
    app.state.settings = settings
    app.state.templates = Templates(authority.load(settings.data))
    return app


def _routes() -> list[BaseRoute]:
    routes: list[BaseRoute] = []
    for module in _MODULES:
        routes.extend(module.routes)
    routes.append(Mount("/static", PackedFiles(WEB / "static"), name="static"))
    return routes


def _for_programs(request: Request) -> bool:
    """Whether the answer is read by a program: the API, or a page's own script that asks for JSON."""
    return request.url.path.startswith(PREFIX) or "json" in request.headers.get("accept", "")


def _action_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ActionError):
        raise TypeError("only for errors of actions")
    if not _for_programs(request):
        return error_pages.action_error(request, error)
    headers: dict[str, str] = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Throttled):
        headers["Retry-After"] = str(error.wait)
    return JSONResponse(problem(error), int(error.status), headers, media_type=PROBLEM)


def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError("only for refusals of the router")
    if not _for_programs(request):
        return error_pages.http_error(request, error)
    told: dict[str, object] = problem(NotFound())
    if error.status_code != 404:
        told |= {
            "status": error.status_code,
            "title": error.detail,
            "detail": error.detail,
            "code": "refused",
        }
    return JSONResponse(told, error.status_code, error.headers, media_type=PROBLEM)


def _mistake(request: Request, error: Exception) -> Response:
    page = error_pages.server_error(request, error)
    if not _for_programs(request):
        return page
    told = {
        "type": "about:blank",
        "title": "Something went wrong on our side",
        "status": 500,
        "detail": "It is not your fault. What was stored before is safe.",
        "code": "our_mistake",
    }
    return JSONResponse(told, 500, media_type=PROBLEM)
