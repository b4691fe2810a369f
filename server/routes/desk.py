"""The page of the chair and the minute-taker, its fragments, and the read-through at the desk.

What is sent from these pages is in `desk_posts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions import signing, viewing
from server.actions.context import Context
from server.actions.names import KIND_LABELS
from server.actions.views import ConferenceView, PartPoints, PartState, PartView
from server.auth.identity import Actor
from server.errors import ActionError, NotFound
from server.routes import desk_pages as contexts
from server.routes import desk_view as pages
from server.routes.desk_reading import read_through
from server.routes.guard import context_of, current_actor, form_token
from server.routes.live_boot import live_boot
from server.templating import Templates
from shared_doc.permissions import DESK

NO_POINTS = PartPoints((), ())


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody at the desk. `part` is the part looked at, `problem` what could not be done."""

    request: Request
    ctx: Context
    actor: Actor
    view: ConferenceView
    part: PartView | None
    problem: str = ""

    @property
    def base(self) -> str:
        return f"/conferences/{quote(self.actor.conference_id)}/as/{quote(self.actor.participant_id)}"

    @property
    def templates(self) -> Templates:
        templates: Templates = self.request.app.state.templates
        return templates

    @property
    def frame(self) -> contexts.Frame:
        return pages.frame(
            self.view,
            base=self.base,
            csrf=form_token(self.request, self.actor),
            part_id=self.part.id if self.part else "",
            problem=self.problem,
        )

    async def points(self) -> PartPoints:
        return await viewing.points(self.ctx, self.actor, self.part.id) if self.part else NO_POINTS

    async def boot(self) -> contexts.Boot:
        return await live_boot(
            self.ctx,
            self.actor,
            self.view,
            base=self.base,
            csrf=form_token(self.request, self.actor),
            part=self.part,
        )

    def queue(self, points: PartPoints, chosen: str = "") -> contexts.Queue:
        asked = chosen or self.request.query_params.get("flag", "")
        return pages.queue(self.view, self.frame, asked, pages.texts_of(points))

    def people(self) -> contexts.People:
        return pages.people(self.view, self.frame, self.ctx.now())

    def parts(self) -> contexts.Parts:
        return pages.parts(self.view, self.frame)


def visit(request: Request, actor: Actor, view: ConferenceView, part_id: str = "") -> Visit:
    """Somebody at the desk, looking at a part: the one asked for, else where the meeting is, else the first.

    Raises:
        NotFound: not somebody at the desk, or no such part.
    """
    if view.me.role not in DESK:
        raise NotFound
    wanted = part_id or request.query_params.get("part", "")
    part = view.part(wanted) if wanted else None
    if wanted and part is None:
        raise NotFound
    if part is None:
        part = view.part(view.current) if view.current else None
    if part is None and view.parts:
        part = view.parts[0]
    return Visit(request, context_of(request), actor, view, part)


async def page(request: Request, actor: Actor, view: ConferenceView) -> Response:
    """The page of somebody at the desk who has been let in (the dispatcher calls this)."""
    here = visit(request, actor, view)
    asked = request.query_params
    if "sign" in asked and view.can.sign:
        return await sign_page(here)
    if here.part is not None and _reads(here):
        return await read_page(here)
    return await desk_page(here)


def _reads(here: Visit) -> bool:
    """Show the read-through? If it was asked for, or if this chair leads one and asked for nothing else."""
    asked, running = here.request.query_params, here.view.read_through
    if running is None or here.part is None or running.part_id != here.part.id:
        return False
    if "read" in asked:
        return True
    leads = here.view.can.lead_read_through and running.running
    return leads and not asked.keys() & {"part", "flag", "edit"}


