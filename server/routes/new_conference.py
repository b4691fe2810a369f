"""The page on which an administrator sets a conference up. Adding a row is a button of the form, not a script."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.actions import conferences, staff
from server.actions.conferences import NewChild, NewConference, NewPart, NewParticipant
from server.actions.names import CONFERENCE_KINDS
from server.auth.identity import StaffActor
from server.errors import BadInput, NotAllowed
from server.routes.conference_check import CheckedConference, Problem, check
from server.routes.conference_form import AUDIENCES, ROLES, WAYS, ConferenceForm, blank, change, read
from server.routes.error_pages import templates_of
from server.routes.guard import checked_form, context_of, current_staff, form_token
from shared_doc.permissions import FAMILY, Audience

CLOSED_PART = ("Closed part", Audience.PROFESSIONALS)
"""Offered in the form, before the decision; whoever needs none removes it."""

DECISION = -2


@dataclass(frozen=True, slots=True)
class NewConferencePage:
    """The form as typed, what has to be put right, what there is to choose from; `focus` is the field to start in."""

    csrf: str
    form: ConferenceForm
    errors: tuple[Problem, ...]
    focus: str
    kinds: tuple[dict[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    audiences: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    closed: int
    parts_open: bool


async def page(request: Request) -> Response:
    """An empty form, with the council's agenda."""
    actor = await _administrator(request)
    agenda = [(part.title, part.audience) for part in conferences.usual_parts(())]
    agenda.insert(DECISION, CLOSED_PART)
    return await _show(request, actor, blank(agenda))


async def sent(request: Request) -> Response:
    """A row more or less, or the whole form: then the conference is made, and its invitations come next."""
    actor = await _administrator(request)
    fields = await checked_form(request, actor)
    press = fields.get("press", "")
    form = read({name: fields[name] for name in fields})
    changed = change(form, press) if isinstance(press, str) else None
    if changed is not None:
        return await _show(
            request, actor, changed, focus=_new_row(form, changed), parts_open="part" in str(press)
        )
    ctx = context_of(request)
    accounts = {id_ for id_, _ in await staff.colleagues(ctx)}
    checked, problems = check(form, accounts)
    if checked is None:
        return await _show(request, actor, form, problems)
    try:
        made = await conferences.create(ctx, actor, _new(checked))
    except BadInput as error:
        return await _show(request, actor, form, (Problem("title", error.reason),))
    return RedirectResponse(f"/conferences/{made.id}/invitations", 303)


async def _administrator(request: Request) -> StaffActor:
    actor = await current_staff(request)
    if not actor.administrator:
        raise NotAllowed("administrators_only", "Only an administrator sets up conferences.")
    return actor


async def _show(
    request: Request,
    actor: StaffActor,
    form: ConferenceForm,
    problems: tuple[Problem, ...] = (),
    *,
    focus: str = "",
    parts_open: bool = False,
) -> Response:
    context = NewConferencePage(
        csrf=form_token(request, actor),
        form=form,
        errors=problems,
        focus=focus,
        kinds=tuple({"value": kind, "text": words} for kind, words in CONFERENCE_KINDS.items()),
        roles=tuple((role.value, words) for role, words in ROLES.items()),
        audiences=tuple((audience.value, words) for audience, words in AUDIENCES.items()),
        ways=tuple((way, way) for way in WAYS),
        family=tuple(
            (str(number), f"Person {number}: {person.name}" if person.name else f"Person {number}")
            for number, person in enumerate(form.people, 1)
            if person.role in FAMILY
        ),
        colleagues=await staff.colleagues(context_of(request)),
        closed=sum(part.audience == Audience.PROFESSIONALS for part in form.parts),
        parts_open=parts_open or any(problem.field.startswith("part-") for problem in problems),
    )
    return templates_of(request).page("staff/new.html", context, 422 if problems else 200)


def _new_row(before: ConferenceForm, after: ConferenceForm) -> str:
    """The first field of the row that was just added."""
    for what, field, old, new in (
        ("child", "name", before.children, after.children),
        ("person", "name", before.people, after.people),
        ("part", "title", before.parts, after.parts),
    ):
        if len(new) > len(old):
            return f"{what}-{len(new) - 1}-{field}"
    return ""


def _new(checked: CheckedConference) -> NewConference:
    return NewConference(
        title=checked.title,
        kind=checked.kind,
        starts_at=checked.starts_at,
        children=[NewChild(child.name, child.date_of_birth) for child in checked.children],
        participants=[
            NewParticipant(
                person.name,
                person.role,
                person.agency,
                person.supports,
                person.send_by,
                staff_id=person.staff,
            )
            for person in checked.people
        ],
        parts=[NewPart(part.title, part.audience) for part in checked.parts],
    )


routes = [
    Route("/conferences/new", page),
    Route("/conferences/new", sent, methods=["POST"]),
]
