"""Checks the form of a new conference, field by field.

The page shows everything again as it was typed, with a sentence beside each field that has to be put right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from server.actions.names import CONFERENCE_KINDS
from server.actions.words import NAME_LETTERS
from server.routes.conference_form import AUDIENCES, ROLES, WAYS, ConferenceForm, PersonRow
from server.templating import BRITAIN
from shared_doc.permissions import COMPANIONS, DESK, FAMILY, Audience, Role

LONGEST = NAME_LETTERS
COMES_WITH = "Choose the parent or child this person comes with."
BORN = "Write the date of birth in numbers, such as 14 3 2013. Leave it empty for a child not born yet."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the id of its field, and a sentence."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedChild:
    """A child that can be entered. An unborn child has no date of birth."""

    name: str
    date_of_birth: date | None


@dataclass(frozen=True, slots=True)
class CheckedPerson:
    """A person that can be entered. `supports` is an index into the people, counted from 0; `staff` an account."""

    name: str
    role: Role
    agency: str
    supports: int | None
    staff: str | None
    send_by: str


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """A part that can be entered."""

    title: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class CheckedConference:
    """Everything that was typed, ready to be entered. `starts_at` has an offset."""

    title: str
    kind: str
    starts_at: datetime
    children: tuple[CheckedChild, ...]
    people: tuple[CheckedPerson, ...]
    parts: tuple[CheckedPart, ...]


def check(
    form: ConferenceForm, accounts: Collection[str]
) -> tuple[CheckedConference | None, tuple[Problem, ...]]:
    """The conference that was typed, or what has to be put right, in the order of the page.

    `accounts` are the ids of the staff who can be given a place.
    """
    problems: list[Problem] = []
    title = _short(form.title, "title", problems) or _missing(
        problems, "title", "Write what the conference is called in lists, such as “Marsh, two children”."
    )
    if form.kind not in CONFERENCE_KINDS:
        problems.append(Problem("kind", "Choose what kind of conference it is."))
    starts_at = _start(form, problems)
    children = _check_children(form, problems)
    people = _check_people(form, accounts, problems)
    parts = _check_parts(form, problems)
    if problems or starts_at is None:
        return None, tuple(problems)
    return CheckedConference(title, form.kind, starts_at, children, people, parts), ()


def _missing(problems: list[Problem], field: str, reason: str) -> str:
    if not any(problem.field == field for problem in problems):
        problems.append(Problem(field, reason))
    return ""


def _short(text: str, field: str, problems: list[Problem]) -> str:
    if len(text) > LONGEST:
        problems.append(Problem(field, f"Use at most {LONGEST} letters here."))
        return ""
    return " ".join(text.split())


def _start(form: ConferenceForm, problems: list[Problem]) -> datetime | None:
    on = _date(form.day, form.month, form.year)
    if on is None:
        problems.append(Problem("day", "Write the day of the meeting in numbers, such as 23 11 2026."))
    at = _time(form.start)
    if at is None:
        problems.append(Problem("start", "Write when the meeting starts, such as 10am or 14:30."))
    if on is None or at is None:
        return None
    return datetime(on.year, on.month, on.day, *at, tzinfo=BRITAIN).astimezone(UTC)


def _date(day: str, month: str, year: str) -> date | None:
    if not (day.isdecimal() and month.isdecimal() and year.isdecimal() and len(year) == 4):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _time(text: str) -> tuple[int, int] | None:
    """10am, 9.30am, 2 pm, 14:30, 9."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.lower())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _check_children(form: ConferenceForm, problems: list[Problem]) -> tuple[CheckedChild, ...]:
    checked = []
    for index, row in enumerate(form.children):
        if row.empty:
            continue
        name = _short(row.name, f"child-{index}-name", problems) or _missing(
            problems,
            f"child-{index}-name",
            "Write this child’s name. Before birth, write “Baby” and the surname.",
        )
        born = _date(row.day, row.month, row.year)
        typed = bool(row.day or row.month or row.year)
        if typed and (born is None or not 1900 < born.year < 2200):
            problems.append(Problem(f"child-{index}-day", BORN))
        checked.append(CheckedChild(name, born))
    if not checked:
        problems.append(Problem("child-0-name", "Write the name of at least one child."))
    return tuple(checked)


