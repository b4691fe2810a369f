"""The pages of everyone who reads and does not run the meeting, and the fragments their scripts ask for.

Parents, children, supporters, solicitors, professionals, interpreters and observers. What they send is in
`reader_posts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions import after_meeting, viewing
from server.actions.names import first_name
from server.actions.views import AnswerView, ConferenceView, PartPoints, PartView
from server.auth.identity import Actor
from server.errors import NotFound
from server.routes import reader_pages as contexts
from server.routes import reader_view as build
from server.routes.guard import context_of
from server.routes.reader_place import Where, part_detail, place_of, unanswered, where
from server.routes.reader_visit import Visit, visit_of
from server.routes.reader_words import BY_KIND, CHOICES
from shared_doc.permissions import PROFESSIONALS, Phase, Role

KINDS = (
    ("point", "Just a point"),
    ("strength", "Working well"),
    ("worry", "Worry"),
    ("view", "View"),
    ("question", "Question"),
    ("answer", "Answer"),
    ("action", "To do"),
)
"""What a professional can call a point of their own."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed into a form that could not be taken, with the reason: nothing typed is lost."""

    text: str = ""
    kind: str = "point"
    error: str = ""


async def page(request: Request, actor: Actor, view: ConferenceView) -> Response:
    """The page of somebody who has been let in and does not run the meeting (the dispatcher calls this)."""
    visit = Visit(request, context_of(request), actor, view)
    asked = request.query_params
    if "more" in asked:
        return _more(visit)
    if "leaving" in asked:
        return _leaving(visit)
    if "after" in asked and view.phase in {Phase.CLOSED, Phase.SIGNED}:
        return await _end(visit)
    if asked.get("again"):
        return await _ask(visit, visit.asked_part("again"))
    if asked.get("part"):
        part = visit.asked_part()
        if "own" in asked:
            return own_page(visit, part)
        if "point" in asked or "kind" in asked:
            return await say_page(visit, part, asked.get("point", ""), asked.get("kind", ""), Draft())
        return await part_page(visit, part)
    return await _now(visit)


async def _now(visit: Visit) -> Response:
    """Where the meeting is, for this person."""
    at = where(visit.view)
    if at.kind == "end":
        return await _end(visit)
    if at.part is None:
        return await _notice(visit, at)
    if at.kind == "ask":
        return await _ask(visit, at.part)
    return await part_page(visit, at.part)


# One part


async def part_page(visit: Visit, part: PartView, draft: Draft | None = None, status: int = 200) -> Response:
    view = visit.view
    found = await visit.points(part)
    boot = await visit.boot(part)
    place = place_of(Where("points", part, part_detail(view, part)))
    frame = visit.frame(place, build.heading(view, part), build.under(view, part), boot)
    professional = view.me.role in PROFESSIONALS
    shown = build.shown(view, part, found.minutes, numbers=professional)
    said_of_part = build.saids(view, part.id, {}).get("", ())
    if professional:
        return visit.templates.page(
            "reader/professional.html",
            contexts.ProfessionalPage(
                frame=frame,
                part_id=part.id,
                parts=build.part_lines(view),
                about=build.about(view),
                summary=build.summary_texts(found),
                points=shown,
                damaged=found.damaged,
                said_of_part=said_of_part,
                can_flag=part.can.flag,
                can_add=part.can.add_point,
                can_edit=part.can.edit_own,
                pen=part.can.edit_any,
                kinds=KINDS,
                mine=tuple(
                    contexts.Mine(one.id, one.number, one.text)
                    for one in found.minutes
                    if one.mine and one.text and not one.struck
                ),
                draft=draft.text if draft else "",
                draft_kind=draft.kind if draft else "point",
                error=draft.error if draft else "",
                choices=CHOICES,
                blank=build.blank(view, numbers=True),
            ),
            status,
        )
    return visit.templates.page(
        "reader/points.html", _points_context(visit, part, frame, found, shown), status
    )


def _points_context(
    visit: Visit, part: PartView, frame: contexts.Frame, found: PartPoints, shown: tuple[contexts.Shown, ...]
) -> contexts.PointsPage:
    view = visit.view
    return contexts.PointsPage(
        frame=frame,
        part_id=part.id,
        parts=build.part_lines(view),
        hint=build.hint(view),
        about="" if frame.kid else build.about(view),
        summary=build.summary_texts(found),
        own=tuple(one for one in shown if one.own),
        points=tuple(one for one in shown if not one.own),
        damaged=found.damaged,
        said_of_part=build.saids(view, part.id, {}).get("", ()),
        can_flag=part.can.flag,
        can_say=part.can.add_statement,
        choices=CHOICES,
        blank=build.blank(view, numbers=False),
    )


