"""The way into a meeting, page by page: link and code, a promise, a test, the waiting room, then the meeting itself.

Trust boundary. Until link and code are both right, whoever asks is a stranger: a link that never was, one that was
renewed and one that has ended get the same page. Afterwards everything lies below the person's own address,
`/conferences/{cid}/as/{pid}/`, which only their own cookie opens.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from server.actions import joining, participants, viewing
from server.actions.names import first_name
from server.actions.views import ConferenceView
from server.auth.identity import Actor
from server.errors import BadInput, NotFound, Throttled
from server.routes import desk, reader
from server.routes.conference_check import Problem
from server.routes.error_pages import AwayPage, templates_of
from server.routes.guard import (
    address_of,
    checked_form,
    context_of,
    current_actor,
    current_staff,
    forget_participant,
    form_token,
    keep_participant,
    led_here_by_another_site,
    text_of,
)
from server.routes.join_pages import (
    NO_CODE,
    NO_LINK,
    WRONG_CODE,
    CodePage,
    PrivatePage,
    Promise,
    ReadyPage,
    Refused,
    SomebodyElsePage,
    WaitingPage,
)
from server.routes.once import form_of
from server.templating import BRITAIN, day
from shared_doc.permissions import COMPANIONS, DESK, FAMILY, Phase, Role, Standing

AS = "/conferences/{cid}/as/{pid}"
LONGEST_LINK = 200


async def code_page(request: Request) -> Response:
    """The page somebody gets who opens their link."""
    try:
        await joining.link_works(context_of(request), _link(request))
    except NotFound:
        return _code(request, NO_LINK, status=404)
    return _code(request, None)


async def code_sent(request: Request) -> Response:
    """Link and code together open a session of that person alone."""
    ctx = context_of(request)
    # There is no session yet to bind a form to: the origin of the request was checked on the way in.
    form = await form_of(request, files=0, fields=10)
    code = text_of(form, "code").strip()
    if not code:
        return _code(request, NO_CODE, status=422)
    try:
        made = await joining.identify(ctx, _link(request), code, address_of(request))
    except BadInput:
        return _code(request, WRONG_CODE, code[:12], status=422)
    except NotFound:
        return _code(request, NO_LINK, status=404)
    except Throttled as error:
        wait = Refused("Please wait a little", error.reason)
        return _code(request, wait, status=error.status, headers={"Retry-After": str(error.wait)})
    answer = RedirectResponse(f"/conferences/{made.conference_id}/as/{made.participant_id}/", 303)
    keep_participant(answer, ctx.settings, made)
    return answer


def _link(request: Request) -> str:
    return str(request.path_params["token"])[:LONGEST_LINK]


def _code(
    request: Request,
    refused: Refused | None,
    typed: str = "",
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return templates_of(request).page("join/code.html", CodePage(refused, typed), status, headers)


async def page(request: Request) -> Response:
    """One address for one person in one conference: the step they have come to, or their page of the meeting."""
    actor = await current_actor(request)
    ctx = context_of(request)
    standing, _, confirmed = await joining.whereabouts(ctx, actor)
    if standing is Standing.INVITED or not confirmed:
        return RedirectResponse(f"{_base(actor)}/private", 303)
    view = await viewing.see(ctx, actor)
    if standing is Standing.WAITING:
        return _waiting(request, actor, view)
    if standing is not Standing.ADMITTED:
        return _away(request, actor, view)
    if view.me.role in DESK:
        return await desk.page(request, actor, view)
    return await reader.page(request, actor, view)


async def private_page(request: Request) -> Response:
    """Step 2. Whoever is in the meeting already has no need of it."""
    actor = await current_actor(request)
    if await _is_in(request, actor):
        return RedirectResponse(f"{_base(actor)}/", 303)
    return await _private(request, actor, Promise(), ())


async def private_sent(request: Request) -> Response:
    """The promise was given, or it is somebody else."""
    actor = await current_actor(request)
    form = await checked_form(request, actor)
    ctx = context_of(request)
    promise = Promise(text_of(form, "who"), text_of(form, "keep") == "yes", text_of(form, "safe"))
    if promise.who == "other":
        await joining.sign_out(ctx, actor)
        answer = templates_of(request).page("join/somebody_else.html", SomebodyElsePage())
        forget_participant(answer, ctx.settings, actor)
        return answer
    problems = _problems(promise)
    if problems:
        return await _private(request, actor, promise, problems)
    await joining.confirm(ctx, actor, True, promise.keep, promise.safe)
    return RedirectResponse(f"{_base(actor)}/ready", 303)


def _problems(promise: Promise) -> tuple[Problem, ...]:
    found = []
    if promise.who != "me":
        found.append(Problem("who", "Say whether this is you."))
    if not promise.keep:
        found.append(Problem("keep", "Tick that you will keep it private. Nobody goes in without that."))
    if promise.safe not in joining.SAFE:
        found.append(Problem("safe", "Say whether you can talk where you are now."))
    return tuple(found)


async def _private(request: Request, actor: Actor, typed: Promise, problems: tuple[Problem, ...]) -> Response:
    view = await viewing.see(context_of(request), actor)
    me = view.me
    context = PrivatePage(
        errors=problems,
        first_name=first_name(me.name),
        name=me.name,
        label=me.role_label,
        about=_about(me.role),
        family=me.role in FAMILY,
        typed=typed,
        csrf=form_token(request, actor),
    )
    return templates_of(request).page("join/private.html", context, 422 if problems else 200)


def _about(role: Role) -> str:
    if role is Role.CHILD:
        return "you and your family"
    if role is Role.PARENT:
        return "your children and your family"
    return "a family and their children"


async def ready_page(request: Request) -> Response:
    """Step 3, and a page to test a phone with well before the meeting."""
    actor = await current_actor(request)
    return await _ready(request, actor, ())


async def ready_sent(request: Request) -> Response:
    """How they will be there. Then the waiting room, or the meeting for whoever is in it."""
    actor = await current_actor(request)
    form = await checked_form(request, actor)
    mode = text_of(form, "attending")
    if mode not in participants.ATTENDING:
        return await _ready(request, actor, (Problem("attending", "Say how you will be there."),))
    await participants.set_attending(context_of(request), actor, actor.participant_id, mode)
    return RedirectResponse(f"{_base(actor)}/", 303)


async def ready_tested(request: Request) -> Response:
    """A test word came from their page: send it back, and note that the way works."""
    actor = await current_actor(request)
    form = await checked_form(request, actor)
    await joining.tested(context_of(request), actor)
    return PlainTextResponse(text_of(form, "word")[:40])


async def _ready(request: Request, actor: Actor, problems: tuple[Problem, ...]) -> Response:
    ctx = context_of(request)
    view = await viewing.see(ctx, actor)
    planned = view.starts_at.astimezone(BRITAIN).date()
    later = planned > ctx.now().astimezone(BRITAIN).date()
    context = ReadyPage(
        errors=problems,
        socket="/ws",
        base=_base(actor),
        csrf=form_token(request, actor),
        come_back=f"on {day(planned)}" if later else "later",
        inside=view.me.standing is Standing.ADMITTED,
        typed=view.me.attending,
    )
    return templates_of(request).page("join/ready.html", context, 422 if problems else 200)


def _waiting(request: Request, actor: Actor, view: ConferenceView) -> Response:
    planned = view.starts_at.astimezone(BRITAIN).date()
    today = context_of(request).now().astimezone(BRITAIN).date()
    role = view.me.role
    child = role is Role.CHILD
    context = WaitingPage(
        base=_base(actor),
        phase=view.phase,
        chair=view.chair.name if view.chair else "The chair",
        early=view.phase is Phase.PREPARING and today < planned,
        today=today == planned,
        starts_at=view.starts_at,
        waiting_since=view.me.waiting_since,
        family=role in FAMILY,
        companion=role in COMPANIONS,
        whom="you" if child else "your child",
        from_whom="your family" if child else "you",
    )
    return templates_of(request).page("join/waiting.html", context)


def _away(request: Request, actor: Actor, view: ConferenceView) -> Response:
    going_on = view.phase not in {Phase.CLOSED, Phase.SIGNED}
    context = AwayPage(
        removed=False,
        at=view.me.left_at,
        may_return=going_on,
        has_copy=view.can.read_record,
        base=_base(actor),
    )
    return templates_of(request).page("join/away.html", context)


async def standing(request: Request) -> Response:
    """What a waiting page asks every few seconds. Two words, and nothing of the meeting."""
    where, phase, _ = await joining.whereabouts(context_of(request), await current_actor(request))
    return PlainTextResponse(f"{where} {phase}")


async def staff_page(request: Request) -> Response:
    """A chair or minute-taker who signed in with a password opens the meeting: a session of their place in it."""
    staff = await current_staff(request)
    if led_here_by_another_site(request):
        return RedirectResponse("/", 303)
    ctx = context_of(request)
    made = await joining.enter_as_staff(ctx, staff, str(request.path_params["cid"]))
    answer = RedirectResponse(f"/conferences/{made.conference_id}/as/{made.participant_id}/", 303)
    keep_participant(answer, ctx.settings, made)
    return answer


async def _is_in(request: Request, actor: Actor) -> bool:
    where, _, confirmed = await joining.whereabouts(context_of(request), actor)
    return confirmed and where in {Standing.ADMITTED, Standing.WAITING}


def _base(actor: Actor) -> str:
    return f"/conferences/{actor.conference_id}/as/{actor.participant_id}"


routes = [
    Route("/join/{token}", code_page),
    Route("/join/{token}", code_sent, methods=["POST"]),
    Route("/conferences/{cid}", staff_page),
    Route(f"{AS}/", page),
    Route(f"{AS}/private", private_page),
    Route(f"{AS}/private", private_sent, methods=["POST"]),
    Route(f"{AS}/ready", ready_page),
    Route(f"{AS}/ready", ready_sent, methods=["POST"]),
    Route(f"{AS}/ready/test", ready_tested, methods=["POST"]),
    Route(f"{AS}/standing", standing),
]
