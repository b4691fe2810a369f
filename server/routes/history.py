"""A lane at any moment, for the chair and the minute-taker: one page, drawn on the server, with links from moment to
moment."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions import history
from server.actions.history import HistoryView, Moment, Origin, PointThen
from server.errors import NotFound
from server.routes.error_pages import templates_of
from server.routes.guard import context_of, current_actor
from server.templating import clock, short_day
from shared_doc.schema import LaneKind

LANES = {LaneKind.MINUTES: "Minutes", LaneKind.SUMMARY: "Summary"}


@dataclass(frozen=True, slots=True)
class LaneLink:
    """The other lane of the part, or this one."""

    words: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class MomentLink:
    """One moment, as a link. `here` is the one on the page."""

    moment: Moment
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """The moments that began in one hour; `here` if the one on the page is among them."""

    words: str
    moments: tuple[MomentLink, ...]
    here: bool


@dataclass(frozen=True, slots=True)
class Then:
    """A point as it stood, and the link to (or back from) where its letters come from."""

    point: PointThen
    origin: Origin | None
    href: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One lane at one moment. `earlier` and `later` are empty at the ends."""

    back: str
    part_number: int
    part_title: str
    lanes: tuple[LaneLink, ...]
    now: Moment | None
    earlier: str
    later: str
    position: int
    count: int
    points: tuple[Then, ...]
    hours: tuple[Hour, ...]
    broken_at: int | None


async def page(request: Request) -> Response:
    """The lane of the address, after the row of the log that `at` names (the last without it)."""
    actor = await current_actor(request)
    asked = request.query_params
    try:
        lane = LaneKind(asked.get("lane", LaneKind.MINUTES))
        at = int(asked["at"]) if asked.get("at") else None
    except ValueError as error:
        raise NotFound from error
    view = await history.read(
        context_of(request), actor, asked.get("part", ""), lane, at, asked.get("point", "")
    )
    base = f"/conferences/{quote(actor.conference_id)}/as/{quote(actor.participant_id)}"
    return templates_of(request).page("desk/history.html", _page(view, base))


def _page(view: HistoryView, base: str) -> HistoryPage:
    def href(at: int | None = None, lane: LaneKind = view.lane, point: str = "") -> str:
        asked = {"part": view.part_id, "lane": str(lane), "at": str(at or ""), "point": point}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{base}/history?{query}" + (f"#point-{point}" if point else "")

    moments = view.moments
    position = moments.index(view.now) if view.now else 0
    links = [MomentLink(moment, href(moment.row), moment == view.now) for moment in moments]
    hours = [(words, tuple(group)) for words, group in groupby(links, key=_hour)]
    shown = view.origin.point_id if view.origin else ""
    return HistoryPage(
        back=f"{base}/?part={quote(view.part_id)}",
        part_number=view.part_number,
        part_title=view.part_title,
        lanes=tuple(LaneLink(words, href(lane=lane), lane is view.lane) for lane, words in LANES.items()),
        now=view.now,
        earlier=links[position - 1].href if position else "",
        later=links[position + 1].href if position + 1 < len(links) else "",
        position=position + 1,
        count=len(links),
        points=tuple(
            Then(
                point,
                view.origin if point.id == shown else None,
                href(view.at) if point.id == shown else href(view.at, point=point.id),
            )
            for point in view.points
        ),
        hours=tuple(Hour(words, group, any(one.here for one in group)) for words, group in hours),
        broken_at=view.broken_at,
    )


def _hour(link: MomentLink) -> str:
    at = link.moment.at
    return f"{short_day(at)}, from {clock(at).partition(':')[0]}:00"


routes = [Route("/conferences/{cid}/as/{pid}/history", page, name="history")]