def _check_people(
    form: ConferenceForm, accounts: Collection[str], problems: list[Problem]
) -> tuple[CheckedPerson, ...]:
    kept = [index for index, row in enumerate(form.people) if not row.empty]
    place = {index: position for position, index in enumerate(kept)}
    checked = []
    for index in kept:
        row, prefix = form.people[index], f"person-{index}"
        person = _check_person(row, prefix, accounts, problems)
        if person is not None:
            supports = _supported(form, row, prefix, person.role, place, problems)
            checked.append(replace(person, supports=supports))
    chairs = sum(person.role is Role.CHAIR for person in checked)
    if chairs != 1:
        problems.append(Problem("person-0-name", "Every conference has one chair. Write who it is."))
    return tuple(checked)


def check_one(
    row: PersonRow, family: Collection[str], accounts: Collection[str], fixed: Role | None = None
) -> tuple[CheckedPerson | None, str | None, tuple[Problem, ...]]:
    """One person that was typed alone, and the id of whom they come with; or what has to be put right.

    `family` are the ids of the parents and children of the conference, `fixed` is a role that cannot be changed. The
    fields are those of the first person.
    """
    problems: list[Problem] = []
    person = _check_person(replace(row, role=fixed) if fixed else row, "person-0", accounts, problems)
    supports = row.supports if person is not None and person.role in COMPANIONS else None
    if supports is not None and supports not in family:
        problems.append(Problem("person-0-supports", COMES_WITH))
    if person is not None and person.role is Role.CHAIR and not fixed:
        problems.append(Problem("person-0-role", "This conference has a chair already."))
    return (None, None, tuple(problems)) if problems else (person, supports, ())


def _check_person(
    row: PersonRow, prefix: str, accounts: Collection[str], problems: list[Problem]
) -> CheckedPerson | None:
    """Everything but whom they come with. None for somebody with no role."""
    name = _short(row.name, f"{prefix}-name", problems) or _missing(
        problems, f"{prefix}-name", "Write this person’s name."
    )
    role = Role(row.role) if row.role in ROLES else None
    if role is None:
        problems.append(Problem(f"{prefix}-role", "Choose what this person does in the meeting."))
        return None
    agency = _short(row.agency, f"{prefix}-agency", problems)
    way = row.send_by if row.send_by in WAYS else ""
    care = _short(row.send_with_care, f"{prefix}-send_with_care", problems)
    send_by = ". ".join(text for text in (way, care) if text)
    staff = row.staff if role in DESK else ""
    if staff and staff not in accounts:
        problems.append(Problem(f"{prefix}-staff", "Choose one of the accounts in the list."))
    return CheckedPerson(name, role, agency, None, staff or None, send_by)


def _supported(
    form: ConferenceForm,
    row: PersonRow,
    prefix: str,
    role: Role,
    place: Mapping[int, int],
    problems: list[Problem],
) -> int | None:
    """Whom a supporter or solicitor came with (R-52, R-53): somebody else of this list who is family."""
    if role not in COMPANIONS:
        return None
    index = int(row.supports) - 1 if row.supports.isdecimal() else -1
    other = form.people[index] if 0 <= index < len(form.people) else None
    if other is None or index not in place or other.role not in FAMILY:
        problems.append(Problem(f"{prefix}-supports", COMES_WITH))
        return None
    return place[index]


def _check_parts(form: ConferenceForm, problems: list[Problem]) -> tuple[CheckedPart, ...]:
    checked = []
    for index, row in enumerate(form.parts):
        if row.empty:
            continue
        title = _short(row.title, f"part-{index}-title", problems)
        if row.audience not in AUDIENCES:
            problems.append(Problem(f"part-{index}-audience", "Choose who this part is for."))
            continue
        checked.append(CheckedPart(title, Audience(row.audience)))
    if not checked:
        problems.append(Problem("part-0-title", "A meeting needs at least one part."))
    return tuple(checked)
