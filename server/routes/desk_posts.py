"""What is sent from the desk. Each route parses, calls one action and draws what changed.

Every form is a plain post that comes back to the page (303). Asked for by htmx, the answer is the fragment that the
form stands in; a refusal is one sentence in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import conferences, flags, participants, parts, points, read_through, requests, signing
from server.errors import ActionError, BadInput, Conflict, NotFound
from server.routes import desk
from server.routes.desk import AS, Visit
from server.routes.guard import checked_form, text_of
from shared_doc.permissions import Phase

Draw = Callable[[Visit, int], Awaitable[Response]]


async def _sent(request: Request) -> tuple[Visit, FormData]:
    here = await desk.here_now(request)
    form = await checked_form(request, here.actor)
    # The form says which part it stood beside, so that the page comes back to it.
    return (await desk.here_now(request, text_of(form, "at")), form) if text_of(form, "at") else (here, form)


def _by_htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


async def _answer(here: Visit, act: Awaitable[object], draw: Draw, *, back: str = "") -> Response:
    """Do it, then draw the fragment (htmx) or come back to the page; a refusal is told there, with its status."""
    try:
        await act
    except NotFound:
        raise
    except ActionError as error:
        refused = desk.with_problem(await _again(here), error)
        if _by_htmx(here.request):
            return await draw(refused, int(error.status))
        return await desk.desk_page(refused, int(error.status))
    if _by_htmx(here.request):
        return await draw(await _again(here), 200)
    return RedirectResponse(f"{here.base}/{back or _at(here)}", 303)


async def _again(here: Visit) -> Visit:
    return await desk.here_now(here.request, here.part.id if here.part else "")


def _at(here: Visit) -> str:
    return f"?part={quote(here.part.id)}" if here.part else ""


# To settle


async def answer_flag(request: Request) -> Response:
    """Put right, left as it is with a reason, or answered."""
    here, form = await _sent(request)
    flag_id = request.path_params["flag"]
    act = flags.answer(here.ctx, here.actor, flag_id, text_of(form, "outcome"), text_of(form, "words"))
    return await _answer(here, act, lambda now, status: desk.draw_queue(now, flag_id, status))


async def settle_request(request: Request) -> Response:
    """Somebody has been heard, has had their break, is being helped."""
    here, _ = await _sent(request)
    act = requests.settle(here.ctx, here.actor, request.path_params["request"])
    return await _answer(here, act, lambda now, status: desk.draw_queue(now, "", status))


# People


async def _people(here: Visit, status: int) -> Response:
    return desk.draw_people(here, status)


async def admit(request: Request) -> Response:
    """Let in."""
    here, _ = await _sent(request)
    act = participants.admit(here.ctx, here.actor, request.path_params["person"])
    return await _answer(here, act, _people)


async def is_here(request: Request) -> Response:
    """Is here without a page: in the room, or by voice."""
    here, form = await _sent(request)
    act = participants.mark_here(
        here.ctx,
        here.actor,
        request.path_params["person"],
        text_of(form, "attending"),
        text_of(form, "promised") == "yes",
    )
    return await _answer(here, act, _people)


async def attending(request: Request) -> Response:
    """Takes part in another way than before."""
    here, form = await _sent(request)
    act = participants.set_attending(
        here.ctx, here.actor, request.path_params["person"], text_of(form, "attending")
    )
    return await _answer(here, act, _people)


async def remove(request: Request) -> Response:
    """Send out at once; a reason is needed."""
    here, form = await _sent(request)
    person = request.path_params["person"]
    return await _answer(
        here, participants.remove(here.ctx, here.actor, person, text_of(form, "reason")), _people
    )


async def left(request: Request) -> Response:
    """Has gone home."""
    here, _ = await _sent(request)
    act = participants.mark_left(here.ctx, here.actor, request.path_params["person"])
    return await _answer(here, act, _people)


async def back(request: Request) -> Response:
    """Is back."""
    here, _ = await _sent(request)
    act = participants.mark_back(here.ctx, here.actor, request.path_params["person"])
    return await _answer(here, act, _people)


# The meeting and its parts


async def _page(here: Visit, status: int) -> Response:
    return await desk.desk_page(here, status)


async def go(request: Request) -> Response:
    """Make a part the one that is talked about."""
    here, _ = await _sent(request)
    part_id = request.path_params["part"]
    act = parts.go_to(here.ctx, here.actor, part_id)
    return await _answer(here, act, _page, back=f"?part={quote(part_id)}")


async def add_point(request: Request) -> Response:
    """A point typed without scripts."""
    here, form = await _sent(request)
    part_id = request.path_params["part"]
    kind, key = text_of(form, "kind") or None, text_of(form, "key") or None
    act = points.add(here.ctx, here.actor, part_id, text_of(form, "text"), kind, key)
    return await _answer(here, act, _page, back=f"?part={quote(part_id)}#minutes")


async def pen(request: Request) -> Response:
    """Hand the pen of a part to somebody, or take it back."""
    here, form = await _sent(request)
    act = parts.hand_pen(
        here.ctx,
        here.actor,
        text_of(form, "part"),
        text_of(form, "participant"),
        text_of(form, "held") == "yes",
    )
    return await _answer(here, act, _page)


async def release(request: Request) -> Response:
    """Let a child read a part, or no longer."""
    here, form = await _sent(request)
    act = parts.release(
        here.ctx,
        here.actor,
        request.path_params["part"],
        text_of(form, "participant"),
        text_of(form, "released") == "yes",
    )
    return await _answer(here, act, _page)


async def keep_out(request: Request) -> Response:
    """Keep somebody out of a part, or let them read it again."""
    here, form = await _sent(request)
    act = parts.keep_out(
        here.ctx,
        here.actor,
        request.path_params["part"],
        text_of(form, "participant"),
        text_of(form, "kept_out") == "yes",
    )
    return await _answer(here, act, _page)


async def phase(request: Request) -> Response:
    """Start, stop for a break, go on, end."""
    here, form = await _sent(request)
    try:
        wanted = Phase(text_of(form, "phase"))
    except ValueError:
        raise BadInput("phase", "There is no such step.") from None
    return await _answer(here, conferences.change_phase(here.ctx, here.actor, wanted), _page)


# The read-through


async def _reading(here: Visit, status: int) -> Response:
    return await desk.draw_read_through(here, status=status)


async def start(request: Request) -> Response:
    """Begin to read a part through."""
    here, _ = await _sent(request)
    part_id = request.path_params["part"]
    act = read_through.start(here.ctx, here.actor, part_id)
    return await _answer(here, act, _reading, back=f"?part={quote(part_id)}&read=1")


async def finish(request: Request) -> Response:
    """Stop reading through; what was answered stays."""
    here, _ = await _sent(request)
    part_id = request.path_params["part"]
    return await _answer(here, read_through.finish(here.ctx, here.actor, part_id), _reading)


async def by_voice(request: Request) -> Response:
    """Somebody's answer, said by voice and entered by the chair."""
    here, form = await _sent(request)
    part_id, point_id = request.path_params["part"], text_of(form, "point")
    act = read_through.answer(
        here.ctx,
        here.actor,
        part_id,
        point_id,
        text_of(form, "answer"),
        words=text_of(form, "words"),
        on_behalf_of=text_of(form, "participant"),
    )
    return await _answer(
        here,
        act,
        lambda now, status: desk.draw_read_through(now, point_id, status),
        back=f"?part={quote(part_id)}&read=1&point={quote(point_id)}",
    )


