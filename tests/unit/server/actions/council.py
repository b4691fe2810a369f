"""A council for tests of actions: the real database, the real live lanes, a clock that tests set, and a meeting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.actions import conferences, joining, parts, points
from server.actions.conferences import CreatedConference, NewChild, NewConference, NewPart, NewParticipant
from server.actions.context import Context
from server.app import running
from server.auth.identity import Actor, ProgramActor, StaffActor
from server.auth.sessions import SessionToken
from server.events import Changed, Event
from server.settings import Settings
from shared_doc.permissions import Audience, Phase, Role

ORGANISER = StaffActor("setup", "Alex Hart", administrator=True)

CHAIR, TYPIST, WORKER, NURSE = "Margaret Osei", "Tom Whitcombe", "Priya Nair", "Ruth Adeyemi"
MOTHER, FATHER, CHILD = "Keeley Marsh", "Dean Hollis", "Ellie Marsh"
AUNT, SOLICITOR, WATCHER, DOCTOR = "Janine Marsh", "Simon Vale", "Olu Bello", "Dr Sam Iqbal"

PEOPLE = (
    NewParticipant(CHAIR, Role.CHAIR),
    NewParticipant(TYPIST, Role.MINUTE_TAKER),
    NewParticipant(WORKER, Role.SOCIAL_WORKER),
    NewParticipant(NURSE, Role.PROFESSIONAL, "health visitor"),
    NewParticipant(MOTHER, Role.PARENT, "mother"),
    NewParticipant(FATHER, Role.PARENT, "father"),
    NewParticipant(CHILD, Role.CHILD, "13"),
    NewParticipant(AUNT, Role.SUPPORTER, supports=4),
    NewParticipant(SOLICITOR, Role.SOLICITOR, supports=4),
    NewParticipant(WATCHER, Role.OBSERVER),
    NewParticipant(DOCTOR, Role.PROFESSIONAL, "GP", send_by="work email"),
)
PARTS = (NewPart("Introductions"), NewPart("Worries"), NewPart("Closed part", Audience.PROFESSIONALS))

NEW = NewConference(
    title="First conference for Ellie and Noah",
    kind="initial",
    starts_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    children=(NewChild("Ellie Marsh"), NewChild("Noah Marsh")),
    participants=PEOPLE,
    parts=PARTS,
)

WORRY = "Noah has missed six of his last ten nursery days."


class SetClock:
    """Time goes on by a millisecond at every look, and as far as a test sets it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)


@dataclass
class Council:
    """The running server without its pages, and what it told of."""

    ctx: Context
    clock: SetClock
    heard: list[Event] = field(default_factory=list)

    def changes(self) -> list[Changed]:
        """The changes told of so far."""
        return [event for event in self.heard if isinstance(event, Changed)]


@dataclass
class Meeting:
    """A conference as it was made, and its people as the actions know them."""

    council: Council
    made: CreatedConference

    @property
    def ctx(self) -> Context:
        return self.council.ctx

    @property
    def id(self) -> str:
        return self.made.id

    @property
    def open_part(self) -> str:
        return self.made.parts[1].id

    @property
    def closed_part(self) -> str:
        return self.made.parts[2].id

    def id_of(self, name: str) -> str:
        return next(person.id for person in self.made.participants if person.name == name)

    def actor(self, name: str) -> Actor:
        return Actor(self.id_of(name), self.id)

    def link(self, name: str) -> tuple[str, str]:
        """The secret part of somebody's link, and their code."""
        person = next(person for person in self.made.participants if person.name == name)
        return person.join_url.rpartition("/")[2], person.join_code

    async def come(self, name: str) -> SessionToken:
        """Somebody with link and code; no further than that."""
        return await joining.identify(self.ctx, *self.link(name))

    async def add(self, name: str = TYPIST, text: str = WORRY, part: str = "", kind: str = "worry") -> str:
        """A point in the part for everyone."""
        return await points.add(self.ctx, self.actor(name), part or self.open_part, text, kind)


@asynccontextmanager
async def open_council(folder: Path, **settings: object) -> AsyncIterator[Council]:
    """The server on an empty folder; `settings` by their names."""
    clock = SetClock()
    async with running(Settings.model_validate({"data": folder, **settings}), clock=clock, steady=clock) as (
        _,
        ctx,
    ):
        council = Council(ctx, clock)
        ctx.events.subscribe(council.heard.append)
        yield council


async def invited(council: Council) -> Meeting:
    """A conference that was just made: nobody has come."""
    return Meeting(council, await conferences.create(council.ctx, ORGANISER, NEW))


async def in_session(council: Council) -> Meeting:
    """Everybody is in (a program made it, so that all count as let in); the second part is talked about."""
    meeting = Meeting(council, await conferences.create(council.ctx, ProgramActor("program"), NEW))
    chair = meeting.actor(CHAIR)
    await conferences.change_phase(meeting.ctx, chair, Phase.IN_SESSION)
    await parts.go_to(meeting.ctx, chair, meeting.open_part)
    council.heard.clear()
    return meeting


async def waiting_room(meeting: Meeting) -> Meeting:
    """A prepared conference to whose door the chair and the doctor have come."""
    await joining.confirm(meeting.ctx, meeting.actor(CHAIR), True, True, "yes")
    await joining.confirm(meeting.ctx, meeting.actor(DOCTOR), True, True, "yes")
    meeting.council.heard.clear()
    return meeting