async def say_page(
    visit: Visit, part: PartView, point_id: str, kind: str, draft: Draft, status: int = 200
) -> Response:
    """Without scripts: choose what to say of a point, then put it into words."""
    view = visit.view
    if not part.can.flag or (kind and kind not in BY_KIND):
        raise NotFound
    numbers = view.me.role in PROFESSIONALS
    quote_ = build.blank(view, numbers=numbers)
    if point_id:
        found = await visit.points(part)
        drawn = build.shown(view, part, found.minutes, numbers=numbers)
        chosen = next((one for one in drawn if one.id == point_id), None)
        if chosen is None:
            raise NotFound
        quote_ = chosen
    frame = visit.frame("say", build.heading(view, part), build.under(view, part))
    context = contexts.SayPage(
        frame, part.id, point_id, quote_, CHOICES, BY_KIND.get(kind), draft.text, draft.error
    )
    return visit.templates.page("reader/say.html", context, status)


def own_page(visit: Visit, part: PartView, draft: Draft | None = None, status: int = 200) -> Response:
    """Without scripts: say something of one's own."""
    if not part.can.add_statement:
        raise NotFound
    frame = visit.frame("own", build.heading(visit.view, part), build.under(visit.view, part))
    context = contexts.OwnPage(frame, part.id, draft.text if draft else "", draft.error if draft else "")
    return visit.templates.page("reader/own.html", context, status)


# The read-through


async def _ask(visit: Visit, part: PartView) -> Response:
    """Point by point: all of a part that is being read through; of any other, what was changed since they answered."""
    view = visit.view
    wanted = visit.request.query_params.get("question", "")
    running = view.read_through
    again = running is None or not running.running or running.part_id != part.id
    reading = await viewing.own_answers(visit.ctx, visit.actor, part.id) if again else running
    found = await visit.points(part)
    shown = {one.id: one for one in build.shown(view, part, found.minutes, numbers=False)}
    mine = {
        one.point_id: _own(one.answers, view.me.id)
        for one in (reading.points if reading else ())
        if one.point_id in shown
    }
    if again:
        mine = {id_: own for id_, own in mine.items() if id_ == wanted or (own is not None and own.stale)}
    order = list(mine)
    done = {point: bool(answer and answer.answer and not answer.stale) for point, answer in mine.items()}
    at = wanted if wanted in mine else next((point for point in order if not done[point]), "")
    place = order.index(at) if at else len(order)
    answer = mine.get(at)
    under = f"Point {place + 1} of {len(order)}." if at else f"{len(order)} of {len(order)} answered."
    boot = await visit.boot(part)
    here = Where("again", part, unanswered(reading, view.me.id) if reading else "") if again else where(view)
    context = contexts.AskPage(
        frame=visit.frame(place_of(here), "Is this right?", under if at or not again else part.title, boot),
        part_id=part.id,
        again=again,
        point=shown.get(at),
        step=place + 1,
        steps=len(order),
        answered=tuple(done.values()),
        answer=(answer.answer or "") if answer else "",
        answered_at=answer.at if answer else None,
        words=answer.words if answer else "",
        by_voice=answer.by_voice if answer else False,
        stale=answer.stale if answer else False,
        next_id=order[place + 1] if place + 1 < len(order) else "",
        before_id=order[place - 1] if place > 0 else "",
        listen=view.can.ask_for_help,
    )
    return visit.templates.page("reader/ask.html", context)


def _own(answers: tuple[AnswerView, ...], participant_id: str) -> AnswerView | None:
    return next((one for one in answers if one.person.id == participant_id), None)


# Pages that say one thing


