"""Everything a record holds, as frozen dataclasses. They are also the grammar of its JSON (`plain`).

The front sheet says who met about whom; each part is a sheet of its own, because a part is what a recipient
may or may not read. Words about authorship are chosen to claim only what the update log proves: a point was
*started by* someone, and is *recorded as said by* someone; who typed each letter of it is in the log, not
here. Times are aware and in UTC.

Left out on purpose: requests to the chair, that the chair sent somebody out and why, ways to reach a person, and client
addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

FORMAT = "true-record/1"


@dataclass(frozen=True, slots=True)
class Conference:
    """The meeting itself. `kind`: initial, review, pre_birth, transfer_in."""

    id: str
    title: str
    kind: str
    starts_at: datetime
    started_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Child:
    """A child the meeting is about. An unborn child has no date of birth."""

    name: str
    date_of_birth: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which someone was there. `until` is unset for someone still there at the end."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """A participant (R-55). `attended` is false for someone invited who did not come.

    `supports` is the id of the person a supporter or solicitor came with. `attending`: room, video, phone,
    voice_only, writing (R-47). `there` holds the spans between coming and going, drops of the line included
    (R-45). Of somebody whom the chair sent out, every copy says only until when they were there (R-95, R-101).
    """

    id: str
    name: str
    role: str
    agency: str
    supports: str | None
    attended: bool
    attending: str
    there: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The first sheet. `recipients` are the ids of the people entitled to a copy, in the order copies are
    numbered.
    """

    conference: Conference
    children: tuple[Child, ...]
    people: tuple[Person, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One minuted main point. `said_by` is "" where nobody in particular said it; a struck point keeps its
    words.
    """

    id: str
    number: int
    text: str
    kind: str
    said_by: str
    started_by: str | None
    struck: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """What someone said was not right, missing, unclear or misspelt, and what became of it (R-57, R-58).

    `before` is the point as it stood when the flag was raised, `after` as it stood when it was answered. A
    solicitor speaks `on_behalf_of` the person they help (R-53).
    """

    id: str
    kind: str
    point: str | None
    words: str
    raised_by: str
    on_behalf_of: str | None
    raised_at: datetime
    before: str
    outcome: str
    answer: str
    after: str
    answered_by: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer about one point at the read-through (R-65). `stale`: the point was changed
    afterwards.
    """

    point: str
    person: str
    answer: str
    words: str
    at: datetime
    entered_by: str
    by_voice: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The end of a lane's update log when it was frozen: its last row and that row's hash, which covers
    all before it.
    """

    lane: str
    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class Part:
    """One item of the agenda, as it stood when the record was signed. Points struck while empty are not in
    it.
    """

    id: str
    number: int
    title: str
    audience: str
    opened_at: datetime | None
    read_through_at: datetime | None
    agreed_at: datetime | None
    minutes: tuple[Point, ...]
    summary: tuple[Point, ...]
    flags: tuple[Flag, ...]
    answers: tuple[Answer, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole record, before anything is sealed or left out."""

    front: Front
    parts: tuple[Part, ...]
