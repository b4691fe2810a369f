"""A conference of fictional people, as rows and points, and the record made of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from server.db import models
from server.record.build import Lane, Material, build
from server.record.contents import Contents
from server.record.keys import SigningKey, load_or_make
from server.record.seal import NOTHING_BEFORE, seal
from server.record.sealed import Record, Signer
from shared_doc.permissions import Person, Role, Standing
from shared_doc.points import Point

CONFERENCE = "c0example"
COUNCIL = "Harrowdale Council (not a real council)"
MARGARET, TOM, KEELEY, RUTH, JANINE, ELLIE, DEAN = ("u1", "u2", "u3", "u4", "u5", "u6", "u7")
OPEN_PART, CLOSED_PART, SECOND_PART = "q1", "q2", "q3"
SIGNED_AT = datetime(2026, 11, 26, 9, 20, 0, 125000, tzinfo=UTC)


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A time on the day of the meeting."""
    return datetime(2026, 11, 23, hour, minute, second, tzinfo=UTC)


def participant(
    number: int,
    person_id: str,
    name: str,
    role: str,
    *,
    agency: str = "",
    attending: str = "room",
    supports: str | None = None,
    came: bool = True,
) -> models.Participant:
    return models.Participant(
        id=person_id,
        conference_id=CONFERENCE,
        number=number,
        name=name,
        role=role,
        agency=agency,
        attending=attending,
        supports_id=supports,
        standing="admitted" if came else "invited",
        admitted_at=at(10, 0) if came else None,
    )


def point(point_id: str, text: str, kind: str = "point", said_by: str = "", struck: bool = False) -> Point:
    return Point(id=point_id, text=text, position="a0", kind=kind, said_by=said_by, struck=struck)


HEARING = "Noah missed his last two hearing appointments."
MARCH = "Keeley first asked for help in March, before Dean had moved out."
BUSES = "I could not get to the clinic. It is two buses and I had nobody to be in for Ellie."
SECRET = "The police hold something about another person."
SECRET_TITLE = "What only the professionals may hear"


def lane(part_id: str, kind: str, points: list[Point], started: dict[str, str]) -> Lane:
    end = hashlib.sha256(f"{part_id}/{kind}".encode()).hexdigest()
    return Lane(f"{CONFERENCE}/{part_id}/{kind}", points, started, rows=len(points) * 7, hash=end)