async def _notice(visit: Visit, at: Where) -> Response:
    """Not begun, a closed part, between parts, or here for somebody who is away."""
    view, which = visit.view, at.kind
    chair = first_name(view.chair.name) if view.chair else "The chair"
    lines = () if which == "before" else tuple(line for line in build.part_lines(view) if line.opened)
    heading, under = "The meeting", ""
    tone, icon = "info", "clock"
    bullets: tuple[str, ...] = ()
    if which == "alone":
        name = build.person_name(view, view.me.supports) if view.me.supports else "the person you came with"
        title = "There is nothing to read here just now"
        text = f"You read what {name} reads, while {first_name(name)} is in the meeting. It comes by itself."
    elif which == "before":
        title = "The meeting has not started yet"
        text = f"{chair} knows that you are here. This page opens by itself when the meeting starts."
        bullets = (
            "The meeting cannot decide to take a child away from the family.",
            "You can ask for a break, or to have something read to you, at any time.",
        )
    elif which == "closed" and view.me.role is Role.CHILD:
        heading, icon = f"Hello {first_name(view.me.name)}", "lock"
        title = "The grown-ups are talking about something else"
        text = "This page opens again by itself when it is your turn. You have not done anything wrong."
    elif which == "closed" and view.kept_apart:
        heading, icon = "This part is closed to you", "lock"
        title = "You have not been cut off"
        text = "For a while the meeting goes on without you. You are still part of it."
        bullets = (
            f"{chair} can tell you why. You can ask.",
            "This page opens again by itself when the next part begins.",
        )
    elif which == "closed":
        heading, icon = "This part is closed", "lock"
        title = "You have not been cut off"
        text = (
            "For a short time the professionals talk without you. This can be when somebody has "
            "information that the law does not let them share with everyone."
        )
        bullets = (
            f"{chair} has to tell you why. You can ask.",
            "Nothing is decided in this part.",
            "This page opens again by itself when you are asked back in.",
            f"If it takes long, {chair} has to tell you why.",
        )
    else:
        title = "The next part has not begun"
        text = "This page goes on by itself."
    context = contexts.NoticePage(
        frame=visit.frame(place_of(at), heading, under, await visit.boot(None)),
        tone=tone,
        icon_name=icon,
        title=title,
        text=text,
        bullets=bullets,
        parts=lines,
    )
    return visit.templates.page("reader/notice.html", context)


async def _end(visit: Visit) -> Response:
    view = visit.view
    # Until it is signed the page waits for that; then nothing on it changes any more.
    boot = None if view.signed else await visit.boot(None)
    context = contexts.EndPage(
        frame=visit.frame(place_of(Where("end", detail=view.phase.value)), "After the meeting", "", boot),
        ended_at=view.closed_at,
        signed_at=view.signed.at if view.signed else None,
        signed_by=view.signed.by.name if view.signed else "",
        record=view.can.read_record,
        changed=build.changed_since(await after_meeting.changes(visit.ctx, visit.actor)),
        parts=tuple(line for line in build.part_lines(view) if line.opened),
        ask=build.who_to_ask(view),
        family=build.is_family(view),
    )
    return visit.templates.page("reader/end.html", context)


def _more(visit: Visit) -> Response:
    frame = visit.frame("more", "Ask for something", "")
    if not frame.more:
        raise NotFound
    return visit.templates.page("reader/more.html", contexts.AskingPage(frame))


def _leaving(visit: Visit) -> Response:
    return visit.templates.page(
        "reader/leaving.html", contexts.AskingPage(visit.frame("leaving", "Do you have to leave?", ""))
    )


# Fragments


async def points_fragment(request: Request) -> Response:
    """The points of a part, for a page whose live connection is blocked."""
    visit = await visit_of(request)
    part = visit.asked_part()
    found = await visit.points(part)
    shown = build.shown(visit.view, part, found.minutes, numbers=visit.view.me.role in PROFESSIONALS)
    frame = visit.frame("points", part.title, "")
    return visit.templates.page("reader/_points.html", _points_context(visit, part, frame, found, shown))


async def flags_fragment(request: Request) -> Response:
    """What became of what this person said, point by point."""
    visit = await visit_of(request)
    part = visit.asked_part()
    found = await visit.points(part)
    numbers = visit.view.me.role in PROFESSIONALS
    shown = build.shown(visit.view, part, found.minutes, numbers=numbers)
    of_part = build.saids(visit.view, part.id, {}).get("", ())
    groups = [
        contexts.SaidGroup(one.id, one.said, one.changes, one.text, one.act, one.open)
        for one in shown
        if one.said
    ]
    groups.append(contexts.SaidGroup("", of_part, (), "", "", False))
    frame = visit.frame("saids", part.title, "")
    return visit.templates.page("reader/_saids.html", contexts.Saids(frame, tuple(groups)))


async def requests_fragment(request: Request) -> Response:
    """What this person has asked the chair for."""
    visit = await visit_of(request)
    return visit.templates.page("reader/_asked.html", contexts.AskingPage(visit.frame("asked", "", "")))


async def summary_fragment(request: Request) -> Response:
    """The chair's summary of a part, for a page whose live connection is blocked."""
    visit = await visit_of(request)
    part = visit.asked_part()
    found = await visit.points(part)
    return visit.templates.page("reader/_summary.html", contexts.SummaryLines(build.summary_texts(found)))


AS = "/conferences/{cid}/as/{pid}"

routes = [
    Route(f"{AS}/fragments/points", points_fragment),
    Route(f"{AS}/fragments/flags", flags_fragment),
    Route(f"{AS}/fragments/requests", requests_fragment),
    Route(f"{AS}/fragments/summary", summary_fragment),
]
