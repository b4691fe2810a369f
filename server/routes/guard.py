"""The door of every page: who is asking, and did the request come from a page of ours.

Trust boundary. Cookies, headers and form values are read here and nowhere else; routes get an `Actor`.
"""

from __future__ import annotations

from typing import cast

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from server.actions import audit
from server.actions.context import Context
from server.auth import sessions
from server.auth.csrf import csrf_matches, csrf_token
from server.auth.identity import Actor, StaffActor
from server.auth.sessions import SessionToken
from server.errors import NotAllowed, NotSignedIn
from server.routes.once import form_of
from server.routes.rate import bill_of
from server.settings import Settings

COOKIES = "tr_"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF"


def context_of(request: Request) -> Context:
    """The app's one context."""
    return cast("Context", request.app.state.context)


def address_of(request: Request) -> str:
    """The network address of whoever asks, as the server in front of us tells it; for throttling only."""
    return request.client.host if request.client else "unknown"


def staff_cookie(settings: Settings) -> str:
    """The name of the staff cookie. Over HTTPS it is one that a browser takes from this very host only, and never from
    a page in the open: nobody on the way, and no neighbour under the same domain, can plant one.
    """
    return f"{'__Host-' if settings.https else ''}{COOKIES}staff"


def participant_cookie(settings: Settings, participant_id: str) -> str:
    """Each participant has a cookie of their own, so that two people in one browser stay two people.

    It is sent to the pages of one conference only, which `__Host-` would not allow.
    """
    return f"{'__Secure-' if settings.https else ''}{COOKIES}{participant_id}"


def cookies_of_participants(request: Request) -> list[str]:
    """The values of all participants' cookies that this browser sent."""
    settings = context_of(request).settings
    staff, begins = staff_cookie(settings), participant_cookie(settings, "")
    return [value for name, value in request.cookies.items() if name.startswith(begins) and name != staff]


async def current_staff(request: Request) -> StaffActor:
    """The staff member signed in here.

    Raises:
        NotSignedIn: nobody is.
        TooOften: they have asked for too much.
    """
    ctx = context_of(request)
    token = request.cookies.get(staff_cookie(ctx.settings), "")
    staff = await ctx.db.read(sessions.staff_of, token, ctx.steady()) if token else None
    if staff is None:
        bill_of(request.scope).is_nobodys()
        raise NotSignedIn("not_signed_in", "Sign in to go on.")
    await bill_of(request.scope).is_of(f"staff:{staff.staff_id}")
    return staff


def led_here_by_another_site(request: Request) -> bool:
    """Whether a page of another site sent this browser here. What opening an address does, nobody else may have done:
    they are shown their own list first.
    """
    return request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}


async def current_actor(request: Request) -> Actor:
    """The participant of the address (`{cid}`, `{pid}`), if this browser holds their cookie.

    Raises:
        NotSignedIn: no session. Its code is "removed" for somebody the chair has removed, "ended" where it was ended.
        TooOften: they have asked for too much.
    """
    conference_id, participant_id = request.path_params["cid"], request.path_params["pid"]
    ctx = context_of(request)
    token = request.cookies.get(participant_cookie(ctx.settings, participant_id), "")
    actor = await ctx.db.read(sessions.participant_of, token, ctx.steady()) if token else None
    if actor is None:
        bill_of(request.scope).is_nobodys()
        if not token:
            raise NotSignedIn
        ended = await ctx.db.read(sessions.how_it_ended, token)
        if ended == "removed":
            raise NotSignedIn(ended, "The chair has ended your part in the meeting.")
        raise NotSignedIn(ended or "not_signed_in")
    # The cookie proves a participant; the address is only what the browser asked for.
    if actor.participant_id != participant_id or actor.conference_id != conference_id:
        raise NotSignedIn
    await bill_of(request.scope).is_of(participant_id)
    if request.method == "GET":
        endpoint = request.scope["endpoint"]
        audit.saw(ctx, actor, page=f"{endpoint.__module__.rpartition('.')[2]}.{endpoint.__name__}")
    return actor


def form_token(request: Request, actor: Actor | StaffActor) -> str:
    """The value a page puts into its forms (`csrf`) and into the header `X-CSRF`."""
    return csrf_token(context_of(request).secret, actor.session)


async def checked_form(request: Request, actor: Actor | StaffActor) -> FormData:
    """The form of an unsafe request, once it is shown to come from a page of this session.

    Raises:
        NotAllowed: the form's own value is missing or belongs to another session.
        SentTwice: a field came twice.
    """
    ctx = context_of(request)
    async with bill_of(request.scope).aside():
        form = await form_of(request, files=1, fields=500, size=ctx.settings.request_bytes)
    given = request.headers.get(CSRF_HEADER) or form.get(CSRF_FIELD) or ""
    if not isinstance(given, str) or not csrf_matches(ctx.secret, actor.session, given):
        raise NotAllowed("not_from_here", "This form did not come from a page of ours. Open the page again.")
    return form


def text_of(form: FormData, name: str) -> str:
    """A text field of a form; empty if it is missing or is a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def keep_staff(response: Response, settings: Settings, made: SessionToken) -> None:
    """Put a staff session into the browser."""
    response.set_cookie(
        staff_cookie(settings),
        made.token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.https,
        max_age=settings.staff_session,
    )


def forget_staff(response: Response, settings: Settings) -> None:
    """Take the staff cookie out of the browser (its session is ended by the action)."""
    response.delete_cookie(
        staff_cookie(settings), path="/", httponly=True, samesite="lax", secure=settings.https
    )


def keep_participant(response: Response, settings: Settings, made: SessionToken) -> None:
    """Put a participant's session into the browser, for the pages of their conference only."""
    response.set_cookie(
        participant_cookie(settings, made.participant_id),
        made.token,
        path=f"/conferences/{made.conference_id}",
        httponly=True,
        samesite="lax",
        secure=settings.https,
        max_age=settings.participant_session,
    )


def forget_participant(response: Response, settings: Settings, actor: Actor) -> None:
    """Take a participant's cookie out of the browser."""
    response.delete_cookie(
        participant_cookie(settings, actor.participant_id),
        path=f"/conferences/{actor.conference_id}",
        httponly=True,
        samesite="lax",
        secure=settings.https,
    )
