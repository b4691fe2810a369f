"""The form of a new conference: what was typed, kept exactly as typed until it can be used.

Reading it never fails. `server.routes.conference_check` says, field by field, what cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from shared_doc.permissions import Audience, Role

MOST_ROWS = 60
LONGEST_READ = 400

ROLES = {
    Role.CHAIR: "Chair",
    Role.MINUTE_TAKER: "Minute-taker",
    Role.SOCIAL_WORKER: "Social worker",
    Role.PROFESSIONAL: "Other professional",
    Role.PARENT: "Parent or carer",
    Role.CHILD: "Child or young person",
    Role.SUPPORTER: "Supporter",
    Role.SOLICITOR: "Solicitor",
    Role.INTERPRETER: "Interpreter",
    Role.OBSERVER: "Observer",
}
AUDIENCES = {Audience.EVERYONE: "Everyone", Audience.PROFESSIONALS: "Professionals only"}
WAYS = (
    "Work email",
    "Email",
    "Text message",
    "Phone call",
    "By hand",
    "Post",
    "Through somebody else",
)


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One child as typed."""

    name: str = ""
    day: str = ""
    month: str = ""
    year: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was typed: the row is left out."""
        return not (self.name or self.day or self.month or self.year)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as typed. `supports` is the number of another row, counted from 1, `staff` an account."""

    name: str = ""
    role: str = ""
    agency: str = ""
    supports: str = ""
    staff: str = ""
    send_by: str = ""
    send_with_care: str = ""

    @property
    def empty(self) -> bool:
        """No name, and nothing but the role we suggested: the row is left out."""
        return not (self.name or self.agency or self.supports or self.staff or self.send_with_care)


def way_and_care(send_by: str) -> tuple[str, str]:
    """How somebody is reached, taken apart again into one of `WAYS` and what to be careful about."""
    way = next((way for way in WAYS if send_by == way or send_by.startswith(f"{way}. ")), "")
    return way, send_by.removeprefix(way).removeprefix(". ") if way else send_by


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the agenda as typed."""

    title: str = ""
    audience: str = Audience.EVERYONE.value

    @property
    def empty(self) -> bool:
        """No title: the row is left out."""
        return not self.title


@dataclass(frozen=True, slots=True)
class ConferenceForm:
    """The whole form as typed."""

    title: str = ""
    kind: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    start: str = ""
    children: tuple[ChildRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    parts: tuple[PartRow, ...] = ()


def blank(agenda: Sequence[tuple[str, Audience]]) -> ConferenceForm:
    """The form as it is first shown: one child, the four people every conference has, the council's agenda."""
    usual = (Role.CHAIR, Role.MINUTE_TAKER, Role.SOCIAL_WORKER, Role.PARENT)
    return ConferenceForm(
        children=(ChildRow(),),
        people=tuple(PersonRow(role=role) for role in usual),
        parts=tuple(PartRow(title, audience) for title, audience in agenda),
    )


def read(form: Mapping[str, object]) -> ConferenceForm:
    """What was typed, trimmed. Fields that are missing are empty; a file sent as a field is ignored."""
    text = {name: value.strip()[:LONGEST_READ] for name, value in form.items() if isinstance(value, str)}
    return ConferenceForm(
        **{name: text.get(name, "") for name in ("title", "kind", "day", "month", "year", "start")},
        children=_rows(text, "child", ChildRow),
        people=_rows(text, "person", PersonRow),
        parts=_rows(text, "part", PartRow),
    )


Row = TypeVar("Row", ChildRow, PersonRow, PartRow)


def _rows(text: Mapping[str, str], what: str, row: type[Row]) -> tuple[Row, ...]:
    """Fields are called `child-0-name`. Rows keep their order, however the browser numbered them."""
    numbers = {
        int(match[1])
        for name in text
        if (match := re.fullmatch(rf"{what}-(\d{{1,3}})-[a-z_]+", name)) is not None
    }
    names = [field.name for field in fields(row)]
    return tuple(
        row(**{name: text[f"{what}-{number}-{name}"] for name in names if f"{what}-{number}-{name}" in text})
        for number in sorted(numbers)[:MOST_ROWS]
    )


def change(form: ConferenceForm, press: str) -> ConferenceForm | None:
    """The form after "Add a child", "Add a person", "Add a part" or one of the "Remove" buttons (`remove-person-2`).

    None if `press` is none of them: the form itself was sent.
    """
    if press == "add-child":
        return replace(form, children=(*form.children, ChildRow())[:MOST_ROWS])
    if press == "add-person":
        return replace(form, people=(*form.people, PersonRow())[:MOST_ROWS])
    if press == "add-part":
        return replace(form, parts=(*form.parts, PartRow())[:MOST_ROWS])
    match = re.fullmatch(r"remove-(child|person|part)-(\d{1,3})", press)
    if match is None:
        return None
    index = int(match[2])
    if match[1] == "child":
        return replace(form, children=_without(form.children, index))
    if match[1] == "part":
        return replace(form, parts=_without(form.parts, index))
    return replace(form, people=_renumbered(_without(form.people, index), index + 1))


def _without(rows: tuple[Row, ...], index: int) -> tuple[Row, ...]:
    return rows[:index] + rows[index + 1 :]


def _renumbered(people: Iterable[PersonRow], gone: int) -> tuple[PersonRow, ...]:
    """Whom a supporter came with is said by number, so numbers behind the row that went move up by one."""
    moved = []
    for person in people:
        number = int(person.supports) if person.supports.isdecimal() else 0
        if number == gone:
            moved.append(replace(person, supports=""))
        elif number > gone:
            moved.append(replace(person, supports=str(number - 1)))
        else:
            moved.append(person)
    return tuple(moved)
