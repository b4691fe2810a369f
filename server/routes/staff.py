"""Pages of the council's staff: signing in and out, and the list of conferences with what is next for each."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import listing, staff
from server.actions.listing import ConferenceRow
from server.errors import BadInput, NotSignedIn, Throttled
from server.routes import invitations, invited_person, new_conference, password
from server.routes.conference_check import Problem
from server.routes.conference_list import EMPTY, TABS, Line, day_of, line, tab_of
from server.routes.error_pages import templates_of
from server.routes.guard import (
    address_of,
    checked_form,
    context_of,
    current_staff,
    forget_staff,
    form_token,
    keep_staff,
    text_of,
)
from server.routes.once import form_of

LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What was wrong, and what was typed, the password excepted."""

    errors: tuple[Problem, ...]
    next: str
    email: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice above the list."""

    href: str
    words: str
    number: int
    here: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of conferences."""

    csrf: str
    administrator: bool
    tabs: tuple[Tab, ...]
    rows: tuple[Line, ...]
    empty: str


async def sign_in_page(request: Request) -> Response:
    """The form, or the list for somebody who is signed in already."""
    after = local(request.query_params.get("next", ""))
    try:
        await current_staff(request)
    except NotSignedIn:
        return _sign_in(request, "", after, "")
    return RedirectResponse(after, 303)


async def sign_in_sent(request: Request) -> Response:
    """A new session for the right email address and password, whatever this browser had before."""
    ctx = context_of(request)
    # There is no session yet to bind a form to: the origin of the request was checked on the way in.
    form = await form_of(request, files=0, fields=10)
    email, after = text_of(form, "email").strip(), local(text_of(form, "next"))
    try:
        before = (await current_staff(request)).session
    except NotSignedIn:
        before = ""
    try:
        made = await staff.sign_in(ctx, email, text_of(form, "password"), address_of(request), before)
    except BadInput as error:
        return _sign_in(request, error.reason, after, email, error.status)
    except Throttled as error:
        return _sign_in(request, error.reason, after, email, error.status, {"Retry-After": str(error.wait)})
    answer = RedirectResponse(after, 303)
    keep_staff(answer, ctx.settings, made)
    return answer


def _sign_in(
    request: Request,
    wrong: str,
    after: str,
    email: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    errors = (Problem("email", wrong),) if wrong else ()
    return templates_of(request).page("staff/sign_in.html", SignInPage(errors, after, email), status, headers)


def local(path: str) -> str:
    """Where to go after signing in: an address of ours. Anything else, and a link could lead people elsewhere."""
    ours = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    )
    return path if ours and len(path) <= LONGEST_PATH else "/"


async def sign_out(request: Request) -> Response:
    """The session ends on the server, and its cookie in the browser."""
    actor = await current_staff(request)
    await checked_form(request, actor)
    ctx = context_of(request)
    await staff.sign_out(ctx, actor)
    answer = RedirectResponse("/sign-in", 303)
    forget_staff(answer, ctx.settings)
    return answer


async def conferences(request: Request) -> Response:
    """The list: for an administrator all of them, for anybody else those they have a place in."""
    actor = await current_staff(request)
    ctx, templates = context_of(request), templates_of(request)
    today = day_of(ctx.now())
    asked = request.query_params.get("show", "")
    show = asked if asked in TABS else "week"
    by_tab: dict[str, list[ConferenceRow]] = {tab: [] for tab in TABS}
    for row in await listing.conferences_for(ctx, actor):
        by_tab[tab_of(row, today)].append(row)
    # What is to come is read forwards, what has been backwards.
    rows = by_tab[show] if show == "signed" else by_tab[show][::-1]
    page = ListPage(
        csrf=form_token(request, actor),
        administrator=actor.administrator,
        tabs=tuple(
            Tab("/" if tab == "week" else f"/?show={tab}", words, len(by_tab[tab]), tab == show)
            for tab, words in TABS.items()
        ),
        rows=tuple(line(row, templates.authority, today) for row in rows),
        empty=EMPTY[show],
    )
    return templates.page("staff/conferences.html", page)


routes = [
    Route("/", conferences),
    Route("/sign-in", sign_in_page),
    Route("/sign-in", sign_in_sent, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    *password.routes,
    *new_conference.routes,
    # Before the invitations: there "add" would be taken for somebody's id.
    *invited_person.routes,
    *invitations.routes,
]
