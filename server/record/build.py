"""From rows and points to the contents of the record. Pure: everything it needs is handed in.

Nothing here may fail because of what people wrote: text that no encoding can carry is made visible instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.db import models
from server.record.contents import (
    Answer,
    Child,
    Conference,
    Contents,
    Evidence,
    Flag,
    Front,
    Part,
    Person,
    Point,
    Span,
)
from shared_doc.points import Point as LanePoint

# A phone that changes from one mast to the next is not "off the line" in a record.
SHORTEST_GAP = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Lane:
    """One frozen lane: its points in order, who started each, and the end of its update log."""

    name: str
    points: Sequence[LanePoint]
    started_by: Mapping[str, str | None]
    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class Material:
    """Every row a record is made of. `minutes` and `summaries` are by part id; `recipients` are participant
    ids. `asked_about` has, by point id, the hash by which an answer remembers the point as it stands now: an
    answer with another hash was given about something else. `signed_by` is the chair who signs.
    """

    conference: models.Conference
    children: Sequence[models.Child]
    people: Sequence[models.Participant]
    parts: Sequence[models.Part]
    flags: Sequence[models.Flag]
    answers: Sequence[models.Agreement]
    presence: Sequence[models.Presence]
    minutes: Mapping[str, Lane]
    summaries: Mapping[str, Lane]
    recipients: Sequence[str]
    asked_about: Mapping[str, str]
    signed_by: str


def build(material: Material) -> Contents:
    """Put the record together. Every flag must be answered: raises ValueError otherwise."""
    conference = material.conference
    acted = _acted(material)
    front = Front(
        conference=Conference(
            id=conference.id,
            title=clean(conference.title),
            kind=conference.kind,
            starts_at=_utc(conference.starts_at),
            started_at=_utc_or_none(conference.started_at),
            closed_at=_utc_or_none(conference.closed_at),
        ),
        children=tuple(
            Child(clean(child.name), child.date_of_birth)
            for child in sorted(material.children, key=lambda child: child.number)
        ),
        people=tuple(
            _person(
                person,
                [row for row in material.presence if row.participant_id == person.id],
                conference,
                acted=person.id in acted,
            )
            for person in sorted(material.people, key=lambda person: person.number)
        ),
        recipients=tuple(material.recipients),
    )
    parts = sorted(material.parts, key=lambda part: part.number)
    return Contents(front, tuple(_part(part, number, material) for number, part in enumerate(parts, 1)))


def clean(text: str) -> str:
    """Replace what UTF-8 cannot carry (half a character pair), so that no text can stop a record from
    being signed.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def spans(
    rows: Iterable[tuple[datetime, datetime | None]], since: datetime | None, until: datetime | None
) -> tuple[Span, ...]:
    """Join connections into spans of being there, within the meeting. Gaps of less than a minute do not
    count.
    """
    joined: list[Span] = []
    for came, went in sorted(rows, key=lambda row: row[0]):
        # What happened before the start or after the end of the meeting was waiting or reading, not attending.
        first = max(came, since) if since else came
        last = min(went, until) if went and until else went or until
        if last is not None and last <= first:
            continue
        before = joined[-1] if joined else None
        if before and (before.until is None or first - before.until < SHORTEST_GAP):
            later = None if before.until is None or last is None else max(before.until, last)
            joined[-1] = Span(before.since, later)
        else:
            joined.append(Span(first, last))
    return tuple(joined)


def in_the_room(row: models.Participant) -> bool:
    """Whether somebody was let into the room. There they are, whether or not their phone has a line."""
    return row.attending == "room" and row.admitted_at is not None


def _acted(material: Material) -> frozenset[str]:
    """Who did or said something in the meeting themselves. Whoever takes part by a program alone, or by voice in a
    meeting that a program set up, leaves no other trace.
    """
    lanes = (*material.minutes.values(), *material.summaries.values())
    acted: set[str | None] = {material.signed_by}
    acted |= {who for lane in lanes for who in lane.started_by.values()}
    acted |= {who for flag in material.flags for who in (flag.raised_by, flag.answered_by)}
    acted |= {who for one in material.answers for who in (one.participant_id, one.entered_by)}
    return frozenset(who for who in acted if who)


