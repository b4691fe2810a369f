"""A copy of the record told in sentences. The page and the PDF both print this and add no words about the
meeting.

Every sentence about who did what claims only what is known: a point was *started by* someone and is
*recorded as said by* someone. Strengths and worries, and the words of parents and of professionals, are
told in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.record.contents import Answer, Flag, Front, Part, Person, Point, Span
from server.record.copy import front_of, parts_of
from server.record.sealed import Record
from server.record.words import (
    ANSWERS,
    ATTENDING,
    CONFERENCES,
    FLAGS,
    KINDS,
    ROLES,
    capital,
    clock,
    full_day,
    grouped,
    listed,
    quoted,
    runs,
    sentence,
    visible,
    week_day,
)


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """A row of "Who was there"."""

    name: str
    role: str
    how: str
    when: str


@dataclass(frozen=True, slots=True)
class ToldPoint:
    """One point: `who` is set in bold, `by` follows it, `trail` is what became of it, oldest first."""

    id: str
    number: int
    who: str
    by: str
    text: str
    struck: bool
    trail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldPart:
    """One part. `remarks` are about the part as a whole, `read_through` says who agreed."""

    number: int
    title: str
    closed: bool
    points: tuple[ToldPoint, ...]
    summary: tuple[ToldPoint, ...]
    remarks: tuple[str, ...]
    read_through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The whole copy in words."""

    copy_line: str
    heading: str
    children: str
    meeting: str
    signed: str
    people: tuple[ToldPerson, ...]
    absent: str
    parts: tuple[ToldPart, ...]
    left_out: str
    reference: str
    fingerprint: str
    council: str


def tell(copy: Record) -> Told:
    """Put a copy into words. Raises `WrongShape` for one that was not sealed by us."""
    front = front_of(copy)
    people = {person.id: person for person in front.people}
    seal = copy.seal
    missing = [sheet.number for sheet in copy.sheets if sheet.opened is None]
    return Told(
        copy_line=_copy_line(copy),
        heading="Record of a child protection conference",
        children=_children(front),
        meeting=_meeting(front),
        signed=(
            f"By {seal.signed_by.name}, {ROLES.get(seal.signed_by.role, seal.signed_by.role)}, "
            f"on {full_day(seal.signed_at)} at {clock(seal.signed_at)}. Nothing can be changed after signing. "
            "A correction is added at the end, with its own signature and date."
        ),
        people=tuple(_person(person, people) for person in front.people if person.attended),
        absent=_absent(front),
        parts=tuple(_part(part, people) for part in parts_of(copy)),
        left_out=_left_out(missing),
        reference=f"Record {copy.conference}. Signed for {seal.council} by {seal.signed_by.name}.",
        fingerprint=grouped(seal.root),
        council=seal.council,
    )


def _copy_line(copy: Record) -> str:
    recipient = copy.copy.recipient if copy.copy else None
    if recipient is None:
        return "Private: about a family."
    number = f" {recipient.number} of {recipient.of} copies." if recipient.number else ""
    return f"Copy for {recipient.name}.{number} Private: about a family."


def _children(front: Front) -> str:
    told = []
    for child in front.children:
        born = f", born {full_day(child.date_of_birth)}" if child.date_of_birth else ", not yet born"
        told.append(child.name + born)
    return listed(told)


def _meeting(front: Front) -> str:
    conference = front.conference
    began = conference.started_at or conference.starts_at
    ended = f" to {clock(conference.closed_at)}" if conference.closed_at else ""
    kind = CONFERENCES.get(conference.kind, conference.kind)
    return f"{kind}, {week_day(began)}, {'' if ended else 'from '}{clock(began)}{ended}"


def _label(person: Person) -> str:
    """What someone is, in a word or two: their own description where one was entered."""
    return person.agency or ROLES.get(person.role, person.role)


def _named(person_id: str | None, people: Mapping[str, Person]) -> str:
    person = people.get(person_id or "")
    return f"{person.name}, {_label(person)}" if person else "somebody"


def _person(person: Person, people: Mapping[str, Person]) -> ToldPerson:
    role = capital(ROLES.get(person.role, person.role))
    supported = people.get(person.supports or "")
    if supported:
        role += f" of {supported.name}"
    elif person.agency:
        role += f", {person.agency}"
    how = ATTENDING.get(person.attending, person.attending)
    return ToldPerson(person.name, role, how, _when(person.there))


def _when(there: Sequence[Span]) -> str:
    if not there:
        return "Throughout"
    last = there[-1].until
    told = f"{clock(there[0].since)} to {clock(last)}" if last else f"From {clock(there[0].since)}"
    gaps = [f"from {clock(one.until)} to {clock(other.since)}" for one, other in pairwise(there) if one.until]
    return f"{told}. Off the line {listed(gaps)}" if gaps else told


def _absent(front: Front) -> str:
    names = [f"{person.name} ({_label(person)})" for person in front.people if not person.attended]
    return f"Invited and not there: {listed(names)}." if names else ""


def _left_out(missing: Sequence[int]) -> str:
    if not missing:
        return ""
    if len(missing) == 1:
        return f"Part {missing[0]} is not in this copy, on purpose. That is part of what was signed."
    return f"Parts {runs(missing)} are not in this copy, on purpose. That is part of what was signed."