async def sign(request: Request) -> Response:
    """Sign the record; while something is missing, the list of it."""
    here, _ = await _sent(request)
    try:
        await signing.sign(here.ctx, here.actor)
    except Conflict as error:
        return await desk.sign_page(desk.with_problem(await _again(here), error), int(error.status))
    return RedirectResponse(f"{here.base}/record", 303)


routes = [
    Route(f"{AS}/flags/{{flag}}/answer", answer_flag, methods=["POST"]),
    Route(f"{AS}/requests/{{request}}/settle", settle_request, methods=["POST"]),
    Route(f"{AS}/people/{{person}}/admit", admit, methods=["POST"]),
    Route(f"{AS}/people/{{person}}/here", is_here, methods=["POST"]),
    Route(f"{AS}/people/{{person}}/attending", attending, methods=["POST"]),
    Route(f"{AS}/people/{{person}}/remove", remove, methods=["POST"]),
    Route(f"{AS}/people/{{person}}/left", left, methods=["POST"]),
    Route(f"{AS}/people/{{person}}/back", back, methods=["POST"]),
    Route(f"{AS}/parts/{{part}}/go", go, methods=["POST"]),
    Route(f"{AS}/parts/{{part}}/points", add_point, methods=["POST"]),
    Route(f"{AS}/parts/{{part}}/release", release, methods=["POST"]),
    Route(f"{AS}/parts/{{part}}/keep-out", keep_out, methods=["POST"]),
    Route(f"{AS}/pen", pen, methods=["POST"]),
    Route(f"{AS}/phase", phase, methods=["POST"]),
    Route(f"{AS}/read-through/{{part}}/start", start, methods=["POST"]),
    Route(f"{AS}/read-through/{{part}}/finish", finish, methods=["POST"]),
    Route(f"{AS}/read-through/{{part}}/voice", by_voice, methods=["POST"]),
    Route(f"{AS}/sign", sign, methods=["POST"]),
]