def _person(
    row: models.Participant,
    presence: Iterable[models.Presence],
    conference: models.Conference,
    *,
    acted: bool,
) -> Person:
    left = row.removed_at or row.left_at
    end = _utc_or_none(min((at for at in (left, conference.closed_at) if at), key=_utc, default=None))
    began = _utc_or_none(conference.started_at)
    lines = [(_utc(span.came_at), _utc_or_none(span.went_at)) for span in presence]
    if in_the_room(row):
        lines.append((_utc(row.admitted_at or conference.starts_at), end))
    there = spans(lines, began, end)
    if not there and (row.admitted_at is not None or acted):
        # Neither a page with a line nor a note at the desk: that the chair let them in is all there is.
        there = spans([(_utc(row.admitted_at or conference.starts_at), end)], began, end)
    return Person(
        id=row.id,
        name=clean(row.name),
        role=row.role,
        agency=clean(row.agency),
        supports=row.supports_id,
        # Whoever came before it began and left again, or came when it was over, was not at the meeting.
        attended=bool(there),
        attending=row.attending,
        there=there,
    )


def _part(row: models.Part, number: int, material: Material) -> Part:
    minutes = _points(material.minutes[row.id])
    summary = _points(material.summaries[row.id])
    flags = sorted(
        (flag for flag in material.flags if flag.part_id == row.id), key=lambda f: (_utc(f.raised_at), f.id)
    )
    answers = sorted(
        (one for one in material.answers if one.part_id == row.id), key=lambda a: (_utc(a.at), a.id)
    )
    lanes = (material.minutes[row.id], material.summaries[row.id])
    return Part(
        id=row.id,
        number=number,
        title=clean(row.title),
        audience=row.audience,
        opened_at=_utc_or_none(row.opened_at),
        read_through_at=_utc_or_none(row.read_through_at),
        agreed_at=_utc_or_none(row.agreed_at),
        minutes=minutes,
        summary=summary,
        flags=tuple(_flag(flag) for flag in flags),
        answers=tuple(_answer(one, material.asked_about) for one in answers),
        evidence=tuple(Evidence(lane.name, lane.rows, lane.hash) for lane in lanes),
    )


def _points(lane: Lane) -> tuple[Point, ...]:
    return tuple(
        Point(
            id=point.id,
            number=number,
            text=clean(point.text),
            kind=point.kind,
            said_by=point.said_by,
            started_by=lane.started_by.get(point.id),
            struck=point.struck,
        )
        for number, point in enumerate(lane.points, 1)
    )


def _flag(row: models.Flag) -> Flag:
    if row.outcome is None or row.answered_at is None:
        raise ValueError("a flag is unanswered")
    return Flag(
        id=row.id,
        kind=row.kind,
        point=row.point_id,
        words=clean(row.words),
        raised_by=row.raised_by,
        on_behalf_of=row.on_behalf_of,
        raised_at=_utc(row.raised_at),
        before=clean(row.before),
        outcome=row.outcome,
        answer=clean(row.answer),
        after=clean(row.after),
        # Whoever takes a flag back answers it themselves.
        answered_by=row.answered_by or row.raised_by,
        answered_at=_utc(row.answered_at),
    )


def _answer(row: models.Agreement, asked_about: Mapping[str, str]) -> Answer:
    return Answer(
        point=row.point_id,
        person=row.participant_id,
        answer=row.answer,
        words=clean(row.words),
        at=_utc(row.at),
        entered_by=row.entered_by,
        by_voice=row.by_voice,
        stale=asked_about.get(row.point_id) != row.text_hash,
    )


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _utc_or_none(at: datetime | None) -> datetime | None:
    return None if at is None else _utc(at)