def material(extra: list[Point] | None = None) -> Material:
    """The rows. `extra` points are added at the end of the first part."""
    extra = extra or []
    people = [
        participant(1, MARGARET, "Margaret Osei", "chair"),
        participant(2, TOM, "Tom Whitcombe", "minute_taker"),
        participant(3, KEELEY, "Keeley Marsh", "parent", agency="mother"),
        participant(4, RUTH, "Ruth Adeyemi", "professional", agency="health visitor", attending="video"),
        participant(5, JANINE, "Janine Marsh", "supporter", supports=KEELEY),
        participant(6, ELLIE, "Ellie Marsh", "child"),
        participant(7, DEAN, "Dean Hollis", "parent", came=False),
    ]
    parts = [
        models.Part(id=OPEN_PART, conference_id=CONFERENCE, number=1, title="What we are worried about",
                    audience="everyone", opened_at=at(10, 5), agreed_at=at(10, 56)),
        models.Part(id=CLOSED_PART, conference_id=CONFERENCE, number=2, title=SECRET_TITLE,
                    audience="professionals", opened_at=at(11, 10)),
        models.Part(id=SECOND_PART, conference_id=CONFERENCE, number=3, title="What is working well",
                    audience="everyone", opened_at=at(11, 20)),
    ]  # fmt: skip
    minutes = {
        OPEN_PART: [
            point("p1", HEARING, "worry", RUTH),
            point("p2", MARCH, "worry"),
            point("p3", BUSES, "view", KEELEY),
            point("p4", "This was said twice.", struck=True),
            *extra,
        ],
        CLOSED_PART: [point("p5", SECRET, "worry", RUTH)],
        SECOND_PART: [point("p6", "Keeley comes to every baby clinic.", "strength", RUTH)],
    }
    started = {"p1": RUTH, "p2": TOM, "p3": TOM, "p4": TOM, "p5": RUTH, "p6": RUTH, "p7": MARGARET}
    started |= {one.id: TOM for one in extra}
    summaries = {
        OPEN_PART: [point("p7", "We worry about missed appointments.")],
        CLOSED_PART: [],
        SECOND_PART: [],
    }
    flags = [
        models.Flag(id="f1", conference_id=CONFERENCE, part_id=OPEN_PART, point_id="p2", kind="not_right",
                    words="I asked in March, not May.", raised_by=KEELEY, raised_at=at(10, 41),
                    before="Keeley first asked for help in May, after Dean had moved out.", after=MARCH,
                    outcome="corrected", answered_by=TOM, answered_at=at(10, 45)),
        models.Flag(id="f2", conference_id=CONFERENCE, part_id=OPEN_PART, point_id="p1", kind="not_right",
                    words="", raised_by=KEELEY, raised_at=at(10, 42), before=HEARING, after=HEARING,
                    outcome="left", answer="The clinic's letter says two.", answered_by=MARGARET,
                    answered_at=at(10, 46)),
    ]  # fmt: skip
    answers = [
        agreement("a1", "p1", KEELEY, "not_right", HEARING, words="It was one."),
        agreement("a2", "p2", KEELEY, "right", MARCH),
        agreement("a3", "p3", KEELEY, "right", "I could not get there."),
        agreement("a4", "p1", RUTH, "right", HEARING, by_voice=True),
    ]
    presence = [
        models.Presence(conference_id=CONFERENCE, participant_id=RUTH, came_at=at(9, 50), went_at=at(10, 38)),
        models.Presence(conference_id=CONFERENCE, participant_id=RUTH, came_at=at(10, 40), went_at=at(11, 0)),
        models.Presence(conference_id=CONFERENCE, participant_id=RUTH, came_at=at(11, 0, 20)),
    ]
    return Material(
        conference=models.Conference(
            id=CONFERENCE, title="Marsh, first conference", kind="initial", phase="closed",
            starts_at=at(10, 0), started_at=at(10, 5), closed_at=at(11, 52), created_at=at(8, 0), created_by="s1",
        ),
        children=[
            models.Child(id="k2", conference_id=CONFERENCE, number=2, name="Noah Marsh",
                         date_of_birth=date(2022, 6, 2)),
            models.Child(id="k1", conference_id=CONFERENCE, number=1, name="Ellie Marsh",
                         date_of_birth=date(2013, 3, 14)),
        ],
        people=people,
        parts=parts,
        flags=flags,
        answers=answers,
        presence=presence,
        minutes={part: lane(part, "minutes", points, started) for part, points in minutes.items()},
        summaries={part: lane(part, "summary", points, started) for part, points in summaries.items()},
        recipients=[MARGARET, TOM, KEELEY, RUTH, JANINE, ELLIE],
        asked_about={one.id: text_hash(one.text) for points in minutes.values() for one in points},
        signed_by=MARGARET,
    )  # fmt: skip


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def agreement(
    answer_id: str,
    point_id: str,
    person: str,
    answer: str,
    asked: str,
    *,
    words: str = "",
    by_voice: bool = False,
) -> models.Agreement:
    """An answer at the read-through about a point that then said `asked`."""
    entered_by = MARGARET if by_voice else person
    return models.Agreement(
        id=answer_id, conference_id=CONFERENCE, part_id=OPEN_PART, point_id=point_id, participant_id=person,
        answer=answer, words=words, at=at(10, 52), entered_by=entered_by, by_voice=by_voice, text_hash=text_hash(asked),
    )  # fmt: skip


def contents(extra: list[Point] | None = None) -> Contents:
    return build(material(extra))


def salts(count: int = 4) -> list[bytes]:
    """Salts that are the same in every run."""
    return [hashlib.sha256(f"salt {number}".encode()).digest() for number in range(count)]


def record(key: SigningKey, extra: list[Point] | None = None, previous: str = NOTHING_BEFORE) -> Record:
    return seal(
        contents(extra),
        salts=salts(),
        previous=previous,
        council=COUNCIL,
        signed_by=Signer(MARGARET, "Margaret Osei", "chair"),
        signed_at=SIGNED_AT,
        key=key,
    )


def new_key(folder: Path) -> SigningKey:
    return load_or_make(folder, COUNCIL)


_PARENT = Person(KEELEY, Role.PARENT, Standing.ADMITTED)
PEOPLE = {
    MARGARET: Person(MARGARET, Role.CHAIR, Standing.ADMITTED),
    TOM: Person(TOM, Role.MINUTE_TAKER, Standing.ADMITTED),
    KEELEY: _PARENT,
    RUTH: Person(RUTH, Role.PROFESSIONAL, Standing.ADMITTED),
    JANINE: Person(JANINE, Role.SUPPORTER, Standing.ADMITTED, supports=_PARENT),
    ELLIE: Person(ELLIE, Role.CHILD, Standing.ADMITTED, released=frozenset({SECOND_PART})),
}


def removed(person_id: str) -> Person:
    return replace(PEOPLE[person_id], standing=Standing.REMOVED)
