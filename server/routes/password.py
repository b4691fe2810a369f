"""A staff member gives themselves a new password. Whatever was opened with the old one ends, but this page."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import staff
from server.auth.identity import StaffActor
from server.errors import BadInput, Throttled
from server.routes.conference_check import Problem
from server.routes.error_pages import templates_of
from server.routes.guard import (
    address_of,
    checked_form,
    context_of,
    current_staff,
    form_token,
    keep_staff,
    text_of,
)


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """What was wrong. Nothing that was typed comes back: it was passwords."""

    csrf: str
    errors: tuple[Problem, ...]


async def page(request: Request) -> Response:
    """The form."""
    return _form(request, await current_staff(request))


async def sent(request: Request) -> Response:
    """The old password and a new one: a new session takes the place of this one."""
    actor = await current_staff(request)
    form = await checked_form(request, actor)
    ctx = context_of(request)
    old, new = text_of(form, "current"), text_of(form, "password")
    try:
        made = await staff.change_password(ctx, actor, old, new, address_of(request))
    except BadInput as error:
        return _form(request, actor, (Problem(error.field, error.reason),), error.status)
    except Throttled as error:
        problems = (Problem("current", error.reason),)
        return _form(request, actor, problems, error.status, {"Retry-After": str(error.wait)})
    answer = RedirectResponse("/", 303)
    keep_staff(answer, ctx.settings, made)
    return answer


def _form(
    request: Request,
    actor: StaffActor,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    context = PasswordPage(form_token(request, actor), problems)
    return templates_of(request).page("staff/password.html", context, status, headers)


routes = [Route("/password", page), Route("/password", sent, methods=["POST"])]
