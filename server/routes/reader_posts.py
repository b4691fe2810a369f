"""What people send from the readers' pages.

Every form works as a plain post that comes back to the page (303); a script that asks for JSON gets JSON for the same
request. Nothing that was typed is lost: a form that could not be taken comes back with its words and the reason.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from server.actions import flags, participants, points, read_through, requests
from server.errors import BadInput
from server.routes.guard import checked_form, text_of
from server.routes.reader import AS, Draft, own_page, part_page, say_page
from server.routes.reader_visit import Visit, visit_of
from server.routes.reader_words import BY_KIND


def _done(visit: Visit, where: str = "", **told: str) -> Response:
    """Back to the page; a script that asked for JSON is told that it is done."""
    if _from_script(visit.request):
        return JSONResponse({"done": True} | told)
    return RedirectResponse(f"{visit.base}/{where}", 303)


def _from_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


async def add_point(request: Request) -> Response:
    """A professional's own point, or what a parent or child says of their own: in the minutes at once."""
    visit = await visit_of(request)
    form = await checked_form(request, visit.actor)
    part_id, text, kind = text_of(form, "part"), text_of(form, "text"), text_of(form, "kind") or None
    try:
        point_id = await points.add(
            visit.ctx, visit.actor, part_id, text, kind, key=text_of(form, "key") or None
        )
    except BadInput as error:
        part = visit.view.part(part_id)
        if _from_script(request) or part is None:
            raise
        if part.can.add_statement:
            return own_page(visit, part, Draft(text, error=error.reason), int(error.status))
        return await part_page(visit, part, Draft(text, kind or "point", error.reason), int(error.status))
    return _done(visit, f"?part={quote(part_id)}#pt-{quote(point_id)}", point=point_id)


async def raise_flag(request: Request) -> Response:
    """Something said of a point, with or without words."""
    visit = await visit_of(request)
    form = await checked_form(request, visit.actor)
    part_id, point_id = text_of(form, "part"), text_of(form, "point")
    kind, words = text_of(form, "kind"), text_of(form, "words")
    try:
        await flags.raise_flag(
            visit.ctx, visit.actor, part_id, point_id or None, kind, words, key=text_of(form, "key") or None
        )
    except BadInput as error:
        part = visit.view.part(part_id)
        if _from_script(request) or part is None or kind not in BY_KIND:
            raise
        return await say_page(
            visit, part, point_id, kind, Draft(words, kind, error.reason), int(error.status)
        )
    return _done(visit, f"?part={quote(part_id)}" + (f"#pt-{quote(point_id)}" if point_id else ""))


async def withdraw_flag(request: Request) -> Response:
    """Take back what one said of a point."""
    visit = await visit_of(request)
    await checked_form(request, visit.actor)
    flag_id = request.path_params["flag"]
    flag = next((one for one in visit.view.flags if one.id == flag_id), None)
    await flags.withdraw(visit.ctx, visit.actor, flag_id)
    if flag is None:
        return _done(visit)
    return _done(
        visit,
        f"?part={quote(flag.part_id)}" + (f"#pt-{quote(flag.point_id)}" if flag.point_id else ""),
    )


async def make_request(request: Request) -> Response:
    """Ask the chair for something. After "it is not safe" the page goes blank, without scripts too."""
    visit = await visit_of(request)
    form = await checked_form(request, visit.actor)
    kind = text_of(form, "kind")
    await requests.make(visit.ctx, visit.actor, kind, key=text_of(form, "key") or None)
    if kind == "not_safe" and not _from_script(request):
        return RedirectResponse("/hidden", 303)
    return _done(visit)


async def withdraw_request(request: Request) -> Response:
    """Not needed any more."""
    visit = await visit_of(request)
    await checked_form(request, visit.actor)
    await requests.withdraw(visit.ctx, visit.actor, request.path_params["request"])
    return _done(visit)


async def answer_point(request: Request) -> Response:
    """One's own answer in a read-through. "Not right" stays at the point, for the words; anything else goes on."""
    visit = await visit_of(request)
    form = await checked_form(request, visit.actor)
    point_id, answer = text_of(form, "point"), text_of(form, "answer")
    await read_through.answer(
        visit.ctx,
        visit.actor,
        request.path_params["part"],
        point_id,
        answer,
        words=text_of(form, "words") if answer == "not_right" else "",
        key=text_of(form, "key") or None,
    )
    asked = {"again": text_of(form, "again")}
    if answer == "not_right" and "words" not in form:
        asked["question"] = point_id
    query = urlencode({name: value for name, value in asked.items() if value})
    return _done(visit, f"?{query}" if query else "")


async def leave(request: Request) -> Response:
    """Leave the meeting. The page then says how to come back."""
    visit = await visit_of(request)
    await checked_form(request, visit.actor)
    await participants.mark_left(visit.ctx, visit.actor, visit.actor.participant_id)
    return _done(visit)


routes = [
    Route(f"{AS}/points", add_point, methods=["POST"]),
    Route(f"{AS}/flags", raise_flag, methods=["POST"]),
    Route(f"{AS}/flags/{{flag}}/withdraw", withdraw_flag, methods=["POST"]),
    Route(f"{AS}/requests", make_request, methods=["POST"]),
    Route(f"{AS}/requests/{{request}}/withdraw", withdraw_request, methods=["POST"]),
    Route(f"{AS}/read-through/{{part}}/answer", answer_point, methods=["POST"]),
    Route(f"{AS}/left", leave, methods=["POST"]),
]
