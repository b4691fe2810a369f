"""The pages on which an administrator invites somebody more, and puts right what stands of somebody."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import invitations, inviting, staff
from server.actions.conferences import NewParticipant
from server.actions.invitations import Invitation, Invitations
from server.actions.inviting import Correction
from server.auth.identity import StaffActor
from server.errors import BadInput, NotAllowed, NotFound
from server.routes.conference_check import CheckedPerson, Problem, check_one
from server.routes.conference_form import ROLES, WAYS, PersonRow, read, way_and_care
from server.routes.error_pages import templates_of
from server.routes.guard import checked_form, context_of, current_staff, form_token
from shared_doc.permissions import FAMILY, Role, Standing

FIRST_FIELD = "person-0-name"


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person as typed and what has to be put right. `whose` is empty for somebody new; `fixed` is the role in words
    where it cannot be changed; `to` is where the form is sent.
    """

    csrf: str
    base: str
    to: str
    title: str
    whose: str
    person: PersonRow
    errors: tuple[Problem, ...]
    focus: str
    fixed: str
    roles: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of an administrator. `person` is who is put right, None where somebody is added."""

    request: Request
    actor: StaffActor
    invited: Invitations
    person: Invitation | None

    @property
    def base(self) -> str:
        return f"/conferences/{self.invited.id}/invitations"

    @property
    def fixed(self) -> Role | None:
        return self.person.role if self.person and not self.person.role_open else None

    @property
    def family(self) -> dict[str, str]:
        """The people that somebody can come with, by id, and whom they come with now."""
        now = self.person.supports if self.person else None
        return {
            one.id: one.name
            for one in self.invited.people
            if one != self.person
            and (one.id == now or (one.role in FAMILY and one.standing is not Standing.REMOVED))
        }


async def _visit(request: Request) -> Visit:
    actor = await current_staff(request)
    invited = await invitations.of_conference(context_of(request), actor, str(request.path_params["cid"]))
    if not actor.administrator:
        raise NotAllowed("administrators_only", "Only an administrator changes who is invited.")
    wanted = request.path_params.get("person")
    person = next((one for one in invited.people if one.id == wanted), None)
    if wanted is not None and person is None:
        raise NotFound
    return Visit(request, actor, invited, person)


async def add_page(request: Request) -> Response:
    """An empty form for somebody more."""
    return await _show(await _visit(request), PersonRow())


async def add_sent(request: Request) -> Response:
    """Somebody more; their link and code are made where the others' are."""
    here = await _visit(request)
    typed = await _typed(here)
    person, supports, problems = check_one(typed, here.family, await _accounts(here))
    twice = [
        one for one in here.invited.people if person and (one.name, one.role) == (person.name, person.role)
    ]
    if twice:
        problems = (Problem(FIRST_FIELD, "Somebody of this name and role is invited already."),)
    if person is None or problems:
        return await _show(here, typed, problems)
    new = NewParticipant(
        person.name, person.role, person.agency, send_by=person.send_by, staff_id=person.staff
    )
    act = inviting.add(context_of(request), here.actor, here.invited.id, new, supports)
    return await _done(here, typed, act, "added")


async def correct_page(request: Request) -> Response:
    """What stands of somebody, to be put right."""
    here = await _visit(request)
    return await _show(here, _row(here.person) if here.person else PersonRow())


async def correct_sent(request: Request) -> Response:
    """What is to stand from now on."""
    here = await _visit(request)
    typed = await _typed(here)
    person, supports, problems = check_one(typed, here.family, (), here.fixed)
    if person is None or here.person is None:
        return await _show(here, typed, problems)
    act = inviting.correct(
        context_of(request), here.actor, here.invited.id, here.person.id, _correction(person, supports)
    )
    return await _done(here, typed, act, "corrected")


async def _typed(here: Visit) -> PersonRow:
    fields = await checked_form(here.request, here.actor)
    people = read({name: fields[name] for name in fields}).people
    return people[0] if people else PersonRow()


async def _accounts(here: Visit) -> set[str]:
    return {id_ for id_, _ in await staff.colleagues(context_of(here.request))}


async def _done(here: Visit, typed: PersonRow, act: Awaitable[object], said: str) -> Response:
    try:
        await act
    except BadInput as error:
        return await _show(here, typed, (Problem(f"person-0-{error.field}", error.reason),))
    return RedirectResponse(f"{here.base}?{said}", 303)


def _row(person: Invitation) -> PersonRow:
    way, care = way_and_care(person.send_by)
    return PersonRow(
        name=person.name,
        role=person.role,
        agency=person.agency,
        supports=person.supports or "",
        send_by=way,
        send_with_care=care,
    )


def _correction(person: CheckedPerson, supports: str | None) -> Correction:
    return Correction(person.name, person.role, person.agency, supports, person.send_by)


async def _show(here: Visit, typed: PersonRow, problems: tuple[Problem, ...] = ()) -> Response:
    person = here.person
    context = PersonPage(
        csrf=form_token(here.request, here.actor),
        base=here.base,
        to=f"{here.base}/{person.id}/correct" if person else f"{here.base}/add",
        title=here.invited.title,
        whose=person.name if person else "",
        person=typed,
        errors=problems,
        focus="" if problems else FIRST_FIELD,
        fixed=ROLES[here.fixed] if here.fixed else "",
        roles=tuple((role.value, words) for role, words in ROLES.items() if role is not Role.CHAIR),
        ways=tuple((way, way) for way in WAYS),
        family=tuple(here.family.items()),
        colleagues=() if person else await staff.colleagues(context_of(here.request)),
    )
    return templates_of(here.request).page("staff/person.html", context, 422 if problems else 200)


_AT = "/conferences/{cid}/invitations"

routes = [
    Route(f"{_AT}/add", add_page),
    Route(f"{_AT}/add", add_sent, methods=["POST"]),
    Route(f"{_AT}/{{person}}/correct", correct_page),
    Route(f"{_AT}/{{person}}/correct", correct_sent, methods=["POST"]),
]
