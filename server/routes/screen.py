"""The shared screen: what everyone in the room reads on the wall. It reads the parts that are for everyone.

It is opened by whoever is at the desk, and reads as nobody (`SCREEN`): not as the person who opened it, who may see far
more. Of a closed part nothing comes here, not even that words are being written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import joining, viewing
from server.actions.context import Context
from server.actions.views import ConferenceView, PartView, PointView
from server.auth import sessions
from server.auth.identity import SCREEN, Actor
from server.errors import NotFound, NotSignedIn
from server.routes.guard import (
    context_of,
    cookies_of_participants,
    current_staff,
    keep_participant,
    led_here_by_another_site,
    staff_cookie,
)
from server.routes.live_boot import live_boot
from server.routes.rate import bill_of
from server.templating import Templates
from shared_doc.permissions import Phase


@dataclass(frozen=True, slots=True)
class ScreenPoint:
    """One point on the screen."""

    id: str
    number: int
    by: str
    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ScreenPage:
    """The screen. Without `part_id` it says one thing: `title`, `text`, and `foot` below."""

    base: str
    now: str
    heading: str
    under: str
    time: datetime
    part_id: str
    points: tuple[ScreenPoint, ...]
    blank: ScreenPoint
    title: str
    text: str
    icon_name: str
    foot: str
    boot: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ScreenPoints:
    """The points alone, for a screen whose live connection is blocked."""

    now: str
    points: tuple[ScreenPoint, ...]


@dataclass(frozen=True, slots=True)
class _Resting:
    """What the screen says while it shows no points."""

    heading: str
    title: str
    text: str
    icon_name: str
    foot: str


_CLOSED = _Resting(
    "This part is closed",
    "The minutes of this part are not shown here.",
    "The chair says why, and it is written in the record. "
    "Everyone who left is asked back in before anything is decided.",
    "lock",
    "Nothing from this part is sent to this screen.",
)
_BEFORE = _Resting(
    "Welcome",
    "The meeting has not started yet.",
    "What is said is typed here, point by point, so that everyone can read it and say if it is not right.",
    "chat",
    "If something is not right, say so, or tap the point on your phone.",
)
_BETWEEN = _Resting(
    "The meeting",
    "The next part has not begun.",
    "The points of the next part come here.",
    "chat",
    "If something is not right, say so, or tap the point on your phone.",
)
_ADJOURNED = _Resting(
    "The meeting has stopped for now",
    "",
    "The chair says when it goes on. Nothing is written until then.",
    "clock",
    "What was written so far is kept.",
)
_AFTER = _Resting(
    "The meeting has ended",
    "Thank you.",
    "The chair reads everything once more and signs it. Everyone gets their copy on their own page.",
    "tick",
    "Nothing more is shown here.",
)


async def page(request: Request) -> Response:
    """The screen, for somebody at the desk."""
    ctx, cid = context_of(request), request.path_params["cid"]
    opener = await _opener(request, ctx, cid)
    if opener is None:
        # Signed in with a password and at the desk of this conference: come in as oneself first, then open the screen.
        staff = await current_staff(request)
        if led_here_by_another_site(request):
            return RedirectResponse("/", 303)
        made = await joining.enter_as_staff(ctx, staff, cid)
        response: Response = RedirectResponse(f"/conferences/{quote(cid)}/screen", 303)
        keep_participant(response, ctx.settings, made)
        return response
    actor = Actor(SCREEN, cid, opener.session)
    view = await viewing.see(ctx, actor)
    part = _part(view)
    points = await _points(ctx, actor, part)
    rest = _resting(view)
    base = f"/conferences/{quote(cid)}/screen"
    templates: Templates = request.app.state.templates
    return templates.page(
        "screen.html",
        ScreenPage(
            base=base,
            now=_now(view, part),
            heading=part.title if part else rest.heading,
            under=f"Part {part.number} of {view.parts_in_all}. Everyone in the meeting can read this part."
            if part
            else "",
            time=ctx.now(),
            part_id=part.id if part else "",
            points=points,
            blank=ScreenPoint("", 0, "", "", "", ""),
            title=rest.title,
            text=rest.text,
            icon_name=rest.icon_name,
            foot=rest.foot,
            boot=await live_boot(ctx, actor, view, base=base, csrf="", part=part),
        ),
    )


async def points_fragment(request: Request) -> Response:
    """The points alone. Somebody whose right to the desk has ended gets nothing."""
    ctx, cid = context_of(request), request.path_params["cid"]
    opener = await _opener(request, ctx, cid)
    if opener is None:
        bill_of(request.scope).is_nobodys()
        raise NotSignedIn
    actor = Actor(SCREEN, cid, opener.session)
    view = await viewing.see(ctx, actor)
    part = _part(view)
    templates: Templates = request.app.state.templates
    return templates.page(
        "_screen_points.html", ScreenPoints(_now(view, part), await _points(ctx, actor, part))
    )


async def _opener(request: Request, ctx: Context, conference_id: str) -> Actor | None:
    """Somebody at the desk of this conference whose cookie this browser holds.

    Raises NotFound for anybody else in it.
    """
    elsewhere = False
    for token in cookies_of_participants(request):
        actor = await ctx.db.read(sessions.participant_of, token, ctx.steady())
        if actor is None or actor.conference_id != conference_id:
            continue
        await bill_of(request.scope).is_of(f"screen:{actor.session}")
        if (await viewing.see(ctx, actor)).can.open_screen:
            return actor
        elsewhere = True
    if elsewhere and staff_cookie(ctx.settings) not in request.cookies:
        raise NotFound
    return None


def _part(view: ConferenceView) -> PartView | None:
    """The part on the screen: the current one, while the meeting goes on and it is for everyone."""
    if view.phase is not Phase.IN_SESSION or view.current is None:
        return None
    return view.part(view.current)


def _resting(view: ConferenceView) -> _Resting:
    if view.phase in {Phase.PREPARING, Phase.OPEN}:
        return _BEFORE
    if view.phase is Phase.ADJOURNED:
        return _ADJOURNED
    if view.phase in {Phase.CLOSED, Phase.SIGNED}:
        return _AFTER
    return _CLOSED if view.without_you else _BETWEEN


def _now(view: ConferenceView, part: PartView | None) -> str:
    closed = "closed" if view.without_you else "open"
    return f"points:{part.id}" if part else f"{view.phase.value}:{closed}"


async def _points(ctx: Context, actor: Actor, part: PartView | None) -> tuple[ScreenPoint, ...]:
    if part is None:
        return ()
    found = await viewing.points(ctx, actor, part.id)
    return tuple(_shown(point) for point in found.minutes if point.text and not point.struck)


def _shown(point: PointView) -> ScreenPoint:
    said_by = point.said_by
    return ScreenPoint(
        id=point.id,
        number=point.number,
        by=said_by.id if said_by else "",
        name=said_by.name if said_by else f"Point {point.number}",
        label=said_by.label if said_by else "",
        text=point.text,
    )


routes = [
    Route("/conferences/{cid}/screen", page),
    Route("/conferences/{cid}/screen/points", points_fragment),
]
