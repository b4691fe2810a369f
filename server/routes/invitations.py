"""Who is invited to a conference and how to reach each safely; links and codes, shown once to whoever sends them.

A link and its code are stored as hashes, so they exist in readable form only in the answer that made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import invitations
from server.actions.invitations import Invitation, Invitations, Link
from server.auth.identity import StaffActor
from server.auth.join_codes import spaced
from server.errors import BadInput, NotFound
from server.routes.error_pages import templates_of
from server.routes.guard import checked_form, context_of, current_staff, form_token, text_of
from server.templating import short_day
from shared_doc.permissions import COMPANIONS, DESK, FAMILY, PROFESSIONALS, Phase, Role, Standing

SAID = {
    "removed": "The invitation is removed. The link and the code have stopped working.",
    "added": "One more person is invited. Make a link and a code for them.",
    "corrected": "That is put right. Links and codes stay as they were.",
}


@dataclass(frozen=True, slots=True)
class State:
    """A state as it is drawn: a tint, a shape, and words."""

    tone: str
    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the table."""

    id: str
    name: str
    label: str
    reach: str
    invitation: State
    ready: State
    removed: bool
    has_link: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's link and code, in readable form, this once."""

    name: str
    reach: str
    link: str
    code: str
    reads: str
    family: bool


@dataclass(frozen=True, slots=True)
class InvitationsPage:
    """The table. `to_make` is how many people have not been given a link; `changes` is whether the reader can add
    people and put right what stands of them.
    """

    csrf: str
    base: str
    title: str
    starts_at: datetime
    over: bool
    changes: bool
    to_make: int
    fresh: Sheet | None
    said: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """One sheet of paper a person."""

    csrf: str
    base: str
    starts_at: datetime
    sheets: tuple[Sheet, ...]


async def page(request: Request) -> Response:
    """Everyone invited, and where each has come to."""
    actor = await current_staff(request)
    said = next((words for what, words in SAID.items() if what in request.query_params), "")
    return await _show(request, actor, None, said)


async def one_sent(request: Request) -> Response:
    """A new link and code for one person, or the end of the ones they have."""
    actor = await current_staff(request)
    form = await checked_form(request, actor)
    ctx, conference_id = context_of(request), _conference(request)
    invited = await invitations.of_conference(ctx, actor, conference_id)
    person = next((one for one in invited.people if one.id == request.path_params["person"]), None)
    if person is None:
        raise NotFound
    match text_of(form, "do"):
        case "renew":
            link = await invitations.renew_link(ctx, actor, conference_id, person.id)
            return await _show(request, actor, _sheet(person, link))
        case "revoke":
            await invitations.revoke_link(ctx, actor, conference_id, person.id)
            return RedirectResponse(f"{_base(conference_id)}/invitations?removed", 303)
        case _:
            raise BadInput("do", "Choose what to do with this invitation.")


async def print_sent(request: Request) -> Response:
    """Links and codes for everybody who has none yet, on paper. Nobody who is in already is put out."""
    actor = await current_staff(request)
    await checked_form(request, actor)
    ctx, conference_id = context_of(request), _conference(request)
    invited = await invitations.of_conference(ctx, actor, conference_id)
    sheets = [
        _sheet(person, await invitations.renew_link(ctx, actor, conference_id, person.id))
        for person in invited.people
        if _wants_link(person)
    ]
    context = SheetsPage(form_token(request, actor), _base(conference_id), invited.starts_at, tuple(sheets))
    return templates_of(request).page("staff/sheets.html", context)


async def _show(request: Request, actor: StaffActor, fresh: Sheet | None, said: str = "") -> Response:
    invited = await invitations.of_conference(context_of(request), actor, _conference(request))
    context = InvitationsPage(
        csrf=form_token(request, actor),
        base=_base(invited.id),
        title=invited.title,
        starts_at=invited.starts_at,
        over=_over(invited),
        changes=actor.administrator and not _over(invited),
        to_make=sum(_wants_link(person) for person in invited.people),
        fresh=fresh,
        said=said,
        people=tuple(_person(person) for person in invited.people),
    )
    return templates_of(request).page("staff/invitations.html", context)


def _conference(request: Request) -> str:
    return str(request.path_params["cid"])


def _base(conference_id: str) -> str:
    return f"/conferences/{conference_id}"


def _over(invited: Invitations) -> bool:
    return invited.phase is Phase.SIGNED


def _wants_link(person: Invitation) -> bool:
    return person.made_at is None and person.standing is Standing.INVITED


def _person(person: Invitation) -> Person:
    return Person(
        id=person.id,
        name=person.name,
        label=person.label,
        reach=person.send_by,
        invitation=_invitation(person),
        ready=_ready(person),
        removed=person.standing is Standing.REMOVED,
        has_link=person.works and _was_given(person),
    )


def _was_given(person: Invitation) -> bool:
    return person.made_at is not None or person.standing is not Standing.INVITED


def _invitation(person: Invitation) -> State:
    if not _was_given(person):
        return State("wait", "clock", "Not made yet")
    if not person.works:
        return State("stop", "cross", "Removed")
    return State("ok", "tick", f"Made {short_day(person.made_at)}" if person.made_at else "Used")


def _ready(person: Invitation) -> State:
    match person.standing:
        case Standing.REMOVED:
            return State("stop", "stop", "Sent out by the chair")
        case Standing.LEFT:
            return State("quiet", "leave", "Has left")
        case Standing.ADMITTED:
            return State("ok", "tick", "Let in")
        case Standing.WAITING:
            return State("info", "clock", "In the waiting room")
        case _ if person.tested_at:
            return State("ok", "tick", "Tested")
        case _:
            return State("quiet", "empty", "Not tested")


def _sheet(person: Invitation, link: Link) -> Sheet:
    return Sheet(
        name=person.name,
        reach=person.send_by,
        link=link.join_url,
        code=link.join_code if "-" in link.join_code else spaced(link.join_code),
        reads=reads(person.role),
        family=person.role in FAMILY,
    )


def reads(role: Role) -> str:
    """What an invitation lets somebody read, in one sentence for whoever sends it."""
    if role in DESK | PROFESSIONALS:
        return "Every part of the meeting, those for professionals only too."
    if role is Role.CHILD:
        return "Only the parts that the chair opens to them."
    if role in COMPANIONS:
        return "What the person they come with reads, while that person is there. Nothing else."
    return "The parts that are for everyone."


routes = [
    Route("/conferences/{cid}/invitations", page),
    Route("/conferences/{cid}/invitations/print", print_sent, methods=["POST"]),
    Route("/conferences/{cid}/invitations/{person}", one_sent, methods=["POST"]),
]
