"""What somebody reads when something did not work: what happened, in plain words, and what to do.

A page says no more than the error itself does, and an error never holds anything of a conference. Missing and
forbidden have one page. Programs get `server.errors.problem` instead (`server.routes.api`).
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from server.errors import ActionError, BadInput, Conflict, NotFound, NotSignedIn, Throttled, TooLarge
from server.templating import Templates

log = logging.getLogger(__name__)


EXPIRED = "expired"
"""In the address to which a page's script goes when the page's time is over."""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A heading, what to do in a few sentences, and what is missing if something is."""

    title: str
    words: tuple[str, ...]
    missing: tuple[str, ...] = ()
    nothing_kept: bool = False
    """Says that nothing is kept on this device: the page's script erases what a tab that slept still keeps."""


@dataclass(frozen=True, slots=True)
class AwayPage:
    """For somebody who is not in the meeting any more."""

    removed: bool
    at: datetime | None
    may_return: bool
    has_copy: bool
    base: str


NOTHING_HERE = ErrorPage(
    "There is nothing here that you can open",
    (
        "The address may be wrong or out of date, or it is not for you to open.",
        "If you were invited to a meeting, open the link you were sent.",
    ),
)
FAILED = ErrorPage(
    "Something went wrong on our side",
    (
        "It is not your fault. What was stored before is safe.",
        "Wait a moment and open the page again. In a meeting, just say what you wanted to do.",
    ),
)
CLOSED_TO_YOU = ErrorPage(
    "This page is closed",
    (
        "Open the link you were sent again, and type your code.",
        "Nothing of the meeting is kept on this device.",
    ),
    nothing_kept=True,
)
TIME_IS_OVER = ErrorPage(
    "This page has been open for a long time, so it has closed",
    (
        "Nothing is wrong. To come back in, open the link you were sent again, and type your code.",
        "If you have an account here, sign in again.",
        "What you wrote last and was not saved yet waits in this tab. You get it back when you come in again here. "
        "If you close the tab, it is gone.",
    ),
)


def templates_of(request: Request) -> Templates:
    """The app's one renderer."""
    templates = request.app.state.templates
    if not isinstance(templates, Templates):
        raise TypeError("the app was made without templates")
    return templates


def action_error(request: Request, error: ActionError) -> Response:
    """The page for an action that did not happen."""
    headers = {"Retry-After": str(error.wait)} if isinstance(error, Throttled) else None
    if _is_fragment(request):
        return PlainTextResponse(error.reason, error.status, headers)
    if isinstance(error, NotSignedIn):
        return _not_signed_in(request, error)
    return templates_of(request).page("errors/error.html", _page(error), error.status, headers)


def http_error(request: Request, error: HTTPException) -> Response:
    """The page for what the router refuses: no such address, or no such method."""
    if error.status_code in (404, 405):
        return templates_of(request).page("errors/error.html", NOTHING_HERE, 404)
    if error.status_code == 413:
        return action_error(request, TooLarge())
    page = ErrorPage("This could not be read", ("Open the page again and try once more.",))
    return templates_of(request).page("errors/error.html", page, error.status_code)


def server_error(request: Request, error: Exception) -> Response:
    """The page for a mistake of ours. The log gets what kind of error it was and where in our code it happened."""
    # Not the error's own words: they may hold what somebody typed.
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    log.error("unexpected %s at %s", type(error).__name__, where)
    return templates_of(request).page("errors/error.html", FAILED, 500)


def _page(error: ActionError) -> ErrorPage:
    if isinstance(error, NotFound):
        return NOTHING_HERE
    if isinstance(error, Conflict):
        return ErrorPage(error.title, (error.reason,), tuple(reason.text for reason in error.missing))
    if isinstance(error, BadInput):
        return ErrorPage(error.title, (error.reason, "Go back: what you typed is still there."))
    return ErrorPage(error.title, (error.reason,))


def _not_signed_in(request: Request, error: NotSignedIn) -> Response:
    if error.code == "removed":
        away = AwayPage(removed=True, at=None, may_return=False, has_copy=False, base="")
        return templates_of(request).page("join/away.html", away, error.status)
    if "/as/" in request.url.path:
        # The script says so: the browser has let go of the cookie by then.
        over = error.code == "not_signed_in" and EXPIRED in request.query_params
        page = TIME_IS_OVER if over else CLOSED_TO_YOU
        return templates_of(request).page("errors/error.html", page, error.status)
    after = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?next={quote(after)}", 303)


def _is_fragment(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"