async def desk_page(here: Visit, status: int = 200, chosen: str = "") -> Response:
    """The three columns: parts, minutes and summary, what is to be settled and who is here."""
    view, part = here.view, here.part
    points = await here.points()
    context = contexts.DeskPage(
        frame=here.frame,
        boot=await here.boot(),
        part=pages.head(view, part) if part else None,
        minutes=points.minutes,
        summary=points.summary,
        damaged=points.damaged,
        parts=here.parts(),
        queue=here.queue(points, chosen),
        people=here.people(),
        menu=pages.menu(view, part),
        reading=part is not None and part.state is PartState.READING,
        edit_point=here.request.query_params.get("edit", ""),
        kinds=tuple(KIND_LABELS.items()),
        signed_at=view.signed.at if view.signed else None,
    )
    return here.templates.page("desk/desk.html", context, status)


async def read_page(here: Visit, status: int = 200) -> Response:
    """The read-through, point by point."""
    points = await here.points()
    context = contexts.ReadPage(
        frame=here.frame,
        boot=await here.boot(),
        read=read_through(here.view, here.frame, points, here.request.query_params.get("point", "")),
        parts=here.parts(),
        queue=here.queue(points),
        people=here.people(),
    )
    return here.templates.page("desk/read_through.html", context, status)


async def sign_page(here: Visit, status: int = 200) -> Response:
    """What is missing before the record can be signed; if nothing is, the last question."""
    reasons = await signing.readiness(here.ctx, here.actor)
    context = contexts.SignPage(
        frame=here.frame,
        reasons=tuple(reasons),
        looks=pages.looks(here.view),
    )
    return here.templates.page("desk/sign.html", context, status)


async def here_now(request: Request, part_id: str = "") -> Visit:
    """The visit of a fragment or a form, with what is so at this moment."""
    actor = await current_actor(request)
    return visit(request, actor, await viewing.see(context_of(request), actor), part_id)


def with_problem(here: Visit, error: ActionError) -> Visit:
    """The same visit with a sentence that says what could not be done."""
    return replace(here, problem=error.reason)


# Fragments: what a page fetches again when something has changed.


async def parts_fragment(request: Request) -> Response:
    """The list of parts."""
    here = await here_now(request)
    return here.templates.page("desk/_parts.html", here.parts())


async def queue_fragment(request: Request) -> Response:
    """What is to be settled. `flag` is the one that is open on the page: it stays open whatever else has come."""
    return await draw_queue(await here_now(request))


async def draw_queue(here: Visit, chosen: str = "", status: int = 200) -> Response:
    """The queue as a fragment."""
    return here.templates.page("desk/_queue.html", here.queue(await here.points(), chosen), status)


async def head_fragment(request: Request) -> Response:
    """What stands above the minutes of a part."""
    here = await here_now(request)
    if here.part is None:
        raise NotFound
    context = contexts.Head(
        frame=here.frame,
        part=pages.head(here.view, here.part),
        menu=pages.menu(here.view, here.part),
        reading=here.part.state is PartState.READING,
    )
    return here.templates.page("desk/_head.html", context)


async def people_fragment(request: Request) -> Response:
    """Who is here."""
    return draw_people(await here_now(request))


def draw_people(here: Visit, status: int = 200) -> Response:
    """The people as a fragment."""
    return here.templates.page("desk/_people.html", here.people(), status)


async def read_through_fragment(request: Request) -> Response:
    """The read-through of a part."""
    return await draw_read_through(await here_now(request))


async def draw_read_through(here: Visit, wanted: str = "", status: int = 200) -> Response:
    """The read-through as a fragment."""
    asked = wanted or here.request.query_params.get("point", "")
    context = read_through(here.view, here.frame, await here.points(), asked)
    return here.templates.page("desk/_read_through.html", context, status)


AS = "/conferences/{cid}/as/{pid}"

routes = [
    Route(f"{AS}/fragments/parts", parts_fragment),
    Route(f"{AS}/fragments/head", head_fragment),
    Route(f"{AS}/fragments/queue", queue_fragment),
    Route(f"{AS}/fragments/people", people_fragment),
    Route(f"{AS}/fragments/read-through", read_through_fragment),
]