def _part(part: Part, people: Mapping[str, Person]) -> ToldPart:
    numbers = {point.id: point.number for point in part.minutes}
    in_points = numbers.keys() | {point.id for point in part.summary}
    return ToldPart(
        number=part.number,
        title=visible(part.title),
        closed=part.audience == "professionals",
        points=tuple(_point(point, part, people) for point in part.minutes),
        summary=tuple(_point(point, part, people) for point in part.summary),
        remarks=tuple(_flag(flag, people) for flag in part.flags if flag.point not in in_points),
        read_through=_read_through(part, people, numbers),
    )


def _point(point: Point, part: Part, people: Mapping[str, Person]) -> ToldPoint:
    said = people.get(point.said_by)
    kind = KINDS.get(point.kind, point.kind)
    started = people.get(point.started_by or "")
    by = [kind] if kind else []
    if said and said == started:
        by.append(f"Recorded as said by, and started by, {said.name}")
    else:
        by += [f"Recorded as said by {said.name}"] if said else []
        by += [f"Started by {started.name}"] if started else []
    trail = [_flag(flag, people) for flag in part.flags if flag.point == point.id]
    trail += [_disagreement(one, people) for one in _standing(part.answers) if _differs(one, point)]
    if point.struck:
        trail.append("Struck out. It no longer stands, and its words are kept.")
    return ToldPoint(
        id=point.id,
        number=point.number,
        who=f"{said.name}, {_label(said)}" if said else "",
        by=". ".join(by) + ("." if by else ""),
        text=visible(point.text),
        struck=point.struck,
        trail=tuple(trail),
    )


def _flag(flag: Flag, people: Mapping[str, Person]) -> str:
    raiser = _named(flag.raised_by, people)
    if flag.on_behalf_of:
        raiser += f", for {_named(flag.on_behalf_of, people)}"
    said = f"{raiser}, {clock(flag.raised_at)}: {FLAGS.get(flag.kind, flag.kind)}."
    if flag.words.strip():
        said += f" {sentence(quoted(flag.words))}"
    who = people.get(flag.answered_by)
    by = f"{who.name}, {ROLES.get(who.role, who.role)}" if who else "the chair"
    at = clock(flag.answered_at)
    answer = f": {sentence(quoted(flag.answer))}" if flag.answer.strip() else "."
    if flag.outcome == "corrected":
        was = flag.before if flag.before != flag.after else ""
        told = f"Put right at {at} by {by}{answer}" + (
            f" It said {sentence(quoted(was))}" if was.strip() else ""
        )
    elif flag.outcome == "left":
        told = f"Left as it is at {at} by {by}{answer}"
    elif flag.outcome == "withdrawn":
        told = f"Taken back at {at}."
    else:
        told = f"Answered at {at} by {by}{answer}"
    return f"{told} {said}"


def _standing(answers: Sequence[Answer]) -> list[Answer]:
    """Each person's last answer about each point; earlier ones are in the JSON of the record."""
    last = {(answer.point, answer.person): answer for answer in answers}
    return list(last.values())


def _differs(answer: Answer, point: Point) -> bool:
    return answer.point == point.id and answer.answer != "right"


def _disagreement(answer: Answer, people: Mapping[str, Person]) -> str:
    said = f"At the read-through {_named(answer.person, people)} said: {ANSWERS.get(answer.answer, answer.answer)}."
    if answer.words.strip():
        said += f" {sentence(quoted(answer.words))}"
    return said + _footnote(answer, people)


def _footnote(answer: Answer, people: Mapping[str, Person]) -> str:
    note = ""
    if answer.by_voice:
        enterer = people.get(answer.entered_by)
        note += f" Said by voice, entered by {enterer.name}." if enterer else " Said by voice."
    if answer.stale:
        note += " The point was changed after this answer."
    return note


def _read_through(part: Part, people: Mapping[str, Person], numbers: Mapping[str, int]) -> tuple[str, ...]:
    """One sentence for each person: right on every point, right on all but some, and what was not
    answered.
    """
    standing = _standing(part.answers)
    asked = [point.number for point in part.minutes if not point.struck]
    told = []
    for person_id in dict.fromkeys(answer.person for answer in standing):
        mine = [answer for answer in standing if answer.person == person_id and answer.point in numbers]
        right = sorted(numbers[one.point] for one in mine if one.answer == "right" and not one.stale)
        wrong = sorted(numbers[one.point] for one in mine if one.answer != "right")
        changed = sorted(numbers[one.point] for one in mine if one.stale)
        silent = sorted(set(asked) - {numbers[one.point] for one in mine})
        clauses = []
        if right and set(asked) <= set(right):
            clauses.append("right on every point")
        elif right:
            clauses.append(f"right on {_points(right)}")
        if wrong:
            clauses.append(f"not right on {_points(wrong)}")
        if changed:
            clauses.append(f"{_points(changed)} changed after the answer")
        if silent:
            clauses.append(f"no answer on {_points(silent)}")
        voice = ", said by voice and entered by the chair" if any(one.by_voice for one in mine) else ""
        if clauses:
            told.append(f"{_named(person_id, people)}: {'; '.join(clauses)}{voice}.")
    return tuple(told)


def _points(numbers: Sequence[int]) -> str:
    return f"point {numbers[0]}" if len(numbers) == 1 else f"points {runs(numbers)}"
